"""Checks of the staff register: who of ours may look, and what ends it (4.1.4, 4.1.5)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.contracts import Member, StaffSession, StaffState
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks.live import ask
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, Permit, Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind

_HOST = "proof"
_PURPOSE = "rights.handle"
_COURSE = "privacy"
# Looks of registered members outside the span of a signature or a training of theirs.
_UNCOVERED = """
    SELECT count(*) FROM evidence_line AS look JOIN permissions_staff AS who
        ON who.code = look.actor_ref
    WHERE look.channel = 'console' AND look.kind IN ('view', 'reveal', 'lookup')
        AND NOT EXISTS (
            SELECT FROM {table} AS term
            WHERE term.staff_id = who.id AND term.{begun} <= look.at AND look.at < term.until_at)
"""
_BACK_ALONE = """
    SELECT count(*) FROM permissions_staff_breach AS breach
    JOIN permissions_staff AS who ON who.id = breach.staff_id
    WHERE who.state = 'active' AND NOT EXISTS (
        SELECT FROM permissions_staff_release AS two
        WHERE two.kind = 'staff.reinstate' AND two.ref = who.id AND two.state = 'released'
            AND two.closed_at >= breach.at AND two.released_by <> two.proposed_by)
"""


def _hired() -> StaffSession:
    letters = "".join(chr(ord("a") + byte % 26) for byte in ids.random_bytes(14))
    with transaction.atomic():
        made = actions.register(
            code=f"p{letters}", name="核验员", roles=["compliance"], by="proof", channel="cli"
        )
        code = actions.let_in(made.id, by="proof", channel="cli")
        token = actions.enter(staff_code=made.code, code=code, host=_HOST)
        found = actions.resolve(token, host=_HOST)
    assert found is not None, "a code that opens nothing"
    return found


def _now(who: UUID) -> Member:
    with transaction.atomic():
        return queries.member(who)


def _look(person: stage.Person, who: UUID) -> Permit:
    found = _now(who)
    actor = Actor(
        kind=ActorKind.COMPLIANCE,
        staff_id=found.code,
        strength=Strength.UNLOCKED,
        channel="console",
        undertaking_until=found.cleared_until,
        case_id=ids.uuid7(),
    )
    return gate.permit(actor, subject_id=person.subject_id, purpose=_PURPOSE)


def _sign(here: StaffSession) -> None:
    with transaction.atomic():
        actions.sign_undertaking(here, text_hash=queries.undertaking_now().text_hash)


def _train(here: StaffSession) -> None:
    with transaction.atomic():
        actions.record_training(here.member.id, course_id=_COURSE, by="proof")


@check("4.1.4", kind=CheckKind.STATIC)
def partners_and_staff_are_bound() -> None:
    """Each recipient has agreement, review and qualification with their ends; staff have a text
    that is signed for a term, and every role stands on a kind of actor that the gate checks.
    """
    for one in policy.in_force().recipients.values():
        bound = one.agreement and one.qualification and one.review_until and one.agreement_until
        must(bound, f"{one.id} is not bound")
    text = queries.undertaking_now()
    must(text.paragraphs and 0 < text.months <= 12, "the undertaking has no text or no term")
    for role in queries.ROLES.values():
        must(role.kind is not None or not role.queues, f"{role.id} works without a kind")
    must(len(queries.BREACHES) >= 3, "breaches have no names")


@check("4.1.4", kind=CheckKind.DYNAMIC)
def no_look_without_a_signature() -> None:
    """A trained member without a signature in date sees nobody; signed, they do."""
    person, here = stage.person(), _hired()
    _train(here)
    call = lambda: _look(person, here.member.id)  # noqa: E731 - a call to be run by the stage
    stage.refused(call, Reason.NO_UNDERTAKING, words="without a signature")
    _sign(here)
    stage.passes(call, "with a signature")


@check("4.1.4", kind=CheckKind.DYNAMIC)
def a_breach_ends_the_session_and_the_power() -> None:
    """Whoever broke their word is suspended with the record of it."""
    here = _hired()
    with transaction.atomic():
        actions.record_breach(here.member.id, kind="shared_out", by="proof.two")
    must(_now(here.member.id).state is StaffState.SUSPENDED, "a breach suspends nobody")


@check("4.1.4", kind=CheckKind.LIVE)
def every_look_was_under_a_signature() -> None:
    """No registered member ever looked without a signature, and nobody came back alone."""
    sql = _UNCOVERED.format(table="permissions_staff_undertaking", begun="signed_at")
    must(ask(sql, alias="owner")[0][0] == 0, "a look without a signature")
    must(ask(_BACK_ALONE, alias="owner")[0][0] == 0, "back after a breach without two people")


@check("4.1.5", kind=CheckKind.STATIC)
def training_has_questions_and_a_term() -> None:
    """The course asks, and is passed anew every year."""
    course = queries.course(_COURSE)
    must(len(course.questions) >= 3 and len(course.paragraphs) >= 3, "the course asks nothing")
    must(0 < course.months <= 12, "the course holds for ever")
    must(all(0 <= one.right < len(one.answers) for one in course.questions), "no right answer")


@check("4.1.5", kind=CheckKind.DYNAMIC)
def no_look_without_training() -> None:
    """A member who signed but was not trained sees nobody; right answers alone pass."""
    person, here = stage.person(), _hired()
    _sign(here)
    call = lambda: _look(person, here.member.id)  # noqa: E731 - a call to be run by the stage
    stage.refused(call, Reason.NO_UNDERTAKING, words="without training")
    right = tuple(one.right for one in queries.course(_COURSE).questions)
    try:
        with transaction.atomic():
            actions.take_course(here, course_id=_COURSE, answers=(*right[:-1], None))
        nothing("passed", "a course with an answer missing")
    except BadInput:
        pass
    with transaction.atomic():
        actions.take_course(here, course_id=_COURSE, answers=right)
    stage.passes(call, "with training")


@check("4.1.5", kind=CheckKind.LIVE)
def every_look_was_under_a_training() -> None:
    """No registered member ever looked without a training in date."""
    sql = _UNCOVERED.format(table="permissions_staff_training", begun="passed_at")
    must(ask(sql, alias="owner")[0][0] == 0, "a look without training")
