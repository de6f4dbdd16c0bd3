"""The text message of a notice: sent at most once, dropped where the person is gone."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.outside import Outside
from tests.people.accounts.walk import Signed, sign_in
from xingnuo.kit.errors import Unavailable
from xingnuo.people.accounts import actions, queries
from xingnuo.people.accounts.contracts import SmsState
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy.contracts import SubjectState


def notice_of(signed: Signed):  # type: ignore[no-untyped-def]
    """Give the id of the person's notice of a new device."""
    with transaction.atomic():
        return next(n.id for n in queries.notices(signed.actor) if n.code == "new_device")


def newcomer(outside: Outside) -> Signed:
    """Give a person who was told of a new device."""
    alice = sign_in(outside)
    sign_in(outside, sub=alice.sub)
    return alice


def send(signed: Signed) -> SmsState:
    """Run the job of the text message."""
    return actions.send_sms(
        subject_id=signed.entered.session.subject_id, notice_id=notice_of(signed)
    )


def test_the_text_message_reaches_the_phone_once(outside: Outside) -> None:
    """It holds no name, no account and no link, and a second run of the job sends nothing."""
    alice = newcomer(outside)
    assert send(alice) is SmsState.SENT
    assert send(alice) is SmsState.SENT
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
    outside.script("sms", "send", fault, match=str(notice_of(alice)))
    with pytest.raises(Unavailable):
        send(alice)
    assert send(alice) is SmsState.SENT
    assert len(outside.inbox(alice.phone)) == 1


def test_a_refused_number_is_dropped(outside: Outside) -> None:
    """A final no is not tried again."""
    alice = newcomer(outside)
    outside.script("sms", "send", "decline", match=str(notice_of(alice)))
    assert send(alice) is SmsState.DROPPED
    assert send(alice) is SmsState.DROPPED
    assert outside.inbox(alice.phone) == []


def test_a_person_who_is_gone_gets_no_text(outside: Outside) -> None:
    """The permit is asked when the job runs, so what happened in between holds."""
    alice = newcomer(outside)
    notice_id = notice_of(alice)
    subject_id = alice.entered.session.subject_id
    with transaction.atomic():
        gate.change_state(
            alice.actor, subject_id=subject_id, to=SubjectState.CLOSING, cause="closure_asked"
        )
        gate.begin_erasure(alice.actor, subject_id=subject_id, cause="closure")
    state = actions.send_sms(subject_id=subject_id, notice_id=notice_id)
    assert state is SmsState.DROPPED
    assert outside.inbox(alice.phone) == []
