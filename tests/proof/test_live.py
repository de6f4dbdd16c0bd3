"""The live checks: they read the store and change nothing, and each of them can fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connections

from tests import cast
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.money.payments.models import AttemptRow, PaymentRow
from xingnuo.proof import queries
from xingnuo.proof.checks import collecting, live, minors, money
from xingnuo.proof.contracts import Check, CheckKind, NotSo
from xingnuo.services.merchant_collection.models import MerchantRow, ScanRow
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line

LIVE = [check for check in queries.checks() if check.kind is CheckKind.LIVE]


@pytest.mark.parametrize("check", LIVE, ids=lambda one: one.name)
def test_it_can_ask_a_used_store(check: Check) -> None:
    """The check finds, or finds nothing, and never breaks on what other tests left behind."""
    try:
        check.run()
    except NotSo as found:
        assert found.message_text


def test_it_changes_nothing() -> None:
    """Whatever a live check would try to write is refused by the transaction."""
    with pytest.raises(DatabaseError, match="read-only"):
        live.ask("DELETE FROM vault_value RETURNING 1", alias="owner")


def _told(**fields: Any) -> None:
    subject_id = ids.uuid7()
    with cast.transaction():
        session.set_subject(subject_id)
        evidence.record(Line(subject_id=subject_id, outcome="done", **fields))


@contextmanager
def _found(check: Any) -> Iterator[None]:
    check()
    yield
    with pytest.raises(NotSo):
        check()


@pytest.mark.promise("4.1.6")
def test_a_plain_value_at_rest_is_found() -> None:
    """A row that was written around the vault shows."""
    row = (
        ids.uuid7(),
        ids.uuid7(),
        b"alice at rest, in plain letters and nothing else",
        clock.now(),
    )
    try:
        with _found(live.nothing_plain_rests), connections["owner"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO vault_value (id, subject_id, item, slot, sealed, key_class, alg,"
                " key_version, is_file, source, written_at) VALUES (%s, %s, 'email', '', %s,"
                " 'contact', 1, 1, false, 'self', %s)",
                row,
            )
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM vault_value WHERE id = %s", [row[0]])


@pytest.mark.promise("3.1.2")
def test_a_share_to_a_stranger_is_found() -> None:
    """A share that no declared party received, or without a permit, shows."""
    _told(kind=Kind.SHARE, recipient="nobody.known", purpose="loans.credit_query", items=("name",))
    with pytest.raises(NotSo):
        live.every_share_was_lawful()


@pytest.mark.promise("1.7", "1.0.1")
def test_use_beyond_the_policy_is_found() -> None:
    """An access for a purpose that was never published shows."""
    _told(kind=Kind.PERMIT, purpose="games.roulette")
    with pytest.raises(NotSo):
        live.every_access_had_a_basis()
    _told(kind=Kind.COLLECT, purpose="games.roulette", items=("name",))
    with pytest.raises(NotSo):
        live.only_declared_items_were_taken()


@pytest.mark.promise("4.3.2", "5.2.2a")
def test_what_is_taken_after_the_end_is_found() -> None:
    """A line of collection after a request for erasure, or while withdrawn, shows."""
    subject_id = ids.uuid7()
    for told in (
        {"kind": Kind.STATE, "reason": "active:withdrawn"},
        {"kind": Kind.ERASE_REQUESTED},
        {"kind": Kind.COLLECT, "purpose": "feed.personal", "items": ("location",)},
    ):
        with cast.transaction():
            session.set_subject(subject_id)
            line = Line(subject_id=subject_id, outcome="done", **told)
            evidence.record(line)
    for check in (live.nothing_taken_after_the_end, live.nothing_taken_while_withdrawn):
        with pytest.raises(NotSo):
            check()


@pytest.mark.promise("6.1")
@pytest.mark.parametrize(
    "told",
    [
        {"kind": Kind.COLLECT, "purpose": "feed.personal", "items": ("location",)},
        {"kind": Kind.SHARE, "purpose": "identity.real_name", "recipient": "population_service"},
        {"kind": Kind.PERMIT, "purpose": "notices.promotion"},
    ],
    ids=lambda told: told["kind"].value,
)
def test_what_is_taken_of_a_minor_is_found(told: dict[str, Any]) -> None:
    """A line after the gate closed for a minor shows; the tier that went with it hides nothing."""
    subject_id = ids.uuid7()
    for one in (
        {"kind": Kind.STATE, "reason": "active:minor"},
        {"kind": Kind.STATE, "reason": "tier:1:0:minor"},
        told,
    ):
        with cast.transaction():
            session.set_subject(subject_id)
            evidence.record(Line(subject_id=subject_id, outcome="done", **one))
    with pytest.raises(NotSo):
        minors.nothing_was_taken_or_sent_to_a_minor()


@pytest.mark.promise("6.1")
def test_a_guardian_who_was_not_heard_is_found() -> None:
    """An approved case whose account still stands after a day shows."""
    person = cast.make_person()
    case_id, at = ids.uuid7(), clock.now()
    row = (case_id, person.subject_id, at, at)
    try:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO identity_case (id, subject_id, kind, state, level, source, relation,"
                " opened_at, due_at, taken_by, decided_by, decided_at, ground) VALUES (%s, %s,"
                " 'guardian', 'approved', 1, '', 'mother', %s, %s, 'r', 'r',"
                " now() - interval '2 days', 'confirmed')",
                row,
            )
        with pytest.raises(NotSo):
            minors.guardians_were_heard()
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM identity_case WHERE id = %s", [case_id])
    minors.guardians_were_heard()


def _counted(check: Any) -> int:
    """Give how many a check finds; other tests may have left some behind."""
    try:
        check()
    except NotSo as found:
        return int(found.message_text.split()[0])
    return 0


def _shows(check: Any, *rows: Any) -> None:
    """Let rows stand that nobody was told of, and see one more found; none is left behind."""
    before = _counted(check)
    try:
        for row in rows:
            row.save(using="owner", force_insert=True)
        assert _counted(check) == before + 1
    finally:
        for row in rows:
            type(row).objects.using("owner").filter(id=row.id).delete()


def _payment(subject_id: UUID, **told: Any) -> PaymentRow:
    asked = {
        "kind": "top_up", "service": "top_up", "state": "paying", "way": "card", "payee": "own",
        "payee_account": ids.uuid7(), "amount_fen": 100, "fingerprint": "", "made_at": clock.now(),
        "expires_at": clock.now(), **told,
    }  # fmt: skip
    return PaymentRow(id=ids.uuid7(), subject_id=subject_id, **asked)


@pytest.mark.promise("1.2.7a", "1.2.7c")
def test_a_payment_without_record_or_entry_is_found() -> None:
    """What left for a channel without a share, or succeeded beside the books, shows."""
    subject_id = ids.uuid7()
    payment = _payment(subject_id)
    attempt = AttemptRow(
        id=ids.uuid7(), subject_id=subject_id, payment_id=payment.id, rail="alipay", state="sent",
        amount_fen=100, expires_at=clock.now(), made_at=clock.now(),
    )  # fmt: skip
    _shows(money.every_payment_that_left_is_on_record, payment, attempt)
    paid = _payment(subject_id, state="success", ended_at=clock.now())
    _shows(money.every_payment_is_in_the_books, paid)


@pytest.mark.promise("1.2.10", "1.3.9")
def test_a_shop_and_a_scan_without_a_leave_are_found() -> None:
    """A shop that opened unasked, and a scan whose place nobody gave leave for, show."""
    subject_id, now = ids.uuid7(), clock.now()
    shop = MerchantRow(
        id=ids.uuid7(), subject_id=subject_id, state="open", region="330100", located_at=now,
        opened_at=now, card_id=ids.uuid7(), account_id=ids.uuid7(), form="person",
    )  # fmt: skip
    _shows(collecting.every_open_shop_was_asked, shop)
    scan = ScanRow(
        id=ids.uuid7(), subject_id=subject_id, merchant_id=shop.id, code_id=ids.uuid7(),
        is_static=True, amount_fen=100, place="near", state="asked", made_at=now,
    )  # fmt: skip
    _shows(collecting.no_scan_without_its_leave, scan)
