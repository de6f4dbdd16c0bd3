"""我的 › 设置 › 自动扣款: signed with its limits, told before each debit, stopped in one step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _confirm
from xingnuo.doors.web import _identity_forms as leads
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web._pages import actor, person, show
from xingnuo.doors.web._when import day, moment
from xingnuo.doors.web.cards import card_of
from xingnuo.kit import amount, clock
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    AGREEMENT_ACT,
    AMOUNT_MAX_FEN,
    Act,
    AgreementKind,
    AgreementShown,
    AgreementState,
    Confirmed,
    DebitState,
    NoSuchCard,
)
from xingnuo.trust.gate.contracts import Actor

LEAVE: tuple[leads.Pair, ...] = (
    ("payments.auto_debit", ""),
    ("payments.auto_debit", "settlement_bank"),
)
KINDS = {AgreementKind.LOAN_REPAY: "还借款", AgreementKind.INSURANCE: "交保费"}
STATES = {
    AgreementState.DRAFT: ("还没签", "warn"),
    AgreementState.ACTIVE: ("生效中", "good"),
    AgreementState.CANCELLED: ("已停", ""),
    AgreementState.ENDED: ("已到期", ""),
}
DEBITS = {
    DebitState.NOTICED: ("已告知", "info"),
    DebitState.TRYING: ("还没有结果", "info"),
    DebitState.WAITING: ("没扣成，会再试", "warn"),
    DebitState.DONE: ("已扣", "good"),
    DebitState.GIVEN_UP: ("没扣成，不再试", "bad"),
    DebitState.CANCELLED: ("已取消", ""),
}
TYPED = ("kind", "card", "limit", "month_limit", "until")
YEAR_DAYS = 365


@require_GET
@person
def auto_debit(request: HttpRequest) -> HttpResponse:
    """List agreements: live ones first, then those that are over."""
    rows = [
        {
            "one": each,
            "kind": KINDS[each.kind],
            "word": STATES[each.state],
            "until": day(each.until),
        }
        for each in queries.agreements(actor(request))
    ]
    live = [row for row in rows if row["word"] == STATES[AgreementState.ACTIVE]]
    over = [row for row in rows if row not in live]
    return show(request, "pay/debits", {"live": live, "over": over})


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def auto_debit_new(request: HttpRequest) -> HttpResponse:
    """Write an agreement down, then ask for the person's yes to its limit and payee."""
    if (lead := leads.first(request, LEAVE, reverse("auto_debit_new"))) is not None:
        return lead
    with transaction.atomic():
        mine = queries.my_cards(actor(request))
    if not mine:
        messages.info(request, "签自动扣款前，先绑定一张银行卡。")
        return see_other(reverse("cards"))
    shown = {
        "kinds": [(kind.value, name) for kind, name in KINDS.items()],
        "cards": [(str(card.id), f"{card.bank} 尾号 {card.last_four}") for card in mine],
        "first_card": str(mine[0].id),
        "year": (clock.today() + timedelta(days=YEAR_DAYS)).isoformat(),
    }
    if request.method == "GET":
        return forms.form(request, "pay/new_debit", shown)
    try:
        with transaction.atomic():
            draft = actions.draft_agreement(
                actor(request), **_typed(request), key=leads.key_of(request)
            )
            asked = actions.ask_confirmation(
                actor(request),
                subject_id=_me(actor(request)),
                act=actions.act_of(draft),
            )
    except BadInput as bad:
        return forms.form(request, "pay/new_debit", shown, bad=bad, typed=TYPED)
    return see_other(reverse("confirm_act", args=[asked.id]))


def _me(who: Actor) -> UUID:
    assert who.subject_id is not None, "a page for a person without one"
    return who.subject_id


def _typed(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {}
    bad: dict[str, str] = {}
    readers = {
        "kind": _kind, "card_id": _card, "limit_fen": _limit, "month_limit_fen": _month,
        "until": _until,
    }  # fmt: skip
    for name, read in readers.items():
        try:
            found[name] = read(request)
        except BadInput as error:
            bad |= error.fields
    if bad:
        raise BadInput(bad)
    return found


def _kind(request: HttpRequest) -> AgreementKind:
    try:
        return AgreementKind(text(request, "kind", limit=20))
    except ValueError:
        raise BadInput({"kind": "请选一种"}) from None


def _card(request: HttpRequest) -> UUID:
    try:
        return card_of(request, UUID(text(request, "card", limit=40))).id
    except (ValueError, NoSuchCard):
        raise BadInput({"card": "请选一张绑定的卡"}) from None


def _limit(request: HttpRequest) -> int:
    return fen_of(request, "limit")


def _month(request: HttpRequest) -> int:
    return fen_of(request, "month_limit")


def fen_of(request: HttpRequest, name: str) -> int:
    """Read an amount in yuan with at most two places, and give it in fen."""
    typed = text(request, name, limit=40, needed=False)
    return amount.fen_of(typed, name=name, most_fen=AMOUNT_MAX_FEN)


def _until(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(text(request, "until", limit=10))
    except ValueError:
        raise BadInput({"until": "请选一个日期，例如 2027-11-23"}) from None


@require_GET
@person
def auto_debit_one(request: HttpRequest, agreement: UUID) -> HttpResponse:
    """Show one agreement with its limits and debits."""
    known = queries.agreement(actor(request), agreement_id=agreement)
    debits = [
        {
            "one": each,
            "day": day(each.due_on),
            "word": DEBITS[each.state],
            "next": day(each.next_on),
        }
        for each in queries.debits(actor(request), agreement_id=agreement)
    ]
    shown = {
        "agreement": known,
        "kind": KINDS[known.kind],
        "word": STATES[known.state],
        "until": day(known.until),
        "signed": moment(known.signed_at),
        "cancelled": moment(known.cancelled_at),
        "card": _card_line(request, known),
        "debits": debits,
        "live": known.state is AgreementState.ACTIVE,
    }
    return show(request, "pay/debit", shown)


def _card_line(request: HttpRequest, known: AgreementShown) -> str:
    mine = queries.my_cards(actor(request))
    card = next((one for one in mine if one.id == known.card_id), None)
    return f"{card.bank} 尾号 {card.last_four}" if card else "已解绑的卡"


@require_POST
@person
def auto_debit_stop(request: HttpRequest, agreement: UUID) -> HttpResponse:
    """Stop an agreement in one step."""
    actions.cancel_agreement(actor(request), agreement_id=agreement)
    messages.success(request, "自动扣款已停，以后不会再按它扣钱。没付的请记得自己付。")
    return see_other(reverse("auto_debit"))


def _signed(request: HttpRequest, yes: Confirmed) -> HttpResponse:
    actions.sign_agreement(actor(request), agreement_id=yes.act.ref, confirmation_id=yes.id)
    messages.success(request, "自动扣款已签。每次扣款前都会先告诉你，随时可以停。")
    return see_other(reverse("auto_debit_one", args=[yes.act.ref]))


def _payee(who: Actor, act: Act) -> str:
    return queries.payee_name(act.payee)


def _back(act: Act) -> str:
    return reverse("auto_debit")


_confirm.register(
    AGREEMENT_ACT,
    _confirm.Kind(
        title="签自动扣款", amount_label="每笔最多", payee=_payee, go=_signed, back=_back
    ),
)

HERE = "me/settings/auto-debit/"
urlpatterns = [
    path(HERE, auto_debit, name="auto_debit"),
    path(f"{HERE}new/", auto_debit_new, name="auto_debit_new"),
    path(f"{HERE}<uuid:agreement>/", auto_debit_one, name="auto_debit_one"),
    path(f"{HERE}<uuid:agreement>/stop/", auto_debit_stop, name="auto_debit_stop"),
]
