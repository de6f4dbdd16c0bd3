"""What the confirmation page tells of the change card's movements, and what the yes leads to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _confirm
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web import _wallet_words as words
from xingnuo.doors.web._pages import actor
from xingnuo.money.payments.contracts import Act, Confirmed
from xingnuo.services.wallet_card import actions
from xingnuo.services.wallet_card.contracts import MONEY, MoveKind
from xingnuo.trust.gate.contracts import Actor

PREFIX = "wallet_"


def _kind(act: Act) -> MoveKind:
    return MoveKind(act.kind.removeprefix(PREFIX))


def _payee(who: Actor, act: Act) -> str:
    return words.PLACES[_kind(act)]


def _back(act: Act) -> str:
    saving = "deposit" in act.kind or "fund" in act.kind
    return reverse("wallet_save" if saving else "wallet_move")


def _over(act: Act) -> str:
    return reverse("wallet_one", args=[act.ref])


def _go(request: HttpRequest, yes: Confirmed) -> HttpResponse:
    actions.move(
        actor(request),
        kind=_kind(yes.act),
        amount_fen=yes.act.amount_fen,
        number=yes.act.ref,
        confirmation_id=yes.id,
        **forms.signals(request),
    )
    return see_other(_over(yes.act))


def register() -> None:
    """Let the confirmation page know every movement of the card."""
    for kind in MONEY:
        _confirm.register(
            f"{PREFIX}{kind.value}",
            _confirm.Kind(
                title=words.KINDS[kind],
                amount_label="金额",
                payee=_payee,
                go=_go,
                back=_back,
                in_steps=True,
                over=_over,
            ),
        )
