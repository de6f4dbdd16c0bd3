"""What leaves the permissions room: device permissions in words for people, and the staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit import ids
from xingnuo.kit.errors import Conflict, Refused, TooMany
from xingnuo.trust.policy.contracts import ActorKind


class Setting(StrEnum):
    """How a permission stands with us; the device's own switch may close it besides."""

    NEVER_ASKED = "never_asked"
    ON = "on"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One device permission as the person sees it."""

    id: str
    name: str
    why: str
    refusal_cost: str
    by_hand: str
    applies: bool  # it exists on this platform and version
    bounds_text: str
    setting: Setting
    since: datetime | None
    text_hash: str
    purposes: tuple[str, ...]
    items: tuple[str, ...]


# ---- staff: who of ours may look, and on what conditions ---------------------------------


class StaffState(StrEnum):
    """Where a member of staff stands."""

    INVITED = "invited"  # registered, has no passkey yet
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


STAFF_STEPS: Mapping[StaffState, frozenset[StaffState]] = {
    StaffState.INVITED: frozenset({StaffState.ACTIVE, StaffState.SUSPENDED, StaffState.LEFT}),
    StaffState.ACTIVE: frozenset({StaffState.SUSPENDED, StaffState.LEFT}),
    StaffState.SUSPENDED: frozenset({StaffState.ACTIVE, StaffState.INVITED, StaffState.LEFT}),
    StaffState.LEFT: frozenset(),
}


class ReleaseState(StrEnum):
    """Where a step stands that two people take."""

    PROPOSED = "proposed"
    RELEASED = "released"
    REFUSED = "refused"


RELEASE_STEPS: Mapping[ReleaseState, frozenset[ReleaseState]] = {
    ReleaseState.PROPOSED: frozenset({ReleaseState.RELEASED, ReleaseState.REFUSED}),
    ReleaseState.RELEASED: frozenset(),
    ReleaseState.REFUSED: frozenset(),
}


class Stage(StrEnum):
    """What a session at the console is good for."""

    ENROL = "enrol"  # making the first passkey, and nothing else
    FULL = "full"


class StaffAct(StrEnum):
    """What a challenge of the console is answered for."""

    ENROL = "enrol"
    SIGN_IN = "sign_in"
    VERIFY = "verify"


class LookKind(StrEnum):
    """How a member of staff came to a person's data."""

    LOOKUP = "lookup"
    REVEAL = "reveal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of staff: which actor it is before the gate, whose queues, under which purposes."""

    id: str
    title: str
    kind: ActorKind | None  # None: never comes near anybody's data
    queues: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()  # beginnings of purpose ids

    def may(self, purpose: str) -> bool:
        """Say whether the role acts under a purpose."""
        return purpose.startswith(self.purposes) if self.purposes else False


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaking:
    """The confidentiality text that staff sign."""

    version: str
    effective_on: date
    months: int
    paragraphs: tuple[str, ...]

    @property
    def text_hash(self) -> str:
        """Give the hash of the text, which is signed with it."""
        return ids.digest("\n".join((self.version, *self.paragraphs)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a course; `right` counts from 0."""

    text: str
    answers: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A training that every member of staff passes, and passes again after its term."""

    id: str
    title: str
    months: int
    paragraphs: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of staff, with what makes the gate let them near data."""

    id: UUID
    code: str  # the staff id that evidence holds
    name: str
    state: StaffState
    roles: frozenset[str]
    since: datetime
    undertaking_until: datetime | None
    training_until: datetime | None

    @property
    def cleared_until(self) -> datetime | None:
        """Give until when both the signature and the training hold, or None."""
        if self.undertaking_until is None or self.training_until is None:
            return None
        return min(self.undertaking_until, self.training_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """A member of staff at the console."""

    id: UUID
    member: Member
    stage: Stage
    expires_at: datetime
    verified_until: datetime | None  # how long the last touch of the passkey counts


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLook:
    """Leave to see one value in plain for a few minutes; the value is not in it."""

    id: UUID
    queue: str
    case_id: UUID
    purpose: str
    item: str
    reason: str
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many values a member of staff has revealed today, of how many."""

    used: int
    limit: int
    near: int

    @property
    def is_near(self) -> bool:
        """Say whether the limit comes near."""
        return self.used >= self.near


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A step that waits for a second person."""

    id: UUID
    kind: str
    ref: UUID
    choice: str
    reason: str
    note: str
    state: ReleaseState
    proposed_by: str
    proposed_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A breach of the undertaking that was found."""

    kind: str
    at: datetime
    recorded_by: str


class CodeRefused(Refused):
    """The one-time code and the staff id do not go together, or the code is used or lapsed."""

    code = "code_refused"
    message = "工号或一次性代码不对，或者代码已经用过、过期。"
    remedy = "请向管理岗要一个新代码。"


class KeyRefused(Refused):
    """What the passkey answered proves nothing."""

    code = "key_refused"
    message = "没有通过验证。"
    remedy = "请用登记过的通行密钥再试一次。"


class SameHand(Refused):
    """Whoever asked for a step may not release it."""

    code = "same_hand"
    message = "提出的人不能自己复核。"
    remedy = "请由另一位同事复核。"


class OverBudget(TooMany):
    """Today's reveals, or this hour's look-ups, are used up."""

    code = "over_budget"
    message = "查看次数已经用完。"
    remedy = "请明天再看，或把工单交给同事。"


class NeedsTap(Refused):
    """The step needs a fresh touch of the passkey."""

    code = "needs_tap"
    message = "这一步需要再验证一次通行密钥。"
    remedy = "验证后会回到这里继续。"


class ForbiddenStaffStep(Conflict):
    """The state of a member or of a release does not allow this step."""

    code = "forbidden_staff_step"
    message = "当前状态不能进行这一步。"
    remedy = "请刷新后再看。"
