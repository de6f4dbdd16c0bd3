"""What the register knows of a member ends: three years after it was over, codes in a day."""

from __future__ import annotations

from datetime import timedelta

from xingnuo.kit import clock
from xingnuo.kit.db import parts
from xingnuo.trust.policy import queries as policy

ROWS_MAX = 5_000


def sweep() -> int:
    """Delete rows of the staff register past their term (PIPL 56); gives how many."""
    now, rules = clock.now(), policy.in_force().retention
    handled = now - timedelta(days=rules["handling_record"].days)
    # A code or a challenge is of no use once it is over.
    return parts.delete("permissions_sweep", handled, now, most=ROWS_MAX)
