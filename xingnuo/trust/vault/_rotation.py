"""Making and renewing keys: the schema of the keys database, class keys, look-up and legal keys."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import psycopg
from django.conf import settings

from xingnuo.kit import clock
from xingnuo.kit.db import roles
from xingnuo.trust.policy.contracts import KeyClass
from xingnuo.trust.vault import _cipher, _keyring, _keystore, _legal, _lookups, _values
from xingnuo.trust.vault.contracts import KeysClosed, Unreadable
from xingnuo.trust.vault.policy import CLASS_KEY_DAYS, ROTATE_BATCH

_SCHEMA = Path(__file__).with_name("keys.sql")


def prepare_keys() -> None:
    """Bring the keys database up to this code and make the keys it lacks; safe to repeat.

    Raises KeysClosed when the root key of this place is not the one that the keys stand under, or
    `XN_CIPHER` names no cipher.
    """
    _values.cipher_in_use()
    database = str(settings.DATABASES[_keystore.ALIAS]["NAME"])
    owner = roles.connection_params(Path(settings.DATA_DIR), "xn_keys_owner", database)
    with psycopg.connect(**owner) as connection:
        connection.execute(_SCHEMA.read_bytes())
        if not connection.execute("SELECT 1 FROM vault_legal_key").fetchone():
            public = _legal.make(legal_path(), os.environ.get(_legal.PASSPHRASE, ""))
            connection.execute(
                "INSERT INTO vault_legal_key (version, public_key, made_at) VALUES (1, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [public, clock.now()],
            )
    there = _keystore.class_versions()
    for key_class in KeyClass:
        if key_class.value not in there:
            _make_class_key(key_class, 1)
    if not _keystore.lookup_keys():
        _make_lookup_key(1)
    try:
        for name, (version, _) in _keystore.class_versions().items():
            _keyring.class_key(name, version)
    except Unreadable:
        raise KeysClosed(
            "root key", remedy="secrets/root.key 不是这个密钥库所用的，请恢复原来的文件。"
        ) from None


def rotate_class_key(key_class: KeyClass) -> int:
    """Make the next class key and re-wrap every subject key under it; gives how many.

    No ciphertext of a value is touched. May be stopped and repeated: older class keys stay.
    """
    version = _keystore.class_versions()[key_class.value][0] + 1
    _make_class_key(key_class, version)
    return rewrap(key_class)


def rewrap(key_class: KeyClass) -> int:
    """Re-wrap the subject keys that stand under an older class key; gives how many."""
    newest = _keystore.class_versions()[key_class.value][0]
    count = 0
    while batch := _keystore.older_keys(key_class, below=newest, limit=ROTATE_BATCH):
        changes = []
        for subject_id, key in batch:
            raw = _keyring.unwrapped(subject_id, key)
            renewed = _keyring.wrapped(subject_id, raw, key._replace(class_version=newest))
            changes.append((subject_id, key, renewed))
        _keystore.rewrap(changes)
        count += len(batch)
    return count


def rotate_due() -> dict[KeyClass, int]:
    """Rotate each class key that is a year old, and finish rotations that were stopped."""
    done = {}
    for name, (_, made_at) in _keystore.class_versions().items():
        key_class = KeyClass(name)
        is_due = clock.now() - made_at >= timedelta(days=CLASS_KEY_DAYS)
        count = rotate_class_key(key_class) if is_due else rewrap(key_class)
        if is_due or count:
            done[key_class] = count
    return done


def rotate_lookup_key() -> int:
    """Make the next look-up key; older look-ups are still found. Gives its version."""
    version = _keystore.lookup_versions()[0] + 1
    _make_lookup_key(version)
    _lookups.forget_keys()
    return version


def officers_path() -> Path:
    """Give where the shares of the officers for legal purposes stand."""
    return Path(settings.DATA_DIR) / "secrets" / "officers"


def legal_path() -> Path:
    """Give where the legal key's file stands when it is on this machine at all."""
    return Path(settings.DATA_DIR) / "secrets" / "legal.key"


def _make_class_key(key_class: KeyClass, version: int) -> None:
    root = _keyring.root()
    wrapped = root.wrap(_cipher.new_key(), _keyring.class_context(key_class.value, version))
    _keystore.add_class_key(key_class, version=version, wrapped=wrapped, provider=root.name)


def _make_lookup_key(version: int) -> None:
    wrapped = _keyring.root().wrap(_cipher.new_key(), _lookups.context(version))
    _keystore.add_lookup_key(version, wrapped)
