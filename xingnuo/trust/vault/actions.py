"""What the vault does: seal, replace, drop, find-by, destroy, seal away, rotate, keep backups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from xingnuo.trust.policy.contracts import KeyClass
from xingnuo.trust.vault import (
    _files,
    _keyring,
    _legal,
    _lookups,
    _officers,
    _passage,
    _rotation,
    _values,
)
from xingnuo.trust.vault._backup import Backup
from xingnuo.trust.vault._backup import expire as expire_backups
from xingnuo.trust.vault._backup import keep as keep_backup
from xingnuo.trust.vault._backup import unseal as unseal_backup
from xingnuo.trust.vault._erasure import destroy_keys, purge
from xingnuo.trust.vault._erasure import guard as refuse_undone_erasures
from xingnuo.trust.vault._erasure import replay as replay_tombstones
from xingnuo.trust.vault._legal import LegalKey
from xingnuo.trust.vault._rotation import (
    prepare_keys,
    rotate_class_key,
    rotate_due,
    rotate_lookup_key,
)
from xingnuo.trust.vault._values import sweep
from xingnuo.trust.vault.contracts import Leave, Officer, Sealable

__all__ = [
    "Backup",
    "LegalKey",
    "appoint_officers",
    "destroy_keys",
    "drop",
    "expire_backups",
    "forget_cached_keys",
    "index",
    "keep_backup",
    "open_legal_key",
    "prepare_keys",
    "purge",
    "put_file",
    "put_many",
    "refuse_undone_erasures",
    "renew_key",
    "replay_tombstones",
    "rotate_class_key",
    "rotate_due",
    "rotate_lookup_key",
    "seal_subject",
    "sweep",
    "unindex",
    "unlock_legal_key",
    "unseal_backup",
]


def put_many(permit: Leave, rows: Sequence[Sealable]) -> None:
    """Seal values under the subject's keys and write them; an older value of a place goes.

    Raises Erased, SealedAway, TooLarge, WrongForm, NoLeave, KeysClosed; nothing is half done.
    """
    _values.put(permit, rows)


def put_file(
    permit: Leave,
    *,
    item: str,
    key_class: str,
    content: bytes | BinaryIO,
    slot: str = "",
    source: str = "self",
) -> UUID:
    """Seal a file as it streams, in place of the one that stood there; gives its id."""
    value = Sealable(item=item, key_class=key_class, plain=b"", slot=slot, source=source)
    return _files.put(permit, value, content)


def drop(permit: Leave, items: Iterable[str], slot: str | None = "") -> int:
    """Delete values, files and look-ups of items; `slot=None` means every slot."""
    named = list(items)
    _files.one_at_a_time(permit.subject_id)
    gone = _values.delete(permit, named, slot)
    _lookups.remove(permit.subject_id, named, slot)
    return gone


def index(permit: Leave, *, kind: str, value: str, slot: str = "") -> None:
    """Let the subject be found by an exact value; raises LookupTaken when it finds another."""
    _lookups.add(permit, kind=kind, value=value, slot=slot)


def unindex(permit: Leave, *, kind: str, slot: str | None = "") -> None:
    """Let the subject no longer be found by what a place of this kind held."""
    _passage.write_under(permit)
    _lookups.remove(permit.subject_id, [kind], slot)


def seal_subject(subject_id: UUID, classes: Iterable[KeyClass] | None = None) -> int:
    """Put a subject's keys beyond running services, for the legal purposes alone.

    Gives how many keys were sealed. Look-ups go: being found is use, and only keeping is allowed.
    """
    count = _legal.seal(subject_id, classes)
    _lookups.remove_all(subject_id)
    return count


def unlock_legal_key(path: Path | None = None, passphrase: str = "") -> LegalKey:
    """Open the legal key; the legal commands alone call this, with a passphrase typed in."""
    return _legal.unlock(path or _rotation.legal_path(), passphrase)


def appoint_officers(passphrases: Mapping[str, str], *, passphrase: str = "") -> int:
    """Hand the legal key to officers by their codes; gives how many pairs may open it."""
    key = unlock_legal_key(passphrase=passphrase)
    return _officers.appoint(key, passphrases, _rotation.officers_path())


def open_legal_key(first: Officer, second: Officer) -> LegalKey:
    """Open the legal key by two different officers together; nobody else has it."""
    return _officers.open_together(first, second, _rotation.officers_path())


def renew_key(subject_id: UUID, key_class: KeyClass) -> int:
    """Make the next version of a subject's key, for new values; gives its version."""
    return _keyring.renew(subject_id, key_class)


def forget_cached_keys() -> None:
    """Drop every unwrapped key of this process."""
    _keyring.forget()
    _lookups.forget_keys()
