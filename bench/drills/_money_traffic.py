"""Traffic of the money drill: commands with ids of their own, carried out by processes that die."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from bench import _payers as payers
from bench import report
from bench._payers import Payer
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import XingnuoError
from xingnuo.money.payments import actions
from xingnuo.money.payments.contracts import Order, PaymentKind, Way

POINTS = ("payments.after_sent", "payments.after_send")
KILLED = 137
ORDER_OPEN = timedelta(seconds=60)
# What goes wrong at the partners, by service and operation; most requests go well.
_PAY = ("decline", "late(300)", "silence", "early(50)", "wrong_amount", "bad_signature",
        "timeout_before(200)", "timeout_after(200)", "reset", "slow(100)", "5xx")  # fmt: skip
_ASK = ("bad_signature", "lag", "wrong_amount", "timeout_after(100)", "reset", "5xx")
_REFUND = ("late(300)", "wrong_amount", "bad_signature", "timeout_after(200)", "reset", "5xx")
_NOTIFY = ("silence", "late(300)", "duplicate", "reordered", "bad_signature", "stale",
           "wrong_amount", "wrong_merchant")  # fmt: skip
_CHANNEL = {
    "pay": _PAY, "query": _ASK, "refund": _REFUND, "query_refund": _ASK,
    "close": ("bad_signature", "decline", "5xx"), "notify": _NOTIFY,
}  # fmt: skip
_NOT_UNIONPAY = ("close", "query_refund")  # it has no such questions
_BANK = ("timeout_after(200)", "timeout_before(200)", "reset", "5xx", "slow(100)")
WRONG_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a person does; its ids stand before it begins, so it can be repeated."""

    who: int
    order: Order | None = None
    way: Way = Way.CARD
    refund_of: UUID | None = None
    refund_id: UUID | None = None
    amount_fen: int = 0


def plan(dice: random.Random, people: Sequence[Payer], count: int) -> list[Command]:
    """Draw orders; each payment to another may be given back in part by a later command."""
    made: list[Command] = []
    paid: list[Command] = []
    for at in range(count):
        who = dice.randrange(len(people))
        drawn = dice.random()
        if drawn < 0.08 and paid:
            made.append(_refund(dice, dice.choice(paid)))
            continue
        one = _pay(dice, people, who, drawn, at)
        made.append(one)
        if one.order is not None and one.order.kind is PaymentKind.PAY:
            paid.append(one)
    return made


def _refund(dice: random.Random, of: Command) -> Command:
    assert of.order is not None
    amount = dice.choice((of.order.amount_fen, of.order.amount_fen // 3 + 1))
    return Command(of.who, refund_of=of.order.id, refund_id=ids.uuid7(), amount_fen=amount)


def _pay(dice: random.Random, people: Sequence[Payer], who: int, drawn: float, at: int) -> Command:
    other = people[(who + 1 + dice.randrange(len(people) - 1)) % len(people)]
    amount = dice.randrange(100, 2_000)
    me, until = people[who], clock.now() + ORDER_OPEN + timedelta(seconds=at // 4)
    if drawn < 0.35:
        return Command(who, me.order(PaymentKind.TOP_UP, amount, expires_at=until))
    if drawn < 0.65:
        order = me.order(PaymentKind.PAY, amount, to=other, fee_fen=amount // 50, expires_at=until)
        return Command(who, order, dice.choice((Way.CARD, Way.CARD, Way.BALANCE)))
    if drawn < 0.85:
        order = me.order(PaymentKind.TRANSFER, amount, to=other, expires_at=until)
        return Command(who, order, Way.BALANCE)
    return Command(who, me.order(PaymentKind.WITHDRAW, amount, expires_at=until), Way.BALANCE)


def misbehave(dice: random.Random, length: int) -> None:
    """Write what goes wrong next at each partner."""
    for rail in ("alipay", "wechat", "unionpay"):
        for operation, kinds in _CHANNEL.items():
            if rail != "unionpay" or operation not in _NOT_UNIONPAY:
                _script(dice, rail, operation, kinds, length)
    _script(dice, "bank", "pay_out", _BANK, length)


def _script(
    dice: random.Random, service: str, operation: str, kinds: Sequence[str], length: int
) -> None:
    script = [dice.choice(kinds) if dice.random() < WRONG_SHARE else "ok" for _ in range(length)]
    told = {"service": service, "operation": operation, "script": script}
    payers.outside("/faults", told)


def carry_out(
    journal: Path, people: Sequence[Payer], some: Sequence[Command], *, crash_at: str, seed: int
) -> int:
    """Carry commands out in a process of its own; gives its process id."""
    report.close()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        if crash_at:
            os.environ["XN_CRASH_AT"] = crash_at
        ids.seed(seed)
        with journal.open("a") as said:
            for one in some:
                line = {"id": str(_id(one)), "told": _told(people[one.who], one)}
                said.write(json.dumps(line) + "\n")
                said.flush()
        status = 0
    finally:
        os._exit(status)


def _id(one: Command) -> UUID:
    found = one.order.id if one.order is not None else one.refund_id
    assert found is not None
    return found


def _told(payer: Payer, one: Command) -> str:
    """Do it and give the state that was acknowledged, or the code of the refusal."""
    try:
        if one.order is not None:
            return payer.pay(payer.create(one.order), one.way).state.value
        assert one.refund_of is not None and one.refund_id is not None
        with transaction.atomic():
            permit = actions.keeping(payer.subject_id)
            return actions.refund(
                permit,
                payment_id=one.refund_of,
                refund_id=one.refund_id,
                amount_fen=one.amount_fen,
                reason="drill",
            ).state.value
    except XingnuoError as error:
        return f"refused {error.code}"
    except Exception as error:  # noqa: BLE001 (told to the parent, which counts it as a fault)
        return f"error {type(error).__name__} {error}"[:300]


def read(journal: Path) -> dict[UUID, str]:
    """Give what was acknowledged so far, by id; a line cut by a kill is none."""
    found: dict[UUID, str] = {}
    for line in journal.read_text().splitlines() if journal.exists() else ():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        found[UUID(told["id"])] = told["told"]
    return found


def left(some: Sequence[Command], told: dict[UUID, str]) -> list[Command]:
    """Give the commands that nobody heard an answer to."""
    return [one for one in some if _id(one) not in told]


def wait(children: Sequence[int], *, seconds: float) -> list[int]:
    """Wait for processes; gives their exit codes; whoever is not done by then is killed."""
    until, codes = time.monotonic() + seconds, []
    for child in children:
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                codes.append(os.waitstatus_to_exitcode(status))
                break
            if time.monotonic() > until:
                os.kill(child, 9)
                until += 5
            time.sleep(0.02)
    return codes
