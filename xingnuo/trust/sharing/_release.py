"""The mark that a parcel's record is committed; made here, flipped by the commit alone."""

from __future__ import annotations


class Release:
    """Whether a parcel may leave: set by the commit of the transaction that recorded it."""

    __slots__ = ("open",)

    def __init__(self) -> None:
        self.open = False

    def let_go(self) -> None:
        """Mark the record as committed."""
        self.open = True
