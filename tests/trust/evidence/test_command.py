"""The operators' command: what it prints, and the status it leaves with."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from click.testing import CliRunner, Result

from tests.trust.evidence.conftest import Say, fetch, owner
from xingnuo.doors.cli import evidence
from xingnuo.doors.cli.main import main
from xingnuo.kit import ids
from xingnuo.trust.evidence import queries
from xingnuo.trust.evidence.contracts import FaultKind, Kind, Proof


def run(*arguments: str) -> Result:
    """Run `xingnuo evidence …`."""
    return CliRunner().invoke(main, ["evidence", *arguments])


def told(*arguments: str) -> Any:
    """Run with JSON and give what was said."""
    return json.loads(run(*arguments).stdout)


def test_it_seals_and_verifies(say: Say) -> None:
    """Sealed and whole: status 0; a changed line: status 1, and the line is named."""
    line = say(Kind.SHARE, recipient="bank_a", items=("name",))
    assert run("seal").exit_code == 0
    good = run("verify")
    assert good.exit_code == 0 and "完好" in good.stdout
    assert told("verify", "--json")["whole"] is True
    owner("UPDATE evidence_line SET recipient = 'bank_b' WHERE id = %s", line.id)
    bad = run("verify")
    assert bad.exit_code == 1 and "被改动" in bad.stdout
    report = told("verify", "--json")
    assert report["faults"] == [{"kind": "changed", "block": 1, "line_id": str(line.id)}]
    owner("UPDATE evidence_line SET recipient = 'bank_a' WHERE id = %s", line.id)
    assert run("verify").exit_code == 0


def test_every_fault_has_its_words() -> None:
    """Nothing is found that could not be said."""
    assert set(evidence.FAULTS) == {kind.value for kind in FaultKind}


def test_it_shows_a_person_and_says_so_to_them(alice: UUID, say: Say) -> None:
    """The list holds the lines but no confidential one, and the look itself is recorded first."""
    say(Kind.COLLECT, purpose="profile.manage", items=("name",))
    say(Kind.SHARE, purpose="aml.report", recipient="authority")
    rows = told("show", "--subject", str(alice), "--json")
    assert [row["kind"] for row in rows] == ["operator", "collect"]
    assert "profile.manage" in run("show", "--subject", str(alice)).stdout
    kinds = fetch("SELECT kind, reason FROM evidence_line WHERE subject_id = %s ORDER BY id", alice)
    assert kinds[2:] == [("operator", "evidence.show")] * 2


def test_it_proves_a_line(say: Say) -> None:
    """The proof that is printed holds; an unknown line is told plainly."""
    line = say(Kind.CONSENT)
    run("seal")
    proof = told("prove", str(line.id))
    assert proof.pop("holds") is True
    assert queries.holds(Proof(**proof))
    unknown = run("prove", str(ids.uuid7()))
    assert unknown.exit_code == 2 and "没有找到" in unknown.stderr
    assert run("prove", "nonsense").exit_code == 2
