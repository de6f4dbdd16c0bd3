"""`xingnuo legal`: what two officers type, and what is told to one who may not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from tests import cast
from tests.trust.gate.test_legal import PHRASES
from tests.trust.gate.test_legal import sealed as sealed
from xingnuo.doors.cli.legal import command
from xingnuo.doors.cli.main import main
from xingnuo.kit import clock, ids
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries as staff
from xingnuo.people.permissions.contracts import ReleaseState, StaffState
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy.contracts import ActorKind
from xingnuo.trust.vault import _rotation

CODES = ("compliance.a", "compliance.b")


@pytest.fixture(autouse=True)
def officers(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Give two members of the compliance staff, and one who left."""
    monkeypatch.setattr(_rotation, "officers_path", lambda: tmp_path / "officers")
    until = clock.now() + timedelta(days=1)
    known = {
        code: SimpleNamespace(state=StaffState.ACTIVE, cleared_until=until) for code in CODES
    } | {"gone": SimpleNamespace(state=StaffState.LEFT, cleared_until=until)}
    monkeypatch.setattr(staff, "by_code", known.get)
    role = SimpleNamespace(kind=ActorKind.COMPLIANCE)
    monkeypatch.setattr(staff, "roles_of", lambda member: (role,))
    return known


def letter(person: cast.Person, *, to: ReleaseState | None = ReleaseState.RELEASED) -> UUID:
    """Register a letter as one officer, and release it (or not) as another."""
    with cast.transaction():
        waiting = staff.of_ref("legal.open", person.subject_id)
        made = waiting or permissions.propose(
            kind="legal.open",
            ref=person.subject_id,
            choice="court.request",
            reason="court_order",
            note="（2026）沪01民初12号",
            by=CODES[0],
        )
        if to is not None:
            permissions.close_release(made.id, by=CODES[1], to=to)
    return made.id


def run(
    person: cast.Person,
    typed: str,
    *more: str,
    codes: tuple[str, ...] = CODES,
    case: UUID | None = None,
) -> Result:
    """Run the command as an operator at a terminal would, for a letter released by two."""
    named = [part for code in codes for part in ("--officer", code)]
    options = {"subject": str(person.subject_id), "case": str(case or letter(person))}
    options |= {"purpose": "court.request", "demand": "court_order"}
    told = [part for name, value in options.items() for part in (f"--{name}", value)]
    return CliRunner().invoke(main, ["legal", "open", *told, *named, *more], input=typed)


@pytest.mark.promise("5.2.2d")
def test_two_officers_appoint_themselves_and_open(sealed: cast.Person) -> None:
    """Each types their own passphrase twice, then once; neither is ever echoed."""
    named = [part for code in CODES for part in ("--officer", code)]
    typed = "".join(f"{PHRASES[code]}\n" * 2 for code in CODES)
    made = CliRunner().invoke(command, ["appoint", *named], input=typed)
    assert made.exit_code == 0, made.output
    shown = run(sealed, "".join(f"{PHRASES[code]}\n" for code in CODES))
    assert shown.exit_code == 0, shown.output
    assert "欧阳明月" in shown.stdout
    assert all(phrase not in shown.output + made.output for phrase in PHRASES.values())


def test_what_is_wrong_is_told_in_a_sentence(sealed: cast.Person) -> None:
    """One officer, one twice, one who left, an unknown demand, a wrong passphrase: status 2."""
    gate.appoint_officers(PHRASES)
    right = "".join(f"{PHRASES[code]}\n" for code in CODES)
    for found in (
        run(sealed, right, codes=("compliance.a",)),
        run(sealed, right, codes=("compliance.a", "compliance.a")),
        run(sealed, right, codes=("compliance.a", "gone")),
        run(sealed, right, codes=("compliance.a", "nobody")),
        run(sealed, right, "--demand", "curiosity"),
        run(sealed, right, "--purpose", "loans.credit_query"),
        run(sealed, "wrong passphrase\nanother wrong one\n"),
        run(sealed, right, case=ids.uuid7()),
        run(sealed, right, case=letter(sealed, to=ReleaseState.REFUSED)),
        run(sealed, right, case=letter(cast.make_person())),
        run(sealed, right, case=letter(sealed, to=None)),
    ):
        assert found.exit_code == 2, found.output
        assert "欧阳明月" not in found.output
        assert "Traceback" not in found.output
