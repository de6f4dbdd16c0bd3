"""What a person does at the provider itself, and what nobody else may do there."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import urlencode

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
    decode,
    forms,
    get,
    tokens,
)

type Browsers = Callable[[], Person]


def _enter(person: Person, someone: dict[str, str]) -> httpx.Response:
    page = person.get("/account/sign-in")
    return person.fill(
        page, "/account/sign-in", phone=someone["phone"], password=someone["password"]
    )


def _held(sandbox: Process, sub: str) -> dict[str, object]:
    books = get(sandbox, "/books/account.json")
    return next(one for one in books["accounts"] if one["sub"] == sub)


def test_a_person_registers_within_a_sign_in(
    sandbox: Process, house: House, person: Person
) -> None:
    """What is wrong is named beside its field and what was typed stays; then it goes on."""
    question, phone = Question(sandbox, house.url), f"199{secrets.randbelow(10**8):08d}"
    page = person.get(question.url)
    to = page.text.split('href="/account/register')[1].split('"')[0]
    page = person.get(f"/account/register{to}")
    wrong = {"phone": "12", "nickname": "", "password": "short", "again": "other"}
    page = person.fill(page, "/account/register", **wrong)
    assert page.status_code == 422
    assert "有 3 处需要修改" in page.text and "<title>有问题：" in page.text
    assert forms(page)["/account/register"]["phone"] == "12"
    assert forms(page)["/account/register"]["password"] == ""
    right = {"phone": phone, "nickname": "新来的", "password": "a long phrase",
             "again": "a long phrase"}  # fmt: skip
    page = person.fill(page, "/account/register", **right)
    told = came_back(person.fill(page, "/account/consent", decision="agree"))
    given = tokens(sandbox, question.form(told["code"]))
    assert decode(sandbox, given["id_token"]).claims["nickname"] == "新来的"
    page = person.fill(person.get("/account/register"), "/account/register", **right)
    assert page.status_code == 422 and "已有帐号" in page.text


def test_a_wrong_password_and_an_unknown_phone_look_the_same(
    sandbox: Process, house: House, person: Person
) -> None:
    """Nobody learns from the answer who has an account."""
    known = account(sandbox)
    pages = [
        _enter(person, {"phone": phone, "password": "not the password"})
        for phone in (known["phone"], "19100000000")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    texts = [page.text.replace(known["phone"], "19100000000") for page in pages]
    assert texts[0] == texts[1]


def test_a_password_cannot_be_tried_for_ever(
    sandbox: Process, house: House, person: Person
) -> None:
    """After five wrong tries the right one waits too."""
    someone = account(sandbox)
    for _ in range(5):
        assert _enter(person, {**someone, "password": "not the password"}).status_code == 422
    assert _enter(person, someone).status_code == 429


def test_a_foreign_form_does_nothing(sandbox: Process, house: House, person: Person) -> None:
    """Without the page's own secret nothing is posted, signed in or not."""
    someone = account(sandbox)
    _enter(person, someone)
    for path in ("sign-in", "register", "consent", "password", "links", "sign-out",
                 "sign-out-everywhere"):  # fmt: skip
        for csrf in ({}, {"csrf": "x" * 43}):
            assert person.http.post(f"/account/{path}", data=csrf).status_code in (403, 415)
    assert _held(sandbox, someone["sub"])["sessions"] == 1


def test_the_session_changes_when_a_person_signs_in(sandbox: Process, person: Person) -> None:
    """A cookie from before the sign-in is worth nothing, and scripts cannot read the new one."""
    someone = account(sandbox)
    first = person.http.get("/account/sign-in")
    before = first.cookies["sandbox_account"]
    answer = person.http.post(
        "/account/sign-in",
        data={**forms(first)["/account/sign-in"], "phone": someone["phone"],
              "password": someone["password"]},
    )  # fmt: skip
    header = answer.headers["set-cookie"]
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Path=/account" in header
    assert person.get("/account/").status_code == 200
    stolen = {"Cookie": f"sandbox_account={before}"}
    thief = httpx.get(f"{sandbox.url}/account/", headers=stolen, **PLAIN)
    assert thief.status_code == 303


def test_a_new_password_ends_everything_else(
    sandbox: Process, house: House, person: Person, another: Browsers
) -> None:
    """Other browsers and tokens end, the client is told, the old password is no good."""
    someone, other = account(sandbox), another()
    person.sign_in(Question(sandbox, house.url), someone)
    _enter(other, someone)
    page = person.get("/account/password")
    wrong = {"password": "not it", "fresh": "brand new phrase", "again": "brand new phrase"}
    assert person.fill(page, "/account/password", **wrong).status_code == 422
    person.fill(page, "/account/password", **wrong | {"password": someone["password"]})
    assert "我的星号帐号" in person.get("/account/").text
    assert other.http.get("/account/").status_code == 303
    assert decode(sandbox, house.notices(1)[0]).claims["sub"] == someone["sub"]
    assert _enter(another(), someone).status_code == 422
    entered = _enter(another(), {**someone, "password": "brand new phrase"})
    assert entered.status_code == 200


def test_signing_out_here_leaves_other_browsers(
    sandbox: Process, house: House, person: Person, another: Browsers
) -> None:
    """Only this browser's session ends, and no notice is sent."""
    someone, other = account(sandbox), another()
    home = _enter(person, someone)
    _enter(other, someone)
    assert "已退出登录" in person.fill(home, "/account/sign-out").text
    assert person.http.get("/account/").status_code == 303
    assert other.http.get("/account/").status_code == 200


def test_an_app_can_be_stopped(sandbox: Process, house: House, person: Person) -> None:
    """Its tokens end at once and it must ask again."""
    someone, question = account(sandbox), Question(sandbox, house.url)
    given = tokens(sandbox, question.form(person.sign_in(question, someone)["code"]))
    home = person.get("/account/")
    assert "星诺" in home.text
    person.fill(home, "/account/links", client_id="xingnuo")
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    about = httpx.get(f"{sandbox.url}/account/userinfo", headers=headers, **PLAIN)
    assert about.status_code == 401
    told = came_back(person.get(Question(sandbox, house.url, prompt="none").url))
    assert told["error"] == "consent_required"


def test_a_client_can_sign_the_person_out(sandbox: Process, house: House, person: Person) -> None:
    """With the person's own token at once, without it only after asking; never sent elsewhere."""
    someone, question = account(sandbox), Question(sandbox, house.url)
    given = tokens(sandbox, question.form(person.sign_in(question, someone)["code"]))
    back = {"post_logout_redirect_uri": f"{house.url}/", "state": "12345678"}
    page = person.get(f"/account/end_session?{urlencode(back)}")
    assert "要退出" in page.text
    evil = {"id_token_hint": given["id_token"], "post_logout_redirect_uri": "https://evil.example"}
    assert "location" not in person.get(f"/account/end_session?{urlencode(evil)}").headers
    person.sign_in(Question(sandbox, house.url), someone)
    hint = {**back, "id_token_hint": given["id_token"]}
    left = person.http.get(f"/account/end_session?{urlencode(hint)}")
    assert left.headers["location"] == f"{house.url}/?state=12345678"
    assert person.http.get("/account/").status_code == 303


@pytest.mark.parametrize("path", ["/", "/account/sign-in", "/account/register", "/sms/inbox"])
def test_every_page_is_strict(sandbox: Process, person: Person, path: str) -> None:
    """No script, no inline style, no other origin; never kept; not to be framed."""
    page = person.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in page.text and "style=" not in page.text
