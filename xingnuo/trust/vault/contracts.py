"""What enters and leaves the vault: rows to seal, values opened, key providers and its refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from xingnuo.kit.errors import Conflict, Refused, Unavailable, XingnuoError


class Cipher(IntEnum):
    """The ciphers of format 1; the number stands in every ciphertext."""

    AES_256_GCM = 1
    SM4_GCM = 2


class Leave(Protocol):
    """What the vault asks of a permit: whose it is, and which; the gate judged it before."""

    @property
    def id(self) -> UUID:
        """The permit that the transaction names."""
        ...

    @property
    def subject_id(self) -> UUID:
        """The subject whose rows it opens."""
        ...


class KeyProvider(Protocol):
    """The holder of the root key, which wraps class keys, look-up keys and backup keys.

    `context` is bound to what is wrapped and must be the same at unwrapping. A PKCS#11 module
    implements `wrap` by C_EncryptInit(CKM_AES_GCM, context as AAD) with a non-extractable token
    key, a KMS by Encrypt with `context` as encryption context; neither hands out the root key.
    """

    @property
    def name(self) -> str:
        """The provider and root key generation, kept beside what it wrapped."""
        ...

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Wrap a key; raises KeysClosed when the root key cannot be used."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Unwrap a key; raises Unreadable when it was changed or bound elsewhere."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealable:
    """One value on its way in."""

    item: str
    key_class: str
    plain: bytes
    slot: str = ""
    source: str = "self"


class Opened(NamedTuple):
    """One value out of the vault; a file shows its size here and its bytes by `open_file`."""

    item: str
    slot: str
    plain: bytes
    written_at: datetime
    source: str
    is_file: bool = False
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One of the officers for legal purposes, with the passphrase just typed in."""

    code: str
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """That a subject's keys were destroyed, and when."""

    subject_id: UUID
    erased_at: datetime


class NoLeave(XingnuoError):
    """The transaction names no subject and permit, or others than the permit shown."""

    status = 500
    code = "vault_no_leave"


class Unreadable(XingnuoError):
    """A ciphertext or wrapped key was changed, moved, cut short, or its key is gone."""

    status = 500
    code = "vault_unreadable"
    message = "这项内容无法读取。"
    remedy = "请联系客服处理。"


class UnknownFormat(Unreadable):
    """A ciphertext names a format, cipher or key version that is not known."""

    code = "vault_unknown_format"


class Erased(Refused):
    """The subject was erased; nothing is read or written any more."""

    status = 410
    code = "vault_erased"
    message = "这个帐号的个人信息已经删除。"
    remedy = "删除后不能恢复。"


class SealedAway(Refused):
    """The subject's keys are sealed and kept by law alone."""

    code = "vault_sealed"
    message = "这些信息依法封存，只供法律规定的用途查阅。"
    remedy = "请由法定用途的负责人开启。"


class TooLarge(XingnuoError):
    """A value or file is larger than the vault takes."""

    status = 413
    code = "vault_too_large"
    message = "内容太大。"
    remedy = "请缩短内容或换一个小一些的文件。"


class WrongForm(Conflict):
    """The place holds a file where a value was given, or the row came twice."""

    code = "vault_wrong_form"


class LookupTaken(Conflict):
    """Another subject is already found by this value."""

    code = "vault_lookup_taken"
    message = "这项内容已经用于另一个帐号。"
    remedy = "请换一个，或联系客服核实。"


class KeysClosed(Unavailable):
    """The root key or the keys database does not answer; nothing falls back to plain text."""

    code = "keys_closed"
    message = "密钥暂时不可用，没有做任何改动。"
    remedy = "请检查密钥服务和口令。"


class LegalKeyRefused(Refused):
    """The passphrase does not open the legal key, or there is none here."""

    code = "legal_key_refused"
    message = "封存密钥没有打开。"
    remedy = "请核对口令和密钥文件。"


class TwoOfficers(Refused):
    """Sealed values open by two different officers, each with a passphrase of their own."""

    code = "two_officers"
    message = "封存的信息要两位不同的负责人一起开启。"
    remedy = "请由两位负责人各自输入自己的口令。"


class ErasuresUndone(Refused):
    """A restored backup brought erased subjects back; doors stay shut until it is replayed."""

    status = 503
    code = "erasures_undone"
    message = "恢复的备份里有已经删除的人。为防止数据复活，服务不会打开。"
    remedy = "请先运行 xingnuo restore --replay，再启动。"


class TombstonesBroken(Refused):
    """The log of tombstones was changed; nothing can be trusted to stay erased."""

    status = 503
    code = "tombstones_broken"
    message = "删除记录（tombstones.log）被改动过，服务不会打开。"
    remedy = "请从副本恢复 tombstones.log，再运行 xingnuo restore --replay。"


class BackupUnfit(XingnuoError):
    """A backup file is cut short, changed, or not of this house."""

    status = 422
    code = "backup_unfit"
    message = "备份文件不完整，或不属于本系统。"
    remedy = "请换一份备份再试。"
