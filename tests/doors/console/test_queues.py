"""Queues of other rooms, as the console serves them: found, taken, decided, put back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from tests import cast
from tests.doors.console import crew
from xingnuo.doors.console import _queues
from xingnuo.kit import clock
from xingnuo.people.antifraud.models import CaseRow as RiskRow
from xingnuo.people.identity.models import CaseRow as IdentityRow
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import ActorKind


def risk_case(kind: str = "risk_review") -> UUID:
    """Open a case of a fresh person in the risk room."""
    now = clock.now()
    with transaction.atomic():
        row = RiskRow.objects.create(
            subject_id=cast.make_person().subject_id,
            kind=kind,
            state="open",
            opened_at=now,
            due_at=now - timedelta(days=3),
        )
    return row.id


def identity_case(kind: str = "reused_number") -> UUID:
    """Open a case of a fresh person in the identity room."""
    now = clock.now()
    with transaction.atomic():
        row = IdentityRow.objects.create(
            subject_id=cast.make_person().subject_id,
            kind=kind,
            state="waiting",
            opened_at=now,
            due_at=now - timedelta(days=3),
        )
    return row.id


def walk(member: crew.Crew, queue: str, case: UUID, decision: dict[str, str]) -> None:
    """Find, take, put back, take again, decide."""
    here = f"/ops/q/{queue}/"
    base = f"{here}{case}/"
    assert base in member.get(here).content.decode()
    assert "领取后才能看客户信息" in member.get(base).content.decode()
    assert member.post(f"{base}take/").status_code == 303
    page = member.get(base)
    assert page.status_code == 200, page.content.decode()[-600:]
    assert base in member.get(here, tab="mine").content.decode()
    assert base not in member.get(here).content.decode()
    assert member.post(f"{base}back/").status_code == 303
    assert base in member.get(here).content.decode()
    assert member.post(f"{base}take/").status_code == 303
    done = member.post(f"{base}decide/", decision)
    assert done.status_code == 303, done.content.decode()[-600:]
    assert base not in member.get(here, tab="mine").content.decode()
    assert member.get("/ops/").status_code == 200


def test_every_queue_has_words_for_its_codes() -> None:
    """Kinds, states and choices are told in words; no queue is served by no role."""
    from xingnuo.people.permissions import queries

    served = {queue for role in queries.ROLES.values() for queue in role.queues}
    for queue in _queues.all_queues().values():
        assert queue.id in served and queue.kinds and queue.states and queue.deadline
        assert any(role.may(queue.purpose) for role in queries.ROLES.values())


def test_a_risk_review_is_decided_by_whoever_took_it() -> None:
    """The reviewer of risk finds it, and nobody of another role."""
    case = risk_case()
    walk(crew.hire(["risk"]), "risk", case, {"choice": "approved", "reason": "confirmed_self"})
    assert crew.hire(["reviewer"]).get(f"/ops/q/risk/{case}/").status_code == 404


def test_an_aml_case_is_decided_and_no_person_learns_of_it() -> None:
    """Its lines are confidential: the person's record shows none of them."""
    from tests.doors.console.test_day import lines

    case = risk_case("aml_suspicious")
    with transaction.atomic():
        subject_id = RiskRow.objects.get(id=case).subject_id
    person = cast.Person(subject_id, cast.SYSTEM)
    before = {line.id for line in lines(person)}
    walk(crew.hire(["aml"]), "aml", case, {"choice": "declined", "reason": "cleared"})
    assert {line.id for line in lines(person)} == before
    assert crew.hire(["compliance"]).get(f"/ops/q/aml/{case}/").status_code == 404


def test_an_identity_review_is_decided_with_its_ground() -> None:
    """A no names its ground from the list."""
    case = identity_case()
    member = crew.hire(["reviewer"])
    walk(member, "identity", case, {"choice": "refuse", "reason": "not_proven"})
    with transaction.atomic():
        row = IdentityRow.objects.get(id=case)
    assert (row.state, row.ground, row.decided_by) == (
        "refused",
        "not_proven",
        member.member.code,
    )


def test_the_next_case_is_the_most_urgent_that_nobody_has() -> None:
    """Two members get two cases."""
    risk_case()
    risk_case()
    one, two = crew.hire(["risk"]), crew.hire(["risk"])
    first, second = one.post("/ops/q/risk/next/"), two.post("/ops/q/risk/next/")
    assert first.status_code == second.status_code == 303
    assert first["Location"] != second["Location"]


def test_a_rule_version_is_released_by_another_officer() -> None:
    """The proposer's own try is refused, another's takes effect."""
    from xingnuo.people.antifraud import actions, queries

    one, two = crew.hire(["risk"]), crew.hire(["risk"])
    acting = _acting(one)
    with transaction.atomic():
        live = next(rules for rules in queries.rule_sets() if rules.state == "live")
        made = actions.draft_rules(acting, document=live.document)
        actions.propose_rules(acting, number=made.number)
    step = f"/ops/releases/rules/{UUID(int=made.number)}/"
    assert step in two.get("/ops/releases/").content.decode()
    assert one.post(step, {"answer": "release"}).status_code in (403, 409)
    assert two.post(step, {"answer": "release"}).status_code == 303
    with transaction.atomic():
        assert queries.rule_set(made.number).state == "live"


def _acting(member: crew.Crew) -> Actor:
    return Actor(
        kind=ActorKind.RISK,
        staff_id=member.member.code,
        strength=Strength.UNLOCKED,
        channel="console",
        undertaking_until=clock.now() + timedelta(days=1),
    )
