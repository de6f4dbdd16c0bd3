"""regulator: the intake of complaints and of reports on large and suspicious movements.

GREG-1  It gives a receipt: accepted, or rejected with the reasons in words for machines.
GREG-2  It may ask for a correction later, by a signed call with a date until which.
GREG-3  The same file a second time under another number is rejected.
"""

from sandbox.regulator.partner import PARTNER

__all__ = ["PARTNER"]
