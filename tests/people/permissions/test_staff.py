"""The staff register: who comes in, what keeps them from data, what ends their power."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from tests.doors.console import crew
from tests.people.unlock.soft import Authenticator
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput, Conflict, NotFound, TooMany, XingnuoError
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions._staff_rules import (
    CODE_SECONDS,
    IDLE_SECONDS,
    LOOKUPS_AN_HOUR,
    REVEALS_A_DAY,
    REVEALS_NEAR,
    ROLES,
    SESSION_SECONDS,
    TAP_SECONDS,
)
from xingnuo.people.permissions.contracts import (
    RELEASE_STEPS,
    STAFF_STEPS,
    CodeRefused,
    ForbiddenStaffStep,
    KeyRefused,
    NeedsTap,
    OverBudget,
    ReleaseState,
    SameHand,
    StaffAct,
    StaffState,
)
from xingnuo.people.permissions.models import ReleaseRow, Staff, StaffGlance
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind

YEAR = timedelta(days=366)


@contextmanager
def refused(error: type[XingnuoError]) -> Iterator[None]:
    """Expect a refusal, in a transaction of its own."""
    with pytest.raises(error), transaction.atomic():
        yield


def live(token: str, *, host: str = crew.HOST) -> bool:
    """Say whether a token opens a session."""
    with transaction.atomic():
        return actions.resolve(token, host=host) is not None


def left(code: str) -> list[str]:
    """Give what the record holds of a member's acts, newest first."""
    return [line.reason for line in evidence.acted(actor_ref=code, limit=100)]


def test_roles_stand_on_the_policy() -> None:
    """Each role acts as a kind of actor that the purposes it names admit."""
    purposes = policy.in_force().purposes.values()
    for role in ROLES.values():
        known = [one for one in purposes if role.may(one.id)]
        if role.id in ("compliance", "agent"):
            assert any(role.kind in one.actors for one in known), role.id
    assert ROLES["admin"].kind is None and not ROLES["admin"].queues


@pytest.mark.promise("4.1.4", "4.1.5")
def test_both_signature_and_training_open_the_gate() -> None:
    """Without either, or with either lapsed, there is no way to anybody's data."""
    person = crew.person_with(email="cid@example.com")
    member = crew.hire(["compliance"], cleared=False)

    def reason() -> Reason | None:
        found = queries.member(member.member.id)
        actor = Actor(
            kind=ActorKind.COMPLIANCE,
            staff_id=found.code,
            strength=Strength.UNLOCKED,
            channel="console",
            undertaking_until=found.cleared_until,
            case_id=ids.uuid7(),
        )
        try:
            with transaction.atomic():
                gate.permit(actor, subject_id=person.subject_id, purpose="rights.handle")
        except GateRefusal as refusal:
            return refusal.reason
        return None

    assert reason() is Reason.NO_UNDERTAKING
    with transaction.atomic():
        actions.sign_undertaking(member.session, text_hash=queries.undertaking_now().text_hash)
    assert reason() is Reason.NO_UNDERTAKING
    with transaction.atomic():
        actions.record_training(member.member.id, course_id="privacy", by="cli")
    assert reason() is None
    with clock.shifted(YEAR):
        assert reason() is Reason.NO_UNDERTAKING
        with transaction.atomic():
            actions.record_training(member.member.id, course_id="privacy", by="cli")
        assert reason() is Reason.NO_UNDERTAKING


@pytest.mark.promise("4.1.4")
def test_a_text_that_was_not_shown_is_not_signed() -> None:
    """The hash of the text goes back with the signature."""
    member = crew.hire(["agent"], cleared=False)
    with refused(Conflict):
        actions.sign_undertaking(member.session, text_hash="0" * 64)
    assert queries.member(member.member.id).undertaking_until is None


@pytest.mark.promise("4.1.5")
def test_a_course_is_passed_by_right_answers_alone() -> None:
    """Each wrong or missing answer is named; all right passes for its term."""
    member = crew.hire(["agent"], cleared=False)
    course = queries.course("privacy")
    right = tuple(one.right for one in course.questions)
    for place, wrong in product(range(len(right)), (None, 9)):
        answers: tuple[int | None, ...] = (*right[:place], wrong, *right[place + 1 :])
        with pytest.raises(BadInput) as told, transaction.atomic():
            actions.take_course(member.session, course_id="privacy", answers=answers)
        assert set(told.value.fields) == {f"q{place}"}
    with refused(BadInput):
        actions.take_course(member.session, course_id="privacy", answers=())
    assert queries.member(member.member.id).training_until is None
    with transaction.atomic():
        until = actions.take_course(member.session, course_id="privacy", answers=right)
    assert timedelta(days=364) < until - clock.now() < timedelta(days=367)


@pytest.mark.promise("4.1.4")
def test_a_breach_suspends_at_once() -> None:
    """Sessions end with it, nobody records their own, and one person does not undo it."""
    member, officer = crew.hire(["agent"]), crew.hire(["compliance"])
    with refused(SameHand):
        actions.record_breach(officer.member.id, kind="shared_out", by=officer.member.code)
    with refused(BadInput):
        actions.record_breach(member.member.id, kind="rude", by=officer.member.code)
    assert live(member.token)
    with transaction.atomic():
        actions.record_breach(member.member.id, kind="shared_out", by=officer.member.code)
    assert not live(member.token)
    assert queries.member(member.member.id).state is StaffState.SUSPENDED
    assert queries.breaches_of(member.member.id)[0].kind == "shared_out"
    with refused(KeyRefused):
        actions.sign_in(member.key.get(actions.options(StaffAct.SIGN_IN)), host=crew.HOST)
    assert "staff.breach:shared_out" in left(officer.member.code)


def test_a_member_moves_by_the_table_alone() -> None:
    """Every pair of states is tried; what the table does not name is refused."""
    from xingnuo.people.permissions import _staff_register

    for before, to in product(StaffState, StaffState):
        with transaction.atomic():
            made = actions.register(
                code=crew.code_of_nobody(), name="人", roles=["risk"], by="cli", channel="cli"
            )
            Staff.objects.filter(id=made.id).update(state=before.value)
        if to in STAFF_STEPS[before]:
            with transaction.atomic():
                _staff_register._move(made.id, to, by="cli", why="left")
            assert queries.member(made.id).state is to
        else:
            with refused(ForbiddenStaffStep):
                _staff_register._move(made.id, to, by="cli", why="left")


def test_a_session_is_short_and_bound_to_its_host() -> None:
    """Idle 15 minutes, eight hours in all, no other host, gone after signing out."""
    member = crew.hire(["agent"])
    assert live(member.token)
    assert not live(member.token, host="localhost:8000")
    assert not live(member.token + "x") and not live(ids.token())
    with clock.shifted(timedelta(seconds=IDLE_SECONDS + 1)):
        assert not live(member.token)
    for quarter in range(0, SESSION_SECONDS, IDLE_SECONDS - 60):
        with clock.shifted(timedelta(seconds=quarter)):
            assert live(member.token)
    with clock.shifted(timedelta(seconds=SESSION_SECONDS)):
        assert not live(member.token)
    with transaction.atomic():
        actions.sign_out(member.session)
    assert not live(member.token)


def test_a_code_works_once_and_for_a_day() -> None:
    """Wrong, used, lapsed, replaced and foreign codes all say the same."""
    with transaction.atomic():
        made = actions.register(
            code=crew.code_of_nobody(), name="人", roles=["risk"], by="cli", channel="cli"
        )
        other = actions.register(
            code=crew.code_of_nobody(), name="人", roles=["risk"], by="cli", channel="cli"
        )
        old = actions.let_in(made.id, by="cli", channel="cli")
        code = actions.let_in(made.id, by="cli", channel="cli")
    for who, tried in ((made.code, old), (made.code, "x"), (other.code, code), ("nobody", code)):
        with refused(CodeRefused):
            actions.enter(staff_code=who, code=tried, host=crew.HOST)
    with clock.shifted(timedelta(seconds=CODE_SECONDS)), refused(CodeRefused):
        actions.enter(staff_code=made.code, code=code, host=crew.HOST)
    key = Authenticator(origin=crew.HERE["origin"], host="ops.localhost")
    with transaction.atomic():
        token = actions.enter(staff_code=made.code, code=code, host=crew.HOST)
        here = actions.resolve(token, host=crew.HOST)
        assert here is not None
        actions.enrol(here, key.create(actions.options(StaffAct.ENROL, here)), host=crew.HOST)
    with refused(CodeRefused):
        actions.enter(staff_code=made.code, code=code, host=crew.HOST)


def test_a_passkey_proves_or_it_does_not() -> None:
    """No verification, another origin, an old challenge, another's key, a false signature."""
    member = crew.hire(["agent"])
    key = member.key
    lies = (
        lambda: replace(key, verified=False).get(actions.options(StaffAct.SIGN_IN)),
        lambda: replace(key, origin="http://localhost").get(actions.options(StaffAct.SIGN_IN)),
        lambda: replace(key, host="localhost").get(actions.options(StaffAct.SIGN_IN)),
        lambda: Authenticator(origin=key.origin, host=key.host).get(
            actions.options(StaffAct.SIGN_IN)
        ),
        lambda: key.get(actions.options(StaffAct.SIGN_IN), signature=b"0" * 70),
        lambda: key.get(actions.options(StaffAct.VERIFY, member.session)),
        lambda: "{}",
        lambda: "x" * 9000,
    )
    for lie in lies:
        with transaction.atomic():
            answer = lie()
        with pytest.raises(KeyRefused):
            actions.sign_in(answer, host=crew.HOST)
    with transaction.atomic():
        answer = key.get(actions.options(StaffAct.SIGN_IN))
    assert live(actions.sign_in(answer, host=crew.HOST))
    with pytest.raises(KeyRefused):
        actions.sign_in(answer, host=crew.HOST)


def test_a_copied_passkey_opens_nothing_any_more() -> None:
    """A count that does not rise ends the key and every session, and is on record."""
    member = crew.hire(["agent"])
    with transaction.atomic():
        good = member.key.get(actions.options(StaffAct.SIGN_IN))
    token = actions.sign_in(good, host=crew.HOST)
    with transaction.atomic():
        copied = member.key.get(actions.options(StaffAct.SIGN_IN), sign_count=0)
    with pytest.raises(KeyRefused):
        actions.sign_in(copied, host=crew.HOST)
    assert not live(token)
    assert "staff.key_copied" in left(member.member.code)


def test_two_hands_and_the_table_says_so() -> None:
    """Whoever proposes never releases: refused by the room, and by the database."""
    one, two = crew.hire(["admin"]), crew.hire(["admin"])
    target = crew.hire(["agent"])
    told = {"kind": "staff.roles", "ref": target.member.id, "choice": "risk,reviewer"}
    with transaction.atomic():
        made = actions.propose(**told, by=one.member.code)  # type: ignore[arg-type]
    with refused(Conflict):
        actions.propose(**told, by=two.member.code)  # type: ignore[arg-type]
    with refused(SameHand):
        actions.close_release(made.id, by=one.member.code, to=ReleaseState.RELEASED)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseRow.objects.filter(id=made.id).update(state="released", released_by=one.member.code)
    with transaction.atomic():
        done = actions.close_release(made.id, by=two.member.code, to=ReleaseState.RELEASED)
        actions.carry_out(done, by=two.member.code)
    assert queries.member(target.member.id).roles == {"risk", "reviewer"}
    assert not live(target.token)
    for to in ReleaseState:
        assert to not in RELEASE_STEPS[ReleaseState.RELEASED]
        with refused(ForbiddenStaffStep):
            actions.close_release(made.id, by=two.member.code, to=to)


def look(member: crew.Crew, **told: str) -> dict[str, object]:
    """Give what a look is asked with."""
    return {
        "queue": "rights",
        "case_id": ids.uuid7(),
        "purpose": "rights.handle",
        "item": "phone",
        "reason": "call_back",
        "note": crew.NOTE,
        **told,
    }


def test_a_reveal_needs_a_reason_a_sentence_and_a_fresh_touch() -> None:
    """Each lack is told by its field; a number in the sentence is sent back."""
    member = crew.hire(["compliance"])
    for lack, field in (
        ({"reason": "curious"}, "reason"),
        ({"note": "看看"}, "note"),
        ({"note": "客户号码 138 0013 8000 打来"}, "note"),
        ({"note": "写给 a@example.com 的回信"}, "note"),
        ({"note": "长" * 201}, "note"),
    ):
        with pytest.raises(BadInput) as told, transaction.atomic():
            actions.reveal(member.session, **look(member, **lack))  # type: ignore[arg-type]
        assert set(told.value.fields) == {field}
    with clock.shifted(timedelta(seconds=TAP_SECONDS + 1)), refused(NeedsTap):
        actions.reveal(member.session, **look(member))  # type: ignore[arg-type]
    with transaction.atomic():
        given = actions.reveal(member.session, **look(member))  # type: ignore[arg-type]
        assert queries.reveal_shown(member.session, given.id) == given
    other = crew.hire(["compliance"])
    with refused(NotFound):
        queries.reveal_shown(other.session, given.id)
    with clock.shifted(timedelta(seconds=TAP_SECONDS)), refused(NotFound):
        queries.reveal_shown(member.session, given.id)


def test_a_day_holds_so_many_reveals_and_the_limit_warns() -> None:
    """The last but few leaves an alert; one over the budget is refused; tomorrow is new."""
    member = crew.hire(["compliance"])
    now = clock.now()
    StaffGlance.objects.bulk_create(
        StaffGlance(
            staff_id=member.member.id,
            session_id=member.session.id,
            kind="reveal",
            queue="rights",
            case_id=ids.uuid7(),
            purpose="rights.handle",
            item="phone",
            reason="call_back",
            note=crew.NOTE,
            at=now,
            until_at=now,
        )
        for _ in range(REVEALS_NEAR - 1)
    )
    with transaction.atomic():
        actions.reveal(member.session, **look(member))  # type: ignore[arg-type]
    assert "alert.reveals_near" in left(member.member.code)
    assert queries.budget(member.member.id).is_near
    for _ in range(REVEALS_A_DAY - REVEALS_NEAR):
        with transaction.atomic():
            actions.reveal(member.session, **look(member))  # type: ignore[arg-type]
    with refused(OverBudget):
        actions.reveal(member.session, **look(member))  # type: ignore[arg-type]
    with clock.shifted(timedelta(days=1)):
        assert queries.budget(member.member.id).used == 0


def test_an_hour_holds_so_many_look_ups() -> None:
    """Nobody lists customers by trying numbers."""
    member = crew.hire(["compliance"])
    here = member.session
    for _ in range(LOOKUPS_AN_HOUR):
        with transaction.atomic():
            actions.look_up(here, **look(member))  # type: ignore[arg-type]
    with refused(TooMany):
        actions.look_up(here, **look(member))  # type: ignore[arg-type]


def test_a_staff_id_is_a_code_that_the_record_takes() -> None:
    """No capitals, no run of six digits, no name twice; roles are known ones."""
    good = {"code": crew.code_of_nobody(), "name": "人", "roles": ["risk"]}
    for lack, field in (
        ({"code": "Wang"}, "code"),
        ({"code": "w13800138000"}, "code"),
        ({"code": "ab"}, "code"),
        ({"code": "a" * 25}, "code"),
        ({"name": " "}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles"),
    ):
        with pytest.raises(BadInput) as told, transaction.atomic():
            actions.register(**{**good, **lack}, by="cli", channel="cli")  # type: ignore[arg-type]
        assert set(told.value.fields) == {field}
    with transaction.atomic():
        actions.register(**good, by="cli", channel="cli")  # type: ignore[arg-type]
    with refused(BadInput):
        actions.register(**good, by="cli", channel="cli")  # type: ignore[arg-type]
