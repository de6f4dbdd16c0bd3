"""The sibling apps as clients of xingnuo, for which a stand-in answers."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.sandbox.house import PROFILE, House
from tests.sandbox.outside import PLAIN, Person, Process, forms, get, is_signed, script, signed

APPS = ("suixingjie", "xingnuo_wallet")
SYNC = "/api/v1/sync/profile"
REFUSAL = {
    "title": "没有同意",
    "status": 403,
    "code": "consent_missing",
    "detail": "你还没有同意把资料同步给随星借。",
    "remedy": "在 设置 › 姊妹应用 里打开同步。",
}


def _asked(person: Person, app: str) -> dict[str, str]:
    answer = person.http.get(f"/{app}/login")
    address = urlsplit(answer.headers["location"])
    assert address.path == "/oauth/authorize"
    return dict(parse_qsl(address.query))


def _enter(person: Person, app: str, **told: str) -> httpx.Response:
    asked = _asked(person, app)
    back = {"code": "code-0001", "state": asked["state"], **told}
    return person.get(f"/{app}/callback?{httpx.QueryParams(back)}")


def _copies(sandbox: Process, app: str, account_id: str) -> list[Any]:
    books = get(sandbox, f"/books/{app}.json")
    return [one for one in books["copies"] if one["account_id"] == account_id]


def _fresh_profile(house: House) -> str:
    name = f"pairwise-{secrets.token_hex(8)}"
    house.say(SYNC, 200, {**PROFILE, "sub": name})
    return name


@pytest.mark.parametrize("app", APPS)
def test_an_app_shows_what_was_synchronised(
    sandbox: Process, house: House, person: Person, app: str
) -> None:
    """Code flow with PKCE and the app's own secret; everything that came is on the page."""
    name = _fresh_profile(house)
    assert "用星诺帐号登录" in person.get(f"/{app}/").text
    asked = _asked(person, app)
    assert asked["client_id"] == app
    assert asked["redirect_uri"] == f"{sandbox.url}/{app}/callback"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    page = person.get(f"/{app}/callback?code=code-0001&state={asked['state']}")
    token, sync = house.calls
    digest = hashlib.sha256(token.form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
    pair = base64.b64decode(token.headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == f"{app}:dev-{app}-secret"
    assert sync.headers["authorization"] == "Bearer access-0001"
    for shown in (name, "王小明", "199****0001", "173194", "还款", "再次同步"):
        assert shown in page.text
    assert _copies(sandbox, app, name)[0]["profile"]["items"]["name"] == "王小明"


def test_it_synchronises_again(sandbox: Process, house: House, person: Person) -> None:
    """The newest copy takes the place of the older one."""
    name = _fresh_profile(house)
    page = _enter(person, "suixingjie")
    house.say(SYNC, 200, {"sub": name, "items": {"name": "王大明"}})
    page = person.fill(page, "/suixingjie/sync")
    assert "王大明" in page.text and "王小明" not in page.text
    assert len(_copies(sandbox, "suixingjie", name)) == 1


def test_a_refusal_is_shown_in_its_own_words(
    sandbox: Process, house: House, person: Person
) -> None:
    """Status, code, text and remedy; and what was there before is shown no more."""
    _fresh_profile(house)
    page = _enter(person, "suixingjie")
    house.say(SYNC, 403, REFUSAL, "application/problem+json")
    page = person.fill(page, "/suixingjie/sync")
    for shown in ("403", "consent_missing", REFUSAL["detail"], REFUSAL["remedy"], "再次同步"):
        assert str(shown) in page.text
    assert "王小明" not in page.text and "等待星诺的删除通知" in page.text
    _fresh_profile(house)
    assert "王小明" in person.fill(page, "/suixingjie/sync").text


def test_a_no_at_the_first_sign_in_is_shown(sandbox: Process, house: House, person: Person) -> None:
    """By redirect with access_denied, or by the token endpoint."""
    asked = _asked(person, "suixingjie")
    page = person.get(f"/suixingjie/callback?error=access_denied&state={asked['state']}")
    assert "access_denied" in page.text and "没有同意" in page.text
    assert house.calls == []
    house.say("/oauth/token", 403, REFUSAL, "application/problem+json")
    assert "consent_missing" in _enter(person, "suixingjie").text


def test_an_answer_nobody_asked_for_is_not_taken(
    sandbox: Process, house: House, person: Person
) -> None:
    """Wrong state, no state, a used state, another issuer: no code is changed."""
    asked = _asked(person, "suixingjie")
    for query in (
        "code=x&state=wrong",
        "code=x",
        f"code=x&state={asked['state']}",  # spent by the wrong one before
    ):
        assert "state_wrong" in person.get(f"/suixingjie/callback?{query}").text
    asked = _asked(person, "suixingjie")
    page = person.get(
        f"/suixingjie/callback?code=x&state={asked['state']}&iss=https://evil.example"
    )
    assert "issuer_wrong" in page.text
    assert house.calls == []


def test_markup_in_a_copy_stays_text(sandbox: Process, house: House, person: Person) -> None:
    """Whatever xingnuo sends is shown, never run."""
    name = _fresh_profile(house)
    deep: Any = "bottom"
    for _ in range(20):
        deep = {"d": [deep]}
    house.say(SYNC, 200, {"sub": name, "items": {"name": "<script>alert(1)</script>", "x": deep}})
    page = _enter(person, "suixingjie")
    assert "<script" not in page.text and "&lt;script&gt;" in page.text


def test_xingnuo_out_of_reach_is_said_plainly(
    sandbox: Process, house: House, person: Person
) -> None:
    """A broken answer is no sign-in."""
    house.say("/oauth/token", 500, ["not", "an", "object"])
    page = _enter(person, "suixingjie")
    assert "not_understood" in page.text and "再次同步" not in page.text


@pytest.mark.parametrize("app", APPS)
def test_a_notice_erases_and_is_answered_with_a_receipt(
    sandbox: Process, house: House, person: Person, app: str
) -> None:
    """The copy and the session are gone, from the file as well; the receipt stays the same."""
    name, secret = _fresh_profile(house), f"dev-{app}-secret"
    canary = f"CNRY{secrets.token_hex(8)}"
    house.say(SYNC, 200, {"sub": name, "items": {"name": canary}})
    assert canary in _enter(person, app).text
    told = {"notice_id": secrets.token_hex(8), "account_id": name}
    answer = signed(sandbox, f"/{app}/erase", told, secret=secret)
    assert answer.status_code == 200 and is_signed(answer, secret=secret)
    receipt = answer.json()
    assert (receipt["state"], receipt["copies"], receipt["app"]) == ("erased", 1, app)
    again = signed(sandbox, f"/{app}/erase", told, secret=secret)
    assert again.json() == receipt
    assert _copies(sandbox, app, name) == []
    assert get(sandbox, f"/books/{app}.json")["receipts"][-1] == receipt
    assert canary not in person.get(f"/{app}/").text
    for file in sandbox.data.iterdir():
        assert canary.encode() not in file.read_bytes(), file.name


def test_a_notice_must_be_signed_for_this_app(sandbox: Process, house: House) -> None:
    """The other app's secret is not good here; an id is good for one account."""
    told = {"notice_id": secrets.token_hex(8), "account_id": "someone"}
    wrong = signed(sandbox, "/suixingjie/erase", told, secret="dev-xingnuo_wallet-secret")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "signature_wrong")
    right = signed(sandbox, "/suixingjie/erase", told, secret="dev-suixingjie-secret")
    assert (right.status_code, right.json()["copies"]) == (200, 0)
    other = {**told, "account_id": "someone else"}
    reused = signed(sandbox, "/suixingjie/erase", other, secret="dev-suixingjie-secret")
    assert (reused.status_code, reused.json()["code"]) == (409, "notice_id_reused")


def test_an_app_can_refuse_put_off_or_forget_a_notice(sandbox: Process, house: House) -> None:
    """Each is told apart from done."""
    secret, name = "dev-suixingjie-secret", secrets.token_hex(8)
    script(sandbox, "suixingjie", "erase", "decline", "late:200", "silence", "bad_signature",
           match=name)  # fmt: skip

    def notice(number: int) -> httpx.Response:
        told = {"notice_id": f"{name}-{number}", "account_id": name}
        return signed(sandbox, "/suixingjie/erase", told, secret=secret)

    def state(number: int) -> str:
        return str(get(sandbox, f"/suixingjie/erase/{name}-{number}")["state"])

    assert notice(1).status_code == 409
    late, silent, forged = notice(2), notice(3), notice(4)
    assert (late.status_code, late.json()["state"]) == (202, "pending")
    assert (silent.status_code, silent.json()["state"]) == (202, "pending")
    assert forged.status_code == 200 and not is_signed(forged, secret=secret)
    for _ in range(100):
        if state(2) == "erased":
            break
        httpx.get(f"{sandbox.url}/health", **PLAIN)
    assert (state(2), state(3), state(4)) == ("erased", "pending", "erased")


def test_a_person_leaves_the_app(sandbox: Process, house: House, person: Person) -> None:
    """The session ends; the copy waits for xingnuo's notice."""
    name = _fresh_profile(house)
    page = _enter(person, "xingnuo_wallet")
    assert person.http.post("/xingnuo_wallet/leave", data={"csrf": "x"}).status_code == 403
    page = person.fill(page, "/xingnuo_wallet/leave")
    assert "/xingnuo_wallet/sync" not in forms(page)
    assert len(_copies(sandbox, "xingnuo_wallet", name)) == 1
