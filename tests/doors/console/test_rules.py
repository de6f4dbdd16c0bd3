"""Rules of risk at the console: drafted, tried, proposed, brought back; only by risk officers."""

from __future__ import annotations

import json

from django.db import transaction

from tests.doors.console import crew
from xingnuo.doors.console import rules
from xingnuo.people.antifraud import queries

RULE = {"id": "one", "reason": "amount", "score": 10, "outcome": "accept"}
RULE |= {"when": {"fact": "amount_fen", "ge": 10**12}}
DOCUMENT = json.dumps({"step_up": 40, "review": 70, "refuse": 100, "rules": [RULE]})


def drafted(member: crew.Crew) -> str:
    """Keep a draft; gives its address."""
    made = member.post("/ops/rules/0/new/", {"document": DOCUMENT})
    assert made.status_code == 303
    return str(made["Location"])


def state(here: str) -> str:
    """Give how far a version is."""
    with transaction.atomic():
        return queries.rule_set(int(here.split("/")[3])).state.value


def test_a_version_goes_its_way() -> None:
    """Drafted from the built-in one, tried, proposed, withdrawn; wrong documents are told."""
    member = crew.hire(["risk"])
    page = member.get("/ops/rules/0/new/").content.decode()
    assert "step_up" in page
    for wrong in ("", "[]", '{"rules": [{"id": "x"}]}', DOCUMENT.replace("amount_fen", "salary")):
        assert member.post("/ops/rules/0/new/", {"document": wrong}).status_code == 422
    here = drafted(member)
    assert state(here) == "draft"
    assert "试算：最近" in member.post(f"{here}do/back-test/").content.decode()
    assert member.post(f"{here}do/roll-back/").status_code == 409
    assert member.post(f"{here}do/burn/").status_code == 404
    assert member.post(f"{here}do/propose/").status_code == 303
    assert "试运行" in member.get(here).content.decode()
    assert state(here) == "proposed"
    assert member.post(f"{here}do/withdraw/").status_code == 303
    assert state(here) == "withdrawn"


def test_rules_are_no_others_affair() -> None:
    """Every other role finds nothing, and a risk officer who is not cleared is refused."""
    here = drafted(crew.hire(["risk"]))
    for role in ("agent", "reviewer", "compliance", "aml", "auditor", "admin"):
        member = crew.hire([role])
        for path in ("/ops/rules/", here, f"{here}new/"):
            assert member.get(path).status_code == 404
        assert member.post(f"{here}do/propose/").status_code == 404
    new = crew.hire(["risk"], cleared=False)
    assert new.get("/ops/rules/").status_code == 403
    assert new.post(f"{here}do/propose/").status_code == 403
    assert state(here) == "draft"


def test_few_are_not_told() -> None:
    """A count below ten is said as such: it could point at somebody."""
    told = [rules._few(count) for count in (0, 1, 9, 10, 12_345)]
    assert told == ["0", "少于 10", "少于 10", "10", "12,345"]
