"""Lists: what was handed in, who let it in, and what an event or a name meets on them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import batched
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from xingnuo.kit import clock
from xingnuo.kit.db import planned
from xingnuo.kit.db.faults import told_plainly
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.kit.steps import step
from xingnuo.people.antifraud import _digests, _limits, _names, _officers
from xingnuo.people.antifraud._states import IMPORT_STEPS, ImportState, ListField, ListKind
from xingnuo.people.antifraud._writing import array
from xingnuo.people.antifraud.contracts import (
    ListRow,
    ListShown,
    NotReleasable,
    SameOfficer,
)
from xingnuo.people.antifraud.models import EntryRow, ListTable
from xingnuo.trust.gate.contracts import Actor

_NAMED = """
SELECT l.kind, l.source, e.ref, e.name_whole = %s::bigint AS is_exact
FROM antifraud_entry e JOIN antifraud_list l ON l.id = e.list_id
WHERE e.name_keys && %s::bigint[] AND l.state = 'live' AND l.kind = ANY(%s::text[])
    AND (e.valid_from_on IS NULL OR e.valid_from_on <= %s::date)
    AND (e.valid_until_on IS NULL OR e.valid_until_on >= %s::date)
ORDER BY is_exact DESC, e.id LIMIT %s::integer
"""


class Met(NamedTuple):
    """An entry that a name is on or near."""

    kind: str
    source: str
    ref: str
    is_exact: bool


def named(name: str, kinds: Sequence[ListKind]) -> list[Met]:
    """Give the entries that a name is on or one letter away from, the same name first."""
    keys = _names.keys_of(name)
    if keys is None:
        return []
    today = clock.today().isoformat()
    wanted = array(kind.value for kind in kinds)
    asked = array(map(str, keys.asked))
    values = [str(keys.whole), asked, wanted, today, today, str(_limits.HITS_MAX)]
    return [Met(*row) for row in planned.rows(_NAMED, values)]


def stamp() -> str:
    """Give the digest of which sanctions lists are live: it changes when one of them does."""
    rows = ListTable.objects.filter(
        state=ImportState.LIVE.value, kind=ListKind.SANCTIONS.value
    ).order_by("id")
    text = "".join(str(row) for row in rows.values_list("id", flat=True))
    return hashlib.sha256(text.encode()).hexdigest()


def propose(
    actor: Actor, *, kind: ListKind, field: ListField, source: str, rows: Iterable[ListRow]
) -> ListShown:
    """Take a list in as a proposal; it counts only when another person releases it.

    Raises `BadInput` at the first row that cannot be taken; the values themselves are not kept.
    """
    staff = _officers.proposer(actor, kind)
    if not _is_code(source):
        raise BadInput({"source": "来源编号只用小写字母、数字、点和连字符"})
    with transaction.atomic(), told_plainly():
        table = ListTable.objects.create(
            kind=kind.value,
            field=field.value,
            source=source,
            digest="",
            rows=0,
            state=ImportState.PROPOSED.value,
            proposed_by=staff,
            at=clock.now(),
        )
        table.rows, table.digest = _fill(table.id, field, rows)
        if not table.rows:
            raise BadInput({"rows": "名单是空的"})
        table.save(update_fields=["rows", "digest"])
        return shown(table)


def _fill(list_id: UUID, field: ListField, rows: Iterable[ListRow]) -> tuple[int, str]:
    count, hashed = 0, hashlib.sha256()
    for part in batched(_entries(list_id, field, rows), _limits.LIST_ROWS_PER_INSERT):
        EntryRow.objects.bulk_create(part)
        count += len(part)
        for entry in part:
            hashed.update(f"{entry.digest}{entry.name_whole}{entry.ref}\n".encode())
    return count, hashed.hexdigest()


def _entries(list_id: UUID, field: ListField, rows: Iterable[ListRow]) -> Iterator[EntryRow]:
    for at, row in enumerate(rows):
        if at >= _limits.LIST_ROWS_MAX:
            raise BadInput({"rows": f"最多 {_limits.LIST_ROWS_MAX} 条"})
        if not _is_code(row.ref, empty=True) or not _is_span(row.valid_from, row.valid_until):
            raise BadInput({f"rows.{at}": "编号或日期不对"})
        entry = EntryRow(
            list_id=list_id,
            ref=row.ref,
            valid_from_on=row.valid_from,
            valid_until_on=row.valid_until,
        )
        if not _marked(entry, field, row.value):
            raise BadInput({f"rows.{at}": "这一条不能用"})
        yield entry


def _marked(entry: EntryRow, field: ListField, value: str) -> bool:
    if field is ListField.NAME:
        keys = _names.keys_of(value) if len(value) <= _limits.NAME_CHARS_MAX else None
        if keys is not None:
            entry.name_whole, entry.name_keys = keys.whole, list(keys.listed)
        return keys is not None
    if field is ListField.NETWORK:
        entry.digest = _digests.listed_network(value)
    elif len(value) <= _limits.RAW_CHARS_MAX:
        entry.digest = _digests.keyed(field.value, value)
    return bool(entry.digest)


def _is_code(text: str, *, empty: bool = False) -> bool:
    plain = text.replace("-", "").replace(".", "").replace("_", "").replace(":", "")
    fits = plain.isascii() and plain.isalnum() and len(text) <= _limits.CODE_CHARS_MAX
    return fits or (empty and not text)


def _is_span(since: date | None, until: date | None) -> bool:
    return since is None or until is None or since <= until


def release(actor: Actor, *, list_id: UUID) -> ListShown:
    """Let a proposed list in; the one of the same source that held before is replaced."""
    with transaction.atomic(), told_plainly():
        row = _held(list_id)
        staff = _officers.proposer(actor, ListKind(row.kind))
        if row.proposed_by == staff:
            raise SameOfficer
        _step(row, ImportState.LIVE)
        before = ListTable.objects.select_for_update().filter(
            kind=row.kind, field=row.field, source=row.source, state=ImportState.LIVE.value
        )
        before.update(state=ImportState.REPLACED.value)
        row.released_by, row.at = staff, clock.now()
        row.save(update_fields=["state", "released_by", "at"])
        return shown(row)


def reject(actor: Actor, *, list_id: UUID) -> ListShown:
    """Turn a proposed list away; its entries are deleted."""
    with transaction.atomic():
        row = _held(list_id)
        _officers.proposer(actor, ListKind(row.kind))
        _step(row, ImportState.REJECTED)
        row.at = clock.now()
        row.save(update_fields=["state", "at"])
        EntryRow.objects.filter(list_id=row.id).delete()
        return shown(row)


def forget_replaced() -> int:
    """Delete entries of lists that others took the place of, a part at a time."""
    old = ListTable.objects.filter(state=ImportState.REPLACED.value).values_list("id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM antifraud_entry WHERE id IN (SELECT id FROM antifraud_entry"
            " WHERE list_id = ANY(%s) LIMIT %s)",
            [list(old), _limits.SWEEP_ROWS_MAX],
        )
        return int(cursor.rowcount)


def _held(list_id: UUID) -> ListTable:
    row = ListTable.objects.select_for_update().filter(id=list_id).first()
    if row is None:
        raise NotFound
    return row


def _step(row: ListTable, to: ImportState) -> None:
    row.state = step(IMPORT_STEPS, ImportState(row.state), to, error=NotReleasable).value


def shown(row: ListTable) -> ListShown:
    """Give a list as staff see it."""
    return ListShown(
        id=row.id,
        kind=ListKind(row.kind),
        field=ListField(row.field),
        source=row.source,
        digest=row.digest,
        rows=row.rows,
        state=ImportState(row.state),
        proposed_by=row.proposed_by,
        released_by=row.released_by,
        at=row.at,
    )
