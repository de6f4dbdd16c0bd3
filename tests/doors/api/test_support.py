"""Cases by machine: opened once, read by their owner alone, bounded, closed and opened again."""

from __future__ import annotations

from uuid import UUID

from tests import cast
from tests.doors.api.conftest import Machine
from xingnuo.kit import ids


def agreed(machine: Machine) -> Machine:
    """Let the machine's person agree to write to the desk."""
    cast.agree(cast.Person(machine.subject_id, machine.actor), "support.messages")
    return machine


def test_a_case_by_machine(alice: Machine, bob: Machine) -> None:
    """Refused without a yes; then once for a key; another finds nothing; long texts are refused."""
    body, key = {"topic": "product", "text": "<b>还款日</b>不对"}, str(ids.uuid7())
    assert alice.ask("POST", "/support/cases", body).status_code == 403
    agreed(alice)
    made = [alice.ask("POST", "/support/cases", body, key=key).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    path = f"/support/cases/{UUID(made[0])}"
    told = alice.ask("GET", path).json()
    assert [one["text"] for one in told["messages"]] == ["<b>还款日</b>不对"]
    assert "12378" in told["ways_on"] and told["case"]["days_left"] >= 14
    for other in (bob.ask("GET", path), bob.ask("POST", f"{path}/close")):
        assert other.status_code == 404
    for wrong in ({**body, "text": "长" * 10_000}, {**body, "text": " "}):
        assert alice.ask("POST", "/support/cases", wrong).status_code == 422
    assert alice.ask("POST", "/support/cases", {**body, "topic": "none"}).status_code == 404
    assert alice.ask("POST", "/support/cases", {**body, "topic": "rights"}).status_code == 403
    assert alice.ask("POST", f"{path}/messages", {"text": "补充"}).status_code == 200
    assert alice.ask("POST", f"{path}/close").status_code == 200
    assert alice.ask("POST", f"{path}/close").status_code == 409
    assert alice.ask("POST", f"{path}/messages", {"text": "补充"}).status_code == 409
    assert alice.ask("POST", f"{path}/reopen").status_code == 200
    assert len(alice.ask("GET", "/support/cases").json()) == 1


def test_help_by_machine(alice: Machine) -> None:
    """Topics tell what they need; words find pages."""
    levels = {one["id"]: one["level"] for one in alice.ask("GET", "/support/topics").json()}
    assert levels["product"] == 0 and levels["rights"] == 2
    found = alice.ask("GET", "/support/articles?q=%E6%B3%A8%E9%94%80").json()
    assert found[0]["id"] == "close-account"
