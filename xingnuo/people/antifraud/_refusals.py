"""What the room refuses, each with its words."""

from __future__ import annotations

from xingnuo.kit.errors import Conflict, NotFound, Refused


class BadRules(Refused):
    """A rule set says something that cannot be run; `faults` names each place."""

    status = 422
    code = "bad_rules"
    message = "规则有误，没有保存。"
    remedy = "请按列出的位置修改。"

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults[:5])[:300])


class NotReleasable(Conflict):
    """A version or list does not stand where this step may be taken."""

    code = "not_releasable"
    message = "它现在的状态不能走这一步。"
    remedy = "请刷新后查看它的状态。"


class MovementDiffers(Conflict):
    """The same movement was told before with other content: neither is guessed to be right."""

    code = "movement_differs"
    message = "这一笔和之前登记的不一样。"
    remedy = "请核对这一笔的金额、方向和时间后再登记。"


class SameOfficer(Refused):
    """What needs two people is not finished by the one who began it."""

    code = "same_officer"
    message = "提出的人不能自己批准。"
    remedy = "请另一位同事来批准。"


class OwnCase(Refused):
    """Nobody decides a case that they opened, or that is about themselves."""

    code = "own_case"
    message = "不能处理自己提出的或与自己有关的事项。"
    remedy = "请交给另一位同事。"


class StaffOnly(NotFound):
    """The actor has no part in this; it looks as if there were nothing."""

    code = "not_found"


class NoSuchDecision(NotFound):
    """There is no such decision, or it is another person's: both look the same."""


class ForbiddenRiskStep(Conflict):
    """A step is not in the state's table."""

    code = "forbidden_risk_step"
    message = "这件事已经不在能这样做的状态。"
    remedy = "请刷新后查看。"


class NeedsVerify(Refused):
    """The session was begun in an unusual way and is verified before it goes on."""

    code = "needs_verify"
    message = "这次登录和平时不一样，先确认是你本人。"
    remedy = "请在星号帐号重新验证一次。"


class Spent(Refused):
    """Too many open requests of one kind."""

    status = 429
    code = "asked_already"
    message = "这件事已经有人在复核。"
    remedy = "请等复核结果，结果会告诉你。"
