"""What leaves the unlock room: ways, how a try ended, and its refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import NotFound, Refused
from xingnuo.people.accounts.contracts import Session


class Way(StrEnum):
    """How a person may unlock; fingerprint and face are one way, since the device decides."""

    BIOMETRIC = "biometric"
    PASSWORD = "password"
    PATTERN = "pattern"

    @property
    def purpose(self) -> str:
        """Name the purpose that a person agrees to for this way."""
        return f"unlock.{self.value}"


NAMES = {Way.BIOMETRIC: "指纹或面容", Way.PASSWORD: "密码", Way.PATTERN: "手势"}


class State(StrEnum):
    """How far a way is: `off` has no row, so nothing of it is kept."""

    OFF = "off"
    PENDING = "pending"  # agreed to, not yet set
    ACTIVE = "active"
    LOCKED = "locked"  # too many wrong tries


class Step(StrEnum):
    """What may happen to a way."""

    BEGIN = "begin"
    SET = "set"
    LOCK = "lock"
    RELEASE = "release"  # after a proof at the account provider
    END = "end"


class Act(StrEnum):
    """What a challenge is made for."""

    CREATE = "create"
    UNLOCK = "unlock"
    REVERIFY = "reverify"


class Outcome(StrEnum):
    """How a try ended."""

    RIGHT = "right"
    WRONG = "wrong"
    WAIT = "wait"  # not looked at: too soon after wrong ones
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a try ended, in numbers that the person is told; on success the new session token."""

    outcome: Outcome
    way: Way
    wrong_count: int = 0
    wait_seconds: int = 0
    session: Session | None = None
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialShown:
    """One device on which fingerprint or face unlocks."""

    id: UUID
    device: str  # coarse: Android · Chrome
    label: str  # code of a name from `LABELS`, or empty
    name: str  # what is shown
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayShown:
    """One way as pages show it."""

    way: Way
    state: State
    is_chosen: bool
    is_usable: bool  # now, by the person's consent and standing
    wrong_count: int
    wait_seconds: int
    set_at: datetime | None
    used_at: datetime | None
    credentials: tuple[CredentialShown, ...]


# A device is named from a closed list: a free name would be a personal value in the clear.
LABELS: dict[str, str] = {
    "phone": "常用手机",
    "phone_2": "另一部手机",
    "phone_old": "旧手机",
    "tablet": "平板",
    "computer": "电脑",
    "computer_2": "另一台电脑",
    "work": "工作设备",
    "home": "家里的设备",
}


class AppLocked(Refused):
    """The app is locked: the person unlocks first."""

    status = 401
    code = "locked"
    message = "应用已锁定。"
    remedy = "请先解锁再继续。"


class NoSuchWay(NotFound):
    """The way or device is not there, or is not the person's: both look the same."""

    code = "no_such_way"


class NotAgreed(Refused):
    """The person has not agreed to this way."""

    status = 403
    code = "unlock_not_agreed"
    message = "还没有同意开启这种解锁方式。"
    remedy = "请在解锁方式里看清说明后决定；不开也可以用别的方式。"


class ForbiddenWayStep(Refused):
    """The way is not in a state from which the step leads on."""

    status = 409
    code = "forbidden_unlock_step"
    message = "这种解锁方式现在不能做这一步。"
    remedy = "请回到解锁方式，看看它现在的状态。"


class AnswerRefused(Refused):
    """The device's answer does not hold: `detail` says which check failed, nothing more."""

    status = 422
    code = "answer_refused"
    message = "这次验证没有通过，没有做任何改动。"
    remedy = "请再试一次；还不行就改用密码或手势。"


class TooManyDevices(Refused):
    """No further device fits."""

    status = 409
    code = "too_many_devices"
    message = "设备已经够多了，最多 10 台。"
    remedy = "请先删掉不用的设备。"


class FaceOff(Refused):
    """On an Apple device the person has not allowed face results."""

    code = "face_off"
    message = "你没有开启面容验证，我们不会使用它。"
    remedy = "可以改用密码或手势；想用面容，请在解锁方式里开启。"
