"""The code flow through the provider's own pages, and what may not go through."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest

from tests.sandbox.house import House
from tests.sandbox.outside import (
    PLAIN,
    Person,
    Process,
    Question,
    account,
    came_back,
    code_for,
    decode,
    forms,
    get,
    tokens,
)


def test_a_person_signs_in_through_the_pages(
    sandbox: Process, house: House, person: Person
) -> None:
    """The ID token verifies by another library and carries the claims that were agreed to."""
    someone, question = account(sandbox), Question(sandbox, house.url)
    told = person.sign_in(question, someone)
    assert told["state"] == question.asked["state"]
    assert told["iss"] == f"{sandbox.url}/account"
    given = tokens(sandbox, question.form(told["code"]))
    token = decode(sandbox, given["id_token"])
    claims = token.claims
    assert token.header["typ"] == "JWT"
    assert claims["iss"] == f"{sandbox.url}/account"
    assert claims["aud"] == "xingnuo"
    assert claims["sub"] == someone["sub"]
    assert claims["nonce"] == question.asked["nonce"]
    assert claims["phone_number"] == f"+86{someone['phone']}"
    assert claims["nickname"] == someone["nickname"]
    assert claims["amr"] == ["pwd"]
    assert abs(claims["auth_time"] - time.time()) < 30
    assert claims["exp"] > time.time()
    picture = httpx.get(claims["picture"], **PLAIN)
    assert picture.content.startswith(b"\x89PNG") and len(picture.content) < 2000


def test_a_second_sign_in_asks_for_nothing_again(
    sandbox: Process, house: House, person: Person
) -> None:
    """A live session with consent answers at once; prompt=login and max_age=0 ask again."""
    someone = account(sandbox)
    person.sign_in(Question(sandbox, house.url), someone)
    assert "code" in came_back(person.get(Question(sandbox, house.url).url))
    assert "code" in came_back(person.get(Question(sandbox, house.url, prompt="none").url))
    for again in ({"prompt": "login"}, {"max_age": "0"}, {"prompt": "login", "max_age": "0"}):
        question = Question(sandbox, house.url, **again)
        assert "/account/sign-in" in forms(person.get(question.url))
        assert "code" in person.sign_in(question, someone)
    page = person.get(Question(sandbox, house.url, prompt="consent").url)
    assert "/account/consent" in forms(page)


def test_claims_follow_the_scopes(sandbox: Process, house: House) -> None:
    """Without profile and phone neither token nor userinfo names them."""
    question = Question(sandbox, house.url, scope="openid")
    given = tokens(sandbox, question.form(code_for(sandbox, question, account(sandbox)["sub"])))
    claims = decode(sandbox, given["id_token"]).claims
    assert not {"phone_number", "nickname", "picture"} & claims.keys()
    assert "refresh_token" not in given
    about = httpx.get(
        f"{sandbox.url}/account/userinfo",
        headers={"Authorization": f"Bearer {given['access_token']}"},
        **PLAIN,
    )
    assert about.json() == {"sub": claims["sub"]}


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/auth/callback"},
        {"redirect_uri": "http://localhost:1/auth/callback"},
        {"redirect_uri": None},
        {"client_id": "stranger"},
    ],
)
def test_a_forged_address_or_client_is_sent_nowhere(
    sandbox: Process, house: House, person: Person, changed: dict[str, str | None]
) -> None:
    """The person reads a plain refusal and the browser stays."""
    page = person.get(Question(sandbox, house.url, **changed).url)
    assert page.status_code == 400
    assert "location" not in page.headers
    assert "登记" in page.text


def test_an_address_with_something_added_is_forged(
    sandbox: Process, house: House, person: Person
) -> None:
    """Addresses are compared letter by letter."""
    for added in ("/", "?next=x", "#x", "%2f..%2fx"):
        forged = f"{house.url}/auth/callback{added}"
        page = person.get(Question(sandbox, house.url, redirect_uri=forged).url)
        assert page.status_code == 400


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid bank"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"request": "x"}, "request_not_supported"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_bad_question_is_told_to_the_client(
    sandbox: Process, house: House, person: Person, changed: dict[str, str | None], error: str
) -> None:
    """The error goes back to the registered address with the state."""
    question = Question(sandbox, house.url, **changed)
    told = came_back(person.get(question.url))
    assert told["error"] == error
    assert told.get("state") == question.asked.get("state")
    assert "code" not in told


def test_a_field_given_twice_is_refused(sandbox: Process, house: House, person: Person) -> None:
    """No parser may choose between two values."""
    question = Question(sandbox, house.url)
    assert person.get(f"{question.url}&client_id=other").status_code == 400


def test_the_person_may_refuse_or_leave(sandbox: Process, house: House, person: Person) -> None:
    """Both are told as access_denied and give nothing."""
    someone, question = account(sandbox), Question(sandbox, house.url)
    page = person.get(question.url)
    leave = page.text.split('href="/account/cancel')[1].split('"')[0]
    assert came_back(person.get(f"/account/cancel{leave}"))["error"] == "access_denied"
    page = person.fill(page, "/account/sign-in", phone=someone["phone"],
                       password=someone["password"])  # fmt: skip
    told = came_back(person.fill(page, "/account/consent", decision="refuse"))
    assert told["error"] == "access_denied"
    held = [one for one in get(sandbox, "/books/account.json")["accounts"]
            if one["sub"] == someone["sub"]]  # fmt: skip
    assert held[0]["grants"] == {}


def test_a_flow_belongs_to_one_browser_and_is_answered_once(
    sandbox: Process, house: House, person: Person, another: Callable[[], Person]
) -> None:
    """Another browser cannot go on with it, and a repeated yes makes no second code."""
    someone, question = account(sandbox), Question(sandbox, house.url)
    page = person.get(question.url)
    flow = forms(page)["/account/sign-in"]["flow"]
    assert another().get(f"/account/sign-in?flow={flow}").status_code == 400
    page = person.fill(page, "/account/sign-in", phone=someone["phone"],
                       password=someone["password"])  # fmt: skip
    assert "code" in came_back(person.fill(page, "/account/consent", decision="agree"))
    assert person.fill(page, "/account/consent", decision="agree").status_code == 400


def test_the_short_way_for_tests_can_refuse_too(sandbox: Process, house: House) -> None:
    """It gives the client's address with the same errors as the pages."""
    question = Question(sandbox, house.url)
    told = httpx.post(
        f"{sandbox.url}/account/test/sign-in",
        json={"url": question.url, "sub": account(sandbox)["sub"], "decision": "refuse"},
        **PLAIN,
    ).json()
    assert "error=access_denied" in told["redirect_to"]
