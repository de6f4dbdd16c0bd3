"""Opening parcels: for the partner's client that carries them, and nobody else."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.trust.sharing._release import Release
from xingnuo.trust.sharing.contracts import NotSealed, Parcel, WrongRecipient


def contents(parcel: Parcel, *, recipient: str) -> Mapping[str, str]:
    """Give the values of a parcel to the client of its recipient.

    Raises `NotSealed` before the record is committed or for a parcel made elsewhere,
    `WrongRecipient` for another party's parcel.
    """
    return _opened(parcel, recipient).values


def files(parcel: Parcel, *, recipient: str) -> Mapping[str, bytes]:
    """Give the files of a parcel to the client of its recipient; raises as `contents` does."""
    return _opened(parcel, recipient).files


def _opened(parcel: Parcel, recipient: str) -> Parcel:
    if not isinstance(parcel.seal, Release) or not parcel.seal.open:
        raise NotSealed(parcel.recipient)
    if parcel.recipient != recipient:
        raise WrongRecipient(recipient)
    return parcel
