"""Signing in through a real provider process, and every way in which it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections, transaction

from tests import pictures
from tests.outside import Outside
from tests.people.accounts.walk import (
    accepted,
    actor_of,
    begin,
    caller,
    finish,
    resolve,
    sign_in,
)
from xingnuo.kit import clock, ids
from xingnuo.kit.db.session import set_subject
from xingnuo.kit.errors import Unavailable
from xingnuo.partners.account_provider.contracts import CodeRefused, Identity, TokenRefused
from xingnuo.people.accounts import _linking, actions
from xingnuo.people.accounts._limits import FLOW_SECONDS
from xingnuo.people.accounts.contracts import (
    AccountShut,
    ClaimsMissing,
    FlowRefused,
    NotAgreed,
    ProviderDeclined,
)
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy.contracts import SubjectState


def refusals() -> set[str]:
    """Give the reasons of refused sign-ins so far."""
    with connections["audit"].cursor() as cursor:
        cursor.execute("SELECT reason FROM evidence_line WHERE kind = 'access_denied'")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.promise("1.2.1a")
def test_a_new_person_signs_in_and_four_items_are_taken(outside: Outside) -> None:
    """Account id, phone, nickname and avatar, each under the permit, and a session begins."""
    alice = sign_in(outside)
    subject_id = alice.entered.session.subject_id
    assert alice.entered.is_first and not alice.entered.is_new_device
    assert alice.entered.state is SubjectState.ACTIVE
    with transaction.atomic():
        permit = gate.permit(alice.actor, subject_id=subject_id, purpose="accounts.sign_in")
        shown = {one.item: one for one in gate_queries.read(permit)}
        (picture,) = gate_queries.files(permit)
        content = gate_queries.read_file(permit, "avatar")
    assert (picture.item, picture.source) == ("avatar", "account_provider")
    assert content is not None and content.startswith(b"\xff\xd8\xff")  # ours, not their PNG
    assert shown["account_id"].text == alice.sub
    assert shown["phone"].text == alice.phone
    assert shown["nickname"].text
    assert {one.source for one in shown.values()} == {"account_provider"}
    assert set(shown) == {"account_id", "phone", "nickname"}
    kinds = [e.kind for e in told(subject_id)]
    assert Kind.CONSENT in kinds and Kind.COLLECT in kinds and Kind.SIGN_IN in kinds


def told(subject_id):  # type: ignore[no-untyped-def]
    """Give a person's evidence."""
    with transaction.atomic():
        set_subject(subject_id)
        return evidence.of_subject(subject_id)


def test_the_session_resolves_and_its_token_is_kept_as_a_digest(outside: Outside) -> None:
    """What stands in the table signs nobody in."""
    alice = sign_in(outside)
    session = resolve(alice.entered.token)
    assert session is not None and session.subject_id == alice.entered.session.subject_id
    assert session.strength is Strength.SIGNED_IN
    with connections["audit"].cursor() as cursor:
        cursor.execute("SELECT digest FROM accounts_session_token")
        digests = {row[0] for row in cursor.fetchall()}
    assert alice.entered.token not in digests
    assert all(resolve(digest) is None for digest in list(digests)[:5])
    assert resolve("") is None and resolve("x" * 43) is None and resolve(ids.token()) is None


def test_a_returning_person_is_the_same_subject(outside: Outside) -> None:
    """One identity at the provider is one subject."""
    first = sign_in(outside)
    again = sign_in(outside, sub=first.sub)
    assert again.entered.session.subject_id == first.entered.session.subject_id
    assert not again.entered.is_first


@pytest.mark.promise("1.2.1a")
def test_nothing_is_taken_before_the_notice_was_agreed(outside: Outside) -> None:
    """Without the agreement the provider is asked for the account id alone, and nobody is made."""
    sub = outside.make_account()["sub"]
    started = begin(agreed=False)
    assert "scope=openid&" in started.url
    with pytest.raises(NotAgreed):
        finish(outside.sign_in(started.url, sub), started.cookie)
    assert found(sub) is None


def found(sub: str):  # type: ignore[no-untyped-def]
    """Find an account's subject."""
    with transaction.atomic():
        return _linking.known(sub, channel="h5")


def test_a_known_person_signs_in_without_agreeing_anew(outside: Outside) -> None:
    """They agreed before; nothing more is asked of the provider than who they are."""
    alice = sign_in(outside)
    started = begin(agreed=False)
    entered = finish(outside.sign_in(started.url, alice.sub), started.cookie)
    assert entered.session.subject_id == alice.entered.session.subject_id


def test_an_agreement_to_another_text_is_none(outside: Outside) -> None:
    """Nobody agrees to a version that is not the one in force."""
    sub = outside.make_account()["sub"]
    wrong = replace(accepted(), text_hash="0" * 64)
    started = actions.begin_sign_in(accepted=wrong, caller=caller())
    with pytest.raises(NotAgreed):
        finish(outside.sign_in(started.url, sub), started.cookie)
    assert found(sub) is None


@pytest.mark.promise("1.2.1a")
@pytest.mark.parametrize("missing", ["phone", "nickname", "avatar"])
def test_without_one_of_the_items_there_is_no_sign_in(outside: Outside, missing: str) -> None:
    """The refusal names what is missing, and no subject is opened."""
    identity = Identity(
        account_id=ids.digits(12),
        phone="",
        nickname="小艾",
        avatar="https://example.test/a.png",
        provider_session="",
        authenticated_at=None,
    )
    whole = replace(identity, phone="1" + "38" + ids.digits(8))
    lacking = replace(whole, **{missing: ""})
    with pytest.raises(ClaimsMissing) as refused, transaction.atomic():
        _linking.link(lacking, accepted(), session_id=ids.uuid7(), channel="h5")
    assert refused.value.detail == missing
    assert found(identity.account_id) is None


FORGED = {
    "wrong_key": "token_key_unknown.kid",
    "wrong_nonce": "token_refused.nonce",
    "wrong_aud": "token_refused.aud",
    "expired_token": "token_refused.exp",
    "bad_signature": "token_refused",
}


@pytest.mark.parametrize("fault", FORGED)
def test_a_forged_token_signs_nobody_in(outside: Outside, fault: str) -> None:
    """Another key, nonce, audience, an old token: refused, nobody made, evidence left."""
    sub = outside.make_account()["sub"]
    started = begin()
    back = outside.sign_in(started.url, sub)
    outside.script("account", "token", fault, match=back["code"])
    with pytest.raises(TokenRefused):
        finish(back, started.cookie)
    assert found(sub) is None
    assert any(reason.startswith(FORGED[fault]) for reason in refusals())


@pytest.mark.parametrize("fault", ["5xx", "reset", "decline"])
def test_a_provider_that_fails_changes_nothing(outside: Outside, fault: str) -> None:
    """An answer that is not understood is unavailable; a refused code is a refused code."""
    sub = outside.make_account()["sub"]
    started = begin()
    back = outside.sign_in(started.url, sub)
    outside.script("account", "token", fault, match=back["code"])
    with pytest.raises(CodeRefused if fault == "decline" else Unavailable):
        finish(back, started.cookie)
    assert found(sub) is None


def test_a_callback_works_once(outside: Outside) -> None:
    """The same state, code and cookie again are refused before the provider is asked."""
    sub = outside.make_account()["sub"]
    started = begin()
    back = outside.sign_in(started.url, sub)
    finish(back, started.cookie)
    with pytest.raises(FlowRefused):
        finish(back, started.cookie)


def test_a_stolen_state_is_worth_nothing_in_another_browser(outside: Outside) -> None:
    """The other browser is refused, and the person's own trip is not spent by it."""
    sub = outside.make_account()["sub"]
    started, other = begin(), begin()
    back = outside.sign_in(started.url, sub)
    for cookie in (other.cookie, "", ids.token(384)):
        with pytest.raises(FlowRefused):
            finish(back, cookie)
    assert finish(back, started.cookie).is_first


def test_a_code_from_another_trip_is_refused(outside: Outside) -> None:
    """Mallory's code in Alice's browser does not sign Alice in as Mallory."""
    mallory, alice = outside.make_account()["sub"], begin()
    theirs = begin()
    code = outside.sign_in(theirs.url, mallory)["code"]
    state = dict(outside.sign_in(alice.url, mallory))["state"]
    with pytest.raises(CodeRefused):
        finish({"code": code, "state": state}, alice.cookie)


def test_an_answer_of_another_issuer_is_refused(outside: Outside) -> None:
    """The provider's own name comes back with the answer."""
    sub = outside.make_account()["sub"]
    started = begin()
    back = outside.sign_in(started.url, sub) | {"iss": "https://elsewhere.test"}
    with pytest.raises(FlowRefused):
        finish(back, started.cookie)


def test_a_trip_has_its_time(outside: Outside) -> None:
    """Ten minutes later it is over."""
    sub = outside.make_account()["sub"]
    started = begin()
    back = outside.sign_in(started.url, sub)
    with clock.shifted(timedelta(seconds=FLOW_SECONDS + 1)), pytest.raises(FlowRefused):
        finish(back, started.cookie)


def test_a_person_may_break_off(outside: Outside) -> None:
    """The provider's no is told as such, and nothing was taken."""
    sub = outside.make_account()["sub"]
    started = begin()
    back = outside.sign_in(started.url, sub, decision="refuse")
    with pytest.raises(ProviderDeclined):
        finish(back, started.cookie)
    assert found(sub) is None


def test_keys_may_be_rotated(outside: Outside) -> None:
    """A new key id makes us look once more; the sign-in goes through."""
    assert sign_in(outside).entered.is_first
    outside.rotate()
    assert sign_in(outside).entered.is_first


@pytest.mark.parametrize(
    "path", ["//evil.test", "https://evil.test", "/\\evil.test", "/a\nb", "", "x", "/" + "a" * 2000]
)
def test_a_next_page_is_one_of_ours(outside: Outside, path: str) -> None:
    """Anything that could lead elsewhere becomes the home page."""
    sub = outside.make_account()["sub"]
    started = begin(next_path=path)
    assert finish(outside.sign_in(started.url, sub), started.cookie).next_path == "/"


def test_changed_items_are_refreshed_and_own_corrections_stay(outside: Outside) -> None:
    """What came from the provider follows it; what the person corrected here is theirs."""
    alice = sign_in(outside)
    subject_id = alice.entered.session.subject_id
    identity = Identity(
        account_id=alice.sub,
        phone=alice.phone,
        nickname="新名字",
        avatar="https://example.test/new.png",
        provider_session="",
        authenticated_at=None,
        picture=pictures.picture("PNG", "red"),
    )
    with transaction.atomic():
        permit = gate.permit(alice.actor, subject_id=subject_id, purpose="accounts.sign_in")
        gate.collect(permit, {"nickname": "我自己改的"}, source="self", correction=True)
        before = gate_queries.read_file(permit, "avatar")
    with transaction.atomic():
        _linking.link(identity, accepted(), session_id=ids.uuid7(), channel="h5")
        permit = gate.permit(alice.actor, subject_id=subject_id, purpose="accounts.sign_in")
        shown = {one.item: one.text for one in gate_queries.read(permit)}
        after = gate_queries.read_file(permit, "avatar")
    assert shown["nickname"] == "我自己改的"
    assert after is not None and after != before


def test_a_number_that_another_account_holds_keeps_nobody_out(outside: Outside) -> None:
    """Numbers are given out again: who has it now comes in without it, and is told of the way."""
    alice = sign_in(outside)
    identity = Identity(
        account_id=ids.digits(12),
        phone=alice.phone,
        nickname="新机主",
        avatar="https://example.test/b.png",
        provider_session="",
        authenticated_at=None,
    )
    from xingnuo.people.accounts import _sign_in
    from xingnuo.people.accounts.models import Flow
    from xingnuo.people.notices import queries as messages

    flow = Flow(accepted_version=accepted().version, accepted_hash=accepted().text_hash)
    for _ in range(2):
        entered = _sign_in._entered(flow, identity, caller())
    subject_id = found(identity.account_id)
    assert subject_id is not None and subject_id == entered.session.subject_id
    with transaction.atomic():
        actor = actor_of(entered.session)
        permit = gate.permit(actor, subject_id=subject_id, purpose="accounts.sign_in")
        held = {one.item for one in gate_queries.read(permit)}
        told = [one.title for one in messages.messages(actor)]
    assert held >= {"account_id", "nickname"} and "phone" not in held
    assert told.count("手机号还没有记到你的帐号") == 1
    assert sign_in(outside, sub=alice.sub, phone=alice.phone).entered.session is not None


def test_a_person_who_withdrew_is_let_in_for_their_rights(outside: Outside) -> None:
    """Signing in accepts nothing again, even with the box ticked."""
    alice = sign_in(outside)
    subject_id = alice.entered.session.subject_id
    with transaction.atomic():
        gate.withdraw_policy(alice.actor, subject_id=subject_id, text_hash=accepted().text_hash)
    again = sign_in(outside, sub=alice.sub)
    assert again.entered.state is SubjectState.WITHDRAWN
    with transaction.atomic():
        assert gate_queries.state_of(subject_id) is SubjectState.WITHDRAWN


def test_an_account_that_is_being_erased_is_shut(outside: Outside) -> None:
    """Nothing is written about a person whose keys are on their way out."""
    alice = sign_in(outside)
    subject_id = alice.entered.session.subject_id
    with transaction.atomic():
        gate.change_state(
            alice.actor, subject_id=subject_id, to=SubjectState.CLOSING, cause="closure_asked"
        )
        gate.begin_erasure(alice.actor, subject_id=subject_id, cause="closure")
    with pytest.raises(AccountShut):
        sign_in(outside, sub=alice.sub)


def test_an_erased_person_who_signs_in_again_is_somebody_new(outside: Outside) -> None:
    """Nothing of before comes back."""
    alice = sign_in(outside)
    subject_id = alice.entered.session.subject_id
    with transaction.atomic():
        gate.change_state(
            alice.actor, subject_id=subject_id, to=SubjectState.CLOSING, cause="closure_asked"
        )
        gate.begin_erasure(alice.actor, subject_id=subject_id, cause="closure")
    with transaction.atomic():
        gate.destroy_keys(alice.actor, subject_id=subject_id)
    with transaction.atomic():
        rows = actions.erase(subject_id)
        gate.finish_erasure(alice.actor, subject_id=subject_id, rows=rows)
    assert resolve(alice.entered.token) is None
    again = sign_in(outside, sub=alice.sub)
    assert again.entered.is_first
    assert again.entered.session.subject_id != subject_id


def test_a_new_sign_in_replaces_the_browsers_session(outside: Outside) -> None:
    """A session token that was planted before is worth nothing after."""
    alice = sign_in(outside)
    who = caller(token=alice.entered.token)
    started = begin(who)
    entered = finish(outside.sign_in(started.url, alice.sub), started.cookie, who)
    assert resolve(alice.entered.token) is None
    assert resolve(entered.token) is not None
    assert actor_of(entered.session).session_id != alice.entered.session.id
