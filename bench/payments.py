"""Payments from the balance: 150 a second, as long as one likes.

`xingnuo bench payments [--seconds 600] [--json]`. Bar: 150 a second with no error and a p99 under
300 ms, counted from the moment at which each was due, so that a queue that builds up shows. Four
processes like the web's do what the pay page does: the order with its record in the vault, the
question, the payer's yes, then risk, limits, consent, evidence and the books. The yes is taken as
from a device: the check of its signature, or of a password, is not part of the figure.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from django.db import transaction

from bench import _payers as payers
from bench import recon, report
from bench._payers import Payer
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.money.ledger.contracts import HouseKind, house
from xingnuo.money.payments import _confirm_acts as confirming
from xingnuo.money.payments import actions
from xingnuo.money.payments.contracts import (
    ConfirmWay,
    Order,
    Payee,
    PaymentKind,
    PaymentState,
    Way,
)
from xingnuo.money.payments.models import ConfirmationRow

RATE, SECONDS, PROCESSES = 150, 20, 4
PEOPLE, WARM = 40, 30
MONEY_FEN, PRICE_FEN = 4_000_000, 100
BAR_MS = 300.0
SHOP = Payee(id="bench.shop", name="演示商户", account_id=house(HouseKind.INCOME))


def pay(payer: Payer) -> bool:
    """Pay once from the balance as the pay page does; gives whether it was paid."""
    order = Order(
        id=ids.uuid7(),
        kind=PaymentKind.PAY,
        service="transfer",
        amount_fen=PRICE_FEN,
        payee=SHOP,
        title="演示",
    )
    made = payer.create(order)
    act = actions.act_of_payment(made)
    with transaction.atomic():
        asked = actions.ask_confirmation(payer.actor, subject_id=payer.subject_id, act=act)
    with transaction.atomic():
        session.set_subject(payer.subject_id)
        row = ConfirmationRow.objects.of(payer.subject_id).select_for_update().get(id=asked.id)
        confirming._confirmed(payer.actor, row, ConfirmWay.DEVICE)
    done = actions.pay(payer.actor, payment_id=made.id, confirmation_id=asked.id, way=Way.BALANCE)
    return done.state is PaymentState.SUCCESS


def worker(
    share: int,
    people: list[Payer],
    seconds: int,
    warm: Barrier,
    told: Queue[tuple[list[float], int]],
) -> None:
    """Pay at a steady pace; tell how late each answer was, and how many were not paid."""
    for at in range(WARM):
        pay(people[at % len(people)])
    warm.wait()
    step, late, wrong = PROCESSES / RATE, [], 0
    first = time.monotonic() + 1 + share * step / PROCESSES
    for at in range(seconds * RATE // PROCESSES):
        due = first + at * step
        wait = due - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        wrong += not pay(people[at % len(people)])
        late.append((time.monotonic() - due) * 1000)
    told.put((late, wrong))
    report.close()


def main() -> None:
    """Fill balances, pay from several processes, and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=SECONDS)
    seconds: int = parser.parse_known_args()[0].seconds
    with recon.sandbox():
        people = [payers.make() for _ in range(PEOPLE)]
        for each in people:
            order = each.create(each.order(PaymentKind.TOP_UP, MONEY_FEN))
            if each.pay(order, Way.CARD).state is not PaymentState.SUCCESS:
                raise SystemExit("a top-up was not paid")
    report.close()
    context = multiprocessing.get_context("fork")
    warm, told = context.Barrier(PROCESSES), context.Queue()
    shares = [people[at::PROCESSES] for at in range(PROCESSES)]
    running = [
        context.Process(target=worker, args=(at, shares[at], seconds, warm, told))
        for at in range(PROCESSES)
    ]
    began = time.monotonic()
    for process in running:
        process.start()
    answers = [told.get(timeout=seconds * 10 + 120) for _ in running]
    for process in running:
        process.join()
    late = [each for times, _ in answers for each in times]
    wrong = sum(each for _, each in answers)
    cuts = statistics.quantiles(late, n=100)
    p99, median = cuts[98], cuts[49]
    took = max(time.monotonic() - began, seconds)
    report.say(
        f"  {len(late)} payments in {took:.0f} s with the warm-up, median {median:.0f} ms,"
        f" p99 {p99:.0f} ms, {wrong} not paid"
    )
    report.result(
        name="payments",
        value=round(p99, 1),
        unit=f"ms p99 at {RATE} payments a second for {seconds} s",
        bar=f"< {BAR_MS:.0f} ms p99, no error",
        holds=p99 < BAR_MS and not wrong,
        ratio_to=f"{BAR_MS:.0f} ms",
        ratio=round(p99 / BAR_MS, 2),
    )


if __name__ == "__main__":
    main()
