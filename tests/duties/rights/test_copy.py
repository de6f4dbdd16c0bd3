"""The copy: complete, masked, in open formats."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from django.db import connections
from pypdf import PdfReader

from tests import cast
from xingnuo.duties.rights import actions as rights
from xingnuo.duties.rights.contracts import Copy
from xingnuo.trust.policy import queries as policy

VALUES = {
    "nickname": "小爱",
    "email": "alice@example.com",
    "home_address": "浙江省杭州市西湖区文一路 1 号",
}


def copy_of(person: cast.Person) -> Copy:
    """Make a person's copy as the web door would."""
    with cast.transaction():
        return rights.copy(person.actor, subject_id=person.subject_id)


def opened(copy: Copy) -> tuple[zipfile.ZipFile, dict]:  # type: ignore[type-arg]
    """Open the ZIP and its JSON."""
    packed = zipfile.ZipFile(io.BytesIO(copy.content))
    return packed, json.loads(packed.read("个人信息.json"))


def alice_with_values() -> cast.Person:
    """Make Alice with three items filled in."""
    alice = cast.make_person()
    cast.agree(alice, "profile.manage", optional=tuple(VALUES))
    cast.fill(alice, "profile.manage", VALUES)
    return alice


@pytest.mark.promise("5.2.1a")
def test_nothing_that_is_stored_is_missing() -> None:
    """For every table with a subject, the copy holds as many rows as the database does."""
    alice = alice_with_values()
    _, told = opened(copy_of(alice))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t"
            " USING (table_schema, table_name) WHERE c.table_schema = 'public'"
            " AND c.column_name = 'subject_id' AND t.table_type = 'BASE TABLE'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        stored = {}
        for table in tables:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE subject_id = %s', [alice.subject_id]
            )
            stored[table] = cursor.fetchone()[0]
    # The copy itself leaves two lines (its permit and its record) after the rows were gathered.
    stored["evidence_line"] -= 1
    missing = {t: n for t, n in stored.items() if n and len(told["记录"].get(t, [])) < n}
    assert stored["vault_value"] == len(VALUES)
    assert not missing


@pytest.mark.promise("5.2.1a")
def test_a_room_that_hands_nothing_in_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The completeness check can fail: without one room's holding, rows are missing."""
    alice = alice_with_values()
    kept = tuple(h for h in policy.holdings() if h.room != "consent")
    monkeypatch.setattr(policy, "holdings", lambda: kept)
    _, told = opened(copy_of(alice))
    assert "consent_decision" not in told["记录"]


@pytest.mark.promise("5.2.1a")
def test_the_copy_masks_and_comes_in_open_formats() -> None:
    """JSON, CSV and PDF; sensitive values masked in all of them."""
    alice = alice_with_values()
    packed, told = opened(copy_of(alice))
    shown = {row["编号"]: row["内容"] for row in told["个人信息"]}
    assert shown["email"] == "a***@example.com"
    rows = list(csv.DictReader(io.StringIO(packed.read("表格/个人信息.csv").decode("utf-8-sig"))))
    assert {row["编号"] for row in rows} == set(shown)
    pdf = PdfReader(io.BytesIO(packed.read("个人信息.pdf")))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "我的个人信息副本" in text
    whole = b"".join(packed.read(name) for name in packed.namelist()) + text.encode()
    assert VALUES["email"].encode() not in whole
    assert "文一路".encode() not in whole


@pytest.mark.promise("5.2.1a")
def test_the_manifest_names_every_file_with_its_hash() -> None:
    """Each file's SHA-256 stands in the manifest."""
    packed, _ = opened(copy_of(cast.make_person()))
    manifest = json.loads(packed.read("manifest.json"))["sha256"]
    assert set(manifest) == set(packed.namelist()) - {"manifest.json"}


@pytest.mark.promise("5.2.1b")
def test_a_correction_replaces_the_value_and_leaves_evidence() -> None:
    """The new value is what is read from now on; a stranger cannot correct."""
    alice = alice_with_values()
    with cast.transaction():
        rights.correct(
            alice.actor, subject_id=alice.subject_id, values={"email": "new@example.com"}
        )
    _, told = opened(copy_of(alice))
    assert {r["内容"] for r in told["个人信息"] if r["编号"] == "email"} == {"n***@example.com"}
    assert "correct" in {line["kind"] for line in told["记录"]["evidence_line"]}


def test_registered_rooms_are_known() -> None:
    """Every room that hands in holdings does so once."""
    rooms = [holding.room for holding in policy.holdings()]
    assert len(rooms) == len(set(rooms)) >= 5
