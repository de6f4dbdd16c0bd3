"""Texts about the account: one register, one way to the phone, never a promotion."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests import cast
from tests.outside import Outside
from tests.people.accounts.walk import Signed, sign_in
from xingnuo.kit import clock
from xingnuo.kit.errors import NotFound, Unavailable
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts.contracts import News, WayNews
from xingnuo.people.notices import _limits, _templates, actions, queries
from xingnuo.people.notices.contracts import Channel, Delivery, MessageKind, MessageState
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy.contracts import SubjectState


def newcomer(outside: Outside) -> Signed:
    """Give a person who was told of a new device."""
    alice = sign_in(outside)
    sign_in(outside, sub=alice.sub)
    return alice


def text_of(signed: Signed) -> Delivery:
    """Give how far the text message about the new device has come."""
    with cast.transaction():
        found = queries.deliveries(signed.entered.session.subject_id)
    (one,) = [each for each in found if (each.code, each.channel) == (News.NEW_DEVICE, Channel.SMS)]
    return one


def send(signed: Signed) -> MessageState:
    """Run the job of the text message."""
    return actions.deliver(
        subject_id=signed.entered.session.subject_id, message_id=text_of(signed).id
    )


@pytest.mark.promise("4.2")
def test_the_text_message_reaches_the_phone_once(outside: Outside) -> None:
    """It holds no name, no account and no link, and a second run of the job sends nothing."""
    alice = newcomer(outside)
    assert send(alice) is MessageState.SENT
    assert send(alice) is MessageState.SENT
    received = outside.inbox(alice.phone)
    assert len(received) == 1
    text = received[0]["text"]
    assert "报告冒用" in text and "验证码" in text
    assert alice.sub not in text and alice.phone not in text and "http" not in text


@pytest.mark.parametrize("fault", ["reset", "5xx", "bad_signature"])
def test_an_unknown_answer_is_pending_and_sends_no_second_text(
    outside: Outside, fault: str
) -> None:
    """The job comes again and finds out from the gateway's own record."""
    alice = newcomer(outside)
    outside.script("sms", "send", fault, match=str(text_of(alice).id))
    with pytest.raises(Unavailable):
        send(alice)
    assert send(alice) is MessageState.SENT
    assert len(outside.inbox(alice.phone)) == 1


def test_a_refused_number_is_dropped(outside: Outside) -> None:
    """A final no is not tried again."""
    alice = newcomer(outside)
    outside.script("sms", "send", "decline", match=str(text_of(alice).id))
    assert send(alice) is MessageState.DROPPED
    assert send(alice) is MessageState.DROPPED
    assert outside.inbox(alice.phone) == []


def test_a_person_who_is_gone_gets_no_text(outside: Outside) -> None:
    """The permit is asked when the job runs, so what happened in between holds."""
    alice = newcomer(outside)
    message, subject_id = text_of(alice), alice.entered.session.subject_id
    with cast.transaction():
        gate.change_state(
            alice.actor, subject_id=subject_id, to=SubjectState.CLOSING, cause="closure_asked"
        )
        gate.begin_erasure(alice.actor, subject_id=subject_id, cause="closure")
    state = actions.deliver(subject_id=subject_id, message_id=message.id)
    assert state is MessageState.DROPPED
    assert outside.inbox(alice.phone) == []


@pytest.mark.promise("1.6.1")
@pytest.mark.parametrize("news", [*News, *WayNews])
def test_every_news_is_a_text_of_the_register_and_no_promotion(news: News | WayNews) -> None:
    """Whatever accounts may tell stands there with a version, and advertises nothing."""
    text = _templates.newest(news.value)
    assert text.version >= 1 and text.kind is MessageKind.SERVICE
    for words in (text.title, text.text, text.sms):
        assert "退订" not in words and "优惠" not in words and "福利" not in words
    assert text.href.startswith("/me/")


@pytest.mark.promise("1.6.1")
def test_security_waits_for_no_morning_and_counts_as_no_promotion(outside: Outside) -> None:
    """At night a text about the account is due at once; stopping promotions leaves it alone."""
    alice = sign_in(outside)
    subject_id = alice.entered.session.subject_id
    night = clock.beijing(clock.now()).replace(hour=23, minute=30)
    with clock.frozen(night), cast.transaction():
        accounts.report_misuse(alice.actor)
        actions.tell(subject_id, News.NEW_DEVICE, key="at_night", label="Android · Chrome")
    found = text_of(alice)
    assert found.due_at <= night + timedelta(seconds=1) < _limits.loud_after(night)
    with cast.transaction():
        assert actions.end_consent(subject_id, "notices.promotion") == 0
    assert text_of(alice).state is MessageState.DUE


def test_one_path_leads_to_a_phone() -> None:
    """Of all the house, notices alone sends texts; the hook only reads what was answered."""
    house = Path(__file__).resolve().parents[3] / "xingnuo"
    sends = re.compile(r"partners\.sms|partners import sms")
    found = {
        path.relative_to(house).parts[:2]
        for path in house.rglob("*.py")
        if sends.search(path.read_text(encoding="utf-8"))
    }
    proof = ("proof", "checks")  # plays the carrier, and sends nothing
    assert found == {("people", "notices"), ("partners", "sms"), ("doors", "hooks"), proof}


def test_one_message_is_read_by_its_owner_alone(outside: Outside) -> None:
    """Reading leads where it is settled; another's message and none at all look the same."""
    alice, bob = newcomer(outside), sign_in(outside)
    with cast.transaction():
        (mine,) = queries.messages(alice.actor)
        assert actions.read_one(alice.actor, message_id=mine.id) == "/me/settings/devices/"
        assert queries.unread(alice.actor) == 0
    for who, message in ((bob, mine.id), (alice, text_of(alice).id)):
        with pytest.raises(NotFound), cast.transaction():
            actions.read_one(who.actor, message_id=message)
