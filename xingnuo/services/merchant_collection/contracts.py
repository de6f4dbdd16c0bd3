"""What enters and leaves the room: merchants, codes, sales, settlements, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import BadInput, Conflict, NotFound, Refused


class MerchantState(StrEnum):
    """How far a merchant has come."""

    LOCATED = "located"  # the region is served; nothing more is known
    REVIEWING = "reviewing"
    OPEN = "open"
    SUSPENDED = "suspended"
    REFUSED = "refused"
    CLOSED = "closed"


_S = MerchantState
MERCHANT_STEPS: Mapping[MerchantState, frozenset[MerchantState]] = {
    _S.LOCATED: frozenset({_S.REVIEWING, _S.OPEN, _S.REFUSED, _S.CLOSED}),
    _S.REVIEWING: frozenset({_S.OPEN, _S.REFUSED, _S.CLOSED}),
    _S.OPEN: frozenset({_S.SUSPENDED, _S.CLOSED}),
    _S.SUSPENDED: frozenset({_S.OPEN, _S.CLOSED}),
    _S.REFUSED: frozenset(),
    _S.CLOSED: frozenset(),
}
LIVING = (_S.LOCATED, _S.REVIEWING, _S.OPEN, _S.SUSPENDED)


class Form(StrEnum):
    """Who the merchant is."""

    PERSON = "person"
    ENTERPRISE = "enterprise"


class CodeKind(StrEnum):
    """A static code hangs on the wall; a dynamic one is one order, once."""

    STATIC = "static"
    DYNAMIC = "dynamic"


class CodeState(StrEnum):
    """How far a code has come."""

    ACTIVE = "active"
    CLAIMED = "claimed"  # one payer's order has it
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


class SettlementState(StrEnum):
    """How far a settlement has come; `unknown` is ended by the bank's word alone."""

    PREPARED = "prepared"
    SENT = "sent"
    UNKNOWN = "unknown"
    DONE = "done"
    DECLINED = "declined"


_T = SettlementState
SETTLEMENT_STEPS: Mapping[SettlementState, frozenset[SettlementState]] = {
    _T.PREPARED: frozenset({_T.SENT}),
    _T.SENT: frozenset({_T.UNKNOWN, _T.DONE, _T.DECLINED}),
    _T.UNKNOWN: frozenset({_T.DONE, _T.DECLINED}),
    _T.DONE: frozenset(),
    _T.DECLINED: frozenset(),
}
UNDER_WAY = (_T.PREPARED, _T.SENT, _T.UNKNOWN)


class CaseKind(StrEnum):
    """What a member of staff is asked to look at."""

    REVIEW = "review"
    DECLINED = "declined"  # the bank did not pay a settlement
    WRONG_AMOUNT = "wrong_amount"
    STOPPED = "stopped"  # the gate refused to let a settlement's items go


class CaseState(StrEnum):
    """How far a case has come."""

    WAITING = "waiting"
    TAKEN = "taken"
    APPROVED = "approved"
    REFUSED = "refused"


OPEN_CASES = (CaseState.WAITING, CaseState.TAKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place of this moment, in degrees; it is used and not kept.

    Raises `BadInput` for what is no place on earth.
    """

    latitude: float = field(repr=False)
    longitude: float = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what is no place."""
        # Written so that no number that is none passes either.
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise BadInput({"place": "位置不对，请重新获取"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What a merchant says of the shop."""

    form: Form
    category: str
    name: str = field(repr=False)
    address: str = field(repr=False)
    place: Point
    card_id: UUID
    enterprise_code: str = field(default="", repr=False)
    agreed_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantShown:
    """A merchant as they see themselves."""

    id: UUID
    subject_id: UUID
    state: MerchantState
    region: str
    form: Form | None
    category: str
    card_id: UUID | None
    account_id: UUID | None
    fee_bp: int
    ground: str
    opened_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What a case is about: a shop's application, or a settlement; nothing personal."""

    ground: str = ""
    shop: MerchantShown | None = None
    net_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeShown:
    """A code with what stands on it: `text` opens it, so it goes to its merchant alone."""

    id: UUID
    kind: CodeKind
    state: CodeState
    amount_fen: int | None
    text: str = field(repr=False)
    url: str = field(repr=False)
    payment_id: UUID | None
    made_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a payer sees behind a code before anything is asked."""

    kind: CodeKind
    merchant_id: UUID
    shop: str
    amount_fen: int | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleShown:
    """A payment that the merchant received."""

    id: UUID
    amount_fen: int
    fee_fen: int
    refunded_fen: int
    settlement_id: UUID | None
    paid_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundShown:
    """Money that the merchant gave back."""

    id: UUID
    sale_id: UUID
    amount_fen: int
    is_done: bool
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementShown:
    """A settlement as the merchant sees it; it holds sales up to the end of the day before."""

    id: UUID
    state: SettlementState
    until_on: date
    gross_fen: int
    fee_fen: int
    refund_fen: int
    net_fen: int
    code: str
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A day in figures: `hours` are the fen of each Beijing hour."""

    day: date
    count: int
    gross_fen: int
    fee_fen: int
    refund_fen: int
    hours: tuple[int, ...]
    sales: tuple[SaleShown, ...]

    @property
    def net_fen(self) -> int:
        """Give what the day brought."""
        return self.gross_fen - self.fee_fen - self.refund_fen


class NoSuchMerchant(NotFound):
    """The person has no merchant account, or it is not in that state."""

    code = "no_merchant"
    message = "还没有开通收款。"
    remedy = "请到首页 › 收款码 开通。"


class NoSuchCode(NotFound):
    """No code reads so, or it is over; which of them is not told."""

    code = "no_code"
    message = "这个收款码无效或已过期。"
    remedy = "请让商家重新出示收款码。"


class NoSuchSale(NotFound):
    """There is no such sale of this merchant; another's looks the same."""

    code = "no_sale"
    message = "没有这笔收款。"
    remedy = "请回到收款记录里查看。"


class RegionNotServed(Refused):
    """The place lies in no region that is served; nothing of it was kept."""

    code = "region_not_served"
    message = "你所在的地区还不能开通收款码。"
    remedy = "其他功能照常用。位置没有留下；换了地方可以再试。"


class IdentityLacking(Refused):
    """The identity room has not confirmed all that collecting money needs."""

    code = "identity_lacking"
    message = "还差身份核验。"
    remedy = "请先完成实名、刷脸或人工核对，并上传证件照片。"


class ForbiddenMerchantStep(Conflict):
    """The merchant is not in a state from which this leads on."""

    code = "merchant_step"
    message = "现在不能这样做。"
    remedy = "请刷新后看最新状态。"


class CardOfSettlement(Refused):
    """The settlement card is not one of the person's bound cards."""

    code = "settlement_card"
    message = "这张卡不是你绑定的银行卡。"
    remedy = "请选一张已绑定的本人银行卡。"


class OwnCode(Refused):
    """A merchant may not pay themselves."""

    code = "own_code"
    message = "不能付给自己的收款码。"
    remedy = "请用别的帐号付款，或让顾客来扫。"


class CodeTaken(Conflict):
    """Another payer's order has this code."""

    code = "code_taken"
    message = "这个收款码已有人在付款。"
    remedy = "请让商家再出示一个新的收款码。"


class StaticLimit(Refused):
    """More than the law allows in a day by static codes (PBoC〔2017〕296)."""

    code = "static_limit"
    message = "固定收款码每人每天最多付 500 元，这笔会超过。"
    remedy = "请让商家出示一单一码的动态收款码，或换一种付款方式。"


class PlaceUnknown(Refused):
    """The payer's place was not given, so this way of paying is closed; others stay."""

    code = "place_unknown"
    message = "没有位置，就不能向收款码付款。"
    remedy = "可以打开位置再试，或用转账等其他方式付款。"


class FarFromShop(Refused):
    """The scan was far from the shop's registered place; it is recorded, nothing was paid."""

    code = "far_from_shop"
    message = "你的位置离登记的店铺太远，没有付款。"
    remedy = "收款码可能被人挪用。请当面向商家核对，或换一种付款方式。"


class OverSale(Refused):
    """More would be given back than was paid."""

    code = "over_sale"
    message = "退款超过了这笔还能退的金额。"
    remedy = "请核对已退金额。"


class StillMoney(Conflict):
    """Money or a settlement under way keeps a merchant from closing."""

    code = "merchant_money"
    message = "收款帐户里还有钱或正在结算，不能关闭。"
    remedy = "请等结算完成后再关闭。"
