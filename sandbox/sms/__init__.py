"""sms: a gateway of a telecom that takes one text for one phone, and an inbox to look into.

GSMS-1  Only a signed request sends; a nonce is good once, a time stamp for five minutes.
GSMS-2  The client's message id makes sending idempotent; the same id with another text is refused.
GSMS-3  Accepted is not delivered: the status says which of the two it is.
"""

from sandbox.sms.partner import PARTNER

__all__ = ["PARTNER"]
