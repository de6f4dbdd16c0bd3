"""What the bank says the account holds: fetched and kept under the person's own leave."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.db import transaction

from xingnuo.kit.amount import Amount
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import Balances
from xingnuo.services.wallet_card import _rows as rows
from xingnuo.services.wallet_card.contracts import SHOW, AccountState, AssetsShown
from xingnuo.services.wallet_card.models import AccountRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit

BALANCE, INCOME = "card_balance", "asset_income"
_ITEMS = (BALANCE, INCOME)
SOURCE = "card_bank"


def refresh(actor: Actor) -> AssetsShown | None:
    """Fetch what the account holds, under the person's leave. Its own transactions.

    None where there is no open account, or nothing was ever told; what is not known now stays as
    it was told last, with its time. Raises the gate's refusal without the leave.
    """
    with transaction.atomic():
        subject_id = rows.who(actor)
        permit = _permit(actor, subject_id)
        rows.with_subject(permit)
        row = _open(subject_id)
        if row is None:
            return None
    told = bank.balance(row.token)
    with transaction.atomic():
        rows.who(actor)
        permit = _permit(actor, subject_id)
        if told is not None:
            _keep(permit, row.id, told)
        return _kept(permit)


def _open(subject_id: UUID) -> AccountRow | None:
    mine = AccountRow.objects.of(subject_id).filter(state=AccountState.OPEN.value)
    row: AccountRow | None = mine.first()
    return row


def _permit(actor: Actor, subject_id: UUID) -> Permit:
    return gate.permit(actor, subject_id=subject_id, purpose=SHOW, items=_ITEMS)


def _keep(permit: Permit, account_id: UUID, told: Balances) -> None:
    record = {
        "deposit_fen": told.deposit_fen,
        "fund_fen": told.fund_fen,
        "income_fen": told.income_fen,
        "at": told.at.isoformat(),
    }
    cash = Amount(told.cash_fen).yuan()
    place = str(account_id)
    gate.collect(permit, {BALANCE: cash, INCOME: json.dumps(record)}, slot=place, source=SOURCE)
    rows.with_subject(permit)
    AccountRow.objects.of(permit.subject_id).filter(id=account_id).update(fetched_at=told.at)


def assets(actor: Actor) -> AssetsShown | None:
    """Give what was fetched last with its time; raises the gate's refusal without the leave."""
    subject_id = rows.who(actor)
    return _kept(_permit(actor, subject_id))


def _kept(permit: Permit) -> AssetsShown | None:
    rows.with_subject(permit)
    row = _open(permit.subject_id)
    if row is None or row.fetched_at is None:
        return None
    cash = gate_queries.plain(permit, BALANCE, slot=str(row.id))
    record = gate_queries.plain(permit, INCOME, slot=str(row.id))
    rows.with_subject(permit)
    if cash is None or record is None:
        return None
    told = json.loads(record)
    return AssetsShown(
        cash_fen=int(cash.replace(",", "").replace(".", "")),
        deposit_fen=told["deposit_fen"],
        fund_fen=told["fund_fen"],
        income_fen=told["income_fen"],
        at=datetime.fromisoformat(told["at"]),
    )
