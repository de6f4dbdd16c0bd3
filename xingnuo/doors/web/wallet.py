"""首页 › 零钱卡: opened at the bank, money moved by the person's yes, seen with its time, closed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _asking, _wallet_acts
from xingnuo.doors.web import _identity_forms as leads
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web import _wallet_words as words
from xingnuo.doors.web._pages import actor, person, show, subject, with_query
from xingnuo.doors.web._when import moment
from xingnuo.kit import clock
from xingnuo.kit.amount import fen_of
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import queries as payments
from xingnuo.money.payments.contracts import NoSuchCard
from xingnuo.services.wallet_card import actions, queries
from xingnuo.services.wallet_card.contracts import (
    LIVE,
    OPEN,
    RECIPIENT,
    SHOW,
    USE,
    AccountState,
    AssetsShown,
    MoveKind,
    MoveShown,
    NoAccount,
    NotEmpty,
    OverLimit,
    Short,
)
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.policy.contracts import Tier

OPENING: tuple[leads.Pair, ...] = ((OPEN, ""), (OPEN, RECIPIENT))
USING: tuple[leads.Pair, ...] = ((USE, ""), (USE, RECIPIENT))
SHOWING: tuple[leads.Pair, ...] = ((SHOW, ""),)
CREDITED: tuple[leads.Pair, ...] = (("payments.service", ""),)
MOVING = (MoveKind.TOP_UP, MoveKind.WITHDRAW, MoveKind.SPEND)
SAVING = (MoveKind.BUY_DEPOSIT, MoveKind.SELL_DEPOSIT, MoveKind.BUY_FUND, MoveKind.SELL_FUND)
TYPED = ("kind", "amount")
CENTURY_YEARS = range(2000, 2100)


@require_GET
@person
def wallet(request: HttpRequest) -> HttpResponse:
    """Show the card: what it holds with the time, what is under way, and every way on."""
    account = queries.account(actor(request))
    if account is None or account.state in (AccountState.DECLINED, AccountState.CLOSED):
        why = words.why(account.code) if account and account.code else ""
        closed = account is not None and account.state is AccountState.CLOSED
        return show(request, "wallet/closed", {"why": why, "closed": closed})
    if account.state is AccountState.OPENING:
        move = queries.move(actor(request), number=account.id)
        return show(request, "wallet/opening", {"move": move, "said": words.said(move)})
    may_see = _asking.is_on(gate.standing(subject(request)), SHOW)
    assets = queries.assets(actor(request)) if may_see else None
    shown = {
        "account": account,
        "may_see": may_see,
        "ask_show": _asking.address(SHOW, to=reverse("wallet")),
        "assets": assets,
        "at": moment(assets.at) if assets else "",
        "facts": _facts(assets) if assets else [],
        "waiting": [_line(one) for one in queries.under_way(actor(request))],
    }
    return show(request, "wallet/wallet", shown)


def _facts(assets: AssetsShown) -> list[dict[str, object]]:
    return [
        {"label": "活期存款", "fen": assets.deposit_fen},
        {"label": "货币基金", "fen": assets.fund_fen},
        {"label": "累计收益", "fen": assets.income_fen},
    ]


def _line(one: MoveShown) -> dict[str, object]:
    return {
        "one": one,
        "title": words.KINDS[one.kind],
        "word": words.STATES[one.state],
        "at": moment(one.made_at),
        "icon": words.ICONS.get(one.kind, "wallet"),
    }


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def wallet_open(request: HttpRequest) -> HttpResponse:
    """Choose the bound card and have the bank open the account."""
    here = reverse("wallet_open")
    if leads.stands(request).tier < Tier.PRESENT:
        messages.info(request, "开零钱卡前，先完成实名认证里的本人到场核验。")
        return see_other(reverse("real_name"))
    if (lead := leads.first(request, OPENING, here, proved=True)) is not None:
        return lead
    with transaction.atomic():
        mine = payments.my_cards(actor(request))
    if not mine:
        messages.info(request, "开零钱卡前，先绑定一张你自己的银行卡。")
        return see_other(reverse("cards"))
    shown = {
        "cards": [(str(card.id), f"{card.bank} 尾号 {card.last_four}") for card in mine],
        "first_card": str(mine[0].id),
    }
    if request.method == "GET":
        return forms.form(request, "wallet/open", shown)
    try:
        account = actions.open_card(
            actor(request), card_id=_card(request), number=leads.key_of(request)
        )
    except (BadInput, NoSuchCard):
        bad = BadInput({"card": "请选一张绑定的卡"})
        return forms.form(request, "wallet/open", shown, bad=bad, typed=("card",))
    if account.state is AccountState.OPEN:
        messages.success(request, "零钱卡开好了。")
    return see_other(reverse("wallet"))


def _card(request: HttpRequest) -> UUID:
    try:
        return UUID(text(request, "card", limit=40))
    except ValueError:
        raise BadInput({"card": "请选一张绑定的卡"}) from None


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def wallet_move(request: HttpRequest) -> HttpResponse:
    """Top up, withdraw, or bring to the payment balance."""
    return _moving(request, "wallet/move", MOVING, reverse("wallet_move"))


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def wallet_save(request: HttpRequest) -> HttpResponse:
    """Buy and sell demand deposits and the money fund."""
    return _moving(request, "wallet/save", SAVING, reverse("wallet_save"))


def _moving(
    request: HttpRequest, page: str, kinds: tuple[MoveKind, ...], here: str
) -> HttpResponse:
    with transaction.atomic():
        account = queries.account(actor(request))
    if account is None or account.state is not AccountState.OPEN:
        return see_other(reverse("wallet"))
    if (lead := leads.first(request, USING, here)) is not None:
        return lead
    shown = {"kinds": [(kind.value, words.KINDS[kind]) for kind in kinds], "first": kinds[0].value}
    if request.method == "GET":
        return forms.form(request, page, shown)
    try:
        kind = _kind(request, kinds)
        fen = fen_of(text(request, "amount", limit=16))
        if kind is MoveKind.SPEND and (lead := leads.first(request, CREDITED, here)) is not None:
            return lead
        with transaction.atomic():
            asked = actions.ask(
                actor(request), kind=kind, amount_fen=fen, number=leads.key_of(request)
            )
    except BadInput as bad:
        return forms.form(request, page, shown, bad=bad, typed=TYPED)
    except (OverLimit, Short) as no:
        over = BadInput({"amount": no.message_text})
        return forms.form(request, page, shown, bad=over, typed=TYPED)
    return see_other(reverse("confirm_act", args=[asked.id]))


def _kind(request: HttpRequest, kinds: tuple[MoveKind, ...]) -> MoveKind:
    typed = text(request, "kind", limit=20)
    found = next((kind for kind in kinds if kind.value == typed), None)
    if found is None:
        raise BadInput({"kind": "请选一种"})
    return found


@require_GET
@person
def wallet_one(request: HttpRequest, movement: UUID) -> HttpResponse:
    """Show one movement and how it stands."""
    move = queries.move(actor(request), number=movement)
    shown = {
        **_line(move),
        "said": words.said(move),
        "live": move.state in LIVE,
        "ended": moment(move.ended_at),
        "has_amount": move.amount_fen > 0,
    }
    return show(request, "wallet/one", shown)


@require_POST
@own_transactions
@person
def wallet_again(request: HttpRequest, movement: UUID) -> HttpResponse:
    """Ask the bank once more what became of a movement."""
    with transaction.atomic():
        known = queries.move(actor(request), number=movement)
    actions.ask_bank(subject_id=subject(request), number=known.id)
    opening = known.kind is MoveKind.OPEN
    return see_other(reverse("wallet") if opening else reverse("wallet_one", args=[movement]))


@require_POST
@own_transactions
@person
def wallet_refresh(request: HttpRequest) -> HttpResponse:
    """Fetch what the account holds, by the person's leave."""
    if (lead := leads.first(request, SHOWING, reverse("wallet"))) is not None:
        return lead
    if actions.refresh(actor(request)) is None:
        messages.warning(request, "银行现在没有答复，请稍后再取。")
    return see_other(reverse("wallet"))


@require_GET
@person
def wallet_statement(request: HttpRequest) -> HttpResponse:
    """Show a month: every movement and income."""
    if not _asking.is_on(gate.standing(subject(request)), SHOW):
        return see_other(_asking.address(SHOW, to=reverse("wallet_statement")))
    today = clock.today()
    first = _month(request, today)
    found = queries.statement(actor(request), day=first)
    here = reverse("wallet_statement")
    before = first.replace(year=first.year - (first.month == 1), month=(first.month - 2) % 12 + 1)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    shown = {
        "month": f"{first.year} 年 {first.month} 月",
        "found": found,
        "lines": [_line(one) for one in found.moves],
        "before": with_query(here, month=f"{before:%Y-%m}"),
        "after": with_query(here, month=f"{after:%Y-%m}") if after <= today else "",
    }
    return show(request, "wallet/statement", shown)


def _month(request: HttpRequest, today: date) -> date:
    try:
        typed = date.fromisoformat(f"{request.GET.get('month', '')[:7]}-01")
    except ValueError:
        typed = today
    return typed.replace(day=1) if typed.year in CENTURY_YEARS else today.replace(day=1)


@require_GET
@person
def wallet_limits(request: HttpRequest) -> HttpResponse:
    """Show the limits by law and ours, and what is left of them."""
    return show(request, "wallet/limits", {"limits": queries.my_limits(actor(request))})


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def wallet_close(request: HttpRequest) -> HttpResponse:
    """Say what closing does, then have the bank do it."""
    with transaction.atomic():
        account = queries.account(actor(request))
    if account is None or account.state is not AccountState.OPEN:
        return see_other(reverse("wallet"))
    if (lead := leads.first(request, (), reverse("wallet_close"), proved=True)) is not None:
        return lead
    if request.method == "GET":
        return forms.form(request, "wallet/close")
    number = leads.key_of(request)
    try:
        after = actions.close_card(actor(request), number=number)
    except NotEmpty as no:
        answer = forms.form(request, "wallet/close", {"why": f"{no.message_text}{no.remedy_text}"})
        answer.status_code = no.status
        return answer
    except NoAccount:
        return see_other(reverse("wallet"))
    if after.state is AccountState.CLOSED:
        messages.success(request, "零钱卡已销户。")
        return see_other(reverse("wallet"))
    return see_other(reverse("wallet_one", args=[number]))


_wallet_acts.register()

HERE = "wallet-card/"
urlpatterns = [
    path(HERE, wallet, name="wallet"),
    path(f"{HERE}open/", wallet_open, name="wallet_open"),
    path(f"{HERE}move/", wallet_move, name="wallet_move"),
    path(f"{HERE}save/", wallet_save, name="wallet_save"),
    path(f"{HERE}refresh/", wallet_refresh, name="wallet_refresh"),
    path(f"{HERE}statement/", wallet_statement, name="wallet_statement"),
    path(f"{HERE}limits/", wallet_limits, name="wallet_limits"),
    path(f"{HERE}close/", wallet_close, name="wallet_close"),
    path(f"{HERE}moves/<uuid:movement>/", wallet_one, name="wallet_one"),
    path(f"{HERE}moves/<uuid:movement>/again/", wallet_again, name="wallet_again"),
]
