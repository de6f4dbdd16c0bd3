"""Sibling apps: let in by the person alone, given what was agreed, told to erase when it ends."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.db import connections, transaction

from tests.outside import Outside
from tests.people.accounts.walk import Signed, sign_in
from xingnuo.kit import clock, ids
from xingnuo.kit.db.session import set_subject
from xingnuo.kit.errors import Conflict, TooMany, Unavailable
from xingnuo.people.accounts import actions, queries
from xingnuo.people.accounts._limits import ACCESS_SECONDS, CODE_SECONDS, TOKEN_FAULTS_PER_CLIENT
from xingnuo.people.accounts._secret import s256
from xingnuo.people.accounts.contracts import (
    AuthorizeRequest,
    BadClient,
    BadToken,
    Issued,
    OAuthFault,
    TellState,
)
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import GateRefusal, Reason
from xingnuo.trust.policy.contracts import ActorKind

APP = "suixingjie"
VERIFIER = "v" * 64


def query(outside: Outside, app: str = APP, **changed: str) -> str:
    """Give the query of a right request with changes; an empty value takes a field out."""
    right = {
        "response_type": "code",
        "client_id": app,
        "redirect_uri": f"{outside.url}/{app}/callback",
        "scope": "openid sync",
        "state": "s" * 20,
        "nonce": "n",
        "code_challenge": s256(VERIFIER),
        "code_challenge_method": "S256",
    }
    return urlencode({k: v for k, v in (right | changed).items() if v})


def request(outside: Outside, app: str = APP) -> AuthorizeRequest:
    """Give a right request, checked."""
    return queries.authorize_request(query(outside, app))


def let_in(
    outside: Outside, alice: Signed, *, app: str = APP, optional: tuple[str, ...] = ("phone",)
) -> str:
    """Agree as the person; gives the code that the app gets."""
    asked = request(outside, app)
    with transaction.atomic():
        sheet = queries.sync_sheet(asked)
        to = actions.agree_sync(alice.actor, asked, optional=optional, text_hash=sheet.text_hash)
    back = dict(parse_qsl(urlsplit(to).query))
    assert back["state"] == "s" * 20 and back["iss"]
    return back["code"]


def change(outside: Outside, code: str, *, app: str = APP, verifier: str = VERIFIER) -> Issued:
    """Change a code for a token as the app."""
    client = actions.client_of(app, f"dev-{app}-secret")
    return actions.exchange(
        client, code=code, redirect_uri=f"{outside.url}/{app}/callback", verifier=verifier
    )


def profile(token: str):  # type: ignore[no-untyped-def]
    """Read the profile as the app."""
    with transaction.atomic():
        return queries.profile_for(token)


@pytest.mark.promise("1.2.1b")
def test_an_app_is_given_what_was_agreed_and_no_more(outside: Outside) -> None:
    """The account id and the phone, masked; its use is on record under the app's name."""
    alice = sign_in(outside)
    issued = change(outside, let_in(outside, alice))
    given = profile(issued.access_token)
    assert given.items["account_id"] == alice.sub
    assert given.items["phone"] == f"{alice.phone[:3]}****{alice.phone[-4:]}"
    assert set(given.items) == {"account_id", "phone"}
    assert given.pairwise == issued.pairwise != str(alice.entered.session.subject_id)
    with transaction.atomic():
        set_subject(alice.entered.session.subject_id)
        uses = list(evidence.of_subject(alice.entered.session.subject_id))
        shared = evidence.shared(alice.entered.session.subject_id)
        looked = evidence.looked(alice.entered.session.subject_id)
    assert any(
        e.actor_kind == ActorKind.SIBLING.value
        and e.actor_ref == APP
        and e.purpose == f"accounts.sync_{APP}"
        and "phone" in e.items
        for e in uses
    )
    assert [(one.actor_ref, set(one.items)) for one in looked if one.actor_kind == "sibling"] == [
        (APP, {"account_id", "phone"})
    ]
    assert not shared, "a sibling of the same controller is a use, not a share"


def test_an_optional_item_left_off_is_not_given(outside: Outside) -> None:
    """Each item has its own switch."""
    alice = sign_in(outside)
    issued = change(outside, let_in(outside, alice, optional=()))
    assert set(profile(issued.access_token).items) == {"account_id"}


def test_two_apps_know_a_person_by_different_names(outside: Outside) -> None:
    """So that they cannot join what they know, and each has its own consent."""
    alice = sign_in(outside)
    one = change(outside, let_in(outside, alice))
    other = change(outside, let_in(outside, alice, app="xingnuo_wallet"), app="xingnuo_wallet")
    assert one.pairwise != other.pairwise


def test_a_consent_to_one_app_lets_no_other_in(outside: Outside) -> None:
    """Each app has its own purpose."""
    alice = sign_in(outside)
    let_in(outside, alice)
    with pytest.raises(GateRefusal) as refused, transaction.atomic():
        actions.continue_sync(alice.actor, request(outside, "xingnuo_wallet"))
    assert refused.value.reason is Reason.NO_CONSENT


@pytest.mark.promise("1.2.1b")
def test_a_refusal_is_as_easy_and_gives_nothing(outside: Outside) -> None:
    """The app is told no, and nothing of the person."""
    alice = sign_in(outside)
    asked = request(outside)
    with transaction.atomic():
        sheet = queries.sync_sheet(asked)
        to = actions.refuse_sync(alice.actor, asked, text_hash=sheet.text_hash)
    back = dict(parse_qsl(urlsplit(to).query))
    assert back["error"] == "access_denied" and "code" not in back
    with transaction.atomic():
        shown = {app.id: app for app in queries.siblings(alice.actor)}
    assert not shown[APP].is_on


def test_a_stale_sheet_is_not_agreed_to(outside: Outside) -> None:
    """Nobody agrees to a text that they did not see."""
    alice = sign_in(outside)
    with pytest.raises(Conflict), transaction.atomic():
        actions.agree_sync(alice.actor, request(outside), optional=(), text_hash="0" * 64)


@pytest.mark.promise("1.2.1b")
def test_switching_off_ends_access_and_the_copy(outside: Outside) -> None:
    """The token is worth nothing, a new try is refused, and the app erases on a signed notice."""
    alice = sign_in(outside)
    issued = change(outside, let_in(outside, alice))
    with transaction.atomic():
        sheet = gate_queries.sheet(f"accounts.sync_{APP}")
        actions.stop_sync(alice.actor, client=APP, text_hash=sheet.text_hash)
    with pytest.raises(BadToken):
        profile(issued.access_token)
    with pytest.raises(GateRefusal), transaction.atomic():
        actions.continue_sync(alice.actor, request(outside))
    notice_id = due(issued.pairwise)
    assert actions.tell_sibling(notice_id=notice_id) is TellState.DONE
    assert actions.tell_sibling(notice_id=notice_id) is TellState.DONE
    receipts = outside.books(APP)["receipts"]
    told = [one for one in receipts if one["account_id"] == issued.pairwise]
    assert len(told) == 1 and told[0]["state"] == "erased"


def due(pairwise: str):  # type: ignore[no-untyped-def]
    """Give the id of the erase notice about a person."""
    with connections["audit"].cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_sibling_notice WHERE pairwise = %s", [pairwise])
        rows = cursor.fetchall()
    assert len(rows) == 1
    return rows[0][0]


@pytest.mark.parametrize("fault", ["bad_signature", "late(60000)", "5xx", "reset"])
def test_an_erase_notice_goes_on_until_its_receipt(outside: Outside, fault: str) -> None:
    """An answer without a receipt is none, and the notice is sent again."""
    alice = sign_in(outside)
    issued = change(outside, let_in(outside, alice))
    with transaction.atomic():
        assert actions.end_syncs(alice.entered.session.subject_id, why="withdrawn") == 1
        assert actions.end_syncs(alice.entered.session.subject_id, why="withdrawn") == 0
    notice_id = due(issued.pairwise)
    outside.script(APP, "erase", fault, match=str(notice_id))
    with pytest.raises(Unavailable):
        actions.tell_sibling(notice_id=notice_id)
    if not fault.startswith("late"):
        assert actions.tell_sibling(notice_id=notice_id) is TellState.DONE


def test_a_withdrawn_policy_refuses_the_app(outside: Outside) -> None:
    """The app's access ends with the consent to it, in the same transaction."""
    alice = sign_in(outside)
    issued = change(outside, let_in(outside, alice))
    with transaction.atomic():
        gate.withdraw_policy(
            alice.actor, subject_id=alice.entered.session.subject_id, text_hash="0" * 64
        )
    with pytest.raises(BadToken):
        profile(issued.access_token)


def test_a_code_works_once_and_its_replay_takes_the_token_back(outside: Outside) -> None:
    """Whoever came second, neither goes on."""
    alice = sign_in(outside)
    code = let_in(outside, alice)
    issued = change(outside, code)
    assert profile(issued.access_token).items
    with pytest.raises(OAuthFault) as refused:
        change(outside, code)
    assert refused.value.detail == "invalid_grant"
    with pytest.raises(BadToken):
        profile(issued.access_token)
    with transaction.atomic():
        set_subject(alice.entered.session.subject_id)
        lines = evidence.of_subject(alice.entered.session.subject_id)
    assert any(line.reason == "code_replayed" for line in lines)


def test_a_wrong_verifier_burns_the_code(outside: Outside) -> None:
    """Nobody guesses twice."""
    alice = sign_in(outside)
    code = let_in(outside, alice)
    for verifier in ("w" * 64, VERIFIER):
        with pytest.raises(OAuthFault):
            change(outside, code, verifier=verifier)


def test_a_code_of_another_app_address_or_time_is_refused(outside: Outside) -> None:
    """A code is bound to the app, the address and the minute it was made for."""
    alice = sign_in(outside)
    with pytest.raises(OAuthFault):
        change(outside, let_in(outside, alice), app="xingnuo_wallet")
    client = actions.client_of(APP, f"dev-{APP}-secret")
    with pytest.raises(OAuthFault):
        actions.exchange(
            client, code=let_in(outside, alice), redirect_uri="http://evil.test", verifier=VERIFIER
        )
    late = let_in(outside, alice)
    with clock.shifted(timedelta(seconds=CODE_SECONDS + 1)), pytest.raises(OAuthFault):
        change(outside, late)
    with pytest.raises(OAuthFault):
        change(outside, ids.token())


def test_a_token_lives_ten_minutes_and_can_be_revoked(outside: Outside) -> None:
    """By its own app; another app's revocation does nothing."""
    alice = sign_in(outside)
    issued = change(outside, let_in(outside, alice))
    with clock.shifted(timedelta(seconds=ACCESS_SECONDS + 1)), pytest.raises(BadToken):
        profile(issued.access_token)
    other = actions.client_of("xingnuo_wallet", "dev-xingnuo_wallet-secret")
    actions.revoke(other, issued.access_token)
    assert profile(issued.access_token).items
    actions.revoke(actions.client_of(APP, f"dev-{APP}-secret"), issued.access_token)
    with pytest.raises(BadToken):
        profile(issued.access_token)


def test_signing_out_everywhere_takes_tokens_back(outside: Outside) -> None:
    """What sibling apps may read ends with the sessions."""
    alice = sign_in(outside)
    issued = change(outside, let_in(outside, alice))
    with transaction.atomic():
        actions.sign_out_everywhere(alice.actor)
    with pytest.raises(BadToken):
        profile(issued.access_token)


def test_wrong_secrets_are_refused_and_counted(outside: Outside) -> None:
    """After many faults of one app's name there is a pause; the right secret still passes."""
    limit, _ = TOKEN_FAULTS_PER_CLIENT
    name = f"app{ids.digits(8)}"
    for _ in range(limit):
        with pytest.raises(OAuthFault) as refused:
            actions.client_of(name, "x")
        assert refused.value.detail == "invalid_client"
    with pytest.raises(TooMany):
        actions.client_of(name, "x")
    assert actions.client_of(APP, f"dev-{APP}-secret").id == APP


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "http://evil.test/callback"},
        {"redirect_uri": ""},
        {"client_id": "xingnuo_wallet"},
    ],
)
def test_an_unregistered_app_is_sent_nothing(outside: Outside, changed: dict[str, str]) -> None:
    """No redirect at all: the address may be anybody's."""
    with pytest.raises(BadClient):
        queries.authorize_request(query(outside, **changed))


def test_addresses_are_compared_letter_by_letter(outside: Outside) -> None:
    """No prefix, no query, no other case, no second field of the same name."""
    right = f"{outside.url}/{APP}/callback"
    for wrong in (right + "/", right + "?a=b", right.upper(), right[:-1], right + "#x"):
        with pytest.raises(BadClient):
            queries.authorize_request(query(outside, redirect_uri=wrong))
    with pytest.raises(BadClient):
        queries.authorize_request(query(outside) + "&client_id=xingnuo_wallet")
    with pytest.raises(BadClient):
        queries.authorize_request(query(outside) + "&state=other")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": "openid sync admin"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_told_to_the_app(
    outside: Outside, changed: dict[str, str], error: str
) -> None:
    """At its own registered address, in the words of the protocol."""
    with pytest.raises(OAuthFault) as refused:
        queries.authorize_request(query(outside, **changed))
    assert refused.value.location.startswith(f"{outside.url}/{APP}/callback?")
    assert f"error={error}" in refused.value.location
