"""Back-channel logout: what the client is told when a person signs out everywhere."""

from __future__ import annotations

import time
from typing import Any

import pytest
from joserfc.errors import JoseError

from tests.sandbox.house import House
from tests.sandbox.outside import (
    Person,
    Process,
    Question,
    account,
    code_for,
    decode,
    get,
    post,
    script,
)

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def someone(sandbox: Process, house: House) -> dict[str, str]:
    """Give a fresh account that has signed in at the client."""
    fresh = account(sandbox)
    code_for(sandbox, Question(sandbox, house.url), fresh["sub"])
    return fresh


def _sign_out_everywhere(sandbox: Process, sub: str) -> None:
    told = {"sub": sub, "event": "signed_out_everywhere"}
    post(sandbox, "/account/test/events", told, status=202)


def _notices(sandbox: Process, sub: str) -> list[dict[str, Any]]:
    books = get(sandbox, "/books/account.json")
    return [one for one in books["logout_notices"] if one["sub"] == sub]


def _until(sandbox: Process, sub: str, state: str) -> dict[str, Any]:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        found = [one for one in _notices(sandbox, sub) if one["state"] == state]
        if found:
            return found[-1]
        time.sleep(0.02)
    raise AssertionError(_notices(sandbox, sub))


def test_a_notice_is_a_valid_logout_token(
    sandbox: Process, house: House, person: Person, someone: dict[str, str]
) -> None:
    """From the page: every claim is as Back-Channel Logout 1.0 says."""
    page = person.get("/account/sign-in")
    page = person.fill(page, "/account/sign-in", phone=someone["phone"],
                       password=someone["password"])  # fmt: skip
    person.fill(page, "/account/sign-out-everywhere")
    token = decode(sandbox, house.notices(1)[0])
    assert token.header["typ"] == "logout+jwt"
    claims = token.claims
    assert (claims["sub"], claims["aud"]) == (someone["sub"], "xingnuo")
    assert claims["events"] == {EVENT: {}}
    assert "nonce" not in claims and claims["jti"] and claims["exp"] > time.time()
    assert _until(sandbox, someone["sub"], "done")["tries"] == 1
    assert person.http.get("/account/").status_code == 303


def test_nobody_is_told_of_a_stranger(sandbox: Process, house: House) -> None:
    """An account that never signed in at the client causes no notice."""
    stranger = account(sandbox)
    _sign_out_everywhere(sandbox, stranger["sub"])
    assert _notices(sandbox, stranger["sub"]) == []


def test_a_client_in_trouble_is_told_again(
    sandbox: Process, house: House, someone: dict[str, str]
) -> None:
    """A 5xx is tried again with the same token id; another refusal is final."""
    house.say("/hooks/account/logout", 503, {})
    _sign_out_everywhere(sandbox, someone["sub"])
    house.notices(1)
    house.say("/hooks/account/logout", 200, {})
    ids = {decode(sandbox, token).claims["jti"] for token in house.notices(2)}
    assert len(ids) == 1
    assert _until(sandbox, someone["sub"], "done")["tries"] == 2
    house.say("/hooks/account/logout", 400, {})
    _sign_out_everywhere(sandbox, someone["sub"])
    assert _until(sandbox, someone["sub"], "refused")["tries"] == 1


@pytest.mark.parametrize("fault", ["bad_signature", "wrong_key"])
def test_a_notice_can_be_forged(
    sandbox: Process, house: House, someone: dict[str, str], fault: str
) -> None:
    """Its signature is none of the published keys'."""
    script(sandbox, "account", "logout_notice", fault, match=someone["sub"])
    _sign_out_everywhere(sandbox, someone["sub"])
    with pytest.raises((JoseError, ValueError)):
        decode(sandbox, house.notices(1)[0])


def test_a_notice_can_be_for_another_or_too_old(
    sandbox: Process, house: House, someone: dict[str, str]
) -> None:
    """Signed rightly, wrong in one claim."""
    script(sandbox, "account", "logout_notice", "wrong_aud", "expired_token", match=someone["sub"])
    _sign_out_everywhere(sandbox, someone["sub"])
    assert decode(sandbox, house.notices(1)[0]).claims["aud"] != "xingnuo"
    _sign_out_everywhere(sandbox, someone["sub"])
    assert decode(sandbox, house.notices(2)[1]).claims["exp"] < time.time()


def test_a_notice_can_come_twice_late_or_never(
    sandbox: Process, house: House, someone: dict[str, str]
) -> None:
    """Twice is the same token id; late comes after its time; silence never comes."""
    sub = someone["sub"]
    script(sandbox, "account", "logout_notice", "duplicate", "late:300", "silence", match=sub)
    _sign_out_everywhere(sandbox, sub)
    first, second = (decode(sandbox, token).claims["jti"] for token in house.notices(2))
    assert first == second
    began = time.monotonic()
    _sign_out_everywhere(sandbox, sub)
    house.notices(3)
    assert time.monotonic() - began >= 0.25
    _sign_out_everywhere(sandbox, sub)
    assert _until(sandbox, sub, "silent")["tries"] == 0


def test_notices_can_overtake_each_other(
    sandbox: Process, house: House, someone: dict[str, str]
) -> None:
    """The first waits for the second and comes right after it."""
    other = account(sandbox)
    code_for(sandbox, Question(sandbox, house.url), other["sub"])
    script(sandbox, "account", "logout_notice", "reordered", match=someone["sub"])
    _sign_out_everywhere(sandbox, someone["sub"])
    _sign_out_everywhere(sandbox, other["sub"])
    order = [decode(sandbox, token).claims["sub"] for token in house.notices(2)]
    assert order == [other["sub"], someone["sub"]]
