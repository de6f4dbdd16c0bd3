"""One call of a set function for a batch, and the verdicts it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

from django.db import (
    DEFAULT_DB_ALIAS,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connections,
)

from xingnuo.kit import clock
from xingnuo.kit.amount import FEN_MAX
from xingnuo.kit.db.faults import BrokenRule, constraint_of
from xingnuo.kit.db.session import NoTransaction
from xingnuo.kit.errors import BadInput
from xingnuo.money.ledger import _arrays
from xingnuo.money.ledger._arrays import NOBODY
from xingnuo.money.ledger.contracts import Busy, End, Hold, HoldEnd, Transfer, Verdict

VERDICTS = tuple(Verdict)
WAYS = tuple(End)
ROWS_MAX = 8192  # of one call
ENDS_MAX = 1000
# Version and variant of an id, read at once: of 8 are the house's.
_KIND_BITS = 0xF << 76 | 0x3 << 62
_HOUSE_BITS = 0x8 << 76 | 0x2 << 62
LOST = "lost"  # the connection is gone, and with it what was not acknowledged
_POST = """
    SELECT ledger_post(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::integer[],
        %s::integer[], %s::bigint[], %s::text[], %s::integer[], %s::uuid[], %s::uuid[],
        %s::text[], %s::uuid[], %s::timestamptz[], %s::interval)
"""
_HOLD = """
    SELECT ledger_hold(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::integer[],
        %s::integer[], %s::bigint[], %s::text[], %s::uuid[], %s::text[], %s::uuid[],
        %s::timestamptz[], %s::interval)
"""
_END = """
    SELECT ledger_end_hold(%s::uuid[], %s::uuid[], %s::smallint[], %s::bigint[], %s::uuid[],
        %s::interval)
"""


class Leg(Protocol):
    """What a transfer and a hold have in common."""

    @property
    def subject_id(self) -> UUID: ...
    @property
    def from_id(self) -> UUID: ...
    @property
    def to_id(self) -> UUID: ...


def post(transfers: Sequence[Transfer], *, using: str = DEFAULT_DB_ALIAS) -> list[Verdict]:
    """Post a batch in the caller's transaction; a verdict for each, in order."""
    return _in_waves(units(transfers), ROWS_MAX, lambda some: _post(some, using))


def hold(holds: Sequence[Hold], *, using: str = DEFAULT_DB_ALIAS) -> list[Verdict]:
    """Place holds in the caller's transaction; a verdict for each, in order."""
    singles = [[(place, each)] for place, each in enumerate(holds)]
    return _in_waves(singles, ROWS_MAX, lambda some: _hold(some, using))


def end(ends: Sequence[HoldEnd], *, using: str = DEFAULT_DB_ALIAS) -> list[Verdict]:
    """End holds in the caller's transaction; a verdict for each, in order."""
    singles = [[(place, each)] for place, each in enumerate(ends)]
    return _in_waves(singles, ENDS_MAX, lambda some: _end(some, using))


def units(transfers: Sequence[Transfer]) -> list[list[tuple[int, Transfer]]]:
    """Part transfers into singles and groups, each member with its place."""
    parted: list[list[tuple[int, Transfer]]] = []
    groups: dict[UUID, list[tuple[int, Transfer]]] = {}
    for place, each in enumerate(transfers):
        if each.group_id is None:
            parted.append([(place, each)])
        elif each.group_id in groups:
            groups[each.group_id].append((place, each))
        else:
            parted.append(groups.setdefault(each.group_id, [(place, each)]))
    return parted


def _in_waves[T: (Transfer, Hold, HoldEnd)](
    parted: list[list[tuple[int, T]]], most: int, call: Callable[[list[T]], list[int]]
) -> list[Verdict]:
    # An id stands in one call once: who comes again is answered by the call after it.
    all_keys = [key for unit in parted for _, each in unit for key in _keys(each)]
    if len(all_keys) <= most and len(set(all_keys)) == len(all_keys):
        return _in_one(parted, call)
    verdicts: dict[int, Verdict] = {}
    while parted:
        wave: list[tuple[int, T]] = []
        seen: set[tuple[int, int]] = set()
        later: list[list[tuple[int, T]]] = []
        for unit in parted:
            keys = [key for _, each in unit for key in _keys(each)]
            if len(set(keys)) < len(keys):
                raise BadInput({"group_id": "同一组里编号重复"})
            if len(unit) > most:
                raise BadInput({"group_id": "一组太大"})
            if not seen.isdisjoint(keys) or len(wave) + len(unit) > most:
                later.append(unit)
            else:
                wave += unit
            seen.update(keys)
        told = call([each for _, each in wave])
        verdicts |= {place: VERDICTS[one] for (place, _), one in zip(wave, told, strict=True)}
        parted = later
    return [verdicts[place] for place in range(len(verdicts))]


def _in_one[T: (Transfer, Hold, HoldEnd)](
    parted: list[list[tuple[int, T]]], call: Callable[[list[T]], list[int]]
) -> list[Verdict]:
    wave = [member for unit in parted for member in unit]
    told = zip(wave, call([each for _, each in wave]), strict=True)
    by_place = {place: VERDICTS[one] for (place, _), one in told}
    return [by_place[place] for place in range(len(wave))]


def _keys(each: Transfer | Hold | HoldEnd) -> tuple[tuple[int, int], ...]:
    # Numbers are told apart several times faster than ids are.
    subject = each.subject_id.int
    if not isinstance(each, HoldEnd):
        return ((subject, each.id.int),)
    if each.transfer_id is None:
        return ((subject, each.hold_id.int),)
    return (subject, each.hold_id.int), (subject, each.transfer_id.int)


def _post(some: list[Transfer], using: str) -> list[int]:
    owners, accounts, from_ix, to_ix = _accounts(some)
    numbers: dict[UUID, int] = {}
    groups = [
        numbers.setdefault(each.group_id, len(numbers) + 1) if each.group_id else 0 for each in some
    ]
    return _call(
        _POST,
        using,
        owners,
        accounts,
        _arrays.uuids([each.subject_id for each in some]),
        _arrays.uuids([each.id for each in some]),
        from_ix,
        to_ix,
        _arrays.numbers([_amount(each.amount_fen) for each in some]),
        _arrays.codes([each.kind for each in some]),
        _arrays.numbers(groups),
        _arrays.uuids([each.group_id for each in some]),
        _arrays.uuids([each.clearing_ref for each in some]),
        _arrays.codes([each.ref_type for each in some]),
        _arrays.uuids([each.ref_id for each in some]),
        _arrays.instants([each.event_at for each in some]),
    )


def _hold(some: list[Hold], using: str) -> list[int]:
    owners, accounts, from_ix, to_ix = _accounts(some)
    return _call(
        _HOLD,
        using,
        owners,
        accounts,
        _arrays.uuids([each.subject_id for each in some]),
        _arrays.uuids([each.id for each in some]),
        from_ix,
        to_ix,
        _arrays.numbers([_amount(each.amount_fen) for each in some]),
        _arrays.codes([each.kind for each in some]),
        _arrays.uuids([each.clearing_ref for each in some]),
        _arrays.codes([each.ref_type for each in some]),
        _arrays.uuids([each.ref_id for each in some]),
        _arrays.instants([each.expires_at for each in some]),
    )


def _end(some: list[HoldEnd], using: str) -> list[int]:
    for each in some:
        if (each.how is End.COMMIT) is not (each.transfer_id is not None):
            raise BadInput({"transfer_id": "确认要有转账编号，撤销不要"})
        if each.how is not End.COMMIT and each.amount_fen is not None:
            raise BadInput({"amount_fen": "撤销不带金额"})
    return _call(
        _END,
        using,
        _arrays.uuids([each.subject_id for each in some]),
        _arrays.uuids([each.hold_id for each in some]),
        _arrays.numbers([WAYS.index(each.how) for each in some]),
        _arrays.numbers([_part(each.amount_fen) for each in some]),
        _arrays.uuids([each.transfer_id for each in some]),
    )


def _accounts(some: Sequence[Leg]) -> tuple[str, str, str, str]:
    """Give owners and ids of the accounts in the one order of locks, and each leg's places."""
    sources = [_key(each.from_id.int, each.subject_id.int) for each in some]
    targets = [_key(each.to_id.int, each.subject_id.int) for each in some]
    ordered = sorted({*sources, *targets})
    places = {key: place for place, key in enumerate(ordered, 1)}
    return (
        _arrays.numbered([owner for _, owner in ordered]),
        _arrays.numbered([account for account, _ in ordered]),
        _arrays.numbers([places[source] for source in sources]),
        _arrays.numbers([places[target] for target in targets]),
    )


def _key(account: int, subject: int) -> tuple[int, int]:
    # House accounts bear ids of version 8 and are nobody's, people's are of version 7.
    return account, (NOBODY if account & _KIND_BITS == _HOUSE_BITS else subject)


def _amount(fen: object) -> int:
    # What is no whole number of fen within bounds is told apart from every amount by one mark.
    return fen if type(fen) is int and 0 < fen <= FEN_MAX else -1


def _part(fen: int | None) -> int:
    return 0 if fen is None else _amount(fen)


def lock(accounts: Iterable[tuple[UUID, UUID]], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Lock the balances of (subject, account) pairs in the one order; house accounts have none."""
    keys = {_key(account.int, subject.int) for subject, account in accounts}
    ordered = sorted(key for key in keys if key[1] != NOBODY)
    fetch(
        "SELECT ledger_lock(%s::uuid[], %s::uuid[])",
        _arrays.numbered([subject for _, subject in ordered]),
        _arrays.numbered([account for account, _ in ordered]),
        using=using,
    )


def _call(statement: str, using: str, *arrays: str) -> list[int]:
    if not connections[using].in_atomic_block:
        raise NoTransaction
    return list(fetch(statement, *arrays, clock.skew(), using=using)[0][0])


def fetch(statement: str, *values: Any, using: str = DEFAULT_DB_ALIAS) -> list[Any]:
    """Run a statement of the books and give its rows; waiting too long is `Busy`."""
    with plainly(), connections[using].cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


@contextmanager
def plainly() -> Iterator[None]:
    """Tell the database's faults as the ledger's, without a value."""
    try:
        yield
    except IntegrityError as error:
        name = constraint_of(error)
        if name.endswith("_pkey"):  # the same id at the same instant: the repeat finds its answer
            raise Busy(name) from None
        raise BrokenRule(name) from None
    except (OperationalError, InterfaceError) as error:
        raise Busy(getattr(error.__cause__, "sqlstate", None) or LOST) from None
