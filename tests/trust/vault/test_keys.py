"""Key providers, locked files and the keys database by themselves."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connections

from tests.trust.vault.conftest import REPO, Leave, entered, put, sealable
from xingnuo.trust.vault import _keyring, _keystore, _locked_file, _provider, actions, queries
from xingnuo.trust.vault._keeper import serve
from xingnuo.trust.vault._provider import FileProvider, KeeperProvider
from xingnuo.trust.vault.contracts import KeyProvider, KeysClosed, Unreadable


@pytest.fixture(params=[FileProvider, KeeperProvider])
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyProvider]:
    """Give each provider in turn: one suite for all, so that none is easier than another."""
    made = request.param(tmp_path)
    yield made
    if isinstance(made, KeeperProvider):
        made.close()


def test_a_provider_gives_back_what_it_wrapped(provider: KeyProvider) -> None:
    """Under the same context alone, and never twice the same bytes."""
    key = os.urandom(32)
    wrapped = provider.wrap(key, b"class key 1")
    assert provider.unwrap(wrapped, b"class key 1") == key
    assert provider.wrap(key, b"class key 1") != wrapped and key not in wrapped
    for changed, context in (
        (wrapped, b"class key 2"),
        (wrapped[:-1] + bytes([wrapped[-1] ^ 1]), b"class key 1"),
        (b"", b"class key 1"),
        (b"\x02" + wrapped[1:], b"class key 1"),
    ):
        with pytest.raises(Unreadable):
            provider.unwrap(changed, context)
    assert provider.unwrap(wrapped, b"class key 1") == key


def test_providers_over_one_root_key_agree(tmp_path: Path) -> None:
    """What one wrapped the other unwraps; another place's root key does not."""
    keeper = KeeperProvider(tmp_path / "a")
    try:
        wrapped = keeper.wrap(b"k" * 32, b"c")
        assert FileProvider(tmp_path / "a").unwrap(wrapped, b"c") == b"k" * 32
        with pytest.raises(Unreadable):
            FileProvider(tmp_path / "b").unwrap(wrapped, b"c")
    finally:
        keeper.close()


def test_the_keeper_is_another_process_and_comes_back(tmp_path: Path) -> None:
    """It holds the root key so that we do not; when it dies it is started again."""
    keeper = KeeperProvider(tmp_path)
    try:
        wrapped = keeper.wrap(b"k" * 32, b"c")
        process = keeper._process
        assert process is not None and process.pid != os.getpid()
        assert not any("root" in name for name in vars(keeper))
        process.kill()
        process.wait()
        assert keeper.unwrap(wrapped, b"c") == b"k" * 32
    finally:
        keeper.close()


def test_a_keeper_without_its_key_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing falls back to a weaker way."""
    FileProvider(tmp_path)
    monkeypatch.setenv(_provider.PASSPHRASE, "another one")
    keeper = KeeperProvider(tmp_path)
    with pytest.raises(KeysClosed):
        keeper.wrap(b"k" * 32, b"c")
    keeper.close()


def test_the_keeper_survives_nonsense(tmp_path: Path) -> None:
    """Any line gets an answer that tells nothing."""
    asked = [b"", b"{", b"[]", b'{"do": "tell"}', b'{"do": "wrap", "text": 1, "context": 2}']
    answers = BytesIO()
    serve(FileProvider(tmp_path), BytesIO(b"\n".join(asked) + b"\n"), answers)
    told = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert told == [{"error": "unreadable"}] * len(asked)


def test_the_root_key_file_is_shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For its owner alone, and only by its passphrase."""
    monkeypatch.setenv(_provider.PASSPHRASE, "right")
    wrapped = FileProvider(tmp_path).wrap(b"k" * 32, b"c")
    file = tmp_path / "secrets" / "root.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not (tmp_path / "secrets" / "root.passphrase").exists()
    assert FileProvider(tmp_path).unwrap(wrapped, b"c") == b"k" * 32
    monkeypatch.setenv(_provider.PASSPHRASE, "wrong")
    with pytest.raises(KeysClosed) as refused:
        FileProvider(tmp_path)
    assert "wrong" not in str(refused.value)
    file.write_text(file.read_text().replace('"format": 1', '"format": 2'))
    monkeypatch.setenv(_provider.PASSPHRASE, "right")
    with pytest.raises(KeysClosed):
        FileProvider(tmp_path)


def test_production_wants_a_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No passphrase beside the key there."""
    monkeypatch.setenv("XN_ENV", "production")
    monkeypatch.delenv(_provider.PASSPHRASE, raising=False)
    with pytest.raises(KeysClosed):
        FileProvider(tmp_path)
    assert not (tmp_path / "secrets").exists()


def test_an_unknown_provider_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not taken for the default."""
    monkeypatch.setenv(_provider.CHOICE, "plain")
    with pytest.raises(KeysClosed):
        _provider.provider(tmp_path)


def test_a_locked_file_cannot_ask_for_endless_work(tmp_path: Path) -> None:
    """A planted file with huge costs is refused before any work."""
    path = tmp_path / "x.key"
    assert _locked_file.write(path, b"secret", passphrase="p", label="l")
    assert not _locked_file.write(path, b"other", passphrase="p", label="l")
    assert _locked_file.read(path, passphrase="p", label="l") == b"secret"
    told = json.loads(path.read_text())
    for change in ({"cost": {**told["cost"], "memory_kib": 10**9}}, {"sealed": ""}, {"label": "m"}):
        path.write_text(json.dumps({**told, **change}))
        with pytest.raises(_locked_file.WrongPassphrase):
            _locked_file.read(path, passphrase="p", label=str(change.get("label", "l")))


def test_preparing_twice_changes_no_key() -> None:
    """Six classes, one look-up key, one legal key; the newest stay the newest."""
    before = (_keystore.class_versions(), _keystore.lookup_keys(), _keystore.legal_key())
    actions.prepare_keys()
    assert (_keystore.class_versions(), _keystore.lookup_keys(), _keystore.legal_key()) == before
    assert len(before[0]) == 6


def test_a_foreign_root_key_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a door opens, with what to do."""
    foreign = FileProvider(tmp_path)
    actions.forget_cached_keys()
    monkeypatch.setattr(_keyring, "root", lambda: foreign)
    with pytest.raises(KeysClosed) as refused:
        actions.prepare_keys()
    assert "root.key" in refused.value.remedy_text
    actions.forget_cached_keys()


def test_an_unknown_cipher_is_told_at_the_start(alice: Leave, settings: Any) -> None:
    """And nothing is written under it."""
    settings.CIPHER = "none"
    with pytest.raises(KeysClosed) as refused:
        actions.prepare_keys()
    assert "sm4-gcm" in refused.value.remedy_text
    with pytest.raises(KeysClosed):
        put(alice, sealable("name", "x"))


def test_without_the_keys_database_nothing_opens_or_is_written(
    alice: Leave, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails closed, and the driver's text stays inside."""
    put(alice, sealable("name", "x"))
    actions.forget_cached_keys()

    def down(*_: object) -> None:
        raise psycopg.OperationalError("host keys.internal refused xn_keys")

    monkeypatch.setattr(connections["keys"], "get_new_connection", down)
    connections["keys"].close()
    for act in (
        lambda: queries.open_many(alice, ["name"]),
        lambda: actions.put_many(alice, [sealable("phone", "y")]),
    ):
        with pytest.raises(KeysClosed) as refused, entered(alice):
            act()
        assert "internal" not in repr(refused.value) and refused.value.__cause__ is None
    monkeypatch.undo()
    with entered(alice):
        assert queries.written(alice) == {"name": 1}


def test_the_role_of_the_keys_takes_no_tombstone_back(alice: Leave) -> None:
    """Nor may it change one, make a legal key, or change a class key."""
    actions.destroy_keys(alice.subject_id)
    for statement in (
        "DELETE FROM vault_tombstone",
        "UPDATE vault_tombstone SET erased_at = now()",
        "INSERT INTO vault_legal_key VALUES (9, '', now())",
        "UPDATE vault_class_key SET version = 9",
        "DELETE FROM vault_class_key",
        "TRUNCATE vault_subject_key",
    ):
        cursor = connections["keys"].cursor()
        with cursor, pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute(statement)


def test_data_roles_may_not_enter_the_keys_database() -> None:
    """Each database has roles of its own."""
    params = connections["default"].get_connection_params()
    place = {name: params[name] for name in ("host", "port", "user", "password") if name in params}
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**place, dbname=connections["keys"].settings_dict["NAME"])


def test_two_first_writers_make_one_key(alice: Leave) -> None:
    """Whoever comes second seals under the first one's key."""
    program = (
        "from uuid import UUID\n"
        "from xingnuo.trust.vault import _keyring\n"
        f"print(_keyring.writing(UUID('{alice.subject_id}'), ['money'])['money'].raw.hex()[:8])"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", "import django; django.setup()\n" + program],
            cwd=REPO,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = {run.communicate(timeout=60)[0].strip() for run in runs}
    assert len(told) == 1 and len(_keystore.load(alice.subject_id)) == 1
    key = _keyring.of(alice.subject_id).newest("money")
    assert key is not None and key.raw.hex().startswith(told.pop())
