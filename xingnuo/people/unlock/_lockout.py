"""What wrong tries cost: pure numbers.

Four wrong tries cost nothing; the fifth costs 30 s of waiting, each further one twice as much;
the tenth locks the way. A right try within that clears the count, waiting does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from xingnuo.people.unlock._limits import (
    WAIT_FIRST_SECONDS,
    WRONG_BEFORE_LOCK,
    WRONG_BEFORE_WAIT,
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What follows from a count of wrong tries."""

    wait_seconds: int
    locks: bool


def cost(wrong_count: int) -> Cost:
    """Say what follows once this many tries in a row were wrong."""
    if wrong_count >= WRONG_BEFORE_LOCK:
        return Cost(0, True)
    if wrong_count < WRONG_BEFORE_WAIT:
        return Cost(0, False)
    return Cost(WAIT_FIRST_SECONDS << (wrong_count - WRONG_BEFORE_WAIT), False)
