"""Erasure: unreadable at once, everywhere, for ever; and sealing, which is not erasure."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from tests.trust.vault.conftest import NOTHING, Leave, entered, erase, fill, put, sealable
from xingnuo.trust.policy import actions as policy
from xingnuo.trust.policy import queries as policy_queries
from xingnuo.trust.policy.contracts import Holding
from xingnuo.trust.vault import _erasure, _keyring, _keystore, actions, queries
from xingnuo.trust.vault.contracts import (
    Erased,
    ErasuresUndone,
    Unreadable,
)

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def take_keys(leave: Leave) -> list[tuple[Any, ...]]:
    """Give the rows of a subject's keys, as a backup of the keys database holds them."""
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT * FROM vault_subject_key WHERE subject_id = %s", [leave.subject_id])
        return list(cursor.fetchall())


def take_data(leave: Leave) -> list[tuple[Any, ...]]:
    """Give the rows of a subject's values, as a backup of the data holds them."""
    with entered(leave), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM vault_value WHERE subject_id = %s AND NOT is_file", [leave.subject_id]
        )
        return list(cursor.fetchall())


def bring_back_keys(leave: Leave, rows: list[tuple[Any, ...]]) -> None:
    """Do what restoring an older backup of the keys does: keys return, the tombstone is gone."""
    with connections["keys"].cursor() as cursor:
        for row in rows:
            cursor.execute(
                f"INSERT INTO vault_subject_key VALUES ({', '.join(['%s'] * len(row))})", row
            )
    _as_owner_of_keys("DELETE FROM vault_tombstone WHERE subject_id = %s", leave)


def bring_back_data(leave: Leave, rows: list[tuple[Any, ...]]) -> None:
    """Do what restoring an older backup of the data does: rows return, the mark is gone."""
    with connections["owner"].cursor() as cursor:
        for row in rows:
            cursor.execute(f"INSERT INTO vault_value VALUES ({', '.join(['%s'] * len(row))})", row)
        cursor.execute("DELETE FROM vault_closed WHERE subject_id = %s", [leave.subject_id])


def _as_owner_of_keys(statement: str, leave: Leave) -> None:
    import psycopg

    from xingnuo.kit.db import roles

    name = connections["keys"].settings_dict["NAME"]
    params = roles.connection_params(Path(settings.DATA_DIR), "xn_keys_owner", name)
    with psycopg.connect(**params) as owner:
        owner.execute(statement, [leave.subject_id])


def test_destroyed_keys_open_nothing_even_where_they_are_cached(alice: Leave) -> None:
    """Not here, where the cache was warm, and not by putting the cached keys back."""
    fill(alice)
    with entered(alice):
        queries.open_many(alice, ["name"])
    ring = _keyring.of(alice.subject_id)
    actions.destroy_keys(alice.subject_id)
    _keyring._rings[alice.subject_id] = (datetime.now(UTC), ring)
    for read in (
        lambda: queries.open_many(alice, ["name"]),
        lambda: queries.open_file(alice, item="document_photo"),
        lambda: queries.written(alice),
    ):
        with entered(alice), pytest.raises(Erased):
            read()
    assert queries.residue(alice.subject_id)["vault_subject_key"] == 0


def test_another_process_with_warm_keys_opens_nothing(
    alice: Leave, elsewhere: Callable[[str], str]
) -> None:
    """We hold the keys in memory, another process destroys them: our next read fails."""
    fill(alice)
    with entered(alice):
        assert queries.open_many(alice, ["name"])
    elsewhere(
        "from uuid import UUID\nfrom xingnuo.trust.vault import actions\n"
        f"actions.destroy_keys(UUID('{alice.subject_id}'))"
    )
    assert _keyring.of(alice.subject_id).newest("contact") is not None, "the cache is still warm"
    with entered(alice), pytest.raises(Erased):
        queries.open_many(alice, ["name"])
    actions.forget_cached_keys()
    assert _keyring.of(alice.subject_id).newest("contact") is None


def test_erasure_leaves_nothing_and_may_be_repeated(alice: Leave, bob: Leave) -> None:
    """At any point, any number of times; another subject keeps everything."""
    fill(alice)
    fill(bob)
    with entered(bob):
        before = queries.residue(bob.subject_id)
    actions.destroy_keys(alice.subject_id)
    actions.destroy_keys(alice.subject_id)
    assert actions.purge(alice.subject_id) == 5
    assert actions.purge(alice.subject_id) == 0
    actions.destroy_keys(alice.subject_id)
    assert queries.residue(alice.subject_id) == NOTHING
    assert queries.residue(bob.subject_id) == before
    with entered(bob):
        assert queries.open_many(bob, ["name"])[0].plain == b"CNRY-name"
    assert queries.find("phone", str(alice.subject_id)) is None


def test_a_rolled_back_caller_does_not_bring_keys_back(alice: Leave) -> None:
    """The keys go in their own database, whatever becomes of the transaction around."""
    fill(alice)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.destroy_keys(alice.subject_id)
        _ = 1 // 0
    assert _keystore.is_tombstoned(alice.subject_id)
    actions.forget_cached_keys()
    with entered(alice), pytest.raises(Unreadable):
        queries.open_many(alice, ["name"])
    erase(alice)
    assert queries.residue(alice.subject_id) == NOTHING


def test_purging_keeps_the_callers_transaction_as_it_was(alice: Leave, bob: Leave) -> None:
    """Whom it named before it names afterwards."""
    fill(alice)
    fill(bob)
    with entered(bob):
        erase(alice)
        assert queries.open_many(bob, ["name"])[0].plain == b"CNRY-name"
    with transaction.atomic():
        actions.purge(bob.subject_id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('xn.subject', true)")
            assert not cursor.fetchone()[0]


def test_a_late_write_waits_and_is_refused(alice: Leave, elsewhere: Callable[[str], str]) -> None:
    """A write that began before the erasure ends before it; one that begins after is refused."""
    fill(alice)
    with entered(alice):
        actions.put_many(alice, [sealable("email", "in flight")])
        seen = elsewhere(
            "from django.db import connection, transaction\n"
            "with transaction.atomic(), connection.cursor() as cursor:\n"
            "    cursor.execute('SELECT pg_try_advisory_xact_lock(%s)',"
            f" [{_keystore.lock_number(alice.subject_id)}])\n"
            "    print(cursor.fetchone()[0])"
        )
        assert seen == "False"
    erase(alice)
    with pytest.raises(Erased):
        put(alice, sealable("email", "late"))
    assert queries.residue(alice.subject_id) == NOTHING


def test_the_guard_lets_an_unfinished_erasure_be_resumed(alice: Leave) -> None:
    """A crash between the keys and the rows does not shut the house."""
    fill(alice)
    actions.destroy_keys(alice.subject_id)
    assert alice.subject_id not in queries.unreplayed()
    actions.purge(alice.subject_id)
    assert alice.subject_id not in queries.unreplayed()


def test_restored_data_is_caught_and_replayed(alice: Leave, bob: Leave) -> None:
    """With today's keys: unreadable anyway, but the rows are back, so doors stay shut."""
    fill(alice)
    fill(bob)
    data = take_data(alice)
    erase(alice)
    actions.refuse_undone_erasures()
    bring_back_data(alice, data)
    with entered(alice), pytest.raises(Unreadable):
        queries.open_many(alice, ["name"])
    assert alice.subject_id in queries.unreplayed()
    with pytest.raises(ErasuresUndone) as refused:
        actions.refuse_undone_erasures()
    assert "xingnuo restore --replay" in refused.value.remedy_text
    assert alice.subject_id in actions.replay_tombstones()
    actions.refuse_undone_erasures()
    assert queries.residue(alice.subject_id) == NOTHING
    with entered(bob):
        assert queries.open_many(bob, ["name"])[0].plain == b"CNRY-name"


def test_restored_keys_and_data_are_caught_and_replayed(alice: Leave, bob: Leave) -> None:
    """The mistake K1: both backups are older than the erasure, so everything would open again."""
    fill(alice)
    fill(bob)
    keys, data = take_keys(alice), take_data(alice)
    erase(alice)
    bring_back_keys(alice, keys)
    bring_back_data(alice, data)
    actions.forget_cached_keys()
    with entered(alice):
        assert queries.open_many(alice, ["name"])[0].plain == b"CNRY-name", "the mistake is real"
    with pytest.raises(ErasuresUndone):
        actions.refuse_undone_erasures()
    actions.replay_tombstones()
    actions.refuse_undone_erasures()
    actions.forget_cached_keys()
    with entered(alice), pytest.raises(Erased):
        queries.open_many(alice, ["name"])
    assert queries.residue(alice.subject_id) == NOTHING
    with entered(bob):
        assert queries.open_many(bob, ["name"])[0].plain == b"CNRY-name"


def test_restored_keys_alone_are_caught(alice: Leave) -> None:
    """Nothing to read with them, and still they must go."""
    fill(alice)
    keys = take_keys(alice)
    erase(alice)
    bring_back_keys(alice, keys)
    with pytest.raises(ErasuresUndone):
        actions.refuse_undone_erasures()
    actions.replay_tombstones()
    assert queries.residue(alice.subject_id) == NOTHING
    actions.refuse_undone_erasures()


def test_the_replay_reaches_every_room(alice: Leave) -> None:
    """Whoever handed in a holding erases again, with the subject set."""
    seen: list[Any] = []

    def gone(subject_id: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('xn.subject', true)")
            seen.append((subject_id, cursor.fetchone()[0]))
        return 0

    fill(alice)
    data = take_data(alice)
    erase(alice)
    bring_back_data(alice, data)
    policy.hold(Holding(room="witness", export=lambda _: {}, erase=gone))
    try:
        actions.replay_tombstones()
    finally:
        policy.hold(Holding(room="witness", export=lambda _: {}, erase=lambda _: 0))
    assert (alice.subject_id, str(alice.subject_id)) in seen
    assert "vault" in {holding.room for holding in policy_queries.holdings()}


def test_what_is_held_is_exported_without_ciphertext(alice: Leave) -> None:
    """Places, classes, sources and instants; values come by the gate."""
    fill(alice)
    told = queries.export(alice.subject_id)
    assert {row["item"] for row in told["vault_value"]} == {
        "name",
        "card_number",
        "document_photo",
    }
    assert len(told["vault_blob"]) == 1 and told["vault_lookup"][0]["kind"] == "phone"
    assert not any("sealed" in row or "digest" in row for rows in told.values() for row in rows)


def test_many_tombstones_are_checked_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard asks for some subjects at a time."""
    monkeypatch.setattr(_erasure, "GUARD_BATCH", 2)
    for _ in range(5):
        erase(Leave())
    actions.refuse_undone_erasures()
