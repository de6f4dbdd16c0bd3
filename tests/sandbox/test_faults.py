"""The script of faults: each is shown once, in order, where it was written for."""

from __future__ import annotations

import secrets
import time
from typing import Any

import httpx
import pytest

from tests.sandbox.house import House
from tests.sandbox.outside import (
    PLAIN,
    Process,
    Question,
    account,
    code_for,
    get,
    post,
    script,
    signed,
    tokens,
)

STATUS = "/sms/status/{}"


@pytest.fixture
def name() -> str:
    """Give a message id that nobody else uses."""
    return secrets.token_hex(12)


def _ask(sandbox: Process, name: str, *, timeout: float = 5.0) -> httpx.Response:
    path = f"/sms/status/{name}"
    return signed(sandbox, path, {}, secret="dev-sms-secret", method="GET", seconds=timeout)


def test_lines_are_consumed_in_order_once_each(sandbox: Process, name: str) -> None:
    """Then all is well again, and the record says what was consumed."""
    script(sandbox, "sms", "status", "5xx", "ok", "decline", match=name)
    answers = [_ask(sandbox, name).status_code for _ in range(4)]
    assert answers == [503, 404, 403, 404]
    taken = [line["fault"] for line in get(sandbox, "/faults")["taken"] if line["match"] == name]
    assert taken == ["decline", "ok", "5xx"]
    assert not [line for line in get(sandbox, "/faults")["waiting"] if line["match"] == name]


@pytest.mark.parametrize("fault", ["reset", "timeout_before:100"])
def test_a_connection_can_break(sandbox: Process, name: str, fault: str) -> None:
    """No answer comes, and the next request is served."""
    script(sandbox, "sms", "status", fault, match=name)
    expected = httpx.ReadError if fault == "reset" else httpx.RemoteProtocolError
    with pytest.raises(expected):
        _ask(sandbox, name)
    assert _ask(sandbox, name).status_code == 404


@pytest.mark.parametrize("fault", ["timeout_before", "silence"])
def test_no_answer_comes_while_the_client_waits(sandbox: Process, name: str, fault: str) -> None:
    """Without a span it lasts longer than any client waits."""
    script(sandbox, "sms", "status", fault, match=name)
    with pytest.raises(httpx.ReadTimeout):
        _ask(sandbox, name, timeout=0.3)


def test_a_time_out_after_has_done_it(sandbox: Process, house: House) -> None:
    """The code is used up although no answer came; before, it is not."""
    question, someone = Question(sandbox, house.url), account(sandbox)
    for fault, status in (("timeout_before:50", 200), ("timeout_after:50", 400)):
        code = code_for(sandbox, question, someone["sub"])
        script(sandbox, "account", "token", fault, match=code)
        with pytest.raises(httpx.RemoteProtocolError):
            tokens(sandbox, question.form(code))
        tokens(sandbox, question.form(code), status=status)


@pytest.mark.parametrize("fault", ["slow:250", "drip:250"])
def test_an_answer_can_be_slow(sandbox: Process, name: str, fault: str) -> None:
    """It comes whole, but late."""
    script(sandbox, "sms", "status", fault, match=name)
    began = time.monotonic()
    assert _ask(sandbox, name).json()["code"] == "message_unknown"
    assert time.monotonic() - began >= 0.2


def test_a_decline_is_in_the_partners_own_words(sandbox: Process, house: House) -> None:
    """OAuth says invalid_grant, the authorization page sends the client access_denied."""
    question, someone = Question(sandbox, house.url), account(sandbox)
    code = code_for(sandbox, question, someone["sub"])
    script(sandbox, "account", "token", "decline", match=code)
    assert tokens(sandbox, question.form(code), status=400)["error"] == "invalid_grant"
    tokens(sandbox, question.form(code))
    script(sandbox, "account", "authorize", "decline", match=question.asked["state"])
    answer = httpx.get(question.url, **PLAIN)
    assert "error=access_denied" in answer.headers["location"]


def test_any_operation_of_a_service_can_be_meant(sandbox: Process, name: str) -> None:
    """A star takes the next request of the service that matches."""
    script(sandbox, "sms", "*", "5xx", match=name)
    assert _ask(sandbox, name).status_code == 503


def test_a_fault_waits_for_the_request_it_was_written_for(sandbox: Process, name: str) -> None:
    """Tests beside each other do not take each other's faults."""
    script(sandbox, "sms", "status", "5xx", match=name)
    assert _ask(sandbox, secrets.token_hex(12)).status_code == 404
    assert _ask(sandbox, name).status_code == 503


def test_a_script_is_replaced_lengthened_and_dropped(sandbox: Process, name: str) -> None:
    """Writing sets, append adds, delete drops."""

    def waiting() -> list[str]:
        lines = get(sandbox, "/faults")["waiting"]
        return [line["fault"] for line in lines if line["match"] == name]

    script(sandbox, "sms", "send", "reset", match=name)
    script(sandbox, "sms", "send", {"fault": "slow", "ms": 5}, "5xx", match=name)
    assert waiting() == ["slow", "5xx"]
    told = {"service": "sms", "operation": "send", "script": ["late"], "match": name}
    post(sandbox, "/faults", {**told, "append": True}, status=201)
    assert waiting() == ["slow", "5xx", "late"]
    dropped = httpx.delete(f"{sandbox.url}/faults?match={name}", **PLAIN)
    assert dropped.json() == {"dropped": 3}
    assert waiting() == []


def test_a_seed_replays_its_script(sandbox: Process, name: str) -> None:
    """The same seed draws the same lines; another draws others."""

    def draw(seed: int) -> Any:
        told = {"service": "sms", "operation": "send", "seed": seed, "length": 40, "match": name}
        return post(sandbox, "/faults/seed", told, status=201)["script"]

    first = draw(7)
    assert len(first) == 40 and len({line["fault"] for line in first}) > 4
    assert draw(7) == first
    assert draw(8) != first
    httpx.delete(f"{sandbox.url}/faults?match={name}", **PLAIN)


@pytest.mark.parametrize(
    "told",
    [
        {"service": "bank", "operation": "send", "script": ["ok"]},
        {"service": "sms", "operation": "pay", "script": ["ok"]},
        {"service": "sms", "operation": "send", "script": ["wrong_key"]},
        {"service": "sms", "operation": "*", "script": ["late"]},
        {"service": "sms", "operation": "send", "script": ["explode"]},
        {"service": "sms", "operation": "send", "script": ["slow:9999999"]},
        {"service": "sms", "operation": "send", "script": [{"fault": "slow", "ms": -1}]},
        {"service": "sms", "operation": "send", "script": [{"fault": "slow", "often": 1}]},
        {"service": "sms", "operation": "send", "script": []},
        {"service": "sms", "operation": "send", "script": "reset"},
        {"service": "sms", "operation": "send", "script": ["ok"], "match": 3},
        {"service": "account", "operation": "logout_notice", "script": ["reset"]},
    ],
)
def test_a_script_that_cannot_be_shown_is_refused(sandbox: Process, told: Any) -> None:
    """It says why, and nothing waits."""
    before = get(sandbox, "/faults")["waiting"]
    assert post(sandbox, "/faults", told, status=422)["code"] == "script_refused"
    assert get(sandbox, "/faults")["waiting"] == before
