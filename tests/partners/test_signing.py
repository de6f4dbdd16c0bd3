"""The signed line: what is believed of an answer and of a call to our hooks."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.partners.outer import call_headers
from xingnuo.kit.errors import Unavailable
from xingnuo.partners import _signing
from xingnuo.partners._line import Line
from xingnuo.partners._signing import NotAuthentic

PATH, BODY = "/hooks/a/b", b'{"id":"note_1"}'
NOW = 1_000_000


def signed(secret: str = "s", **changed: Any) -> bool:
    """Say whether a right answer with changes is believed."""
    body, nonce = b'{"state":"done"}', "n" * 22
    right = _signing.digest(secret, "200", nonce, str(NOW), body=body)
    told = {"x-timestamp": str(NOW), "x-signature": right} | changed.pop("told", {})
    given: dict[str, Any] = {"status": 200, "nonce": nonce, "body": body, "now": NOW}
    return _signing.is_signed("s", told=told, **(given | changed))


def test_an_answer_is_believed_by_its_signature() -> None:
    """Bound to status, request, time and body."""
    assert signed()
    assert not signed(secret="t")
    assert not signed(status=202)
    assert not signed(nonce="m" * 22)
    assert not signed(body=b"{}")
    assert not signed(now=NOW + _signing.STALE_SECONDS_MAX + 1)
    assert not signed(now=NOW - _signing.STALE_SECONDS_MAX - 1)
    for told in ({"x-signature": ""}, {"x-timestamp": ""}, {"x-timestamp": "-1"},
                 {"x-timestamp": "٣" * 7}, {"x-signature": "é"}):  # fmt: skip
        assert not signed(told=told)


def read(body: bytes = BODY, path: str = PATH, **changed: Any) -> Any:
    """Read a right call with changes."""
    headers = call_headers("a", PATH, BODY, secret="s", stamp=NOW) | changed
    return _signing.read_call("s", partner="a", path=path, told=headers, body=body, now=NOW)


def test_a_call_is_believed_by_its_signature() -> None:
    """The partner's own, to this hook, and of now; header names come in any case."""
    assert read() == {"id": "note_1"}
    headers = call_headers("a", PATH, BODY, secret="s", stamp=NOW)
    upper = {name.upper(): value for name, value in headers.items()}
    assert _signing.read_call("s", partner="a", path=PATH, told=upper, body=BODY, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"body": BODY[:-1] + b" "},
        {"body": b""},
        {"path": "/hooks/a/c"},
        {"X-Key-Id": "b"},
        {"X-Key-Id": ""},
        {"X-Timestamp": str(NOW - 301)},
        {"X-Timestamp": str(NOW + 1)},
        {"X-Nonce": "n" * 22},
        {"X-Nonce": ""},
        {"X-Signature": "0" * 64},
        {"X-Signature": ""},
    ],
)
def test_a_changed_call_is_not_believed(changed: dict[str, Any]) -> None:
    """Any part that was changed after signing is seen."""
    with pytest.raises(NotAuthentic):
        read(**changed)


@pytest.mark.parametrize("stamp", [NOW - 301, NOW + 301])
def test_a_stale_call_is_not_believed(stamp: int) -> None:
    """A right signature of another time is no signature of now."""
    headers = call_headers("a", PATH, BODY, secret="s", stamp=stamp)
    with pytest.raises(NotAuthentic):
        _signing.read_call("s", partner="a", path=PATH, told=headers, body=BODY, now=NOW)


@pytest.mark.parametrize("body", [b"[]", b"no json", b"1", b"[" * 9000, b"\xff\xfe", b" " * 17_000])
def test_what_tells_nothing_is_not_authentic(body: bytes) -> None:
    """Signed or not, a body must be one small object."""
    headers = call_headers("a", PATH, body, secret="s", stamp=NOW)
    with pytest.raises(NotAuthentic) as refused:
        _signing.read_call("s", partner="a", path=PATH, told=headers, body=body, now=NOW)
    assert str(refused.value) == "not_authentic (a)"


def test_values_of_an_answer_are_bounded() -> None:
    """Text is short and printable, numbers are whole and in range."""
    told = {"a": "x" * 65, "b": "a\nb", "c": 1, "d": True, "e": -1, "f": 1.5, "g": "ok", "h": 9}
    assert [_signing.text(told, name) for name in "abcgz"] == ["", "", "", "ok", ""]
    assert [_signing.whole(told, name, most=8) for name in "cdefghz"] == [1, *[None] * 6]


def test_production_needs_a_secret_of_its_own(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """No development secret signs or believes anything in production."""
    settings.ENV = "production"
    for partner in ("authority", "telecom", "bank", "face", "credit_bureau", "email", "regulator"):
        monkeypatch.delenv(f"XN_{partner.upper()}_SECRET", raising=False)
        with pytest.raises(Unavailable):
            Line(partner).post("/x", {})
        headers = call_headers(partner, PATH, BODY, stamp=int(time.time()))
        with pytest.raises(Unavailable):
            Line(partner).read(PATH, headers, BODY)
        monkeypatch.setenv(f"XN_{partner.upper()}_SECRET", "own")
        assert Line(partner).secret() == "own"
