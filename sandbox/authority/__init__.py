"""authority: the population service, which says whether a name and a number are one person's.

GAUT-1  It says match, mismatch or not found, and never what the right name would be.
GAUT-2  With a match alone it says of the document: valid, expired or cancelled, and of the holder.
GAUT-3  What it decides later it tells by a signed call, and says the same when asked.
"""

from sandbox.authority.partner import PARTNER

__all__ = ["PARTNER"]
