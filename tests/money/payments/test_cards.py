"""Cards: bound by the bank's word alone, several a person, taken out with their number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections

from tests import cast
from tests.money.payments.holders import BIND, Holder, holder
from tests.outside import Outside
from tests.people.identity.residents import CARD as CLEARING
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict, TooMany
from xingnuo.money.payments import _cards, _cards_dated, actions, queries
from xingnuo.money.payments._cards_tables import TABLES
from xingnuo.money.payments.contracts import (
    CardInUse,
    CardKnown,
    CardTaken,
    CheckGround,
    CheckState,
    ForbiddenCardStep,
    NoSuchCard,
    TooManyCards,
)
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.people.notices.models import MessageRow
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import GateRefusal, Reason

pytestmark = pytest.mark.promise("5.1.2")


def told(one: Holder) -> list[str]:
    """Give the codes of what the person was told in the app."""
    with cast.transaction():
        session.set_subject(one.subject_id)
        rows = MessageRow.objects.of(one.subject_id).filter(channel="app")
        return [row.code for row in rows]


def test_pay_8_four_elements_and_a_code_bind_a_card(alice: Holder) -> None:
    """The bank's yes binds it; the first one is the default; the person is told."""
    number = alice.resident.card()
    card = alice.bind(number)
    assert (card.last_four, card.is_default, card.bank) == (number[-4:], True, "星海银行")
    assert "unionpay" in card.channels
    assert number in alice.kept()["card_number"]
    assert "card_bound" in told(alice)


def test_several_cards_and_one_default(alice: Holder) -> None:
    """Each further one is listed; another may be made the first; taking it out moves the place."""
    first, second = alice.bind(), alice.bind()
    assert [card.id for card in alice.cards()] == [first.id, second.id]
    with cast.transaction():
        actions.set_default_card(alice.actor, card_id=second.id)
    assert [card.id for card in alice.cards()] == [second.id, first.id]
    with cast.transaction():
        actions.unbind_card(alice.actor, card_id=second.id)
    (left,) = alice.cards()
    assert (left.id, left.is_default) == (first.id, True)


def test_unbinding_deletes_the_number_and_is_told(alice: Holder) -> None:
    """Nothing of the card rests in the vault, the person is told, and it may be bound again."""
    number = alice.resident.card()
    card = alice.bind(number)
    with cast.transaction():
        actions.unbind_card(alice.actor, card_id=card.id)
    assert (alice.cards(), alice.kept()) == ((), {})
    assert "card_unbound" in told(alice)
    assert alice.bind(number).last_four == number[-4:]


def test_unbinding_needs_a_fresh_proof(alice: Holder) -> None:
    """A session that is merely signed in takes nothing out."""
    card = alice.bind()
    with pytest.raises(NeedsReverify), cast.transaction():
        actions.unbind_card(alice.weak, card_id=card.id)
    assert len(alice.cards()) == 1


def test_what_is_anothers_looks_missing(alice: Holder, outside: Outside) -> None:
    """Charlie finds neither card nor check of Alice's."""
    card, charlie = alice.bind(), holder(outside)
    for act in (actions.set_default_card, actions.unbind_card):
        with pytest.raises(NoSuchCard), cast.transaction():
            act(charlie.actor, card_id=card.id)
    with pytest.raises(NoSuchCard):
        actions.confirm_card(charlie.actor, check_id=card.id, code="123456")
    with pytest.raises(NoSuchCard):
        charlie.check(card.id)
    assert charlie.cards() == ()


def test_a_card_of_another_person_is_refused(alice: Holder, outside: Outside) -> None:
    """By the bank where it is bound nowhere, by the look-up where another account has it."""
    other = holder(outside)
    check = alice.begin(other.resident.card())
    assert (check.state, check.ground) == (CheckState.REFUSED, CheckGround.NOT_THE_SAME)
    taken = other.resident.card()
    other.bind(taken)
    with pytest.raises(CardTaken):
        alice.begin(taken)
    assert (alice.cards(), alice.kept()) == ((), {})


def test_the_reserved_phone_must_be_the_persons(alice: Holder) -> None:
    """A right card with another phone does not match, and no code goes out."""
    before = len(alice.outside.inbox(alice.resident.phone))
    check = alice.begin(phone=cast.phone())
    assert (check.state, check.ground) == (CheckState.REFUSED, CheckGround.NOT_THE_SAME)
    assert len(alice.outside.inbox(alice.resident.phone)) == before


@pytest.mark.parametrize(
    ("state", "ground"), [("lost", CheckGround.CARD_LOST), ("closed", CheckGround.CARD_CLOSED)]
)
def test_a_card_out_of_use_is_refused(alice: Holder, state: str, ground: CheckGround) -> None:
    """The bank says why, and nothing is kept."""
    check = alice.begin(alice.resident.card(state=state))
    assert (check.state, check.ground, alice.kept()) == (CheckState.REFUSED, ground, {})


def test_a_wrong_code_may_be_typed_again_and_too_many_end_it(alice: Holder) -> None:
    """The bank counts the tries; after the last, what was typed is gone."""
    check = alice.begin()
    wrong = f"{(int(alice.resident.code()) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1, 0):
        after = actions.confirm_card(alice.actor, check_id=check.id, code=wrong)
        assert (after.state, after.tries_left) == (CheckState.CODE, left)
    after = actions.confirm_card(alice.actor, check_id=check.id, code=wrong)
    assert (after.state, after.ground) == (CheckState.REFUSED, CheckGround.CODE_SPENT)
    assert alice.kept() == {}


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("card", {"number": "6228481234567890"}),
        ("card", {"number": "62"}),
        ("phone", {"phone": "+1 202 555 0100"}),
    ],
)
def test_what_is_no_card_is_told_by_field(alice: Holder, field: str, told: dict[str, str]) -> None:
    """Luhn and shape are checked before anything is begun or leaves."""
    with pytest.raises(BadInput) as fault:
        alice.begin(**told)
    assert set(fault.value.fields) == {field}


def test_a_repeat_by_its_key_does_nothing_twice(alice: Holder) -> None:
    """The same key gives the same check; with another card it is refused."""
    key, number = ids.uuid7(), alice.resident.card()
    before = len(alice.outside.inbox(alice.resident.phone))
    assert alice.begin(number, key=key).id == alice.begin(number, key=key).id == key
    assert len(alice.outside.inbox(alice.resident.phone)) == before + 1
    with pytest.raises(Conflict):
        alice.begin(key=key)


def test_a_card_is_bound_once(alice: Holder) -> None:
    """Bound already, or being asked about: there is no second one of it."""
    number = alice.resident.card()
    alice.bind(number)
    with pytest.raises(CardKnown):
        alice.begin(number)


def test_pay_8_a_lost_answer_stays_unknown_until_the_bank_speaks(alice: Holder) -> None:
    """No time, counter or button ends it; the bank's own record does, and no second code goes."""
    alice.outside.script("bank", "check", "reset", match=alice.resident.number)
    check = alice.begin()
    assert check.state is CheckState.UNKNOWN
    with pytest.raises(ForbiddenCardStep), cast.transaction():
        actions.give_up_card(alice.actor, check_id=check.id)
    with clock.shifted(timedelta(days=400)), cast.transaction():
        actions.lapse_card(subject_id=alice.subject_id, check_id=check.id)
    assert alice.check(check.id).state is CheckState.UNKNOWN
    actions.resume_card(subject_id=alice.subject_id, check_id=check.id)
    assert alice.check(check.id).state is CheckState.CODE
    after = actions.confirm_card(alice.actor, check_id=check.id, code=alice.resident.code())
    assert after.state is CheckState.CONFIRMED


def test_a_silent_bank_leaves_it_unknown(alice: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bank that cannot be reached proves nothing, however often it is asked."""
    with monkeypatch.context() as patch:
        patch.setenv("XN_BANK_URL", "http://localhost:9")
        check = alice.begin()
        assert check.state is CheckState.UNKNOWN
        for _ in range(3):
            state = actions.resume_card(subject_id=alice.subject_id, check_id=check.id)
            assert state is CheckState.UNKNOWN
    assert alice.kept()  # what the bank may still confirm is not thrown away
    state = actions.resume_card(subject_id=alice.subject_id, check_id=check.id)
    assert state is CheckState.CODE


def test_giving_up_deletes_what_was_typed(alice: Holder) -> None:
    """By the person, by a new beginning, or after a day without a code."""
    check = alice.begin()
    with cast.transaction():
        actions.give_up_card(alice.actor, check_id=check.id)
    assert alice.kept() == {}
    first, second = alice.begin(), alice.begin()
    assert alice.check(first.id).state is CheckState.LAPSED
    with cast.transaction():
        actions.lapse_card(subject_id=alice.subject_id, check_id=second.id)
    assert (alice.check(second.id).state, alice.kept()) == (CheckState.LAPSED, {})


def test_limits_are_configuration(alice: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many cards a person, so many tries a day; a right one beyond them is refused."""
    limits = {"cards.most": 1, "cards.tries_per_day": 2}
    monkeypatch.setattr(
        "xingnuo.money.payments._cards_rows.value",
        lambda name: limits.get(name) or _cards_dated.value(name),
    )
    alice.bind()
    with pytest.raises(TooManyCards):
        alice.begin()
    limits["cards.most"] = 9
    alice.begin()
    with pytest.raises(TooMany):
        alice.begin()


@pytest.fixture
def busy() -> Iterator[list[str]]:
    """Let a part of the house say that a card is in use."""
    said: list[str] = []

    def watcher(subject_id: UUID, card_id: UUID) -> str:
        return said[0] if said else ""

    actions.watch_cards(watcher)
    yield said
    _cards._busy.remove(watcher)


def test_pay_13_a_card_with_an_unknown_payment_stays(alice: Holder, busy: list[str]) -> None:
    """The reason is told, and nothing of the card changes until it is settled."""
    card = alice.bind()
    busy.append("有一笔付款还没有结果。")
    with pytest.raises(CardInUse) as refused, cast.transaction():
        actions.unbind_card(alice.actor, card_id=card.id, end_agreements=True)
    assert refused.value.message_text == "有一笔付款还没有结果。"
    assert alice.kept()["card_number"]
    busy.clear()
    with cast.transaction():
        actions.unbind_card(alice.actor, card_id=card.id)


def test_without_leave_nothing_leaves_the_house(outside: Outside) -> None:
    """No consent to bind, or none to share with the clearing house: refused, and nothing kept."""
    made = holder(outside, agreed=False)
    with pytest.raises(GateRefusal) as refused:
        made.begin()
    assert refused.value.reason is Reason.NO_CONSENT
    cast.agree(made.person, BIND)
    with pytest.raises(GateRefusal):
        made.begin()
    cast.agree(made.person, BIND, recipient=CLEARING)
    assert made.begin().state is CheckState.CODE


def test_each_share_is_on_record_before_it_leaves(alice: Holder) -> None:
    """Recipient, purpose and items stand in the person's list of shares."""
    alice.bind()
    with cast.transaction():
        session.set_subject(alice.subject_id)
        lines = evidence.of_subject(alice.subject_id, kinds=[Kind.SHARE], limit=50)
    mine = [line for line in lines if line.purpose == BIND]
    assert {line.recipient for line in mine} == {CLEARING}
    assert {tuple(line.items) for line in mine} == {
        ("card_number", "card_reserved_phone", "document_number", "name"),
        ("sms_code",),
    }


@pytest.mark.promise("5.2.2a")
def test_taking_the_consent_back_takes_the_cards_out(alice: Holder) -> None:
    """What rests on the consent goes with it."""
    alice.bind()
    with cast.transaction():
        gate.decide(
            alice.actor,
            subject_id=alice.subject_id,
            scope=Scope(purpose=BIND),
            decision=Decision.WITHDRAW,
            text_hash=gate_queries.sheet(BIND).text_hash,
        )
    assert alice.cards() == ()


def test_pay_9_nothing_of_class_c3_rests_anywhere(alice: Holder) -> None:
    """No table has a place for validity or code, and no row of ours holds number or phone."""
    number = alice.resident.card()
    check = alice.begin(number)
    code = alice.resident.code()
    actions.confirm_card(alice.actor, check_id=check.id, code=code)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_name = ANY(%s)",
            [[table.name for table in TABLES]],
        )
        columns = cursor.fetchall()
        found = []
        for table in sorted({table for table, _ in columns}):
            cursor.execute(
                f"SELECT t::text FROM {table} t WHERE subject_id = %s", [alice.subject_id]
            )
            found += [row for (row,) in cursor.fetchall()]
    assert found
    assert not {name for _, name in columns} & {
        "validity",
        "code",
        "cvn",
        "pin",
        "password",
        "number",
    }
    for row in found:
        assert number not in row and alice.resident.phone not in row and code not in row


def test_the_copy_and_the_end_know_every_table(alice: Holder) -> None:
    """Export gives each table without digests; erasing leaves nothing."""
    alice.bind()
    alice.set_password()
    with cast.transaction():
        copied = queries.export(alice.subject_id)
    assert set(copied) == {
        *("payments_card", "payments_card_check", "payments_password", "payments_agreement"),
        *("payments_confirmation", "payments_debit", "payments_password_reset"),
        *("payments_payment", "payments_attempt", "payments_refund", "payments_event"),
        "payments_coupon",
    }
    assert copied["payments_card"] and copied["payments_password"]
    assert "argon2" not in str(copied) and "number_digest" not in str(copied)
    with cast.transaction():
        assert actions.erase(alice.subject_id) >= 3
    with cast.transaction():
        assert not any(queries.export(alice.subject_id).values())
