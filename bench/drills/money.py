"""Money under faults and kills: nothing is lost or doubled, and both sides' books agree.

`xingnuo drill money --seed N [--payments 10000]`. People top up, pay, transfer, withdraw and ask
for refunds while channels and bank misbehave by a script, and the processes that pay, the web
and the worker are killed, at named points and at any time. Then all is healed, everything open is
asked about, the day is reconciled, and the invariants are checked over all of it.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from subprocess import Popen
from unittest.mock import patch

from django.db import transaction

from bench import _payers as payers
from bench import report
from bench._payers import Payer
from bench.drills import _money_books as books
from bench.drills import _money_traffic as traffic
from bench.drills import drill
from xingnuo.doors.cli import programs
from xingnuo.doors.cli.programs import Program
from xingnuo.kit import child, clock, ids
from xingnuo.kit.errors import XingnuoError
from xingnuo.money.ledger import actions as ledger_actions
from xingnuo.money.ledger import queries as ledger
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import OrderDiffers, PaymentKind, Way
from xingnuo.money.payments.models import NumberRow
from xingnuo.partners.channel import client as channel
from xingnuo.partners.channel.contracts import Bill, Style

ROUND = 60  # commands of one round
PAYERS_AT_ONCE = 3
FIRST_MONEY_FEN = 20_000
ROUND_SECONDS = 120
HEALED_AFTER = timedelta(minutes=3)  # by then every order is past its end
CHECKED = ("I10", "I11", "I12", "I13", "I14", "I15", "I16", "I17", "I18")


@dataclass
class House:
    """The processes of the drill, each started and killed here alone."""

    data_dir: Path
    running: dict[str, tuple[Program, Popen[bytes]]] = field(default_factory=dict)

    def run(self, program: Program, *, crash_at: str = "") -> None:
        """Start a program that does not run, told where to die."""
        known = self.running.get(program.name)
        if known is not None and not child.ended(known[1]):
            return
        env = {**os.environ, "XN_CRASH_AT": crash_at}
        log = self.data_dir / "logs" / f"{program.name}.log"
        self.running[program.name] = (program, child.start(program.argv, log=log, env=env))

    def kill(self, name: str) -> bool:
        """Kill a program as an accident would."""
        process = self.running[name][1]
        if child.ended(process):
            return False
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True

    def stop(self) -> None:
        """End every program."""
        for program, process in reversed(self.running.values()):
            child.end(process, ask=signal.SIGTERM, seconds=program.stop_seconds)


def main() -> None:
    """Do it all."""
    told = drill.begin("money")
    parser = argparse.ArgumentParser()
    parser.add_argument("--payments", type=int, default=100)
    count: int = parser.parse_known_args()[0].payments
    # The traffic replays by the seed; ids are new, since many processes make them.
    ids.seed(None)
    house = House(Path(os.environ["XN_DATA_DIR"]))
    try:
        _live(told, house, count)
    finally:
        house.stop()
    told.end()


def _live(told: drill.Drill, house: House, count: int) -> None:
    dice = random.Random(told.seed)
    sandbox, web = int(os.environ["XN_SANDBOX_PORT"]), int(os.environ["XN_PORT"])
    house.run(programs.sandbox(house.data_dir, sandbox))
    _until(lambda: programs.answers(sandbox, "/health"), "sandbox")
    house.run(programs.web(web))
    people = [payers.make() for _ in range(max(5, min(40, count // 100)))]
    for each in people:
        first = each.create(each.order(PaymentKind.TOP_UP, FIRST_MONEY_FEN))
        each.pay(first, Way.CARD)
    told.count("people", len(people))
    report.say(f"{len(people)} 人，{count} 笔")
    journal = house.data_dir / "drill.jsonl"
    for start in range(0, count, ROUND):
        some = traffic.plan(dice, people, min(ROUND, count - start))
        _round(told, house, dice=dice, people=people, some=some, journal=journal)
    answers = traffic.read(journal)
    told.count("payments", len(answers))
    told.count("acknowledged", sum(not each.startswith("refused") for each in answers.values()))
    for answer in answers.values():
        if answer.startswith("error"):
            report.say(answer)
    told.hold("no_error", not any(each.startswith("error") for each in answers.values()))
    _heal(told, house)
    _reconcile(told)
    _check(told, people, journal)


def _round(
    told: drill.Drill, house: House, *, dice: random.Random, people: Sequence[Payer],
    some: Sequence[traffic.Command], journal: Path,
) -> None:  # fmt: skip
    traffic.misbehave(dice, len(some))
    rest = list(some)
    for attempt in range(4):
        house.run(programs.web(int(os.environ["XN_PORT"])))
        crash = "payments.after_refund_sent" if dice.random() < 0.5 else ""
        house.run(programs.worker(), crash_at=crash)
        running = []
        for at in range(PAYERS_AT_ONCE):
            share = rest[at::PAYERS_AT_ONCE]
            # Who dies dies once; who repeats goes through.
            point = dice.choice(traffic.POINTS) if at == 0 and attempt < 2 else ""
            seed = dice.randrange(2**32)
            running.append(traffic.carry_out(journal, people, share, crash_at=point, seed=seed))
        if attempt == 0:
            time.sleep(dice.random())
            told.count("kills", sum(house.kill(name) for name in ("worker", "web")))
        codes = traffic.wait(running, seconds=ROUND_SECONDS)
        told.count("crashes", sum(code == traffic.KILLED for code in codes))
        rest = traffic.left(rest, traffic.read(journal))
        if not rest:
            return
    told.hold("every_command_is_answered", not rest)


def _heal(told: drill.Drill, house: House) -> None:
    """Let the partners behave, and ask about all that is open until it has an end."""
    payers.outside("/faults", method="DELETE")
    house.run(programs.web(int(os.environ["XN_PORT"])))
    house.kill("worker")
    house.run(programs.worker())
    with clock.shifted(HEALED_AFTER):
        for _ in range(12):
            rows = NumberRow.objects.filter(is_open=True)
            if not rows.exists():
                break
            rows.update(ask_at=clock.now() - timedelta(minutes=1))
            _repeated(actions.ask_due)
        for subject_id, payment_id in books.ask(
            "SELECT subject_id, id FROM payments_payment WHERE state = 'created'"
        ):
            with transaction.atomic():
                actions.lapse(subject_id=subject_id, payment_id=payment_id)
    report.say(f"还开着的单号：{NumberRow.objects.filter(is_open=True).count()}")
    late = sum(each[2] == "late_success" for each in books.attempts())
    report.say(f"关单以后才到的钱：{late} 笔")


def _repeated(step: Callable[[], object]) -> None:
    # The worker asks at the same time: whoever comes second finds it done or busy.
    try:
        step()
    except XingnuoError as error:
        report.say(f"再问一次：{error.code}")


def _reconcile(told: drill.Drill) -> None:
    """Take the day's bills, one of them broken at first; then the next day's, which is empty."""
    today = clock.today()
    payers.outside("/faults", {"service": "alipay", "operation": "bill", "script": ["short"]})
    told.hold("a_short_bill_is_not_taken", not actions.reconcile("alipay", today))
    real = channel.bill

    def bill(style: Style, day: date) -> Bill:
        return real(style, day) if day <= today else _empty(style, day)

    with patch.object(channel, "bill", bill):
        for style in Style:
            for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
                told.hold("every_bill_is_taken", actions.reconcile(style.value, day))
    # A number that no channel took leads its order back; its time is over by now.
    with clock.shifted(HEALED_AFTER):
        for subject_id, payment_id in books.ask(
            "SELECT subject_id, id FROM payments_payment WHERE state = 'created'"
        ):
            with transaction.atomic():
                actions.lapse(subject_id=subject_id, payment_id=payment_id)
    lines = books.ask("SELECT sum(lines) FROM payments_bill")[0][0]
    told.count("bill_lines", int(lines))


def _empty(style: Style, day: date) -> Bill:
    return Bill(
        style=style, day=day, count=0, paid_fen=0, refunded_fen=0, fee_fen=0, sha256="",
        _read=lambda: iter(()), _rows=lambda: iter(()), _remove=lambda: None,
    )  # fmt: skip


def _check(told: drill.Drill, people: Sequence[Payer], journal: Path) -> None:
    ledger_actions.roll_up()
    ledger_actions.seal_blocks()
    broken = [*ledger.check(), *queries.check_books()]
    for each in broken:
        report.say(f"{each.invariant}：{each.what} ×{each.count} {each.examples}")
    told.hold("the_ledger_holds", not ledger.check())
    for name in CHECKED:
        told.hold(name, all(each.invariant != name for each in broken))
    unlike = books.differences()
    for line in unlike[:10]:
        report.say(f"两边不同：{line}")
    told.hold("both_books_agree", not unlike)
    told.hold("every_balance_is_its_payments",
              not books.wrong_balances(each.subject_id for each in people))  # fmt: skip
    living = [each for each in books.attempts()
              if each[2] in ("prepared", "sent", "unknown", "closing")]  # fmt: skip
    told.hold("every_unknown_has_an_end", not living)
    _acknowledged(told, journal)
    _repeat(told, people)


def _acknowledged(told: drill.Drill, journal: Path) -> None:
    """I21: what was acknowledged as paid is paid, whoever was killed after that."""
    answers = traffic.read(journal)
    paid = [each for each, state in answers.items() if state == "success"]
    now = books.states(paid)
    kept = ("success", "part_refunded", "refunded")
    told.hold("I21", all(now.get(each) in kept for each in paid))
    told.count("paid", len(paid))


def _repeat(told: drill.Drill, people: Sequence[Payer]) -> None:
    """I9: the same order again is the same payment and moves nothing; other content is refused."""
    alice, bob = people[0], people[1]
    order = alice.order(PaymentKind.TRANSFER, 1, to=bob)
    alice.pay(alice.create(order), Way.BALANCE)
    before = alice.balance()
    again = alice.create(order)
    told.hold("I9", again.id == order.id and again.state.value == "success")
    told.hold("I9", alice.balance() == before)
    other = alice.order(PaymentKind.TRANSFER, 2, to=bob)
    object.__setattr__(other, "id", order.id)
    try:
        alice.create(other)
        told.hold("I9", False)
    except OrderDiffers:
        told.hold("I9", alice.balance() == before)


def _until(holds: Callable[[], bool], name: str) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit(f"{name} does not answer")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
