"""face: says whether a picture shows a live person, and the holder of a document number.

GFACE-1  No picture is kept: the books hold its hash, and the answer a result and a reference.
GFACE-2  No real face is looked at: a picture's colour, or its registered hash, says the outcome.
"""

from sandbox.face.partner import PARTNER

__all__ = ["PARTNER"]
