"""`xingnuo staff`: the first member comes in by the command line."""

from __future__ import annotations

from click.testing import CliRunner
from django.conf import settings
from django.db import transaction

from tests.doors.console import crew
from xingnuo.doors.cli.staff import command
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.contracts import StaffState


def test_a_member_is_added_listed_and_suspended() -> None:
    """The code that is printed opens the way to a passkey; suspending closes it."""
    code = crew.code_of_nobody()
    added = CliRunner().invoke(command, ["add", code, "陈管理", "--role", "admin"])
    assert added.exit_code == 0, added.output
    once = added.output.splitlines()[1]
    assert f"{settings.CONSOLE_URL}/ops/enrol/" in added.output
    with transaction.atomic():
        token = actions.enter(staff_code=code, code=once, host=crew.HOST)
        assert actions.resolve(token, host=crew.HOST) is not None
    assert code in CliRunner().invoke(command, ["list"], env={"COLUMNS": "200"}).output
    assert CliRunner().invoke(command, ["suspend", code]).exit_code == 0
    with transaction.atomic():
        assert actions.resolve(token, host=crew.HOST) is None
        found = queries.by_code(code)
    assert found is not None and found.state is StaffState.SUSPENDED


def test_what_cannot_be_is_told() -> None:
    """A staff id in the wrong shape, an unknown role, nobody to suspend."""
    for arguments in (
        ["add", "Wang", "王", "--role", "admin"],
        ["add", crew.code_of_nobody(), "王", "--role", "king"],
        ["suspend", "nobody.here"],
    ):
        told = CliRunner().invoke(command, arguments)
        assert told.exit_code != 0 and "Traceback" not in told.output
