"""bank: banks behind one clearing house, which say whether card and person belong together.

GBANK-1  Card, document, name and reserved phone are right together, or nothing is said of each.
GBANK-2  The bank itself texts a code to the reserved phone; it is good for five minutes and five
         tries, and once.
GBANK-3  A lost or closed card is said to be so to nobody but who knows the other three.
"""

from sandbox.bank.partner import PARTNER

__all__ = ["PARTNER"]
