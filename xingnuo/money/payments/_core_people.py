"""Finding whom a person wants to send money to: by the exact number, and never more than a mask.

Whoever is not found, has no payment account, or may not receive looks the same, so that the
look-up tells nobody who is a customer here; and it is counted, so that nobody walks the numbers.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import _core_books as books
from xingnuo.money.payments import _core_rows as rows
from xingnuo.money.payments._cards_rows import HOUSE, who
from xingnuo.money.payments._core_contracts import Payee
from xingnuo.people.accounts import actions as accounts
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState

SERVICE = "payments.service"
NAME = "name"
LOOKS_PER_DAY, DAY_SECONDS = 20, 86_400
_NOBODY = "没有找到能收款的人，请核对手机号，或请对方先开通星诺支付"


def find_payee(actor: Actor, *, phone: str) -> Payee:
    """Find who receives a transfer by the exact phone number, with a masked name alone.

    Opens its own transactions: a look counts whatever follows. Raises `BadInput`, `TooMany`, or
    the gate's refusal.
    """
    number = policy.normalise("phone", phone)
    with transaction.atomic(durable=True):
        subject_id = who(actor)
        gate.permit(actor, subject_id=subject_id, purpose=SERVICE, items=("account_id",))
    accounts.count_attempt("payee", str(subject_id), LOOKS_PER_DAY, DAY_SECONDS)
    with transaction.atomic(durable=True):
        who(actor)
        found = gate_queries.find(actor, purpose=SERVICE, item="phone", value=number)
        if found == subject_id:
            raise BadInput({"phone": "这是你自己的手机号"})
        if found is None or not _receives(found):
            raise BadInput({"phone": _NOBODY})
        return _payee(actor, found)


def _receives(subject_id: UUID) -> bool:
    known = gate_queries.standing(subject_id)
    agreed = any(
        one.purpose == SERVICE and not one.recipient and one.decision == "grant"
        for one in known.decisions
    )
    return agreed and known.state is SubjectState.ACTIVE


def _payee(actor: Actor, subject_id: UUID) -> Payee:
    name = name_of(subject_id)
    account = books.balance_of(rows.keeping(subject_id))
    # They may see that somebody who knows their number asked for them.
    gate.record(actor, subject_id=subject_id, kind=Kind.LOOKUP, purpose=SERVICE)
    if actor.subject_id is not None:
        session.set_subject(actor.subject_id)
    if not name:
        raise BadInput({"phone": _NOBODY})
    shown = gate_queries.mask(NAME, name)
    return Payee(id=str(account), name=shown, account_id=account, subject_id=subject_id)


def name_of(subject_id: UUID) -> str | None:
    """Give a payee's own name in plain, for the house: to be masked, or held against lists."""
    permit = gate.permit(HOUSE, subject_id=subject_id, purpose=rows.KEEP, items=(rows.RECORD, NAME))
    return gate_queries.plain(permit, NAME)


def own_balance(actor: Actor) -> Payee:
    """Give the person's own balance as a payee, opening it with the first use."""
    subject_id = who(actor)
    permit = gate.permit(actor, subject_id=subject_id, purpose=SERVICE, items=("account_id",))
    account = books.balance_of(permit)
    return Payee(id=str(account), name="我的余额", account_id=account, subject_id=subject_id)
