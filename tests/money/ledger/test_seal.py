"""Sealed books: one changed byte is found, whoever changed it, and so is what is missing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from tests.cast import SYSTEM, Person
from tests.cast import transaction as one_transaction
from tests.money.ledger.books import Purse, commit, ended, placed, posted, purse, violations
from tests.world import wait_for_other_tests
from xingnuo.kit import clock, ids
from xingnuo.money.ledger import _batch, _chain, _check, actions, queries
from xingnuo.money.ledger.contracts import Verdict

# Every column of every sealed table, with a change that its type allows.
CHANGES = {
    "ledger_transfer": {
        "amount_fen": "amount_fen + 1", "kind": "'tesu'", "at": "at + interval '1 microsecond'",
        "to_id": "gen_random_uuid()", "from_id": "gen_random_uuid()", "ref_type": "'b'",
        "group_id": "gen_random_uuid()", "clearing_ref": "gen_random_uuid()",
        "ref_id": "gen_random_uuid()", "event_at": "at", "id": "gen_random_uuid()",
        "fingerprint": "set_byte(fingerprint, 0, get_byte(fingerprint, 0) # 1)",
    },
    "ledger_entry": {
        "amount_fen": "amount_fen + 1", "balance_after_fen": "balance_after_fen + 1",
        "at": "at + interval '1 microsecond'", "version": "version + 1000",
        "account_id": "gen_random_uuid()",
    },
    "ledger_hold": {
        "amount_fen": "amount_fen + 1", "expires_at": "expires_at + interval '1 second'",
        "kind": "'tesu'", "to_id": "gen_random_uuid()",
    },
    "ledger_hold_end": {"amount_fen": "amount_fen + 1", "at": "at + interval '1 second'"},
    "ledger_dead": {"code": "code + 1", "at": "at + interval '1 second'"},
    "ledger_account": {"kind": "'tesu'", "nonneg": "NOT nonneg"},
}  # fmt: skip
EVERY = [(table, column) for table, changes in CHANGES.items() for column in changes]


@contextmanager
def behind_the_guards() -> Iterator[Any]:
    """Do as the owner with the guards off, and undo all of it."""
    with connections["owner"].cursor() as cursor, transaction.atomic(using="owner"):
        for table in (*CHANGES, "ledger_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO xn_owner")
        yield cursor
        transaction.set_rollback(True, using="owner")


@pytest.fixture(scope="module")
def subject() -> str:
    """Make a person of whom every table has a row, sealed."""
    one = purse(1000)
    hold = one.holds(100)
    assert posted(one.pays(5000)) == (Verdict.SHORT,)
    placed(hold)
    ended(commit(hold, 60))
    wait_for_other_tests(str(connections["default"].settings_dict["NAME"]))
    actions.seal_blocks()
    assert queries.verify_chain() == ()
    return str(one.subject)


def faults(cursor: Any) -> list[Any]:
    """Compare every pass with its rows as the chain's reader does, inside this transaction."""

    def ask(statement: str, values: Any = None) -> list[Any]:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_chain, "_ask", ask)
        return _chain.run()


@pytest.mark.parametrize(("table", "column"), EVERY)
def test_one_changed_byte_is_found(subject: str, table: str, column: str) -> None:
    """In any column of any row that was sealed."""
    with behind_the_guards() as cursor:
        assert faults(cursor) == []
        change = CHANGES[table][column]
        given = "version" if table == "ledger_entry" else "subject_id"
        if table == "ledger_account":
            cursor.execute("ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_account_fkey")
        cursor.execute(
            f"UPDATE {table} SET {column} = {change} WHERE ctid = (SELECT ctid FROM {table}"
            f" WHERE subject_id = %s AND {given} IS NOT NULL LIMIT 1)",
            [subject],
        )
        assert cursor.rowcount == 1
        assert [each.invariant for each in faults(cursor)] == ["I19"]


@pytest.mark.parametrize("table", sorted(CHANGES))
def test_a_missing_row_is_found(subject: str, table: str) -> None:
    """Whatever table it was taken from."""
    with behind_the_guards() as cursor:
        if table == "ledger_account":
            cursor.execute("ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_account_fkey")
        cursor.execute(
            f"DELETE FROM {table} WHERE ctid = (SELECT ctid FROM {table}"
            " WHERE subject_id = %s LIMIT 1)",
            [subject],
        )
        assert [each.invariant for each in faults(cursor)] == ["I19"]


def test_a_row_slipped_in_below_the_mark_is_found(subject: str) -> None:
    """As if it had been there when the block was sealed."""
    with behind_the_guards() as cursor:
        cursor.execute(
            "INSERT INTO ledger_dead SELECT subject_id, gen_random_uuid(), about, code,"
            " fingerprint, at, epoch, xid FROM ledger_dead WHERE subject_id = %s LIMIT 1",
            [subject],
        )
        assert faults(cursor)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_seal SET sealed_at = sealed_at + interval '1 second'",
        "UPDATE ledger_seal SET n = n + 1",
        "UPDATE ledger_seal SET prev = sha256('x')",
        "UPDATE ledger_seal SET sha256 = sha256('x')",
        "DELETE FROM ledger_seal",
    ],
)
def test_a_changed_block_is_found(subject: str, change: str) -> None:
    """The chain covers its own blocks."""
    with behind_the_guards() as cursor:
        shard = int(subject[-1], 16)
        cursor.execute(
            f"{change} WHERE (shard, number) = (SELECT shard, max(number) FROM ledger_seal"
            " WHERE shard = %s GROUP BY shard)",
            [shard],
        )
        assert cursor.rowcount == 1
        assert faults(cursor)


def test_what_commits_late_is_sealed_all_the_same() -> None:
    """A transaction that was still open when others were sealed comes into a later block."""
    one, other = purse(100), purse(100)

    def seal_elsewhere() -> None:
        posted(other.pays(1))
        actions.seal_blocks()
        connections["default"].close()

    with one_transaction():
        actions.post_many([one.pays(1)])
        thread = threading.Thread(target=seal_elsewhere)
        thread.start()
        thread.join()
    assert actions.seal_blocks() >= 1
    assert queries.verify_chain() == ()


@pytest.mark.parametrize("role", ["default", "owner"])
@pytest.mark.parametrize("table", ["transfer", "entry", "hold", "hold_end", "dead", "seal"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET xmin = xmin", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_nobody_rewrites_the_books(subject: str, role: str, table: str, statement: str) -> None:
    """The grants withhold it from the app; the guards refuse the owner."""
    column = "sealed_at" if table == "seal" else "at"
    asked = statement.format(f"ledger_{table}").replace("xmin = xmin", f"{column} = {column}")
    with pytest.raises(DatabaseError) as refused, transaction.atomic(using=role):
        connections[role].cursor().execute(asked)
    words = "permission denied" if role == "default" else "the books are only added to"
    assert words in str(refused.value)


def test_the_app_writes_no_row_by_itself() -> None:
    """Only the set functions do."""
    one = purse(100)
    with pytest.raises(DatabaseError), one_transaction():
        connections["default"].cursor().execute(
            "UPDATE ledger_balance SET posted_fen = 1000000 WHERE account_id = %s", [one.account]
        )
    with pytest.raises(DatabaseError), one_transaction():
        connections["default"].cursor().execute("SELECT ledger_lapse('{}', '{}', now())")


def test_transactions_within_their_term_stay() -> None:
    """The function that deletes asks its own clock too."""
    one = purse(100)
    actions.seal_blocks()
    assert actions.prune() == 0
    with clock.shifted(timedelta(days=3700)):
        assert actions.prune() == 0
    assert one.balance().version == 1
    assert violations() == []


def test_what_is_past_its_term_goes_and_what_is_left_still_adds_up() -> None:
    """Ten years on the oldest entries are gone; balance, chain and later entries hold."""
    actions.seal_blocks()
    with behind_the_guards() as cursor:
        cursor.execute("SELECT epoch, xid::text FROM ledger_mark WHERE what = 'seal'")
        mark = cursor.fetchone()
    with clock.shifted(-timedelta(days=3700)):
        subject_id, account = ids.uuid7(), ids.uuid7()
        with one_transaction():
            opening = (subject_id, account, 1, "wallet", "", True, None, clock.skew())
            _batch.fetch("SELECT ledger_open(%s, %s, %s::smallint, %s, %s, %s, %s, %s)", *opening)
        one = Purse(Person(subject_id, SYSTEM), account)
        hold = one.holds(100)
        posted(one.gets(1000), one.pays(1), one.pays(5000))
        placed(hold)
        ended(commit(hold, 60))
        actions.seal_blocks()
    assert posted(one.pays(39)) == (Verdict.DONE,)
    actions.seal_blocks()
    with behind_the_guards() as cursor:
        for table in CHANGES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(
            "UPDATE ledger_mark SET epoch = %s, xid = %s::text::xid8 WHERE what = 'prune'", mark
        )
        cursor.execute("SELECT ledger_prune(clock_timestamp() - interval '3660 days', 10)")
        assert cursor.fetchone() == (5,)
        cursor.execute(
            "SELECT (SELECT array_agg(version) FROM ledger_entry WHERE account_id = %s),"
            " (SELECT count(*) FROM ledger_hold WHERE subject_id = %s),"
            " (SELECT posted_fen FROM ledger_balance WHERE account_id = %s)",
            [one.account, one.subject, one.account],
        )
        assert cursor.fetchone() == ([4], 0, 900)
        assert faults(cursor) == []
        for invariant, _, rule in _check._RULES:
            cursor.execute(rule)
            assert [row for row in cursor.fetchall() if str(one.account) in row] == [], invariant


def test_what_breaks_the_books_is_named(subject: str) -> None:
    """Each kind of damage is told under its invariant."""
    damage = {
        "I1": "UPDATE ledger_balance SET posted_fen = posted_fen + 1 WHERE subject_id = %s",
        "I2": "UPDATE ledger_entry SET amount_fen = amount_fen + 1 WHERE subject_id = %s",
        "I3": "UPDATE ledger_balance SET version = version + 1 WHERE subject_id = %s",
        "I4": "UPDATE ledger_entry SET at = at - interval '1 day'"
        " WHERE version > 1 AND subject_id = %s",
        "I5": "UPDATE ledger_entry SET balance_after_fen = -1"
        " WHERE version = 1 AND subject_id = %s",
        "I6": "UPDATE ledger_balance SET held_fen = held_fen + 1 WHERE subject_id = %s",
        "I7": "UPDATE ledger_hold_end SET amount_fen = amount_fen + 1000 WHERE subject_id = %s",
    }
    for invariant, statement in damage.items():
        with behind_the_guards() as cursor:
            cursor.execute(statement, [subject])
            assert cursor.rowcount
            found = set()
            for name, _, rule in _check._RULES:
                cursor.execute(rule)
                if cursor.fetchall():
                    found.add(name)
            assert invariant in found, invariant
