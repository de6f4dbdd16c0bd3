"""Subject keys, unwrapped: made on first writing, kept for seconds, forgotten on destruction.

The cache is of this process alone, bounded, at most 30 seconds old by `kit.clock`, and only ever
used after the transaction showed its subject, its permit and the absence of the mark of erasure in
the very statement that reads (`_values`). So a key destroyed by another process opens nothing here
from the instant its erasure commits, even while it is still cached.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from xingnuo.kit import clock
from xingnuo.trust.policy.contracts import KeyClass
from xingnuo.trust.vault import _cipher, _keystore
from xingnuo.trust.vault._cipher import SubjectKey
from xingnuo.trust.vault._keystore import WrappedKey
from xingnuo.trust.vault._provider import provider
from xingnuo.trust.vault.contracts import (
    Erased,
    KeyProvider,
    KeysClosed,
    SealedAway,
    Unreadable,
)
from xingnuo.trust.vault.policy import KEY_CACHE_SECONDS, KEY_CACHE_SUBJECTS


class Ring:
    """The keys of one subject that this process may use."""

    __slots__ = ("_keys", "_newest", "is_sealed")

    def __init__(self, keys: Iterable[SubjectKey], *, is_sealed: bool = False) -> None:
        self._keys = {(key.key_class.value, key.version): key for key in keys}
        self._newest = dict(sorted(self._keys))
        self.is_sealed = is_sealed

    def find(self, key_class: str, version: int) -> SubjectKey | None:
        """Give the key of a class and version."""
        return self._keys.get((key_class, version))

    def newest(self, key_class: str) -> SubjectKey | None:
        """Give the key that new values of a class are sealed under."""
        version = self._newest.get(key_class)
        return None if version is None else self._keys[key_class, version]


_rings: OrderedDict[UUID, tuple[datetime, Ring]] = OrderedDict()
_class_keys: dict[tuple[str, int], AESGCM] = {}
_lock = threading.Lock()


def root() -> KeyProvider:
    """Give the holder of the root key."""
    return provider(Path(settings.DATA_DIR))


def of(subject_id: UUID, *, fresh: bool = False) -> Ring:
    """Give a subject's keys, from the cache unless `fresh`; one query otherwise."""
    now = clock.now()
    if not fresh:
        with _lock:
            kept = _rings.get(subject_id)
            # A clock that was set back must not lengthen a key's stay.
            if kept and timedelta() <= now - kept[0] < timedelta(seconds=KEY_CACHE_SECONDS):
                _rings.move_to_end(subject_id)
                return kept[1]
    ring = _load(subject_id)
    with _lock:
        _rings[subject_id] = (now, ring)
        _rings.move_to_end(subject_id)
        while len(_rings) > KEY_CACHE_SUBJECTS:
            _rings.popitem(last=False)
    return ring


def forget(subject_id: UUID | None = None) -> None:
    """Drop a subject's cached keys, or everybody's and the class keys'."""
    with _lock:
        if subject_id is None:
            _rings.clear()
            _class_keys.clear()
        else:
            _rings.pop(subject_id, None)


def reading(subject_id: UUID, ring: Ring, key_class: str, version: int) -> SubjectKey:
    """Give the key that a ciphertext names; the cache is refreshed once before it is missed."""
    key = ring.find(key_class, version) or of(subject_id, fresh=True).find(key_class, version)
    if key is not None:
        return key
    if of(subject_id).is_sealed:
        raise SealedAway(key_class)
    raise Unreadable("key")


def writing(subject_id: UUID, classes: Iterable[str]) -> dict[str, SubjectKey]:
    """Give the key of each class to seal under, making those that are not there yet."""
    wanted = {KeyClass(name).value for name in classes}
    ring = of(subject_id)
    missing = sorted(name for name in wanted if ring.newest(name) is None)
    if missing:
        _make(subject_id, missing)
        ring = of(subject_id, fresh=True)
    found = {name: ring.newest(name) for name in wanted}
    if ring.is_sealed:
        raise SealedAway
    if None in found.values():
        raise Erased if _keystore.is_tombstoned(subject_id) else KeysClosed("subject key")
    return {name: key for name, key in found.items() if key is not None}


def renew(subject_id: UUID, key_class: KeyClass) -> int:
    """Make the next version of a subject's key; older ones go on opening what they sealed."""
    ring = of(subject_id, fresh=True)
    newest = ring.newest(key_class.value)
    version = 1 if newest is None else newest.version + 1
    _make(subject_id, [key_class.value], version=version)
    forget(subject_id)
    return version


def class_key(key_class: str, version: int) -> AESGCM:
    """Give an unwrapped class key; they are few and stay for the life of the process."""
    known = _class_keys.get((key_class, version))
    if known is None:
        wrapped = _keystore.class_key(key_class, version)
        if wrapped is None:
            raise Unreadable("class key")
        known = AESGCM(root().unwrap(wrapped, class_context(key_class, version)))
        _class_keys[key_class, version] = known
    return known


def class_context(key_class: str, version: int) -> bytes:
    """Give what a wrapped class key is bound to."""
    return _cipher.bound("class key", key_class, version.to_bytes(2))


def subject_context(subject_id: UUID, key: WrappedKey) -> bytes:
    """Give what a wrapped subject key is bound to: subject, class, versions."""
    return _cipher.bound(
        "subject key",
        subject_id.bytes,
        key.key_class,
        key.version.to_bytes(2),
        key.class_version.to_bytes(2),
    )


def unwrapped(subject_id: UUID, key: WrappedKey) -> bytes:
    """Give a subject key's bytes."""
    kek = class_key(key.key_class, key.class_version)
    return _cipher.unwrap(key.wrapped, kek, subject_context(subject_id, key))


def wrapped(subject_id: UUID, raw: bytes, like: WrappedKey) -> WrappedKey:
    """Wrap a subject key under the class key that `like` names."""
    kek = class_key(like.key_class, like.class_version)
    return like._replace(wrapped=_cipher.wrap(raw, kek, subject_context(subject_id, like)))


def _make(subject_id: UUID, classes: list[str], *, version: int = 1) -> None:
    newest = _keystore.class_versions()
    made = []
    for name in classes:
        if name not in newest:
            raise KeysClosed("class key", remedy="请先运行 xingnuo up，让密钥库准备好。")
        like = WrappedKey(name, version, newest[name][0], b"")
        made.append(wrapped(subject_id, _cipher.new_key(), like))
    _keystore.add(subject_id, made)


def _load(subject_id: UUID) -> Ring:
    keys, is_sealed = [], False
    for row in _keystore.load(subject_id):
        if row.class_version == 0:
            is_sealed = True
            continue
        raw = unwrapped(subject_id, row)
        keys.append(
            SubjectKey(
                raw, subject_id=subject_id, key_class=KeyClass(row.key_class), version=row.version
            )
        )
    return Ring(keys, is_sealed=is_sealed)
