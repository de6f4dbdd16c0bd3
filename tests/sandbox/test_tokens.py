"""The token endpoint and what is behind it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from joserfc.errors import JoseError

from tests.sandbox.house import House
from tests.sandbox.outside import (
    AUTH,
    PLAIN,
    SECRET,
    Process,
    Question,
    account,
    code_for,
    decode,
    get,
    post,
    script,
    tokens,
)


@pytest.fixture
def someone(sandbox: Process) -> dict[str, str]:
    """Give a fresh account."""
    return account(sandbox)


def _given(sandbox: Process, house: House, sub: str) -> Any:
    question = Question(sandbox, house.url)
    return tokens(sandbox, question.form(code_for(sandbox, question, sub)))


def _userinfo(sandbox: Process, access_token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {access_token}"}
    return httpx.get(f"{sandbox.url}/account/userinfo", headers=headers, **PLAIN)


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "x" * 64},
        {"code_verifier": ""},
        {"redirect_uri": "http://localhost/auth/callback"},
        {"code": "nothing"},
    ],
)
def test_what_does_not_fit_the_question_gets_no_token(
    sandbox: Process, house: House, someone: dict[str, str], changed: dict[str, str]
) -> None:
    """And the code is burnt: the right answer comes too late."""
    question = Question(sandbox, house.url)
    code = code_for(sandbox, question, someone["sub"])
    told = tokens(sandbox, question.form(code, **changed), status=400)
    assert told["error"] == "invalid_grant"
    if "code" not in changed:
        tokens(sandbox, question.form(code), status=400)


def test_a_replayed_code_takes_its_tokens_back(
    sandbox: Process, house: House, someone: dict[str, str]
) -> None:
    """A code that is shown twice may be stolen."""
    question = Question(sandbox, house.url)
    code = code_for(sandbox, question, someone["sub"])
    given = tokens(sandbox, question.form(code))
    assert _userinfo(sandbox, given["access_token"]).status_code == 200
    assert tokens(sandbox, question.form(code), status=400)["error"] == "invalid_grant"
    refused = _userinfo(sandbox, given["access_token"])
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    refresh = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    tokens(sandbox, refresh, status=400)


def test_only_the_client_with_its_secret_is_served(
    sandbox: Process, house: House, someone: dict[str, str]
) -> None:
    """Basic and post both work, alone; a wrong secret burns no code."""
    question = Question(sandbox, house.url)
    form = question.form(code_for(sandbox, question, someone["sub"]))
    address = f"{sandbox.url}/account/token"

    def ask(**more: Any) -> httpx.Response:
        data = {**form, **more.pop("data", {})}
        return httpx.post(address, data=data, **PLAIN, **more)

    wrong = ask(auth=("xingnuo", "wrong"))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert wrong.headers["www-authenticate"].startswith("Basic")
    assert ask().status_code == 401
    both = ask(auth=AUTH, data={"client_id": "xingnuo", "client_secret": SECRET})
    assert (both.status_code, both.json()["error"]) == (400, "invalid_request")
    right = ask(data={"client_id": "xingnuo", "client_secret": SECRET})
    assert right.status_code == 200
    assert right.headers["cache-control"] == "no-store"


def test_refresh_tokens_change_and_a_used_one_ends_them_all(
    sandbox: Process, house: House, someone: dict[str, str]
) -> None:
    """Renewal keeps the person and the time of the sign-in; reuse is theft."""
    first = _given(sandbox, house, someone["sub"])
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = tokens(sandbox, form)
    before, after = (decode(sandbox, one["id_token"]).claims for one in (first, second))
    assert (before["sub"], before["auth_time"]) == (after["sub"], after["auth_time"])
    assert "nonce" not in after
    tokens(sandbox, form, status=400)
    tokens(sandbox, {**form, "refresh_token": second["refresh_token"]}, status=400)
    assert _userinfo(sandbox, second["access_token"]).status_code == 401


def test_a_revoked_token_is_no_good(
    sandbox: Process, house: House, someone: dict[str, str]
) -> None:
    """Revocation ends the whole sign-in and tells nothing of unknown tokens."""
    given = _given(sandbox, house, someone["sub"])
    address = f"{sandbox.url}/account/revoke"
    for token in ("unknown", given["refresh_token"]):
        told = httpx.post(address, data={"token": token}, auth=AUTH, **PLAIN)
        assert told.status_code == 200
    assert _userinfo(sandbox, given["access_token"]).status_code == 401


@pytest.mark.parametrize("fault", ["bad_signature", "wrong_key"])
def test_a_token_can_be_signed_wrongly(
    sandbox: Process, house: House, someone: dict[str, str], fault: str
) -> None:
    """The client must refuse it; the next one is good again."""
    question = Question(sandbox, house.url)
    code = code_for(sandbox, question, someone["sub"])
    script(sandbox, "account", "token", fault, match=code)
    given = tokens(sandbox, question.form(code))
    with pytest.raises((JoseError, ValueError)):
        decode(sandbox, given["id_token"])
    assert decode(sandbox, _given(sandbox, house, someone["sub"])["id_token"])


@pytest.mark.parametrize("fault", ["wrong_nonce", "wrong_aud", "expired_token"])
def test_a_token_can_say_what_is_not_so(
    sandbox: Process, house: House, someone: dict[str, str], fault: str
) -> None:
    """Signed rightly, and wrong in exactly one claim."""
    question = Question(sandbox, house.url)
    code = code_for(sandbox, question, someone["sub"])
    script(sandbox, "account", "token", fault, match=code)
    claims = decode(sandbox, tokens(sandbox, question.form(code))["id_token"]).claims
    wrong = {
        "wrong_nonce": claims["nonce"] != question.asked["nonce"],
        "wrong_aud": claims["aud"] != "xingnuo",
        "expired_token": claims["exp"] < claims["auth_time"],
    }
    assert [name for name, is_wrong in wrong.items() if is_wrong] == [fault]


def test_keys_can_be_rotated(sandbox: Process, house: House, someone: dict[str, str]) -> None:
    """An old token verifies while its key is published, and no longer when it is retired."""
    old = _given(sandbox, house, someone["sub"])["id_token"]
    kid = post(sandbox, "/account/test/keys", {}, status=201)["kid"]
    new = _given(sandbox, house, someone["sub"])["id_token"]
    assert decode(sandbox, new).header["kid"] == kid
    assert decode(sandbox, old).header["kid"] != kid
    post(sandbox, "/account/test/keys", {"retire_old": True}, status=201)
    assert len(get(sandbox, "/account/jwks.json")["keys"]) == 1
    with pytest.raises((JoseError, ValueError)):
        decode(sandbox, old)


def test_the_published_document_names_only_what_is_there(sandbox: Process) -> None:
    """Every address of the discovery document answers, and no private part is published."""
    told = get(sandbox, "/account/.well-known/openid-configuration")
    assert told["issuer"] == f"{sandbox.url}/account"
    for name, address in told.items():
        if name.endswith("_endpoint") or name == "jwks_uri":
            assert httpx.get(address, **PLAIN).status_code != 404, name
    keys = get(sandbox, "/account/jwks.json")["keys"]
    assert all(key.keys() == {"kty", "use", "alg", "kid", "n", "e"} for key in keys)
