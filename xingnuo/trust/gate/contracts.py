"""What leaves the gate: actors, permits, outcomes and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple
from uuid import UUID

from xingnuo.kit.errors import Refused
from xingnuo.trust.policy.contracts import ActorKind, Basis, SubjectState, Tier


class Strength(IntEnum):
    """How sure the door is of who acts."""

    ANONYMOUS = 0
    SIGNED_IN = 1
    UNLOCKED = 2
    REVERIFIED = 3


class Outcome(StrEnum):
    """What the gate allows of one item."""

    PLAIN = "plain"
    MASKED = "masked"
    DENY = "deny"


class Reason(StrEnum):
    """Why the gate refuses."""

    UNKNOWN_PURPOSE = "unknown_purpose"
    UNDECLARED_ITEM = "undeclared_item"
    NOT_PUBLISHED = "not_published"
    NO_POLICY = "no_policy"
    UNKNOWN_ACTOR = "unknown_actor"
    ACTOR_NOT_ALLOWED = "actor_not_allowed"
    FOREIGN_SUBJECT = "foreign_subject"
    UNKNOWN_SUBJECT = "unknown_subject"
    NOT_ACCEPTED = "not_accepted"
    NO_CONSENT = "no_consent"
    DUE_AGAIN = "due_again"
    WITHDRAWN = "withdrawn"
    CLOSING = "closing"
    SEALED = "sealed"
    ERASED = "erased"
    MINOR = "minor"
    FROZEN = "frozen"
    DECEASED = "deceased"
    PERMISSION_OFF = "permission_off"
    PLATFORM = "platform"
    PARTNER_LAPSED = "partner_lapsed"
    SHARING_STOPPED = "sharing_stopped"
    NO_UNDERTAKING = "no_undertaking"
    NO_CASE = "no_case"
    NO_REAL_NAME = "no_real_name"
    TOO_WEAK = "too_weak"
    EXPIRED = "expired"
    FORGED = "forged"
    BAD_VALUE = "bad_value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What the device said it is; where unknown, platform-bound items are refused."""

    os: str = "web"
    version: str = ""
    vendor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, as the door found out; the gate checks it against the policy."""

    kind: ActorKind
    subject_id: UUID | None = None  # the acting person
    staff_id: str = ""  # the acting member of staff, or a partner's or sibling's id
    session_id: UUID | None = None
    strength: Strength = Strength.ANONYMOUS
    roles: frozenset[str] = frozenset()
    channel: str = "h5"  # h5 | api | worker | cli | console | hooks
    platform: Platform = field(default_factory=Platform)
    undertaking_until: datetime | None = None  # staff: signed confidentiality in date
    case_id: UUID | None = None  # staff: the open case for which they look
    reason: str = ""  # staff: the declared code of why a value is seen in plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """Leave to touch named items of one subject for one purpose, until it expires.

    Only the gate makes one that opens anything: `seal` is a secret object of the gate's.
    """

    id: UUID
    actor: Actor
    subject_id: UUID
    purpose: str
    basis: Basis
    outcomes: Mapping[str, Outcome]
    policy_version: str
    expires_at: datetime
    recipient: str = ""
    seal: object = field(default=None, repr=False, compare=False)


class GateRefusal(Refused):
    """The gate's no: which reason, for which purpose, and what can be done about it."""

    code = "gate_refused"

    def __init__(
        self,
        reason: Reason,
        *,
        purpose: str,
        items: tuple[str, ...] = (),
        recipient: str = "",
        subject_id: UUID | None = None,
        actor: Actor | None = None,
        message: str = "",
        remedy: str = "",
    ) -> None:
        self.reason = reason
        self.purpose = purpose
        self.items = items
        self.recipient = recipient
        self.subject_id = subject_id
        self.actor = actor
        super().__init__(f"{reason.value}:{purpose}", message=message, remedy=remedy)


class Shown(NamedTuple):
    """A value as the gate lets it out."""

    item: str
    slot: str
    text: str  # plain or masked, as `outcome` says
    outcome: Outcome
    written_at: datetime
    source: str


class Filed(NamedTuple):
    """A file as the gate tells of it, without opening it."""

    item: str
    slot: str
    size_bytes: int
    is_open: bool  # the permit gives its bytes
    written_at: datetime
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetItem:
    """One item on a consent sheet."""

    id: str
    name: str
    sensitive: bool
    necessity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A consent sheet as the published policy writes it; `text_hash` goes back with the answer."""

    purpose: str
    recipient: str
    title: str
    needed: tuple[SheetItem, ...]
    optional: tuple[SheetItem, ...]
    why: str
    who: tuple[str, ...]
    how_long: tuple[str, ...]
    cost: str
    accept_verb: str
    automated: bool
    version: str
    meaning: str
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An item that stays after a withdrawal: for another purpose, or by a rule of the law."""

    item: str
    purpose: str = ""
    law: str = ""  # the retention rule that keeps it


@dataclass(frozen=True, slots=True, kw_only=True)
class AtStake:
    """What withdrawing a purpose deletes, and what stays with its reason."""

    going: tuple[str, ...]
    staying: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """One standing decision, as pages show it."""

    purpose: str
    recipient: str
    items: tuple[str, ...]
    decision: str
    version: str
    at: datetime
    due_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a subject stands: state, accepted version, decisions, permissions, what is due again."""

    state: SubjectState
    since: datetime
    accepted_version: str
    policy_due: bool  # the version in force widens what accepting covered
    decisions: tuple[Granted, ...]
    permissions_on: frozenset[str]
    permission_decisions: Mapping[str, tuple[str, datetime]]  # id → (decision, when)
    sharing_stopped: frozenset[str]
    tier: Tier = Tier.NONE
