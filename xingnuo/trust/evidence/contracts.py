"""evidence: what enters the record and what comes out of it: frozen facts, no personal value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from xingnuo.kit import ids
from xingnuo.kit.errors import XingnuoError

NOBODY = UUID(int=0)  # the subject of a line that is about no person
CONFIDENTIAL = "aml."  # purposes whose lines no person ever sees (AML 35: no tipping off)


class Kind(StrEnum):
    """What was done.

    A permit leaves one line: VIEW when it shows masked items, REVEAL when it shows plain ones,
    PERMIT for anything else.
    """

    PERMIT = "permit"
    REFUSAL = "refusal"
    ACCESS_DENIED = "access_denied"
    BAD_INPUT = "bad_input"
    COLLECT = "collect"
    CORRECT = "correct"
    DROP = "drop"
    VIEW = "view"
    REVEAL = "reveal"
    LOOKUP = "lookup"
    SHARE = "share"
    CONSENT = "consent"
    PERMISSION = "permission"
    STATE = "state"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    UNLOCK = "unlock"
    EXPORT = "export"
    ERASE_REQUESTED = "erase_requested"
    KEYS_DESTROYED = "keys_destroyed"
    PURGED = "purged"
    CERTIFICATE = "certificate"
    SEALED = "sealed"
    RESTORED = "restored"
    RETENTION = "retention"
    OPERATOR = "operator"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was done, in declared codes and ids alone.

    Code fields hold lower-case codes (`a-z 0-9 _ . : -`, no run of six digits) or nothing: the
    database refuses anything else, so no personal value fits. `actor_ref` is the id of staff,
    partner or another person; `ref` the id of what was touched; `count` how many things. A line
    that may `coalesce` is written once per session, kind, purpose, set of items and hour.
    """

    kind: Kind
    subject_id: UUID = NOBODY
    outcome: str = ""
    reason: str = ""
    actor_kind: str = "system"
    actor_ref: str = ""
    session_id: UUID | None = None
    channel: str = ""
    purpose: str = ""
    items: tuple[str, ...] = ()
    recipient: str = ""
    policy_version: str = ""
    permit_id: UUID | None = None
    ref: UUID | None = None
    count: int = 1
    coalesce: bool = False  # the person's own views alone
    at: datetime | None = None  # now, when not said
    id: UUID = field(default_factory=ids.uuid7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line as the person it is about may see it."""

    id: UUID
    at: datetime
    kind: Kind
    outcome: str
    reason: str
    actor_kind: str
    actor_ref: str
    session_id: UUID | None
    channel: str
    purpose: str
    items: tuple[str, ...]
    recipient: str
    policy_version: str
    permit_id: UUID | None
    ref: UUID | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A row of 已收集个人信息清单; the purpose's scene stands in the policy."""

    item: str
    purpose: str
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """That an item was taken or used for a purpose, and how."""

    purpose: str
    item: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A row of 与第三方共享个人信息清单."""

    recipient: str
    purpose: str
    items: tuple[str, ...]
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a person's data: by whom, for what, at which items."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_ref: str
    channel: str
    purpose: str
    reason: str
    items: tuple[str, ...]
    recipient: str
    plain: bool  # a value was revealed or taken out, not only shown masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the privacy card says: uses by others, shares among them, own views, refusals."""

    used: int
    shared: int
    own_views: int
    refused: int
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A person whose item left to a recipient in a span of time."""

    subject_id: UUID
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A row of the regulator's register: how often, about how many people."""

    kind: Kind
    purpose: str
    recipient: str
    outcome: str
    lines: int
    people: int


class FaultKind(StrEnum):
    """What the verifier can find wrong."""

    CHANGED = "changed"  # a sealed line is not what it was
    MISSING = "missing"
    ADDED = "added"
    REORDERED = "reordered"
    BLOCK_CHANGED = "block_changed"
    BLOCK_MISSING = "block_missing"
    CHAIN_BROKEN = "chain_broken"  # a block does not follow the one before
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    TRUNCATED = "truncated"  # heads that were anchored are gone
    HEAD_DIFFERS = "head_differs"  # an anchored head is not the block's
    NO_HEADS = "no_heads"
    AHEAD = "ahead"  # a line of an epoch that has not begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong: in which block, and at which line where one can be named."""

    kind: FaultKind
    block: int
    line_id: UUID | None = None

    def __str__(self) -> str:
        line = f" line {self.line_id}" if self.line_id else ""
        return f"{self.kind.value} block {self.block}{line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the verifier saw; whole when no fault was found."""

    blocks: int
    lines: int
    unsealed: int
    pruned_blocks: int
    anchored: int
    head: str  # hash of the last block
    faults: tuple[Fault, ...]
    faults_total: int
    remarks: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Say whether nothing wrong was found."""
        return self.faults_total == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Shows that a line stands in a signed block: from its leaf, up the path, to the root."""

    line: dict[str, Any]
    leaf: str  # SHA-256(0x00 ‖ canonical JSON of the line)
    index: int
    path: tuple[tuple[str, str], ...]  # (side of the sibling: left | right, hash)
    root: str
    block: dict[str, Any]  # SHA-256 of its canonical JSON is the block's hash
    hash: str
    signature: str
    public_key: str


class NotRecorded(XingnuoError):
    """A line was refused by the database: evidence holds codes and ids, of the subject in force."""

    status = 500
    code = "not_recorded"
    message = "这一步没有完成，因为留证失败。"
    remedy = "请稍后再试；一直这样时请联系客服。"


class EvidenceFault(XingnuoError):
    """Sealing cannot go on, since what was sealed before is not as it should be."""

    status = 500
    code = "evidence_fault"
    message = "证据链异常，已停止封存。"
    remedy = "请运行 xingnuo evidence verify 查明。"


class NotSealed(XingnuoError):
    """The line is unknown or no block holds it yet."""

    status = 404
    code = "not_sealed"
    message = "没有找到这条记录，或它还没有封存。"
    remedy = "请先运行 xingnuo evidence seal，再试一次。"
