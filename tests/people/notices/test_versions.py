"""People are told of a policy version before it binds: everybody once, and on record."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from tests import cast, coming
from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound
from xingnuo.people.notices import _versions, actions, queries
from xingnuo.people.notices.contracts import Message
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.policy.contracts import SubjectState


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Note from whom on a job would go on, instead of putting it into the queue."""
    put: list[UUID] = []
    monkeypatch.setattr(_versions.jobs, "defer", lambda name, *, queue, after: put.append(after))
    return put


def before(person: cast.Person) -> UUID:
    """Give the id just before a person's, so that a page begins with them."""
    return UUID(int=person.subject_id.int - 1)


def tell(person: cast.Person) -> int:
    """Run the page of the job that begins with a person."""
    with transaction.atomic():
        return actions.tell_versions(after=before(person))


def told(person: cast.Person) -> list[Message]:
    """Give a person's notices of versions."""
    with transaction.atomic():
        return [one for one in queries.messages(person.actor) if one.code == "policy_version"]


def reasons(person: cast.Person) -> list[str]:
    """Give what the record says a person was told, oldest first."""
    with transaction.atomic():
        session.set_subject(person.subject_id)
        found = evidence.of_subject(person.subject_id, kinds=(Kind.NOTICE,))
    return [one.reason for one in reversed(found)]


@pytest.mark.promise("0.1", "8.1")
def test_everybody_is_told_once_and_on_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: list[UUID]
) -> None:
    """Whoever can sign in is told, whatever their state; a second run tells nobody again."""
    people = [cast.make_person(), cast.make_person(accepted=False), cast.make_person()]
    frozen = people[2]
    with transaction.atomic():
        gate.change_state(
            frozen.actor, subject_id=frozen.subject_id, to=SubjectState.FROZEN, cause="test"
        )
    coming.publish(tmp_path, monkeypatch, coming.wider)
    assert tell(people[0]) == 3
    assert tell(people[0]) == 0
    for one in people:
        (notice,) = told(one)
        assert not notice.is_read
        assert notice.href == "/policy/3.0/"
        assert "第 3.0 版" in notice.text
        assert reasons(one) == ["policy:3.0"]


@pytest.mark.promise("8.1")
def test_wording_alone_disturbs_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: list[UUID]
) -> None:
    """A change that is not material stands on the page of the policy, and makes no notice."""
    alice = cast.make_person()
    coming.publish(tmp_path, monkeypatch, coming.wording)
    with transaction.atomic():
        assert not actions.announce_versions()
    assert tell(alice) == 0
    assert told(alice) == []
    assert jobs == []


def test_nobody_is_told_before_it_is_published_or_after_it_binds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: list[UUID]
) -> None:
    """The notice goes out from the day of publication until the day before it binds."""
    alice = cast.make_person()
    later = clock.today() + timedelta(days=2)
    version = coming.publish(tmp_path, monkeypatch, coming.wider, told=later)
    assert tell(alice) == 0
    with coming.binding(version):
        assert tell(alice) == 0
    with clock.shifted(timedelta(days=2)):
        assert tell(alice) == 1


def test_the_job_goes_on_page_by_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: list[UUID]
) -> None:
    """A full page puts the next into the queue, beginning after its last person."""
    people = [cast.make_person() for _ in range(3)]
    coming.publish(tmp_path, monkeypatch, coming.wider)
    monkeypatch.setattr(_versions, "TOLD_PAGE", 2)
    assert tell(people[0]) == 2
    assert jobs == [people[1].subject_id]
    with transaction.atomic():
        assert actions.announce_versions()
        assert actions.tell_versions(after=jobs[0]) == 1
    assert jobs[1:] == [UUID(int=0)]


def test_a_rollback_tells_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: list[UUID]
) -> None:
    """Notice and record come together or not at all."""
    alice = cast.make_person()
    coming.publish(tmp_path, monkeypatch, coming.wider)

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("the record cannot be written")

    monkeypatch.setattr(_versions, "_on_record", fails)
    with pytest.raises(RuntimeError):
        tell(alice)
    assert told(alice) == []
    assert reasons(alice) == []


def test_seen_is_noted_also_before_the_job_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: list[UUID]
) -> None:
    """One tap makes the notice read; the job finds it there; another version is not known."""
    alice, charlie = cast.make_person(), cast.make_person()
    coming.publish(tmp_path, monkeypatch, coming.wider)
    with transaction.atomic():
        actions.see_version(alice.actor, version="3.0")
    assert reasons(alice) == ["policy:3.0", "policy_seen:3.0"]
    assert tell(alice) == 1  # Charlie, who was not told before
    assert [one.is_read for one in told(alice)] == [True]
    assert [one.is_read for one in told(charlie)] == [False]
    for unknown in ("2.0", "9.9"):
        with pytest.raises(NotFound), transaction.atomic():
            actions.see_version(alice.actor, version=unknown)


@pytest.mark.promise("0.1", "8.1", "1.6.3")
def test_on_its_day_the_widened_part_waits_for_a_new_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: list[UUID]
) -> None:
    """Until the day nothing is due; on the day acceptance is due, and a yes ends it."""
    alice = cast.make_person()
    version = coming.publish(tmp_path, monkeypatch, coming.wider)
    with transaction.atomic():
        assert not standing.standing(alice.subject_id).policy_due
    with coming.binding(version):
        with transaction.atomic():
            assert standing.standing(alice.subject_id).policy_due
            gate.accept_policy(
                alice.actor,
                subject_id=alice.subject_id,
                version=version.version,
                text_hash=version.hash,
            )
        with transaction.atomic():
            stands = standing.standing(alice.subject_id)
        assert (stands.accepted_version, stands.policy_due) == ("3.0", False)
