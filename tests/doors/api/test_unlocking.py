"""Unlocking by machine: the same tries, counts and locks as on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from tests import cast
from tests.doors.api.conftest import Machine
from tests.people.unlock.members import PASSWORD, Member, make_member
from tests.people.unlock.soft import Authenticator
from xingnuo.kit import ids
from xingnuo.people.unlock import actions, queries
from xingnuo.people.unlock.contracts import Way
from xingnuo.trust.gate import queries as gate

pytestmark = pytest.mark.promise("1.2.2")


def machine(member: Member) -> Machine:
    """Give the machine that holds a member's token."""
    return Machine(member.token)


def attempt(member: Member, **body: Any) -> Any:
    """Try a way; the new token is kept."""
    answer = machine(member).ask("POST", "/unlock", body)
    member.token = answer.json().get("token", member.token)
    return answer


@pytest.fixture
def alice() -> Member:
    """Give Alice, who set a password and comes back later."""
    member = make_member()
    member.set_password()
    member.lock()
    return member


def test_a_locked_session_opens_by_the_same_password(alice: Member) -> None:
    """401 before, a new token and its strength after."""
    assert machine(alice).ask("GET", "/me").json()["code"] == "locked"
    ways = machine(alice).ask("GET", "/unlock/ways").json()
    assert [way["way"] for way in ways if way["is_usable"]] == ["password"]
    answer = attempt(alice, way="password", proof=PASSWORD)
    assert answer.status_code == 200 and answer.json()["strength"] == "unlocked"
    assert machine(alice).ask("GET", "/me").status_code == 200
    answer = attempt(alice, way="password", proof=PASSWORD, act="reverify")
    assert answer.json()["strength"] == "reverified"


def test_wrong_tries_are_counted_and_then_wait(alice: Member) -> None:
    """422 with the count, 429 with the seconds, and nothing of what was sent."""
    for count in range(1, 6):
        answer = attempt(alice, way="password", proof="wrong lamp 77")
        assert answer.status_code == 422 and f"{count} 次" in answer.json()["fields"]["proof"]
        assert "wrong lamp" not in answer.content.decode()
    answer = attempt(alice, way="password", proof=PASSWORD)
    assert answer.status_code == 429 and 0 < int(answer["Retry-After"]) <= 30


def test_a_device_answers_here_too(alice: Member) -> None:
    """The question is asked by its own operation and answered by the one for all ways."""
    alice.agree(Way.BIOMETRIC)
    alice.prove()
    key = Authenticator(settings.BASE_URL)
    with cast.transaction():
        asked = actions.begin_credential(alice.actor)
    actions.add_credential(alice.actor, answer=key.create(asked), device="Android · Chrome")
    alice.lock()
    options = machine(alice).ask("POST", "/unlock/options", {}).json()
    answer = attempt(alice, way="biometric", proof=key.get(options) + " " * 3000)
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize("body", [{}, {"way": "retina", "proof": "x"}, {"way": "password"}])
def test_a_broken_call_is_not_counted(alice: Member, body: dict[str, str]) -> None:
    """What cannot be read is no try."""
    assert attempt(alice, **body).status_code == 422
    with cast.transaction():
        assert queries.one(alice.actor, way=Way.PASSWORD).wrong_count == 0


def test_a_withdrawal_by_machine_deletes_at_once(alice: Member) -> None:
    """As on the pages."""
    attempt(alice, way="password", proof=PASSWORD)
    with cast.transaction():
        text_hash = gate.sheet("unlock.password").text_hash
    told = {"decision": "withdraw", "text_hash": text_hash}
    answer = machine(alice).ask("PUT", "/consents/unlock.password", told, key=str(ids.uuid7()))
    assert answer.status_code == 200, answer.content
    with cast.transaction():
        assert queries.export(alice.subject_id)["unlock_digest"] == []
