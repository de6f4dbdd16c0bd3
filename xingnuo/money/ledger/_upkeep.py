"""Work by the clock: each part in a transaction of its own, safe to repeat and to stop anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import transaction

from xingnuo.kit import clock, log
from xingnuo.money.ledger import _batch
from xingnuo.money.ledger.contracts import Violation
from xingnuo.trust.policy import queries as policy

PART_ROWS = 8192  # transfers that one transaction takes up
ROUNDS_MAX = 400
EXPIRED_MAX = 500
PRUNED_PASSES = 64
logger = log.get("ledger")


def expire_holds() -> int:
    """End holds that are over."""
    return _rounds("SELECT ledger_expire(%s, %s)", EXPIRED_MAX, until=1)


def roll_up() -> int:
    """Bring the roll-ups of the house up to the horizon."""
    return _rounds("SELECT ledger_roll_up(%s, %s)", PART_ROWS, until=PART_ROWS)


def seal_blocks() -> int:
    """Seal up to the horizon."""
    return _rounds("SELECT ledger_seal_next(%s, %s)", PART_ROWS, until=PART_ROWS)


def prune() -> int:
    """Delete what is past the law's term."""
    law = clock.now() - timedelta(days=policy.in_force().retention["aml_transaction"].days)

    def once() -> int:
        return int(_batch.fetch("SELECT ledger_prune(%s, %s)", law, PRUNED_PASSES)[0][0])

    return _repeat(once, until=1)


def tell(found: Sequence[Violation]) -> None:
    """Leave a line for each invariant that does not hold."""
    for each in found:
        logger.critical("books_do_not_hold", code=each.invariant, count=each.count)


def _rounds(statement: str, most: int, *, until: int) -> int:
    return _repeat(lambda: int(_batch.fetch(statement, most, clock.skew())[0][0]), until=until)


def _repeat(once: Callable[[], int], *, until: int) -> int:
    total = 0
    for _ in range(ROUNDS_MAX):
        with transaction.atomic():
            count = once()
        total += count
        if count < until:
            break
    return total
