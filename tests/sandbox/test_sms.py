"""The text message gateway."""

from __future__ import annotations

import secrets
import time
from typing import Any

import httpx
import pytest

from tests.sandbox.outside import PLAIN, Process, get, is_signed, script, signed

SECRET = "dev-sms-secret"


@pytest.fixture
def phone() -> str:
    """Give a fresh phone."""
    return f"199{secrets.randbelow(10**8):08d}"


def _send(sandbox: Process, phone: str, text: str = "验证码 123456", **more: str) -> httpx.Response:
    told = {"message_id": more.pop("message_id", secrets.token_hex(16)), "phone": phone}
    told["text"] = text
    return signed(sandbox, "/sms/send", told, secret=more.pop("secret", SECRET), **more)


def _status(sandbox: Process, name: str, secret: str = SECRET) -> httpx.Response:
    return signed(sandbox, f"/sms/status/{name}", {}, secret=secret, method="GET")


def _inbox(sandbox: Process, phone: str) -> list[str]:
    told = get(sandbox, f"/sms/inbox.json?phone={phone}")
    return [message["text"] for message in told["messages"]]


def test_a_text_arrives(sandbox: Process, phone: str) -> None:
    """The answer is signed, the status agrees, the inbox has it newest first."""
    first = _send(sandbox, phone, "第一条")
    assert first.status_code == 202 and is_signed(first, secret=SECRET)
    _send(sandbox, f"+86{phone}", "第二条")
    assert _inbox(sandbox, phone) == ["第二条", "第一条"]
    told = _status(sandbox, first.json()["message_id"]).json()
    assert told["state"] == "delivered" and told["delivered_at"]
    page = httpx.get(f"{sandbox.url}/sms/inbox?phone={phone}", **PLAIN)
    assert "第一条" in page.text and phone in page.text


def test_the_record_of_a_message_is_signed_both_ways(sandbox: Process, phone: str) -> None:
    """Nobody else asks what became of a message, and nobody else can say it."""
    name = _send(sandbox, phone).json()["message_id"]
    answer = _status(sandbox, name)
    assert answer.status_code == 200 and is_signed(answer, secret=SECRET)
    assert _status(sandbox, name, secret="wrong").status_code == 401
    assert httpx.get(f"{sandbox.url}/sms/status/{name}", **PLAIN).status_code == 401


def test_the_same_message_is_sent_once(sandbox: Process, phone: str) -> None:
    """Repeating is safe; the same id for something else is refused."""
    name = secrets.token_hex(16)
    answers = [_send(sandbox, phone, "一次", message_id=name) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 200, 200]
    assert len({answer.json()["gateway_id"] for answer in answers}) == 1
    assert _inbox(sandbox, phone) == ["一次"]
    reused = _send(sandbox, phone, "另一条", message_id=name)
    assert (reused.status_code, reused.json()["code"]) == (409, "message_id_reused")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secret": "wrong"}, "signature_wrong"),
        ({"X-Signature": "0" * 64}, "signature_wrong"),
        ({"X-Key-Id": "stranger"}, "signature_wrong"),
        ({"X-Timestamp": str(int(time.time()) - 1000)}, "timestamp_stale"),
        ({"X-Timestamp": "soon"}, "timestamp_missing"),
        ({"X-Nonce": "short"}, "nonce_missing"),
    ],
)
def test_an_unsigned_text_is_refused(
    sandbox: Process, phone: str, changed: dict[str, str], code: str
) -> None:
    """Each part of the signature is looked at, and nothing is sent."""
    answer = _send(sandbox, phone, **changed)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert _inbox(sandbox, phone) == []


def test_a_replayed_request_is_refused(sandbox: Process, phone: str) -> None:
    """A nonce is good once, whatever it signs."""
    nonce = secrets.token_hex(16)
    assert _send(sandbox, phone, **{"X-Nonce": nonce}).status_code == 202
    again = _send(sandbox, phone, **{"X-Nonce": nonce})
    assert (again.status_code, again.json()["code"]) == (401, "nonce_replayed")


@pytest.mark.parametrize(
    "told",
    [
        {"message_id": "12345678", "phone": "123", "text": "x"},
        {"message_id": "short", "phone": "19912345678", "text": "x"},
        {"message_id": "12345678", "phone": "19912345678", "text": ""},
        {"message_id": "12345678", "phone": "19912345678", "text": "a\nb"},
        {"message_id": "12345678", "phone": "19912345678", "text": "x" * 501},
        {"message_id": "12345678", "phone": "19912345678", "text": "x", "more": "y"},
        {"message_id": "12345678", "phone": 19912345678, "text": "x"},
    ],
)
def test_a_malformed_text_is_refused(sandbox: Process, told: dict[str, Any]) -> None:
    """Fields are exactly three, of their shape."""
    assert signed(sandbox, "/sms/send", told, secret=SECRET).status_code == 422


def test_delivery_can_be_late_or_never(sandbox: Process, phone: str) -> None:
    """Accepted is not delivered, and the status says so."""
    script(sandbox, "sms", "send", "late:400", "silence", match=phone)
    late, never = (_send(sandbox, phone, text).json() for text in ("晚到", "不到"))
    assert (late["state"], never["state"]) == ("accepted", "accepted")
    assert _inbox(sandbox, phone) == []
    time.sleep(0.5)
    assert _inbox(sandbox, phone) == ["晚到"]
    assert _status(sandbox, never["message_id"]).json()["state"] == "accepted"


def test_delivery_can_be_double_or_out_of_order(sandbox: Process, phone: str) -> None:
    """A doubled text is there twice; a held one arrives after the next."""
    script(sandbox, "sms", "send", "duplicate", "reordered", match=phone)
    _send(sandbox, phone, "两份")
    assert _inbox(sandbox, phone) == ["两份", "两份"]
    _send(sandbox, phone, "先发")
    assert len(_inbox(sandbox, phone)) == 2
    _send(sandbox, phone, "后发")
    time.sleep(0.01)
    assert _inbox(sandbox, phone)[:2] == ["先发", "后发"]


def test_the_answer_can_be_forged_or_a_refusal(sandbox: Process, phone: str) -> None:
    """A wrong signature still means sent; a refusal means not sent."""
    script(sandbox, "sms", "send", "bad_signature", "decline", match=phone)
    forged = _send(sandbox, phone, "已发")
    assert forged.status_code == 202 and not is_signed(forged, secret=SECRET)
    refused = _send(sandbox, phone, "拒收")
    assert (refused.status_code, refused.json()["code"]) == (422, "phone_refused")
    assert _inbox(sandbox, phone) == ["已发"]


def test_the_books_hold_every_message(sandbox: Process, phone: str) -> None:
    """Delivered or not, with what went wrong."""
    script(sandbox, "sms", "send", "silence", match=phone)
    name = _send(sandbox, phone, "不到").json()["message_id"]
    books = get(sandbox, "/books/sms.json")
    held = next(one for one in books["messages"] if one["message_id"] == name)
    assert (held["state"], held["fault"], held["text"]) == ("accepted", "silence", "不到")


def test_the_inbox_says_what_is_wrong_with_a_number(sandbox: Process) -> None:
    """The page keeps what was typed; markup in it stays text."""
    page = httpx.get(f"{sandbox.url}/sms/inbox?phone=%3Cb%3E", **PLAIN)
    assert page.status_code == 422
    assert "&lt;b&gt;" in page.text and "<b>" not in page.text
