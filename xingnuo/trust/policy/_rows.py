"""The rows beside the files: each published version once, and equal to its file for ever."""

from __future__ import annotations

from collections.abc import Iterable

from xingnuo.kit import clock
from xingnuo.trust.policy import _register
from xingnuo.trust.policy.contracts import Compiled
from xingnuo.trust.policy.models import VersionRow

OWNER = "owner"  # the one alias that may write the catalogue


def add(versions: Iterable[Compiled]) -> int:
    """Write the rows that are missing and say how many; a row that stands is left alone."""
    standing = set(VersionRow.objects.using(OWNER).values_list("version", flat=True))
    missing = [
        VersionRow(
            version=one.version,
            hash=one.hash,
            published_on=one.published_on,
            effective_on=one.effective_on,
            document=one.document.decode(),
            recorded_at=clock.now(),
        )
        for one in versions
        if one.version not in standing
    ]
    VersionRow.objects.using(OWNER).bulk_create(missing)
    return len(missing)


def differences(versions: Iterable[Compiled], *, using: str) -> tuple[str, ...]:
    """Name every version whose row and file disagree, or that has only one of the two."""
    rows = {row.version: row for row in VersionRow.objects.using(using).all()}
    found = []
    for one in versions:
        row = rows.pop(one.version, None)
        if row is None:
            found.append(f"{one.version}: has a file and no row")
        elif row.hash != one.hash or _register.parse(row.document.encode()).hash != one.hash:
            found.append(f"{one.version}: row and file are not the same document")
    return (*found, *(f"{version}: has a row and no file" for version in sorted(rows)))
