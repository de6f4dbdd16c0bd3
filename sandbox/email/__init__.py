"""email: a gateway that takes one letter for one address, and an inbox to look into.

GMAIL-1  The client's key makes sending idempotent; the same key with another letter is refused.
GMAIL-2  Accepted is not delivered: a bounce or a complaint comes later, by a signed call.
GMAIL-3  A letter with an unsubscribe address has the headers of RFC 8058.
"""

from sandbox.email.partner import PARTNER

__all__ = ["PARTNER"]
