"""Values in the real database: written, read, moved, replaced, dropped."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.trust.vault.conftest import Leave, entered, put, sealable
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.trust.policy.contracts import KeyClass
from xingnuo.trust.vault import _keyring, _keystore, actions, queries
from xingnuo.trust.vault.contracts import (
    Erased,
    NoLeave,
    Sealable,
    TooLarge,
    UnknownFormat,
    Unreadable,
    WrongForm,
)

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def texts(leave: Leave, *items: str, slot: str | None = None) -> dict[tuple[str, str], str]:
    """Open values by (item, slot)."""
    with entered(leave):
        found = queries.open_many(leave, items, slot)
    return {(one.item, one.slot): one.plain.decode() for one in found}


def sealed_of(leave: Leave, item: str, slot: str = "") -> bytes:
    """Give a ciphertext as it rests."""
    with entered(leave), connection.cursor() as cursor:
        cursor.execute(
            "SELECT sealed FROM vault_value WHERE subject_id = %s AND item = %s AND slot = %s",
            [leave.subject_id, item, slot],
        )
        return bytes(cursor.fetchone()[0])


def overwrite(leave: Leave, item: str, sealed: bytes, slot: str = "") -> None:
    """Put other bytes in a value's place, as somebody with the table could."""
    with entered(leave), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE vault_value SET sealed = %s WHERE subject_id = %s AND item = %s AND slot = %s",
            [sealed, leave.subject_id, item, slot],
        )
        assert cursor.rowcount == 1


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
@pytest.mark.parametrize("key_class", list(KeyClass))
def test_a_value_comes_back(alice: Leave, settings: Any, cipher: str, key_class: KeyClass) -> None:
    """Under every class and both ciphers, and nothing of it rests in the clear."""
    settings.CIPHER = cipher
    put(alice, sealable("name", "CNRY-name-欧阳", key_class=key_class.value))
    assert texts(alice, "name") == {("name", ""): "CNRY-name-欧阳"}
    assert b"CNRY" not in sealed_of(alice, "name")


def test_reads_take_both_ciphers(alice: Leave, settings: Any) -> None:
    """Whatever is written now, what was written before still opens, in one read."""
    settings.CIPHER = "sm4-gcm"
    put(alice, sealable("name", "旧"))
    settings.CIPHER = "aes-256-gcm"
    put(alice, sealable("phone", "新"))
    assert texts(alice, "name", "phone") == {("name", ""): "旧", ("phone", ""): "新"}
    assert (sealed_of(alice, "name")[1], sealed_of(alice, "phone")[1]) == (2, 1)


def test_slots_stand_side_by_side(alice: Leave) -> None:
    """One slot can be asked for, or all; what was never given is left out."""
    put(alice, *(sealable("card_number", f"card {n}", slot=str(n)) for n in range(3)))
    assert len(texts(alice, "card_number", "name")) == 3
    assert texts(alice, "card_number", slot="1") == {("card_number", "1"): "card 1"}
    assert texts(alice, "card_number", slot="9") == {}
    with entered(alice):
        assert queries.written(alice) == {"card_number": 3}


def test_a_newer_value_takes_the_older_ones_place(alice: Leave) -> None:
    """One value per place, with its source and its instant."""
    put(alice, sealable("name", "before"))
    with clock.frozen(AT):
        put(alice, Sealable(item="name", key_class="contact", plain=b"after", source="reviewer"))
    with entered(alice):
        (one,) = queries.open_many(alice, ["name"])
    assert (one.plain, one.source, one.written_at) == (b"after", "reviewer", AT)


def test_nothing_opens_without_its_subject_and_permit(alice: Leave, bob: Leave) -> None:
    """No transaction, no permit, another permit, another subject: refused, not merely empty."""
    put(alice, sealable("name", "alice"))
    put(bob, sealable("name", "bob"))
    with pytest.raises(NoLeave):
        queries.open_many(alice, ["name"])
    with transaction.atomic():
        session.set_subject(alice.subject_id)
        with pytest.raises(NoLeave):
            queries.open_many(alice, ["name"])
    for other in (bob, Leave(subject_id=alice.subject_id), Leave(id=alice.id)):
        with entered(other), pytest.raises(NoLeave):
            queries.open_many(alice, ["name"])
        with pytest.raises(NoLeave), entered(other):
            actions.put_many(alice, [sealable("name", "stolen")])
        with pytest.raises(NoLeave), entered(other):
            actions.drop(alice, ["name"])
        with entered(other), pytest.raises(NoLeave):
            queries.written(alice)
    assert texts(alice, "name") == {("name", ""): "alice"}


def test_rows_stay_shut_even_to_sql_without_a_permit(alice: Leave) -> None:
    """Row security itself gives nothing while only the subject is named."""
    put(alice, sealable("name", "alice"))
    with transaction.atomic():
        session.set_subject(alice.subject_id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM vault_value")
            assert cursor.fetchone()[0] == 0


def test_a_ciphertext_moved_in_the_table_does_not_open(alice: Leave, bob: Leave) -> None:
    """Between items, slots and subjects, each swapped row is refused, and told without values."""
    put(alice, sealable("name", "CNRY-a"), sealable("phone", "CNRY-b", slot="1"))
    put(alice, sealable("phone", "CNRY-c", slot="2"))
    put(bob, sealable("name", "CNRY-d"))
    own = sealed_of(alice, "name")
    for stolen in (
        sealed_of(alice, "phone", "1"),
        sealed_of(bob, "name"),
        own[:-1] + bytes([own[-1] ^ 1]),
        own[:-1],
        b"",
    ):
        overwrite(alice, "name", stolen)
        with entered(alice), pytest.raises(Unreadable) as refused:
            queries.open_many(alice, ["name"])
        told = repr(refused.value) + str(refused.value)
        assert "CNRY" not in told and (not stolen or stolen.hex() not in told)
    overwrite(alice, "phone", sealed_of(alice, "phone", "2"), slot="1")
    with entered(alice), pytest.raises(Unreadable):
        queries.open_many(alice, ["phone"], "1")
    overwrite(alice, "name", own)
    assert texts(alice, "name") == {("name", ""): "CNRY-a"}


def test_an_unknown_version_in_the_table_is_refused(alice: Leave) -> None:
    """Format, cipher or key version."""
    put(alice, sealable("name", "x"))
    own = sealed_of(alice, "name")
    for at, refusal in ((0, UnknownFormat), (1, UnknownFormat), (3, Unreadable)):
        overwrite(alice, "name", own[:at] + b"\x09" + own[at + 1 :])
        with entered(alice), pytest.raises(refusal):
            queries.open_many(alice, ["name"])


def test_a_class_column_changed_in_the_table_does_not_help(alice: Leave) -> None:
    """The class is bound too."""
    put(alice, sealable("name", "x"), sealable("card_number", "y", key_class="money"))
    with entered(alice), connection.cursor() as cursor:
        cursor.execute("UPDATE vault_value SET key_class = 'money' WHERE item = 'name'")
    with entered(alice), pytest.raises(Unreadable):
        queries.open_many(alice, ["name"])


def test_limits_are_kept_and_nothing_is_half_done(alice: Leave) -> None:
    """Too large, too many, twice the same place."""
    big = Sealable(item="name", key_class="contact", plain=b"x" * (16 * 1024 + 1))
    for values, refusal in (
        ([sealable("phone", "1"), big], TooLarge),
        ([sealable("phone", "1", slot=str(n)) for n in range(501)], TooLarge),
        ([sealable("phone", "1"), sealable("phone", "2")], WrongForm),
    ):
        with pytest.raises(refusal), entered(alice):
            actions.put_many(alice, values)
    with entered(alice):
        actions.put_many(alice, [])
        assert queries.written(alice) == {}


def test_dropping_takes_one_slot_or_all(alice: Leave) -> None:
    """With the look-ups of what was dropped."""
    number = str(ids.uuid7())
    put(alice, *(sealable("card_number", f"{n}", slot=str(n)) for n in range(3)))
    with entered(alice):
        actions.index(alice, kind="card_number", value=number, slot="1")
        assert actions.drop(alice, ["card_number"], "1") == 1
        assert queries.find("card_number", number) is None
        assert actions.drop(alice, ["card_number"]) == 0
        assert actions.drop(alice, ["card_number"], None) == 2
        assert queries.written(alice) == {}


def test_a_rolled_back_collection_leaves_no_value(alice: Leave) -> None:
    """The key may stay, which opens nothing; the row does not."""
    with pytest.raises(ZeroDivisionError), entered(alice):
        actions.put_many(alice, [sealable("name", "x")])
        _ = 1 // 0
    assert texts(alice, "name") == {}
    with entered(alice):
        assert queries.residue(alice.subject_id)["vault_value"] == 0


def test_reading_takes_one_statement(alice: Leave, django_assert_num_queries: Any) -> None:
    """And one more on the keys database when the keys are not cached."""
    put(alice, *(sealable(f"item{n}", "v", key_class=list(KeyClass)[n % 6]) for n in range(54)))
    items = [f"item{n}" for n in range(54)]
    actions.forget_cached_keys()
    with entered(alice):
        with django_assert_num_queries(1):
            assert len(queries.open_many(alice, items)) == 54
        with django_assert_num_queries(0, using="keys"):
            queries.open_many(alice, items)


def test_cached_keys_live_thirty_seconds(alice: Leave) -> None:
    """By the house's clock, and no longer when the clock is set back."""
    with clock.frozen(AT):
        put(alice, sealable("name", "x"))
        ring = _keyring.of(alice.subject_id)
        assert _keyring.of(alice.subject_id) is ring
    with clock.frozen(AT + timedelta(seconds=29)):
        assert _keyring.of(alice.subject_id) is ring
    with clock.frozen(AT + timedelta(seconds=30)):
        renewed = _keyring.of(alice.subject_id)
        assert renewed is not ring
    with clock.frozen(AT - timedelta(seconds=1)):
        assert _keyring.of(alice.subject_id) is not renewed


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The subjects used longest ago go first."""
    monkeypatch.setattr(_keyring, "KEY_CACHE_SUBJECTS", 3)
    subjects = [ids.uuid7() for _ in range(4)]
    rings = [_keyring.of(subject) for subject in subjects]
    assert len(_keyring._rings) == 3
    assert _keyring.of(subjects[3]) is rings[3]
    assert _keyring.of(subjects[0]) is not rings[0]


def test_a_renewed_key_seals_and_the_old_one_opens(alice: Leave) -> None:
    """Versions of a subject's key stand side by side."""
    put(alice, sealable("name", "old"))
    before = sealed_of(alice, "name")
    assert actions.renew_key(alice.subject_id, KeyClass.CONTACT) == 2
    put(alice, sealable("phone", "new"))
    assert texts(alice, "name", "phone") == {("name", ""): "old", ("phone", ""): "new"}
    assert sealed_of(alice, "name") == before
    assert (before[3], sealed_of(alice, "phone")[3]) == (1, 2)


@pytest.mark.parametrize("key_class", [KeyClass.CREDIT])
def test_rotation_leaves_every_ciphertext_as_it_was(
    alice: Leave, bob: Leave, key_class: KeyClass
) -> None:
    """Subject keys are re-wrapped under the new class key; the values' bytes do not change."""
    for who in (alice, bob):
        put(who, sealable("credit_record", "r", key_class=key_class.value))
    before = [sealed_of(who, "credit_record") for who in (alice, bob)]
    (old,) = _keystore.load(alice.subject_id)
    assert actions.rotate_class_key(key_class) >= 2
    (new,) = _keystore.load(alice.subject_id)
    assert new.class_version == old.class_version + 1 and new.wrapped != old.wrapped
    assert [sealed_of(who, "credit_record") for who in (alice, bob)] == before
    actions.forget_cached_keys()
    assert texts(alice, "credit_record") == {("credit_record", ""): "r"}
    # A key wrapped under the older version, as an older process might still make, opens as well.
    assert _keyring.unwrapped(alice.subject_id, old) == _keyring.unwrapped(alice.subject_id, new)
    put(alice, sealable("credit_record", "r2", key_class=key_class.value))
    assert texts(alice, "credit_record") == {("credit_record", ""): "r2"}


def test_rotation_comes_once_a_year() -> None:
    """And a rotation that was stopped is finished without another key."""
    versions = _keystore.class_versions()
    assert KeyClass.DEVICE not in actions.rotate_due()
    made_at = versions["device"][1]
    with clock.frozen(made_at + timedelta(days=364, hours=23)):
        assert KeyClass.DEVICE not in actions.rotate_due()
    with clock.frozen(made_at + timedelta(days=365)):
        assert KeyClass.DEVICE in actions.rotate_due()
    assert _keystore.class_versions()["device"][0] == versions["device"][0] + 1


def test_a_wrapped_key_moved_to_another_subject_does_not_open(alice: Leave, bob: Leave) -> None:
    """Bound to subject, class and versions."""
    put(alice, sealable("name", "a"))
    (row,) = _keystore.load(alice.subject_id)
    for who, moved in (
        (bob.subject_id, row),
        (alice.subject_id, row._replace(version=2)),
        (alice.subject_id, row._replace(key_class="money")),
    ):
        with pytest.raises(Unreadable):
            _keyring.unwrapped(who, moved)


def test_an_erased_subject_takes_nothing_more(alice: Leave) -> None:
    """Neither a value nor a key."""
    put(alice, sealable("name", "a"))
    actions.destroy_keys(alice.subject_id)
    with pytest.raises(Erased), entered(alice):
        actions.put_many(alice, [sealable("name", "again")])
    with pytest.raises(Erased):
        _keyring.writing(alice.subject_id, ["contact"])
