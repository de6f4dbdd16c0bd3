"""The command line lists what there is without loading it, and tells faults plainly."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from xingnuo.doors.cli import main
from xingnuo.kit.errors import Conflict

ROOT = Path(__file__).resolve().parents[3]


def test_it_lists_every_command_without_loading_any() -> None:
    """Help is quick: neither Django nor a command is imported for it."""
    code = (
        "import sys\nfrom xingnuo.doors.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "assert 'django' not in sys.modules\nassert 'psycopg' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    for name in main.COMMANDS:
        assert re.search(rf"^  {name}\b", done.stdout, re.M)


@pytest.mark.parametrize("name", [n for n in main.COMMANDS if find_spec(f"xingnuo.doors.cli.{n}")])
def test_each_command_of_the_table_can_be_loaded(name: str) -> None:
    """The table and the modules agree."""
    found = main.main.get_command(click.Context(main.main), name)
    assert isinstance(found, click.Command)


def test_it_tells_a_fault_in_one_line_and_exits_with_a_status(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No traceback for what the house refuses by rule."""

    @click.command()
    def fails() -> None:
        raise Conflict

    monkeypatch.setattr(main.House, "get_command", lambda *_: fails)
    monkeypatch.setitem(os.environ, "XN_DATA_DIR", os.environ["XN_DATA_DIR"])
    done = CliRunner().invoke(main.main, ["up"])
    assert done.exit_code == main.TOLD_STATUS
    assert done.stderr.strip() == f"{Conflict.message}{Conflict.remedy}"


def test_it_refuses_an_unknown_command() -> None:
    """A slip of the finger changes nothing."""
    assert CliRunner().invoke(main.main, ["upp"]).exit_code == 2
