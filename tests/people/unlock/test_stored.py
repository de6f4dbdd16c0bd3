"""What rests in the tables: digests and public keys; no typed secret, no biometric anything."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from django.apps import apps
from django.conf import settings
from django.db import connections, transaction

from tests import cast
from tests.people.unlock.members import make_member
from tests.people.unlock.soft import Authenticator
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.people.unlock import _digests, actions, queries
from xingnuo.people.unlock._limits import ARGON_MEMORY_KIB
from xingnuo.people.unlock.contracts import Way
from xingnuo.trust.policy import queries as policy

PASSWORD = "canary-Ünlock-7f3e9 zebra"
PATTERN = "325698"
TABLES = ("unlock_way", "unlock_digest", "unlock_credential", "unlock_challenge")


def rows(table: str, subject_id: object) -> list[tuple[Any, ...]]:
    """Read a subject's rows as the owner of the tables."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE subject_id = %s", [subject_id])
        return cursor.fetchall()


def spellings(secret: str) -> set[bytes]:
    """Give every form in which a secret could lie about."""
    raw = secret.encode()
    return {
        raw,
        raw.hex().encode(),
        base64.b64encode(raw).rstrip(b"="),
        base64.urlsafe_b64encode(raw).rstrip(b"="),
        secret.encode("utf-16-le"),
        ids.digest(secret).encode(),
    }


@pytest.mark.promise("1.2.2")
def test_the_raw_bytes_hold_no_typed_secret() -> None:
    """Every column of every table of the house is searched; a control shows that one is found."""
    alice = make_member()
    alice.set_password(PASSWORD)
    alice.set_pattern(PATTERN)
    told = b"\n".join(dump())
    for secret in (PASSWORD, PATTERN):
        for form in spellings(secret):
            if len(form) > 8:
                assert form not in told, secret
    assert ids.digest(PATTERN).encode() not in told
    assert str(alice.subject_id).encode() in told
    for _, _, _, text, *_ in rows("unlock_digest", alice.subject_id):
        assert PATTERN not in text.split("$")[0:4]
        assert text.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def dump() -> list[bytes]:
    """Give the text of every row of every table of the data database."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute(f'SELECT each::text FROM "{name}" AS each')
            found += [text.encode() for (text,) in cursor.fetchall()]
    return found


def test_digests_are_slow_salted_and_bound() -> None:
    """Argon2id with at least 19 MiB; the same secret of another person or way looks and is else."""
    one, other = ids.uuid7(), ids.uuid7()
    made = _digests.make(one, Way.PASSWORD, PASSWORD)
    told = extract_parameters(made)
    assert told.type is Type.ID
    assert (told.memory_cost, told.time_cost, told.parallelism) == (19_456, 2, 1)
    assert ARGON_MEMORY_KIB >= 19 * 1024
    assert made != _digests.make(one, Way.PASSWORD, PASSWORD)
    assert _digests.fits(made, one, Way.PASSWORD, PASSWORD)
    assert not _digests.fits(made, other, Way.PASSWORD, PASSWORD)
    assert not _digests.fits(made, one, Way.PATTERN, PASSWORD)
    assert not _digests.fits(made[:-1] + "!", one, Way.PASSWORD, PASSWORD)
    assert not _digests.fits("", one, Way.PASSWORD, PASSWORD)
    assert not _digests.is_outdated(made)


def test_a_digest_swapped_between_people_opens_nothing() -> None:
    """Who could write the table still could not let Charlie's password open Alice's app."""
    alice, charlie = make_member(), make_member()
    alice.set_password("alice river stone 77")
    charlie.set_password("charlie river stone 78")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE unlock_digest SET text = (SELECT text FROM unlock_digest WHERE subject_id = %s)"
            " WHERE subject_id = %s",
            [charlie.subject_id, alice.subject_id],
        )
    alice.lock()
    assert alice.attempt(Way.PASSWORD, "charlie river stone 78").outcome.value == "wrong"


@pytest.mark.promise("1.2.2")
def test_no_field_could_hold_a_biometric() -> None:
    """Neither a column, nor an item of the policy that is kept in any form but a result."""
    words = re.compile(r"face|finger|biometr|template|sample|image|embedding|iris|score", re.I)
    for model in apps.get_app_config("unlock").get_models():
        for field in model._meta.get_fields():
            assert not words.search(field.name), (model, field.name)
            assert field.get_internal_type() not in ("BinaryField", "FileField", "JSONField")
    compiled = policy.in_force()
    for purpose in ("unlock.biometric",):
        for item in compiled.items_of(purpose):
            assert compiled.items[item].form.value == "result", item


@pytest.mark.promise("1.2.2")
def test_only_what_is_declared_is_kept_of_a_device() -> None:
    """Credential id, public key, count and label, with their times: the attestation is not kept."""
    alice = make_member()
    alice.agree(Way.BIOMETRIC)
    alice.prove()
    key = Authenticator(settings.BASE_URL)
    with cast.transaction():
        options = actions.begin_credential(alice.actor)
    actions.add_credential(alice.actor, answer=key.create(options), device="Android · Chrome")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT * FROM unlock_credential LIMIT 0")
        assert {column.name for column in cursor.description} == {
            "id", "subject_id", "credential", "public_key", "sign_count", "device", "label",
            "made_at", "used_at",
        }  # fmt: skip
    assert len(rows("unlock_credential", alice.subject_id)) == 1
    assert rows("unlock_challenge", alice.subject_id) == []


def test_the_copy_lists_the_ways_without_what_opens_them() -> None:
    """Every row is there, no digest, key or credential is."""
    alice = make_member()
    alice.set_password(PASSWORD)
    alice.set_pattern(PATTERN)
    with cast.transaction():
        copy = queries.export(alice.subject_id)
    assert set(copy) == set(TABLES)
    for table in TABLES:
        assert len(copy[table]) == len(rows(table, alice.subject_id)), table
    assert {row["way"] for row in copy["unlock_way"]} == {"password", "pattern"}
    assert "argon2" not in repr(copy)
    withheld = {"text", "credential", "public_key", "digest"}
    assert not withheld & {key for table in copy.values() for row in table for key in row}


def test_erasure_leaves_no_row() -> None:
    """The registry's erase takes all four tables, and nobody else's rows."""
    alice, bob = make_member(), make_member()
    for each in (alice, bob):
        each.set_password()
        each.agree(Way.BIOMETRIC)
        with cast.transaction():
            actions.begin_credential(each.actor)
    holding = next(one for one in policy.holdings() if one.room == "unlock")
    with transaction.atomic():
        session.set_subject(alice.subject_id)
        assert holding.erase(alice.subject_id) == 4
    assert all(rows(table, alice.subject_id) == [] for table in TABLES)
    assert len(rows("unlock_digest", bob.subject_id)) == 1


def test_nobody_reads_anothers_ways() -> None:
    """Row security: with Charlie in force, Alice's rows are not there."""
    alice, charlie = make_member(), make_member()
    alice.set_password()
    with transaction.atomic():
        session.set_subject(charlie.subject_id)
        with connections["default"].cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone() == (0,), table
