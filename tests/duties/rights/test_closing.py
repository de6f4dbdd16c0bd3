"""Withdrawal and closure: the gate shuts at once, erasure can be resumed, nothing is left."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connections

from tests import cast
from xingnuo.duties.rights import _erasing, queries
from xingnuo.duties.rights import actions as rights
from xingnuo.duties.rights.contracts import (
    STEPS,
    CaseState,
    Closing,
    NeedsProof,
    OpenBusiness,
)
from xingnuo.kit import ids
from xingnuo.kit.errors import Conflict, NotFound
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import GateRefusal, Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Blocker, Holding, SubjectState

VALUES = {"nickname": "小爱", "email": "alice@example.com"}


def alice_ready() -> cast.Person:
    """Make Alice with values, freshly proved to be herself."""
    alice = cast.make_person(state_strength=Strength.REVERIFIED)
    cast.agree(alice, "profile.manage", optional=tuple(VALUES))
    cast.fill(alice, "profile.manage", VALUES)
    return alice


def close(person: cast.Person, key: UUID | None = None) -> Closing:
    """Ask for closure as the web door would."""
    with cast.transaction():
        return rights.close(person.actor, subject_id=person.subject_id, key=key or ids.uuid7())


def rows_of(subject_id: UUID) -> dict[str, int]:
    """Count a subject's rows in every table of both databases, past row security."""
    found = {}
    for alias in ("owner", "keys"):
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT table_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND column_name = 'subject_id'"
            )
            for (table,) in cursor.fetchall():
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" WHERE subject_id = %s', [subject_id]
                )
                found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


@pytest.mark.promise("5.2.2b")
def test_closing_shuts_the_gate_with_the_request_and_erases_with_the_job() -> None:
    """Unreadable at once; after the job only proof of handling is left, and a certificate."""
    alice = alice_ready()
    closing = close(alice)
    for purpose in ("profile.manage", "rights.copy", "rights.plain_view", "rights.correct"):
        with pytest.raises(GateRefusal) as caught, cast.transaction():
            cast.permit(alice, purpose, ("nickname",))
        assert caught.value.reason is Reason.ERASED
    rights.carry_out_erasure(cast.SYSTEM, case_id=closing.case.id)
    with cast.transaction():
        assert gate.state_of(alice.subject_id) is SubjectState.ERASED
        receipt = queries.receipt(closing.receipt_code)
    assert receipt.case.state is CaseState.DONE
    assert receipt.certificate is not None
    assert set(receipt.certificate.body["searched"].values()) == {0}  # type: ignore[attr-defined]
    left = set(rows_of(alice.subject_id))
    marks = {"vault_closed", "vault_tombstone", "keys_tombstone", "tombstone", "key_tombstone"}
    assert left <= _erasing.kept_tables() | marks


@pytest.mark.promise("5.2.2b")
@pytest.mark.parametrize("step", ["destroy_keys", "finish_erasure", "record"])
def test_a_crash_at_any_step_is_taken_up_again(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job dies at a step; the next run ends the work, and one certificate is given."""
    alice = alice_ready()
    closing = close(alice)

    def die(*_: object, **__: object) -> None:
        raise ConnectionError("the process is gone")

    with monkeypatch.context() as patch:
        patch.setattr(_erasing.gate, step, die)
        with pytest.raises(ConnectionError):
            rights.carry_out_erasure(cast.SYSTEM, case_id=closing.case.id)
    for _ in range(2):
        rights.carry_out_erasure(cast.SYSTEM, case_id=closing.case.id)
    with cast.transaction():
        assert queries.receipt(closing.receipt_code).certificate is not None
        entries = [e.kind.value for e in _entries(alice)]
    assert entries.count("certificate") == 1


def _entries(person: cast.Person):  # type: ignore[no-untyped-def]
    from xingnuo.kit.db import session

    session.set_subject(person.subject_id)
    return evidence.of_subject(person.subject_id)


@pytest.mark.promise("5.2.2b")
def test_residue_gives_no_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The residue search can fail: a room that keeps a row stops the certificate."""
    alice = alice_ready()
    closing = close(alice)
    stubborn = Holding(
        room="stubborn", export=lambda _: {"stubborn_row": [{"id": 1}]}, erase=lambda _: 0
    )
    real = policy.holdings()
    with monkeypatch.context() as patch:
        patch.setattr(policy, "holdings", lambda: (*real, stubborn))
        with pytest.raises(_erasing.ResidueFound):
            rights.carry_out_erasure(cast.SYSTEM, case_id=closing.case.id)
    with cast.transaction():
        assert queries.receipt(closing.receipt_code).certificate is None


@pytest.mark.promise("5.2.2c")
def test_open_business_refuses_closure_with_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unsettled loan blocks closure, says so, and nothing changes."""
    alice = alice_ready()
    loan = Blocker(code="loan_open", sentence="有一笔借款没有还清", href="/loans/")
    room = Holding(room="test", export=lambda _: {}, erase=lambda _: 0, blocks=lambda _: [loan])
    real = policy.holdings()
    with monkeypatch.context() as patch:
        patch.setattr(policy, "holdings", lambda: (*real, room))
        with pytest.raises(OpenBusiness) as caught:
            close(alice)
    assert caught.value.blockers == (loan,)
    with cast.transaction():
        assert gate.state_of(alice.subject_id) is SubjectState.ACTIVE
    close(alice)


def test_closing_needs_a_fresh_proof_and_the_same_key_closes_once() -> None:
    """Without proof it is refused; repeated with the same key it is the same case."""
    weak = cast.make_person()
    with pytest.raises(NeedsProof):
        close(weak)
    alice, key = alice_ready(), ids.uuid7()
    first = close(alice, key)
    again = close(alice, key)
    assert first == again


def test_anothers_key_or_case_id_is_as_fresh_as_any() -> None:
    """Nobody learns whether a key was ever used, and nobody's case is touched by it."""
    alice, bob, charlie = alice_ready(), alice_ready(), alice_ready()
    key = ids.uuid7()
    first = close(alice, key)
    for other, used in ((bob, key), (charlie, first.case.id)):
        closing = close(other, used)
        assert closing.case.id not in (first.case.id, used)
        assert closing.receipt_code != first.receipt_code
    assert close(alice, key) == first


def test_a_wrong_receipt_looks_like_a_missing_one() -> None:
    """Codes that are malformed or unknown give the same answer."""
    for code in ("", "x" * 24, uuid4().hex[:24]):
        with pytest.raises(NotFound), cast.transaction():
            queries.receipt(code)


@pytest.mark.promise("5.2.2a")
def test_withdrawal_stops_use_and_keeps_the_rights() -> None:
    """After withdrawal use is refused, the copy is still given, agreeing again opens use."""
    alice = alice_ready()
    with cast.transaction():
        rights.withdraw_policy(alice.actor, subject_id=alice.subject_id, text_hash="")
    with pytest.raises(GateRefusal), cast.transaction():
        cast.permit(alice, "profile.manage", ("nickname",))
    with cast.transaction():
        assert rights.copy(alice.actor, subject_id=alice.subject_id).content


@pytest.mark.parametrize("before", list(CaseState))
def test_a_case_takes_the_steps_of_its_table_alone(before: CaseState) -> None:
    """Every step in the table works; every other is refused."""
    for after in CaseState:
        alice = cast.make_person()
        with cast.transaction():
            case = rights._open_case(alice.subject_id, rights.CaseKind.CORRECT, before)
        if after in STEPS[before]:
            with cast.transaction():
                assert rights.move(case.id, to=after).state is after
        else:
            with pytest.raises(Conflict), cast.transaction():
                rights.move(case.id, to=after)
