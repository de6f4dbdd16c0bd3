"""Exact look-up by keyed hash."""

import hashlib
import hmac

import pytest
from django.db import connection

from tests.trust.vault.conftest import Leave, entered
from xingnuo.kit import ids
from xingnuo.trust.vault import _lookups, actions, queries
from xingnuo.trust.vault.contracts import LookupTaken, NoLeave


def phone() -> str:
    """Give a number that no other test uses."""
    return f"19{ids.digits(9)}"


def index(leave: Leave, value: str, *, kind: str = "phone", slot: str = "") -> None:
    """Index in a transaction of its own."""
    with entered(leave):
        actions.index(leave, kind=kind, value=value, slot=slot)


def test_a_value_finds_its_subject_exactly(alice: Leave, bob: Leave) -> None:
    """Only under its kind, only whole."""
    mine, his = phone(), phone()
    index(alice, mine)
    index(bob, his)
    assert queries.find("phone", mine) == alice.subject_id
    assert queries.find("phone", his) == bob.subject_id
    for kind, value in (("email", mine), ("phone", mine[:-1]), ("phone", mine + "0")):
        assert queries.find(kind, value) is None


def test_the_digest_is_keyed_and_differs_by_kind(alice: Leave) -> None:
    """Neither a plain hash nor comparable between kinds."""
    mine = phone()
    ((_, digest),) = _lookups.digests("phone", mine)
    assert len(digest) == 32
    assert not hmac.compare_digest(digest, hashlib.sha256(mine.encode()).digest())
    assert _lookups.digests("contact_phone", mine)[0][1] != digest
    index(alice, mine)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM vault_lookup WHERE subject_id = %s", [alice.subject_id])
        assert [bytes(row[0]) for row in cursor.fetchall()] == [digest]


def test_a_newer_value_replaces_the_older(alice: Leave) -> None:
    """The number given up finds nobody, and may find somebody else."""
    old, new = phone(), phone()
    index(alice, old)
    index(alice, new)
    assert queries.find("phone", old) is None
    assert queries.find("phone", new) == alice.subject_id
    index(Leave(), old)


def test_one_value_finds_one_subject(alice: Leave, bob: Leave) -> None:
    """Another's value is refused, and the refused one keeps what they had."""
    taken, own = phone(), phone()
    index(alice, taken)
    index(bob, own)
    with pytest.raises(LookupTaken):
        index(bob, taken)
    assert queries.find("phone", taken) == alice.subject_id
    assert queries.find("phone", own) == bob.subject_id


def test_the_same_value_in_two_slots_stays_until_both_are_gone(alice: Leave) -> None:
    """Each place is taken out by itself, repeats are harmless."""
    card = phone()
    for slot in ("1", "2", "2"):
        index(alice, card, kind="card_number", slot=slot)
    with entered(alice):
        actions.unindex(alice, kind="card_number", slot="1")
    assert queries.find("card_number", card) == alice.subject_id
    with entered(alice):
        actions.unindex(alice, kind="card_number", slot="2")
        actions.unindex(alice, kind="card_number", slot="2")
    assert queries.find("card_number", card) is None


def test_indexing_needs_the_permit(alice: Leave, bob: Leave) -> None:
    """As every write does."""
    with pytest.raises(NoLeave), entered(bob):
        actions.index(alice, kind="phone", value=phone())
    with pytest.raises(NoLeave), entered(bob):
        actions.unindex(alice, kind="phone")
    with pytest.raises(NoLeave):
        actions.index(alice, kind="phone", value=phone())


def test_look_ups_die_with_the_subject(alice: Leave) -> None:
    """Purged with the rows, counted as residue before."""
    mine = phone()
    index(alice, mine)
    assert queries.residue(alice.subject_id)["vault_lookup"] == 1
    actions.purge(alice.subject_id)
    assert queries.find("phone", mine) is None
    assert queries.residue(alice.subject_id)["vault_lookup"] == 0


def test_a_rotated_key_still_finds_what_the_older_one_wrote(alice: Leave, bob: Leave) -> None:
    """Old and new look-ups are found, and uniqueness holds across versions."""
    old, new = phone(), phone()
    index(alice, old)
    before = _lookups.digests("phone", old)
    actions.rotate_lookup_key()
    assert _lookups.digests("phone", old)[1:] == before
    index(bob, new)
    assert queries.find("phone", old) == alice.subject_id
    assert queries.find("phone", new) == bob.subject_id
    with pytest.raises(LookupTaken):
        index(bob, old)


def test_a_process_with_the_older_key_learns_of_the_newer(alice: Leave) -> None:
    """A miss asks once more with the keys as they are now."""
    _lookups.digests("phone", "x")
    known = list(_lookups._roots)
    mine = phone()
    actions.rotate_lookup_key()
    index(alice, mine)
    _lookups.forget_keys()
    _lookups._roots[:] = known
    assert queries.find("phone", mine) == alice.subject_id
