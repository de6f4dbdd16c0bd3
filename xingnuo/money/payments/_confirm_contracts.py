"""The payment password and confirmations as they leave the room."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import BadInput, Conflict, NotFound, Refused

AMOUNT_FEN_MAX = 10**13
_KIND = re.compile(r"[a-z][a-z_]{1,23}")
_PAYEE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class ConfirmWay(StrEnum):
    """How a person says that it is they, and that this is what they want."""

    PASSWORD = "password"
    DEVICE = "device"  # fingerprint or face, checked by the device; we see a signature


class ConfirmState(StrEnum):
    """Where a confirmation stands; `used` is for once."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    USED = "used"
    VOID = "void"  # too many wrong tries


class TryOutcome(StrEnum):
    """How a try of the payment password ended."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"


class ResetState(StrEnum):
    """How far a reset of the payment password is."""

    WRONG = "wrong"  # the document's number was not the person's
    NAMED = "named"
    DONE = "done"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is confirmed: exactly this moves, or nothing. Raises `BadInput` for what is no act.

    `payee` is a steady id of who receives, never a name or number in the clear.
    """

    kind: str
    amount_fen: int
    payee: str
    ref: UUID

    def __post_init__(self) -> None:
        """Refuse what is no amount, no kind or no payee."""
        amount = self.amount_fen
        bad: dict[str, str] = {}
        if isinstance(amount, bool) or not isinstance(amount, int):
            bad["amount"] = "金额要是整数分"
        elif not 0 < amount <= AMOUNT_FEN_MAX:
            bad["amount"] = "金额超出范围"
        if not _KIND.fullmatch(self.kind):
            bad["kind"] = "这种付款没有登记"
        if not _PAYEE.fullmatch(self.payee):
            bad["payee"] = "收款方不对"
        if bad:
            raise BadInput(bad)


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A question to the payer, open for five minutes."""

    id: UUID
    act: Act
    expires_at: datetime
    ways: frozenset[ConfirmWay]
    state: ConfirmState = ConfirmState.ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A payer's yes to one act: good for five minutes, and once."""

    id: UUID
    act: Act
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a try ended; `left` is how many remain before the next lock."""

    outcome: TryOutcome
    left: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordShown:
    """Whether a payment password stands, and how it is with wrong tries; nothing of itself."""

    is_set: bool
    is_agreed: bool
    set_at: datetime | None
    wrong_count: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetShown:
    """How far a reset is, and by what it is proven."""

    id: UUID
    state: ResetState
    check_id: UUID | None
    began_at: datetime
    expires_at: datetime
    is_proven: bool


class NoPassword(Refused):
    """No payment password is set."""

    status = 409
    code = "no_payment_password"
    message = "还没有设支付密码。"
    remedy = "请先在“我的 › 设置 › 支付密码”里设置。"


class PasswordWrong(Refused):
    """The payment password was wrong; the try is counted."""

    status = 422
    code = "payment_password_wrong"
    message = "支付密码不对。"
    remedy = "请再试一次，或去重置。"


class PasswordLocked(Refused):
    """Too many wrong tries: the payment password rests for hours."""

    status = 423
    code = "payment_password_locked"
    message = "支付密码错的次数太多，先锁住了，钱没有动。"
    remedy = "请等到页面上的时间再试，或在“我的 › 设置 › 重置支付密码”里重置。"


class NotConfirmed(Conflict):
    """There is no live yes of the payer's to use: none was given, it is spent, or it is over."""

    code = "not_confirmed"
    message = "这笔还没有确认，或确认已过期，钱没有动。"
    remedy = "请重新确认一次。"


class OtherThanConfirmed(Conflict):
    """What is about to happen is not what the payer confirmed."""

    code = "other_than_confirmed"
    message = "金额或收款方和你确认的不一样，没有付款。"
    remedy = "请核对后重新确认。"


class NoSuchConfirmation(NotFound):
    """The confirmation is not there, or is another person's: both look the same."""

    code = "no_such_confirmation"


class DeviceRefused(Refused):
    """The device's answer does not hold."""

    status = 422
    code = "device_refused"
    message = "指纹或面容没有通过，钱没有动。"
    remedy = "请再试一次，或改用支付密码。"


class NoSuchReset(NotFound):
    """The reset is not there, is over, or is another person's: all look the same."""

    code = "no_such_reset"


class NotProven(Refused):
    """A reset needs the person proven by card or face first."""

    status = 409
    code = "reset_not_proven"
    message = "还没有验证是你本人。"
    remedy = "请先用银行卡或刷脸验证。"


class NotAgreedTo(Refused):
    """The person has not agreed to a payment password."""

    status = 403
    code = "payment_password_not_agreed"
    message = "还没有同意设置支付密码。"
    remedy = "请看清说明后决定；不设也可以用指纹或面容确认付款。"
