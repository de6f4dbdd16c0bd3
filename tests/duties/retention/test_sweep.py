"""Nothing older than its term is found, and what is still in its term stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from tests import cast
from xingnuo.doors.porch.models import Answered
from xingnuo.duties.retention import actions, queries
from xingnuo.duties.rights.models import CaseRow, CertificateRow
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import Unavailable
from xingnuo.people.accounts.models import Code, SessionRow
from xingnuo.people.unlock.models import Challenge
from xingnuo.trust.evidence.contracts import NOBODY, Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState

DAY = timedelta(days=1)


def answered(person: cast.Person) -> None:
    """Leave the answer to a client's key."""
    Answered.objects.create(
        subject_id=person.subject_id,
        key=str(ids.uuid7()),
        route="PUT /x",
        fingerprint=ids.digest("x"),
        status=200,
        body="{}",
        at=clock.now(),
    )


def challenged(person: cast.Person) -> None:
    """Leave a challenge that nobody answers."""
    now = clock.now()
    Challenge.objects.create(
        subject_id=person.subject_id,
        session_id=ids.uuid7(),
        act="unlock",
        digest=ids.digest(str(ids.uuid7())),
        made_at=now,
        expires_at=now + timedelta(minutes=5),
    )


def signed_out(person: cast.Person) -> None:
    """Leave a session that ended at once."""
    now = clock.now()
    SessionRow.objects.create(
        subject_id=person.subject_id,
        device_id=ids.uuid7(),
        label="Android · Chrome",
        created_at=now,
        expires_at=now + 30 * DAY,
        revoked_at=now,
        revoked_why="signed_out",
    )


def code_given(person: cast.Person) -> None:
    """Leave a code that no app took."""
    now = clock.now()
    Code.objects.create(
        digest=ids.digest(str(ids.uuid7())),
        client="suixingjie",
        subject_id=person.subject_id,
        session_id=ids.uuid7(),
        redirect_uri="x",
        challenge="x",
        created_at=now,
        expires_at=now + timedelta(minutes=1),
    )


def addressed(person: cast.Person) -> None:
    """Leave a value whose item has a term of its own."""
    gate.collect(
        cast.permit(person, "accounts.security", ("ip_address",)), {"ip_address": "203.0.113.7"}
    )


def answered_case(person: cast.Person) -> None:
    """Leave a request that was answered, with a certificate."""
    now = clock.now()
    row = CaseRow.objects.create(
        subject_id=person.subject_id,
        kind="copy",
        state="done",
        made_at=now,
        due_at=now,
        done_at=now,
        receipt_digest="",
    )
    CertificateRow.objects.create(case_id=row.id, body="{}", signature="x", key_id="x", made_at=now)


LEFT: dict[str, tuple[Callable[[cast.Person], None], float]] = {
    "porch_answered": (answered, 30),
    "unlock_challenge": (challenged, 1),
    "accounts_session": (signed_out, 1),
    "accounts_code": (code_given, 1),
    "vault_value": (addressed, 190),
    "rights_case": (answered_case, 1096),
}


def count(table: str, subject_id: UUID) -> int:
    """Count a person's rows past row security."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}" WHERE subject_id = %s', [subject_id])
        return int(cursor.fetchone()[0])


def leave(table: str, person: cast.Person, days: float) -> None:
    """Leave a row as it was so many days ago; the value is aged in place, for no consent is old."""
    make, _ = LEFT[table]
    if table == "vault_value":
        with cast.transaction():
            make(person)
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(
                "UPDATE vault_value SET written_at = %s WHERE subject_id = %s",
                [clock.now() - days * DAY, person.subject_id],
            )
        return
    with clock.shifted(-days * DAY), transaction.atomic():
        session.set_subject(person.subject_id)
        make(person)


@pytest.mark.promise("4.3.1")
@pytest.mark.parametrize("table", LEFT)
def test_what_is_past_its_term_is_counted_and_swept(table: str) -> None:
    """Two days too old: named before the sweep, gone after it; a day too young: it stays."""
    alice, bob = cast.make_person(), cast.make_person()
    term = LEFT[table][1]
    leave(table, alice, term + 2)
    leave(table, bob, max(term - 2, 0.5 if table != "unlock_challenge" else 0))
    before = queries.overdue()
    assert before.get(table, 0) >= 1
    actions.sweep()
    assert queries.overdue() == {}
    assert count(table, alice.subject_id) == 0
    if table != "accounts_code":
        assert count(table, bob.subject_id) == 1
    assert actions.sweep() is not None and queries.overdue() == {}


@pytest.mark.promise("4.3.1")
def test_retention_5_a_sweep_leaves_a_receipt_that_names_nobody() -> None:
    """One line for each room that deleted, with the number alone."""
    alice = cast.make_person()
    leave("porch_answered", alice, 40)
    actions.sweep()
    with connections["audit"].cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, count, items FROM evidence_line WHERE kind = %s AND reason = %s"
            " ORDER BY id DESC LIMIT 1",
            [Kind.RETENTION.value, "swept.porch"],
        )
        subject_id, number, items = cursor.fetchone()
    assert subject_id == NOBODY and number >= 1 and items == []


@pytest.mark.promise("4.3.1")
def test_decisions_go_three_years_after_their_person_and_never_before() -> None:
    """A living person's decisions stay whatever their age; an erased one's go with the state."""
    alice, bob, charlie = (cast.make_person() for _ in range(3))
    for person in (alice, bob, charlie):
        cast.agree(person, "profile.manage")
    for person in (alice, bob):
        with transaction.atomic():
            gate.change_state(
                cast.SYSTEM, subject_id=person.subject_id, to=SubjectState.CLOSING, cause="asked"
            )
            gate.begin_erasure(cast.SYSTEM, subject_id=person.subject_id, cause="asked")
            gate.destroy_keys(cast.SYSTEM, subject_id=person.subject_id)
            gate.finish_erasure(cast.SYSTEM, subject_id=person.subject_id, rows=0)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for person, days in ((alice, 1098), (bob, 1000), (charlie, 2000)):
            for column in ("gate_subject SET since", "consent_decision SET at"):
                cursor.execute(
                    f"UPDATE {column} = %s WHERE subject_id = %s",
                    [clock.now() - days * DAY, person.subject_id],
                )
    assert queries.overdue() == {"gate_subject": 1}
    actions.sweep()
    for person, left in ((alice, False), (bob, True), (charlie, True)):
        for table in ("gate_subject", "consent_decision"):
            assert bool(count(table, person.subject_id)) is left, table


@pytest.mark.promise("4.3.1")
def test_what_outlives_an_erased_person_is_found() -> None:
    """Rows that end with the relation are overdue as soon as their person is erased."""
    alice = cast.make_person()
    with transaction.atomic():
        session.set_subject(alice.subject_id)
        answered(alice)
    for state in (SubjectState.CLOSING, SubjectState.ERASING, SubjectState.ERASED):
        with cast.transaction():
            gate.change_state(cast.SYSTEM, subject_id=alice.subject_id, to=state, cause="test")
    assert queries.overdue() == {"porch_answered": 1}
    with transaction.atomic():
        session.set_subject(alice.subject_id)
        Answered.objects.of(alice.subject_id).delete()
    assert queries.overdue() == {}


def test_one_rooms_fault_keeps_no_other_from_its_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are swept, and the job comes again."""
    alice = cast.make_person()
    leave("porch_answered", alice, 40)

    def broken() -> int:
        raise Unavailable("database")

    real = policy.holdings()
    rooms = tuple(replace(one, sweep=broken) if one.room == "accounts" else one for one in real)
    monkeypatch.setattr(policy, "holdings", lambda: rooms)
    with pytest.raises(Unavailable):
        actions.sweep()
    assert count("porch_answered", alice.subject_id) == 0


def test_retention_1_every_table_with_an_age_says_what_starts_it() -> None:
    """A table whose term has days names its column, and the column is a time of its own."""
    assert queries.unscheduled() == ()
    for table in policy.tables():
        assert set(table.starts) <= set(table.columns), table.name
        assert all(table.columns[name].value == "time" for name in table.starts), table.name
    assert len(queries.schedule()) == len(policy.tables()) + len(policy.in_force().items)


def test_the_app_cannot_delete_by_itself_what_only_a_sweep_may() -> None:
    """The functions take a time and a number: no person can be named to them."""
    alice = cast.make_person()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT gate_forget_erased(%s, 1000)", [clock.now() + DAY])
    assert count("gate_subject", alice.subject_id) == 1


@pytest.mark.promise("5.2.2b")
def test_what_outlives_a_person_by_law_holds_ids_codes_times_and_hashes_alone() -> None:
    """No table that stays after erasure has a place for a value, in the clear or sealed."""
    kept = [one for one in policy.tables() if one.retention == "handling_record"]
    assert {"gate_subject", "consent_decision"} <= {one.name for one in kept}
    for table in kept:
        assert not {"personal", "sealed"} & {one.value for one in table.columns.values()}, table
