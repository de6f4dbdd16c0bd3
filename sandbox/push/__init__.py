"""push: a push service as browsers have one (RFC 8030), and the inbox of pretend browsers.

GPUSH-1  Only a message with a VAPID token (RFC 8292) of the key that subscribed is taken.
GPUSH-2  The pretend browser opens what is encrypted for it (RFC 8291) and shows it; what it cannot
         open is shown as such.
GPUSH-3  A subscription that is gone answers 410 for ever.
"""

from sandbox.push.partner import PARTNER

__all__ = ["PARTNER"]
