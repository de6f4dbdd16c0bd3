"""Bound cards as they leave the room: checks at the bank, cards, and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import Conflict, NotFound, Refused


class Aim(StrEnum):
    """What a check of a card is for."""

    BIND = "bind"
    RESET = "reset"  # the person proves themselves by a card that is theirs already


class CheckState(StrEnum):
    """Where a check stands. `unknown` is ended by the bank's own record alone."""

    REVIEWING = "reviewing"  # a person of ours looks first
    ASKING = "asking"  # on record with its parcel; the answer is not on record yet
    CODE = "code"  # the bank has texted a code, and waits for it
    CONFIRMING = "confirming"
    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LAPSED = "lapsed"  # given up, or nobody went on with it


OPEN_CHECKS = (
    CheckState.REVIEWING,
    CheckState.ASKING,
    CheckState.CODE,
    CheckState.CONFIRMING,
    CheckState.UNKNOWN,
)


class CheckGround(StrEnum):
    """Why a check ended as it did: declared codes, told to the person in words."""

    NONE = ""
    NOT_THE_SAME = "not_the_same"
    CARD_LOST = "card_lost"
    CARD_CLOSED = "card_closed"
    UNSUPPORTED = "unsupported"
    CODE_EXPIRED = "code_expired"
    CODE_SPENT = "code_spent"
    NOT_TAKEN = "not_taken"
    SCREENED = "screened"  # refused by the check of unusual acts
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given_up"


class CardState(StrEnum):
    """Where a card stands."""

    BOUND = "bound"
    UNBOUND = "unbound"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown:
    """A bound card as pages and payments see it; its number never is among it."""

    id: UUID
    bank: str
    last_four: str
    is_default: bool
    channels: tuple[str, ...]
    bound_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckShown:
    """How far a check of a card is."""

    id: UUID
    aim: Aim
    state: CheckState
    ground: CheckGround
    tries_left: int | None
    card_id: UUID | None
    began_at: datetime
    ended_at: datetime | None


class NoSuchCard(NotFound):
    """The card or check is not there, or is another person's: both look the same."""

    code = "no_such_card"


class CardKnown(Conflict):
    """The person has bound this card already, or its check is still open."""

    code = "card_known"
    message = "这张卡已经绑定，或正在核对，不用再绑一次。"
    remedy = "请回到银行卡页查看。"


class CardTaken(Conflict):
    """The number stands for another account; whose, nobody is told."""

    code = "card_taken"
    message = "这张卡不能绑定到这个帐号。"
    remedy = "请用你本人名下的另一张卡；如果卡是你的，请找客服核对。"


class TooManyCards(Conflict):
    """No further card fits."""

    code = "too_many_cards"
    message = "绑定的银行卡已经够多了。"
    remedy = "请先解绑一张不用的卡。"


class CardInUse(Conflict):
    """Something of the card's is not finished: it is asked about first, or waited for."""

    code = "card_in_use"
    message = "这张卡还有没办完的事，暂时不能解绑。"
    remedy = "请按页面上的说明处理后再解绑。"


class ForbiddenCardStep(Conflict):
    """The check or card is not in a state from which the step leads on."""

    code = "forbidden_card_step"
    message = "这一步现在不能做，状态已经变了。"
    remedy = "请回到银行卡页看最新状态。"


class CardScreened(Refused):
    """The check of unusual acts refused the binding; its decision stays on record."""

    code = "card_screened"
    message = "为了你的资金安全，这张卡现在不能绑定。"
    remedy = "可在“隐私设置 › 自动化决策”查看原因，并要求人工复核。"
