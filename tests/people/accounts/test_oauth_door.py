"""The doors of this room: the authorization server, the profile, and the provider's notices."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.outside import Outside
from tests.people.accounts.forge import confused, logout_claims, logout_token, unsigned
from tests.people.accounts.test_siblings import APP, VERIFIER, change, let_in, query
from tests.people.accounts.walk import Signed, resolve, sign_in
from xingnuo.doors.api import oauth
from xingnuo.kit.db.session import read_only
from xingnuo.people.accounts import actions, queries
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import GateRefusal, Reason


def browser(signed: Signed | None = None, *, checks: bool = False) -> Client:
    """Give a browser, signed in or not; `checks` makes it need form tokens."""
    client = Client(enforce_csrf_checks=checks, headers={"host": "localhost"})
    if signed is not None:
        client.cookies[settings.SESSION_COOKIE] = signed.entered.token
        client.cookies["xn_seen"] = queries.stamp(signed.entered.session.id)
    return client


def sheet_hash() -> str:
    """Give the hash of the sheet as it is now."""
    with transaction.atomic():
        return gate_queries.sheet(f"accounts.sync_{APP}").text_hash


def test_the_question_is_asked_on_one_plain_page(outside: Outside) -> None:
    """With equal answers, nothing ticked, and no script in it."""
    alice = sign_in(outside)
    answer = browser(alice).get(f"/oauth/authorize?{query(outside)}")
    page = answer.content.decode()
    assert answer.status_code == 200 and "随星借" in page
    assert 'value="agree"' in page and 'value="refuse"' in page and "checked" not in page
    assert answer["Cache-Control"] == "no-store"


def test_whoever_is_not_signed_in_signs_in_first(outside: Outside) -> None:
    """And comes back to the same question."""
    answer = browser().get(f"/oauth/authorize?{query(outside)}")
    assert answer.status_code == 303
    to = urlsplit(answer["Location"])
    assert to.path == reverse("sign_in")
    assert dict(parse_qsl(to.query))["next"].startswith("/oauth/authorize?response_type=code")


def answer_as(outside: Outside, alice: Signed, answer: str, **more: str) -> str:
    """Send the form; gives the address that the browser is sent to."""
    form = {"request": query(outside), "answer": answer, "text_hash": sheet_hash()} | more
    told = browser(alice).post("/oauth/authorize", form)
    assert told.status_code == 303, told.content[:300]
    return str(told["Location"])


def basic(secret: str = f"dev-{APP}-secret") -> dict[str, str]:
    """Give the header by which the app shows its secret."""
    return {"Authorization": f"Basic {base64.b64encode(f'{APP}:{secret}'.encode()).decode()}"}


def redeem(outside: Outside, code: str, /, **changed: str):  # type: ignore[no-untyped-def]
    """Change a code over HTTP."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": f"{outside.url}/{APP}/callback",
        "code_verifier": VERIFIER,
    }
    return browser().post("/oauth/token", form | changed, headers=basic())


@pytest.mark.promise("1.2.1b")
def test_the_whole_way_over_http(outside: Outside) -> None:
    """Agree, change the code, read; then go on without being asked again."""
    alice = sign_in(outside)
    to = answer_as(outside, alice, "agree", optional="phone")
    assert to.startswith(f"{outside.url}/{APP}/callback?")
    told = redeem(outside, dict(parse_qsl(urlsplit(to).query))["code"])
    assert told.status_code == 200 and told["Cache-Control"] == "no-store"
    issued = told.json()
    assert issued["token_type"] == "Bearer" and issued["expires_in"] == 600
    given = read(issued["access_token"])
    assert given.status_code == 200
    assert set(given.json()["items"]) == {"account_id", "phone"}
    assert "继续登录" in browser(alice).get(f"/oauth/authorize?{query(outside)}").content.decode()
    again = answer_as(outside, alice, "continue")
    assert "code=" in again


def read(token: str, scheme: str = "Bearer"):  # type: ignore[no-untyped-def]
    """Read the profile through its view, on the reading role as the passage does."""
    request = RequestFactory().get(
        "/api/v1/sync/profile", headers={"Authorization": f"{scheme} {token}"}
    )
    with transaction.atomic():
        read_only()
        answer = oauth.sync_profile(request)
    answer.json = lambda: __import__("json").loads(answer.content)  # type: ignore[attr-defined]
    return answer


def test_refusing_over_http_says_so_to_the_app(outside: Outside) -> None:
    """One press, like agreeing; with a live consent the same press ends it."""
    alice = sign_in(outside)
    assert "error=access_denied" in answer_as(outside, alice, "refuse")
    change(outside, let_in(outside, alice))
    assert "error=access_denied" in answer_as(outside, alice, "refuse")
    with pytest.raises(GateRefusal) as refused, transaction.atomic():
        from tests.people.accounts.test_siblings import request

        actions.continue_sync(alice.actor, request(outside))
    assert refused.value.reason is Reason.NO_CONSENT


def test_a_form_without_its_token_changes_nothing(outside: Outside) -> None:
    """Another site cannot answer for the person."""
    alice = sign_in(outside)
    form = {"request": query(outside), "answer": "agree", "text_hash": sheet_hash()}
    told = browser(alice, checks=True).post("/oauth/authorize", form)
    assert told.status_code == 403
    with transaction.atomic():
        assert not any(app.is_on for app in queries.siblings(alice.actor))


def test_a_request_from_nobody_is_a_page_and_no_redirect(outside: Outside) -> None:
    """An unregistered address is sent nothing."""
    alice = sign_in(outside)
    told = browser(alice).get(f"/oauth/authorize?{query(outside, client_id='nobody')}")
    assert told.status_code == 400 and "Location" not in told
    told = browser(alice).get(f"/oauth/authorize?{query(outside, scope='openid')}")
    assert told.status_code == 303 and "error=invalid_scope" in told["Location"]


@pytest.mark.parametrize(
    ("changed", "error", "status"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
        ({"code": "x"}, "invalid_grant", 400),
        ({"code_verifier": ""}, "invalid_grant", 400),
        ({"code_verifier": "v" * 400}, "invalid_request", 400),
    ],
)
def test_the_token_door_answers_in_the_words_of_the_protocol(
    outside: Outside, changed: dict[str, str], error: str, status: int
) -> None:
    """JSON with `error`, never a page."""
    alice = sign_in(outside)
    told = redeem(outside, let_in(outside, alice), **changed)
    assert (told.status_code, told.json()["error"]) == (status, error)


def test_an_app_without_its_secret_is_told_so(outside: Outside) -> None:
    """401 with a challenge; broken headers too."""
    for headers in (basic("wrong"), {"Authorization": "Basic !!"}, {"Authorization": "Bearer x"}):
        told = browser().post("/oauth/token", {"grant_type": "authorization_code"}, headers=headers)
        assert told.status_code == 401 and told.json()["error"] == "invalid_client"
        assert told["WWW-Authenticate"].startswith("Basic")
    assert browser().get("/oauth/token").status_code == 405


def test_switching_off_within_the_minute_is_kept(outside: Outside) -> None:
    """The code that was on its way is worth nothing."""
    alice = sign_in(outside)
    code = let_in(outside, alice)
    from xingnuo.people.accounts.models import Code

    with transaction.atomic():
        held = Code.objects.get(subject_id=alice.entered.session.subject_id)
        actions.stop_sync(alice.actor, client=APP, text_hash=sheet_hash())
    held.save(force_insert=True)
    told = redeem(outside, code)
    assert told.status_code == 400 and told.json()["error"] == "invalid_grant"


def test_revoking_over_http(outside: Outside) -> None:
    """The token is gone, and an unknown one is answered the same."""
    alice = sign_in(outside)
    issued = change(outside, let_in(outside, alice))
    for token in (issued.access_token, issued.access_token, "unknown"):
        told = browser().post("/oauth/revoke", {"token": token}, headers=basic())
        assert told.status_code == 200
    assert read(issued.access_token).status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", ""])
def test_the_profile_needs_a_token(outside: Outside, scheme: str) -> None:
    """401 problem+json with a challenge."""
    told = read("x" * 43, scheme)
    assert told.status_code == 401 and told.json()["code"] == "invalid_token"
    assert told["WWW-Authenticate"].startswith("Bearer")


def test_the_metadata_tells_what_is_spoken() -> None:
    """Code and S256 alone, names by pairs."""
    told = browser().get("/oauth/metadata").json()
    assert told["response_types_supported"] == ["code"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["subject_types_supported"] == ["pairwise"]


@pytest.mark.promise("5.1.6")
def test_the_providers_notice_signs_out_everywhere(outside: Outside) -> None:
    """200, and the same again 200 without another effect."""
    alice = sign_in(outside)
    token = logout_token(outside, alice.sub)
    for _ in range(2):
        told = browser().post("/hooks/account/logout", {"logout_token": token})
        assert told.status_code == 200
    assert resolve(alice.entered.token) is None


FORGED: dict[str, Callable[[Outside, str], str]] = {
    "empty": lambda outside, sub: "",
    "none": lambda outside, sub: unsigned(logout_claims(outside, sub)),
    "hmac": lambda outside, sub: confused(outside, logout_claims(outside, sub)),
    "aud": lambda outside, sub: logout_token(outside, sub, aud="other"),
    "nonce": lambda outside, sub: logout_token(outside, sub, nonce="n"),
    "events": lambda outside, sub: logout_token(outside, sub, events={}),
    "old": lambda outside, sub: logout_token(outside, sub, iat=1, exp=2),
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_notice_signs_nobody_out(outside: Outside, kind: str) -> None:
    """400, and every session goes on."""
    alice = sign_in(outside)
    told = browser().post(
        "/hooks/account/logout", {"logout_token": FORGED[kind](outside, alice.sub)}
    )
    assert told.status_code == 400
    assert resolve(alice.entered.token) is not None
