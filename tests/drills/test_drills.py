"""Each drill in its short form, as the command runs it: its closing line tells that all holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.world import REPO
from xingnuo.doors.cli.drill import DRILLS

SEED = 20261123
INVARIANTS = {
    "tamper": {"whole_before", "every_change_is_found", "whole_after_mending"},
    "crash": {
        "the_process_was_killed", "a_certificate", "one_certificate", "nothing_is_left",
        "nobody_else_is_touched", "the_record_is_whole",
    },
    "ledger-kill": {
        "balances_are_what_was_told", "the_books_hold", "the_ledgers_sum_to_zero",
        "someone_had_to_repeat",
    },
    "restore": {
        "backups_hold_nothing_in_the_clear", "the_erased_stay_unreadable",
        "the_others_read_as_before", "what_came_later_is_not_there", "the_record_is_whole",
    },
    "money": {
        "no_error", "a_short_bill_is_not_taken", "every_bill_is_taken", "the_ledger_holds",
        "both_books_agree", "every_balance_is_its_payments", "every_unknown_has_an_end",
        "I9", "I10", "I11", "I12", "I13", "I14", "I15", "I16", "I17", "I18", "I21",
    },
}  # fmt: skip


@pytest.mark.timeout(280)
@pytest.mark.parametrize("name", sorted(DRILLS))
def test_the_drill_holds(name: str) -> None:
    """Seed, invariants and counts are told in one line, and every invariant holds."""
    argv = [sys.executable, "-m", "xingnuo.doors.cli.main", "drill", name]
    env = {key: value for key, value in os.environ.items() if not key.startswith("XN_")}
    done = subprocess.run(
        [*argv, "--seed", str(SEED), "--json"], cwd=REPO, env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    line = json.loads(done.stdout.splitlines()[-1])
    assert (line["name"], line["seed"], line["holds"]) == (name, SEED, True)
    assert set(line["invariants"]) == INVARIANTS[name] and all(line["invariants"].values())
    assert all(line["counts"].values())
