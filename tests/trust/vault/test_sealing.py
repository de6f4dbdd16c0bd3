"""Sealing: kept by law, opened by the legal key alone."""

import json
from pathlib import Path

import pytest

from tests.trust.vault.conftest import NOTHING, Leave, entered, erase, fill, sealable
from xingnuo.trust.policy.contracts import KeyClass
from xingnuo.trust.vault import _legal, actions, queries
from xingnuo.trust.vault.contracts import Erased, LegalKeyRefused, SealedAway, Unreadable


def test_sealed_values_open_with_the_legal_key_alone(alice: Leave) -> None:
    """Running services hold nothing that opens them; the legal purpose does."""
    fill(alice)
    assert actions.seal_subject(alice.subject_id) == 3
    assert actions.seal_subject(alice.subject_id) == 0
    for read in (
        lambda: queries.open_many(alice, ["name"]),
        lambda: queries.open_file(alice, item="document_photo"),
        lambda: actions.put_many(alice, [sealable("email", "new")]),
        lambda: actions.put_many(alice, [sealable("credit_record", "n", key_class="credit")]),
    ):
        with pytest.raises(SealedAway), entered(alice):
            read()
    assert queries.find("phone", str(alice.subject_id)) is None
    key = actions.unlock_legal_key()
    with entered(alice):
        opened = queries.open_sealed(key, alice, ["name", "card_number"])
        photo = b"".join(queries.open_sealed_file(key, alice, item="document_photo"))
    assert [one.plain for one in opened] == [b"c", b"CNRY-name"] and photo == b"p" * 99
    assert "key" in repr(key).lower() and "0x" not in repr(key)
    with entered(alice), pytest.raises(SealedAway):
        queries.open_many(alice, ["name"])


def test_the_legal_key_wants_its_passphrase(tmp_path: Path) -> None:
    """A wrong one, a missing file and a changed file are all refused alike."""
    path = tmp_path / "legal.key"
    public = _legal.make(path, "right")
    assert _legal.make(path, "other") == public
    actions.unlock_legal_key(path, "right")
    told = json.loads(path.read_text())
    for passphrase in ("wrong", ""):
        with pytest.raises(LegalKeyRefused):
            actions.unlock_legal_key(path, passphrase)
    path.write_text(json.dumps({**told, "label": told["label"][:-2] + "00"}))
    with pytest.raises(LegalKeyRefused):
        actions.unlock_legal_key(path, "right")
    with pytest.raises(LegalKeyRefused):
        actions.unlock_legal_key(tmp_path / "none.key", "right")


def test_a_foreign_legal_key_opens_nothing(alice: Leave, tmp_path: Path) -> None:
    """Only the private part of the public key that sealed."""
    fill(alice)
    actions.seal_subject(alice.subject_id)
    _legal.make(tmp_path / "legal.key", "p")
    foreign = actions.unlock_legal_key(tmp_path / "legal.key", "p")
    with entered(alice), pytest.raises(Unreadable):
        queries.open_sealed(foreign, alice, ["name"])


def test_a_sealed_subject_is_erased_like_any_other(alice: Leave) -> None:
    """When the term ends, the sealed keys go, and the legal key opens nothing."""
    fill(alice)
    actions.seal_subject(alice.subject_id, [KeyClass.MONEY])
    assert queries.residue(alice.subject_id)["vault_sealed_key"] == 1
    key = actions.unlock_legal_key()
    erase(alice)
    assert queries.residue(alice.subject_id) == NOTHING
    with entered(alice), pytest.raises(Erased):
        queries.open_sealed(key, alice, ["card_number"])
    with pytest.raises(Erased):
        actions.seal_subject(alice.subject_id)
