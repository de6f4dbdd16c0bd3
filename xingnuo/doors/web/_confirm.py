"""What kinds of acts the confirmation page knows: how each is told, and what follows the yes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from xingnuo.kit.errors import NotFound
from xingnuo.money.payments.contracts import Act, Confirmed
from xingnuo.trust.gate.contracts import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of act: its words, who receives, and what the yes leads to.

    `go` runs after the yes is on record and uses it up: in a transaction of its own, or, where it
    goes `in_steps`, in those that it opens itself. A question asked before leads to `over`.
    """

    title: str  # 签自动扣款
    amount_label: str  # 每笔最多
    payee: Callable[[Actor, Act], str]
    go: Callable[[HttpRequest, Confirmed], HttpResponse]
    back: Callable[[Act], str]
    in_steps: bool = False
    over: Callable[[Act], str] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: str, how: Kind) -> None:
    """Let the confirmation page know a kind of act."""
    _kinds[kind] = how


def kind_of(act: Act) -> Kind:
    """Give how an act is told; one that no page registered has none."""
    if act.kind not in _kinds:
        raise NotFound
    return _kinds[act.kind]
