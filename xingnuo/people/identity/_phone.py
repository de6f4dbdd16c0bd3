"""Whose a phone is now: the telecoms say so; one that changed hands leaves its old account.

Numbers are given out again. A match of name, number and phone proves that the number is this
person's today; an older account of ours that still holds it would get their messages, and be found
by their number. So it loses the number at once, in the same transaction: no text goes there any
more, its own check of that number ends, and its person is told in the app, without a word of whose
the number is. Nobody signs in by a phone here, so nothing else of the older account changes.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.identity import _asking, _rows, _values
from xingnuo.people.identity._house import HOUSE
from xingnuo.people.identity._sources import BY_KIND, TELECOM, ensure_lawful
from xingnuo.people.identity.contracts import Ground, Kind, State, Verdict
from xingnuo.people.identity.models import CheckRow
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

PHONE = "phone"
ITEMS = (*_values.NAMED, PHONE)
PURPOSE = _values.PURPOSE[Kind.PHONE]


def asked(actor: Actor, *, phone: str, key: UUID) -> Verdict | None:
    """Ask the telecoms whose a phone is; None for a repeat. Opens its own transactions."""
    subject_id = _rows.who(actor)
    try:
        phone = policy.normalise(PHONE, phone)
    except BadInput as error:
        raise BadInput({PHONE: next(iter(error.fields.values()))}) from None
    ensure_lawful(BY_KIND[Kind.PHONE])
    with transaction.atomic(durable=True):
        if _rows.replayed(subject_id, key, Kind.PHONE) is not None:
            return None
        _rows.ensure(subject_id)
        row = _rows.begin(subject_id, Kind.PHONE, key=key)
        permit = gate.permit(
            actor, subject_id=subject_id, purpose=PURPOSE, items=ITEMS, recipient=row.source
        )
        # On trial: it may be another account's as yet, so nobody is found by it.
        gate.collect(permit, {PHONE: phone}, slot=_values.slot(row.id), findable=False)
        parcel = sharing.pack(permit, ITEMS, slots={PHONE: _values.slot(row.id)})
        _rows.sent(row)
    return _asking.phoned(parcel, key=row.id)


def again(row: CheckRow) -> Parcel:
    """Pack the same question once more, for a source that never answered it."""
    permit = gate.permit(
        HOUSE, subject_id=row.subject_id, purpose=PURPOSE, items=ITEMS, recipient=row.source
    )
    return sharing.pack(permit, ITEMS, slots={PHONE: _values.slot(row.id)})


def make_own(row: CheckRow) -> None:
    """Give a proved number to its person, and take it from an older account that holds it."""
    permit = gate.permit(HOUSE, subject_id=row.subject_id, purpose=PURPOSE, items=ITEMS)
    (phone,) = _values.plain(permit, (PHONE,), _values.slot(row.id)).values()
    _values.drop_typed(row)
    older = gate_queries.find(HOUSE, purpose=PURPOSE, item=PHONE, value=phone)
    if older not in (None, row.subject_id):
        assert older is not None, "an account that holds the number"
        _leave(older)
    permit = gate.permit(HOUSE, subject_id=row.subject_id, purpose=PURPOSE, items=ITEMS)
    _values.keep(permit, {PHONE: phone}, "", source=TELECOM)


def _leave(older: UUID) -> None:
    permit = gate.permit(HOUSE, subject_id=older, purpose="identity.discard", items=(PHONE,))
    gate.drop(permit, (PHONE,), slot="")
    session.set_subject(older)
    for row in _rows.matched(older):
        if row.kind == Kind.PHONE.value:
            _rows.move(row, State.LAPSED, Ground.MOVED)
    accounts.tell_of_phone(older, is_gone=True)
    gate.record(HOUSE, subject_id=older, kind=Evidence.STATE, reason="phone.moved")
