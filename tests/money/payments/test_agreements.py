"""Auto-debit: signed by a yes to limit and payee, told before, within limits, stopped at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import cast
from tests.money.payments.holders import BIND, DEBIT, Holder, holder, may_debit
from tests.outside import Outside
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    AgreementKind,
    AgreementShown,
    AgreementState,
    CardInUse,
    DebitRefused,
    DebitState,
    DueDebit,
    ForbiddenAgreementStep,
    NoSuchAgreement,
    NoSuchCard,
    NotConfirmed,
    OtherThanConfirmed,
    WhyNot,
)
from xingnuo.people.notices.models import MessageRow
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import GateRefusal, Permit

pytestmark = pytest.mark.promise("1.2.7a")
LIMIT, MONTH = 300_000, 500_000


@pytest.fixture
def debtor(alice: Holder) -> Holder:
    """Give a person with a card and a payment password, who agreed to be debited."""
    alice.bind()
    alice.set_password()
    may_debit(alice)
    return alice


def draft(one: Holder, **told: Any) -> AgreementShown:
    """Write an agreement down."""
    asked: dict[str, Any] = {
        "kind": AgreementKind.LOAN_REPAY, "limit_fen": LIMIT,
        "month_limit_fen": MONTH, "until": clock.today() + timedelta(days=365), "key": ids.uuid7(),
    }  # fmt: skip
    asked["card_id"] = told.pop("card_id", None) or one.cards()[0].id
    with cast.transaction():
        return actions.draft_agreement(one.actor, **{**asked, **told})


def signed(one: Holder, **told: Any) -> AgreementShown:
    """Sign an agreement by password."""
    made = draft(one, **told)
    confirmed = one.confirmed(actions.act_of(made))
    with cast.transaction():
        return actions.sign_agreement(one.actor, agreement_id=made.id, confirmation_id=confirmed.id)


def announced(one: Holder, agreement: AgreementShown, fen: int = 100_000, days: int = 3) -> UUID:
    """Tell the person of a debit; gives its ref."""
    ref = ids.uuid7()
    with cast.transaction():
        actions.announce_debit(
            subject_id=one.subject_id,
            agreement_id=agreement.id,
            amount_fen=fen,
            on=clock.today() + timedelta(days=days),
            ref=ref,
        )
    return ref


def due(one: Holder, agreement: AgreementShown, ref: UUID, fen: int = 100_000) -> DueDebit:
    """Ask as the payments core does whether the debit may be made."""
    with cast.transaction():
        return actions.due_debit(permit(one), agreement_id=agreement.id, amount_fen=fen, ref=ref)


def settle(one: Holder, ref: UUID, *, is_done: bool) -> date | None:
    """Put down how the payment ended."""
    with cast.transaction():
        return actions.settle_debit(permit(one), ref=ref, is_done=is_done)


def permit(one: Holder) -> Permit:
    """Ask for a permit of the worker's."""
    return gate.permit(cast.SYSTEM, subject_id=one.subject_id, purpose=DEBIT)


def states(one: Holder, agreement: AgreementShown) -> list[DebitState]:
    """Give the states of an agreement's debits, newest first."""
    with cast.transaction():
        return [row.state for row in queries.debits(one.actor, agreement_id=agreement.id)]


def listed(one: Holder) -> list[AgreementState]:
    """Give the states of the person's agreements."""
    with cast.transaction():
        return [row.state for row in queries.agreements(one.actor)]


def refusal(one: Holder, agreement: AgreementShown, ref: UUID, fen: int = 100_000) -> WhyNot:
    """Give why a debit is refused."""
    with pytest.raises(DebitRefused) as refused:
        due(one, agreement, ref, fen)
    return refused.value.reason


def later(days: int) -> Any:
    """Shift the clock by days."""
    return clock.shifted(timedelta(days=days))


def test_pay_12_an_agreement_is_signed_by_a_yes_to_its_limit_and_payee(debtor: Holder) -> None:
    """Draft, yes, signature; a draft is in no list and debits nothing."""
    made = draft(debtor)
    assert (made.state, made.payee_name) == (AgreementState.DRAFT, "星诺消费金融有限公司")
    assert listed(debtor) == []
    act = actions.act_of(made)
    other = debtor.confirmed(replace(act, amount_fen=LIMIT + 1))
    with pytest.raises(OtherThanConfirmed), cast.transaction():
        actions.sign_agreement(debtor.actor, agreement_id=made.id, confirmation_id=other.id)
    with pytest.raises(NotConfirmed), cast.transaction():
        actions.sign_agreement(debtor.actor, agreement_id=made.id, confirmation_id=ids.uuid7())
    yes = debtor.confirmed(act)
    for _ in range(2):
        with cast.transaction():
            done = actions.sign_agreement(
                debtor.actor, agreement_id=made.id, confirmation_id=yes.id
            )
    assert (done.state, listed(debtor)) == (AgreementState.ACTIVE, [AgreementState.ACTIVE])


def test_its_own_consent_comes_first(alice: Holder) -> None:
    """The consent to bind a card is not the consent to be debited."""
    alice.bind()
    with pytest.raises(GateRefusal):
        draft(alice)


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("limit", {"limit_fen": 0}),
        ("limit", {"limit_fen": 5_000_001, "month_limit_fen": 6_000_000}),
        ("month_limit", {"month_limit_fen": LIMIT - 1}),
        ("until", {"until": date(2020, 1, 1)}),
        ("until", {"until": date(2099, 1, 1)}),
    ],
)
def test_limits_and_last_day_are_checked(debtor: Holder, field: str, told: Any) -> None:
    """Each by its field."""
    with pytest.raises(BadInput) as fault:
        draft(debtor, **told)
    assert set(fault.value.fields) == {field}


def test_a_repeat_by_its_key_is_the_same_draft(debtor: Holder) -> None:
    """The same key with other content is refused."""
    key = ids.uuid7()
    assert draft(debtor, key=key) == draft(debtor, key=key)
    with pytest.raises(Conflict):
        draft(debtor, key=key, limit_fen=LIMIT - 1)


def test_another_persons_card_and_agreement_look_missing(debtor: Holder, outside: Outside) -> None:
    """Charlie signs nothing on Alice's card, and stops nothing of hers."""
    made = signed(debtor)
    charlie = holder(outside)
    may_debit(charlie)
    with pytest.raises(NoSuchCard):
        draft(charlie, card_id=made.card_id)
    with pytest.raises(NoSuchAgreement), cast.transaction():
        actions.cancel_agreement(charlie.actor, agreement_id=made.id)
    assert listed(debtor) == [AgreementState.ACTIVE]


def test_pay_12_a_debit_is_told_before_and_made_on_its_day(debtor: Holder) -> None:
    """Too early is refused; on the day it is due; the same ref begins nothing twice."""
    made = signed(debtor)
    ref = announced(debtor, made)
    with cast.transaction():
        session.set_subject(debtor.subject_id)
        codes = [row.code for row in MessageRow.objects.of(debtor.subject_id)]
    assert "debit_coming" in codes
    assert refusal(debtor, made, ref) is WhyNot.TOO_EARLY
    with later(3):
        first, again = due(debtor, made, ref), due(debtor, made, ref)
        assert first == again and (first.attempt, first.card_id) == (1, made.card_id)
        assert settle(debtor, ref, is_done=True) is None
        assert settle(debtor, ref, is_done=False) is None
        assert states(debtor, made) == [DebitState.DONE]
        assert refusal(debtor, made, ref) is WhyNot.ENDED


def test_pay_12_what_the_agreement_does_not_cover_is_refused(debtor: Holder) -> None:
    """Unannounced, another amount, over the limit, over the month, too soon to be told."""
    made = signed(debtor)
    ref = announced(debtor, made)
    with pytest.raises(DebitRefused):
        announced(debtor, made, LIMIT + 1)
    with pytest.raises(BadInput):
        announced(debtor, made, days=2)
    with later(3):
        assert refusal(debtor, made, ids.uuid7()) is WhyNot.NOT_NOTICED
        assert refusal(debtor, made, ref, 100_001) is WhyNot.OTHER_AMOUNT


def test_the_month_has_a_bound(debtor: Holder) -> None:
    """What was debited this month counts, and what is under way; the next month begins anew."""
    made = signed(debtor)
    first = clock.beijing(clock.now()).replace(day=2, hour=12) + timedelta(days=40)
    start = first.replace(day=2)
    with clock.frozen(start):
        one, two = announced(debtor, made, 300_000), announced(debtor, made, 300_000)
    with clock.frozen(start + timedelta(days=3)):
        due(debtor, made, one, 300_000)
        assert refusal(debtor, made, two, 300_000) is WhyNot.OVER_MONTH
        settle(debtor, one, is_done=True)
        assert refusal(debtor, made, two, 300_000) is WhyNot.OVER_MONTH
    with clock.frozen(start + timedelta(days=32)):
        assert due(debtor, made, two, 300_000).attempt == 1


def test_a_decline_is_tried_again_by_the_plan_and_then_given_up(debtor: Holder) -> None:
    """A day later, three days later, and no more; each decline is told."""
    made = signed(debtor)
    ref = announced(debtor, made)
    days, attempts = 3, []
    for wait in (1, 3, None):
        with later(days):
            attempts.append(due(debtor, made, ref).attempt)
            following = settle(debtor, ref, is_done=False)
            expected = clock.today() + timedelta(days=wait) if wait else None
            assert following == expected
            if wait:
                assert refusal(debtor, made, ref) is WhyNot.TOO_EARLY
        days += wait or 0
    assert (attempts, states(debtor, made)) == ([1, 2, 3], [DebitState.GIVEN_UP])


def test_stopping_is_one_step_and_takes_back_what_has_not_begun(debtor: Holder) -> None:
    """No password; the announced debit goes with it; a second stop is refused."""
    made = signed(debtor)
    ref = announced(debtor, made)
    with cast.transaction():
        actions.cancel_agreement(debtor.weak, agreement_id=made.id)
    assert states(debtor, made) == [DebitState.CANCELLED]
    with later(3):
        assert refusal(debtor, made, ref) is WhyNot.ENDED
    with pytest.raises(DebitRefused):
        announced(debtor, made)
    with pytest.raises(ForbiddenAgreementStep), cast.transaction():
        actions.cancel_agreement(debtor.actor, agreement_id=made.id)
    assert signed(debtor).state is AgreementState.ACTIVE


def test_a_debit_under_way_is_ended_by_its_proof_alone(debtor: Holder) -> None:
    """Stopping the agreement leaves it; after its decline nothing is tried again."""
    made = signed(debtor)
    ref = announced(debtor, made)
    with later(3):
        due(debtor, made, ref)
        with cast.transaction():
            actions.cancel_agreement(debtor.actor, agreement_id=made.id)
        assert states(debtor, made) == [DebitState.TRYING]
        assert [one.code for one in blockers(debtor)] == ["debit_under_way"]
        assert settle(debtor, ref, is_done=False) is None
        assert (states(debtor, made), blockers(debtor)) == ([DebitState.GIVEN_UP], [])


def blockers(one: Holder) -> list[Any]:
    """Give what stands in the way of closing the account."""
    with cast.transaction():
        return queries.blocks(one.subject_id)


def test_a_card_under_an_agreement_asks_first(debtor: Holder) -> None:
    """Unbinding is refused until the person says that the agreement ends with it."""
    made = signed(debtor)
    card = debtor.cards()[0]
    with pytest.raises(CardInUse) as refused, cast.transaction():
        actions.unbind_card(debtor.actor, card_id=card.id)
    assert refused.value.detail == "agreements"
    with cast.transaction():
        actions.unbind_card(debtor.actor, card_id=card.id, end_agreements=True)
    assert listed(debtor) == [AgreementState.CANCELLED]
    with later(3):
        assert refusal(debtor, made, ids.uuid7()) is WhyNot.NOT_NOTICED


def test_pay_13_a_card_under_a_debit_stays_until_it_is_settled(debtor: Holder) -> None:
    """Whatever the person says: money may be moving."""
    made = signed(debtor)
    ref = announced(debtor, made)
    card = debtor.cards()[0]
    with later(3):
        due(debtor, made, ref)
        with pytest.raises(CardInUse) as refused, cast.transaction():
            actions.unbind_card(debtor.actor, card_id=card.id, end_agreements=True)
        assert refused.value.detail == "unsettled"
        settle(debtor, ref, is_done=True)
        with cast.transaction():
            actions.unbind_card(debtor.actor, card_id=card.id, end_agreements=True)


def test_after_its_last_day_nothing_is_debited(debtor: Holder) -> None:
    """It is shown as over, and a new one has its place."""
    made = signed(debtor, until=clock.today() + timedelta(days=4))
    ref = announced(debtor, made)
    with later(5):
        assert refusal(debtor, made, ref) is WhyNot.OVER
        assert listed(debtor) == [AgreementState.ENDED]
        assert draft(debtor).state is AgreementState.DRAFT


@pytest.mark.promise("5.2.2a")
@pytest.mark.parametrize("purpose", [DEBIT, BIND])
def test_taking_the_consent_back_stops_it(debtor: Holder, purpose: str) -> None:
    """Its own consent, or the one to the card that it debits."""
    signed(debtor)
    with cast.transaction():
        gate.decide(
            debtor.actor,
            subject_id=debtor.subject_id,
            scope=Scope(purpose=purpose),
            decision=Decision.WITHDRAW,
            text_hash=gate_queries.sheet(purpose).text_hash,
        )
    assert listed(debtor) == [AgreementState.CANCELLED]


def test_a_permit_for_something_else_debits_nothing(debtor: Holder) -> None:
    """Only the permit for auto-debit begins one."""
    made = signed(debtor)
    ref = announced(debtor, made)
    with later(3), pytest.raises(GateRefusal), cast.transaction():
        actions.due_debit(
            debtor.permit("payments.password"), agreement_id=made.id, amount_fen=100_000, ref=ref
        )
