"""Every bench can be found by its name and started; what they measure is not timed here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

import bench
from xingnuo.doors.cli.bench import BENCHES, command

HELPERS = {"__init__", "_ledger", "_payers", "engines", "house", "queues", "report"}


@pytest.mark.parametrize("name", sorted(BENCHES))
def test_each_bench_is_a_program(name: str) -> None:
    """Its module imports, says what its bar is, and has a beginning."""
    module = import_module(f"bench.{name}")
    assert callable(module.main)
    assert "Bar" in (module.__doc__ or "")
    assert f"xingnuo bench {name}" in (module.__doc__ or "")


def test_no_bench_is_left_out() -> None:
    """Every module beside them is a bench of the list, or a helper."""
    found = {path.stem for path in Path(str(bench.__file__)).parent.glob("*.py")}
    assert found - HELPERS == set(BENCHES)


def test_without_a_name_they_are_listed() -> None:
    """`xingnuo bench` names each on a line of its own and starts nothing."""
    said = CliRunner().invoke(command)
    assert said.exit_code == 0
    assert [line.split()[0] for line in said.output.splitlines()] == list(BENCHES)


def test_an_unknown_name_is_refused() -> None:
    """A name that is not there is told, and nothing runs."""
    said = CliRunner().invoke(command, ["no_such_bench"])
    assert said.exit_code == 2
