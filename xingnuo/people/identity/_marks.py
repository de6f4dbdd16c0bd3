"""Marks of photos: keyed digests by which the same picture is found under another account.

A picture is marked whole, and by bands of a difference hash of its grey pixels, so that scaling
and saving again still leave most bands alike. Only the front is marked: the backs of all cards of
a kind look the same. Without the room's key a mark says nothing.
"""

from __future__ import annotations

import io

from django.db.models import Count

from xingnuo.kit import clock, ids
from xingnuo.people.identity._limits import MARK_BANDS, MARK_BANDS_ALIKE
from xingnuo.people.identity._secret import keyed
from xingnuo.people.identity.contracts import Side
from xingnuo.people.identity.models import CheckRow, PhotoMark

_WHOLE = -1
_EDGE = 16


def put(row: CheckRow, side: Side, content: bytes) -> None:
    """Mark one side of a check's document."""
    now = clock.now()
    marks = {_WHOLE: ids.digest(content), **dict(enumerate(_bands(content)))}
    PhotoMark.objects.bulk_create(
        PhotoMark(
            subject_id=row.subject_id,
            check_id=row.id,
            side=side.value,
            band=band,
            digest=keyed("mark", side.value, band, mark),
            made_at=now,
        )
        for band, mark in marks.items()
    )


def is_reused(row: CheckRow) -> bool:
    """Say whether another account put up the same picture, whole or nearly."""
    mine = PhotoMark.objects.filter(check_id=row.id)
    others = PhotoMark.objects.exclude(subject_id=row.subject_id)
    whole = mine.filter(band=_WHOLE).values("digest")
    if others.filter(band=_WHOLE, digest__in=whole).exists():
        return True
    bands = mine.exclude(band=_WHOLE).values("digest")
    alike = (
        others.filter(digest__in=bands)
        .values("check_id", "side")
        .annotate(same=Count("band", distinct=True))
        .filter(same__gte=MARK_BANDS_ALIKE)
    )
    return bool(alike.exists())


def _bands(content: bytes) -> list[str]:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        grey = list(picture.convert("L").resize((_EDGE + 1, _EDGE)).tobytes())
    rows = [grey[at : at + _EDGE + 1] for at in range(0, len(grey), _EDGE + 1)]
    bits = "".join(
        "1" if left > right else "0"
        for row in rows
        for left, right in zip(row, row[1:], strict=False)
    )
    # A picture of one colour has no shape: its bands would be everybody's.
    if len(set(bits)) == 1:
        return []
    width = len(bits) // MARK_BANDS
    return [bits[at : at + width] for at in range(0, len(bits), width)]
