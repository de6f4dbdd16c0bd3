"""Accounts at the issuers of public bills: asked about by number, saved when the person wants."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.partners.utility import client as utility
from xingnuo.partners.utility.contracts import Found, UtilityBill
from xingnuo.services.bill_pay import _rows as rows
from xingnuo.services.bill_pay.contracts import (
    ISSUERS,
    AccountShown,
    NoSuchOrder,
    NotAnswering,
    TooManyAccounts,
)
from xingnuo.services.bill_pay.models import AccountRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Outcome, Permit
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

BILL_NAMES = {"utility_power": "电费", "utility_water": "水费", "utility_gas": "燃气费"}
ACCOUNTS_MAX = 20
FRESH = timedelta(minutes=30)  # how long a bill counts as shown
FORGET_AFTER = timedelta(days=1)
_ITEMS = ("bill_account", "bill_name", "bill_address", "bill_balance", "bill_amount")


def fresh(row: AccountRow) -> bool:
    """Say whether the issuer was asked lately."""
    return row.asked_at > clock.now() - FRESH


def find_bill(actor: Actor, *, issuer: str, number: str) -> AccountShown:
    """Ask an issuer what an account owes; its own transactions.

    Raises `BadInput` for no such account, `NotAnswering`, `TooManyAccounts`, the gate's refusal.
    """
    if issuer not in ISSUERS:
        raise NoSuchOrder
    account = _number(number)
    with transaction.atomic():
        subject_id = rows.who(actor, rows.QUERY)
        rows.alone(subject_id)
        permit = _asking(actor, subject_id, issuer)
        row = _known(permit, issuer, account) or _new(permit, issuer, account)
        parcel = sharing.pack(permit, ("bill_account",), slot=str(row.id))
    return _ask(actor, row.id, parcel)


def ask_anew(actor: Actor, *, account_id: UUID) -> AccountShown:
    """Ask the issuer of a known account again; its own transactions."""
    with transaction.atomic():
        subject_id = rows.who(actor, rows.QUERY)
        row = rows.account_of(subject_id, account_id)
        permit = _asking(actor, subject_id, row.issuer)
        parcel = sharing.pack(permit, ("bill_account",), slot=str(row.id))
    return _ask(actor, account_id, parcel)


def _asking(actor: Actor, subject_id: UUID, issuer: str) -> Permit:
    return gate.permit(
        actor, subject_id=subject_id, purpose=rows.QUERY, items=("bill_account",), recipient=issuer
    )


def _number(text: str) -> str:
    try:
        return policy.normalise("bill_account", text)
    except BadInput as bad:
        raise BadInput({"account": next(iter(bad.fields.values()), bad.message_text)}) from None


def _known(permit: Permit, issuer: str, number: str) -> AccountRow | None:
    kept: list[AccountRow] = list(AccountRow.objects.of(permit.subject_id).filter(issuer=issuer))
    for row in kept:
        if gate_queries.plain(permit, "bill_account", slot=str(row.id)) == number:
            return row
    return None


def _new(permit: Permit, issuer: str, number: str) -> AccountRow:
    if AccountRow.objects.of(permit.subject_id).count() >= ACCOUNTS_MAX:
        raise TooManyAccounts
    now = clock.now()
    row: AccountRow = AccountRow.objects.create(
        id=ids.uuid7(), subject_id=permit.subject_id, issuer=issuer, made_at=now, asked_at=now
    )
    gate.collect(permit, {"bill_account": number}, slot=str(row.id))
    jobs.defer(
        "bill_pay.forget_account", queue=rows.QUEUE, at=now + FORGET_AFTER,
        subject_id=row.subject_id, account_id=row.id,
    )  # fmt: skip
    return row


def _ask(actor: Actor, account_id: UUID, parcel: Parcel) -> AccountShown:
    told = utility.query(parcel)
    if told.found is Found.UNKNOWN:
        raise NotAnswering("bill")
    with transaction.atomic():
        subject_id = rows.who(actor, rows.QUERY)
        row = rows.account_of(subject_id, account_id, hold=True)
        known = told.found in (Found.DUE, Found.NOTHING_DUE)
        if known:
            _keep(actor, row, told)
        elif not row.is_saved:
            forget(row)
    if not known:
        raise BadInput({"account": "对方没有这个户号，请对照账单再填"})
    with transaction.atomic():
        return account(actor, account_id=account_id)


def _keep(actor: Actor, row: AccountRow, told: UtilityBill) -> None:
    permit = gate.permit(actor, subject_id=row.subject_id, purpose=rows.QUERY)
    is_due = told.found is Found.DUE
    row.bill_no = told.bill_no[:64] if is_due else ""
    row.due_fen = told.due_fen if is_due else 0
    row.month, row.asked_at = told.month[:7], clock.now()
    row.balance_fen = told.balance_fen if _open(permit, "bill_balance") else None
    row.save()
    said = {"bill_name": told.name_masked, "bill_address": told.address_masked}
    values = {item: text for item, text in said.items() if text and _open(permit, item)}
    if values:
        gate.collect(permit, values, slot=str(row.id), source="issuer")


def _open(permit: Permit, item: str) -> bool:
    return permit.outcomes.get(item) is Outcome.PLAIN


def account(actor: Actor, *, account_id: UUID) -> AccountShown:
    """Give an account with what its issuer last said."""
    subject_id = rows.who(actor, rows.QUERY)
    row = rows.account_of(subject_id, account_id)
    return _shown(gate.permit(actor, subject_id=subject_id, purpose=rows.QUERY), row)


def saved_accounts(actor: Actor) -> tuple[AccountShown, ...]:
    """Give the accounts that the person saved, newest first."""
    subject_id = rows.who(actor, rows.QUERY)
    kept = list(AccountRow.objects.of(subject_id).filter(is_saved=True).order_by("-id"))
    if not kept:
        return ()
    permit = gate.permit(actor, subject_id=subject_id, purpose=rows.QUERY)
    return tuple(_shown(permit, row) for row in kept)


def _shown(permit: Permit, row: AccountRow) -> AccountShown:
    def said(item: str) -> str:
        there = _open(permit, item)
        return (gate_queries.plain(permit, item, slot=str(row.id)) or "") if there else ""

    return AccountShown(
        id=row.id,
        issuer=row.issuer,
        number=gate_queries.mask("bill_account", said("bill_account")),
        is_saved=row.is_saved,
        bill_no=row.bill_no,
        due_fen=row.due_fen,
        balance_fen=row.balance_fen,
        month=row.month,
        asked_at=row.asked_at,
        name=said("bill_name"),
        address=said("bill_address"),
    )


def save_account(actor: Actor, *, account_id: UUID) -> None:
    """Keep an account for the next time; without this it is forgotten after a day."""
    subject_id = rows.who(actor, rows.QUERY)
    row = rows.account_of(subject_id, account_id, hold=True)
    row.is_saved = True
    row.save(update_fields=["is_saved"])


def remove_account(actor: Actor, *, account_id: UUID) -> None:
    """Delete an account with its number; what was paid stays."""
    forget(rows.account_of(rows.who(actor, rows.QUERY), account_id, hold=True))


def forget_account(*, subject_id: UUID, account_id: UUID) -> None:
    """Delete an account that nobody saved."""
    session.set_subject(subject_id)
    row = AccountRow.objects.of(subject_id).filter(id=account_id, is_saved=False).first()
    if row is not None:
        forget(row)


def forget(row: AccountRow) -> None:
    """Delete an account and what the vault holds of it."""
    permit = gate.permit(rows.HOUSE, subject_id=row.subject_id, purpose=rows.DISCARD, items=_ITEMS)
    gate.drop(permit, _ITEMS, slot=str(row.id))
    AccountRow.objects.of(row.subject_id).filter(id=row.id).delete()
