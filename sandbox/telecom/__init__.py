"""telecom: says whether a phone is registered to a name and a document number.

GTEL-1  It says match, mismatch or not found of all three together, never which one is wrong.
"""

from sandbox.telecom.partner import PARTNER

__all__ = ["PARTNER"]
