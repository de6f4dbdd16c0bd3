"""Sources: audited or not used; what they send beyond yes or no needs an authorisation."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError

from tests import cast
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import resident
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Refused
from xingnuo.people.identity import _asking, actions, queries
from xingnuo.people.identity.contracts import SourceLapsed, State
from xingnuo.people.identity.models import AuditRow, CaseRow
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Strength
from xingnuo.trust.policy.contracts import ActorKind

SOURCE = "population_service"


def compliance(staff_id: str) -> Actor:
    """Give a member of the compliance staff."""
    return Actor(
        kind=ActorKind.COMPLIANCE,
        staff_id=staff_id,
        strength=Strength.REVERIFIED,
        channel="console",
        undertaking_until=clock.now() + timedelta(days=1),
    )


@pytest.mark.promise("1.2.3c")
def test_a_lapsed_source_is_asked_nothing(outside: Outside) -> None:
    """The day after its audit ends it is not used; the job opens a case before that."""
    one = resident(outside)
    over = clock.now() + timedelta(days=365 * 2)
    with clock.frozen(over), patch.object(_asking, "named") as asked:
        with pytest.raises(SourceLapsed):
            one.name_check()
        assert not asked.called
        assert actions.audit_sources() >= 5
    assert CaseRow.objects.filter(kind="source_audit", source=SOURCE, level=2).exists()
    assert one.name_check().source == SOURCE


@pytest.mark.promise("1.2.3c")
def test_an_audit_is_put_down_by_one_and_released_by_another(outside: Outside) -> None:
    """A failed audit takes its source out of use once it is released, and not before."""
    one, source = resident(outside), "telecom_check"
    told = {"source": source, "audited_on": clock.today(), "report_digest": ids.digest("report")}
    with cast.transaction():
        audit = actions.propose_audit(
            compliance("c-one"), **told, passed=True, until=clock.today() + timedelta(days=365)
        )
    before = {s.source: s for s in queries.sources()}[source]
    with cast.transaction(), pytest.raises(Refused):
        actions.release_audit(compliance("c-one"), audit_id=audit)
    assert {s.source: s for s in queries.sources()}[source] == before
    with cast.transaction():
        after = actions.release_audit(compliance("c-two"), audit_id=audit)
    assert after.until == clock.today() + timedelta(days=365)
    with cast.transaction(), pytest.raises(GateRefusal):
        actions.release_audit(one.actor, audit_id=audit)
    with cast.transaction(), pytest.raises(BadInput):
        actions.propose_audit(
            compliance("c-one"), **told, passed=True, until=clock.today() + timedelta(days=800)
        )


@pytest.mark.promise("1.2.3c")
def test_the_database_knows_two_people_too() -> None:
    """Nobody releases their own audit, whatever the code does."""
    with pytest.raises(IntegrityError), cast.transaction():
        AuditRow.objects.create(
            source=SOURCE,
            passed=True,
            audited_on=date(2026, 1, 1),
            until=date(2026, 12, 1),
            report_digest=ids.digest("x"),
            proposed_by="c-one",
            released_by="c-one",
            released_at=clock.now(),
        )


@pytest.mark.promise("1.4.1")
def test_what_comes_in_needs_the_persons_authorisation(outside: Outside) -> None:
    """Without it everything is rejected, kept nowhere, and stands in the person's own record."""
    one = resident(outside)
    sent = {"nationality": "中国", "income": "90000", "unheard_of": "x"}
    took = actions.accept_inbound(cast.SYSTEM, subject_id=one.subject_id, source=SOURCE, items=sent)
    assert (took.accepted, len(took.rejected)) == ((), 3)
    cast.agree(one.person, "identity.supplement")
    took = actions.accept_inbound(cast.SYSTEM, subject_id=one.subject_id, source=SOURCE, items=sent)
    assert took.accepted == ("nationality",)
    with cast.transaction():
        session.set_subject(one.subject_id)
        lines = evidence.of_subject(one.subject_id, kinds=(Kind.REFUSAL,), limit=50)
    assert len([line for line in lines if line.recipient == SOURCE]) == 5
    assert "90000" not in repr(lines)


@pytest.mark.promise("1.2.3c")
def test_a_source_that_contradicts_itself_is_put_before_a_person(outside: Outside) -> None:
    """The first answer holds; the second opens a case, once; the same again changes nothing."""
    from xingnuo.people.identity.contracts import Ground, Verdict

    one = resident(outside)
    check = one.name_check()
    said = {"source": SOURCE, "ground": Ground.NOT_THE_SAME, "notice": "n-1"}
    for state in (State.MATCHED, State.MISMATCHED, State.MISMATCHED):
        with cast.transaction():
            now = actions.settle(one.subject_id, check.id, Verdict(state=state, **said))
        assert now is State.MATCHED
    case_id = residents.case_of(one, "contradiction")
    assert one.tier == 1
    residents.decided(case_id, approve=False, ground=Ground.NOT_PROVEN)
    assert one.tier == 0


@pytest.mark.promise("1.2.3c")
def test_a_forged_or_unknown_notice_changes_nothing(outside: Outside) -> None:
    """A callback without the source's own fresh signature is no proof."""
    from xingnuo.partners.authority.contracts import NotAuthentic

    one = resident(outside)
    check = one.name_check(name="另一个人")
    forged = {"X-Key-Id": "xingnuo", "X-Timestamp": "1", "X-Nonce": "a" * 32, "X-Signature": "0"}
    body = f'{{"id":"n","key":"{check.id}","finding":"match"}}'.encode()
    with pytest.raises(NotAuthentic):
        actions.authority_notice(forged, body)
    assert one.status().checks[0].state is State.MISMATCHED
