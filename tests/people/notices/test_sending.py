"""Messages: written once for their cause, sent once by their channel, as the person allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from tests.outside import Partners
from tests.people.accounts import walk
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import Unavailable
from xingnuo.kit.steps import ForbiddenStep, step
from xingnuo.partners.sms.contracts import Reply
from xingnuo.people.notices import _campaigns, _limits, _states, _templates, actions, queries
from xingnuo.people.notices.contracts import (
    CampaignState,
    Channel,
    MessageKind,
    MessageState,
    OwnRelease,
    UnknownTemplate,
)
from xingnuo.people.notices.models import MessageRow
from xingnuo.trust.evidence.contracts import NOBODY
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.gate.contracts import Granted
from xingnuo.trust.policy.contracts import SubjectState

PROMOTION = "notices.promotion"
DAYS = (datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-01-01"))
MORNING = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # ten o'clock in Beijing, and over


@pytest.fixture
def alice(outside: Partners) -> walk.Signed:
    """Give a person who signed in, with a phone of record."""
    return walk.sign_in(outside)


@pytest.fixture
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no hour be a quiet one, whenever the test runs."""
    monkeypatch.setattr(_limits, "loud_after", lambda at: at)


def subject(who: walk.Signed) -> UUID:
    """Give whose session it is."""
    return who.entered.session.subject_id


def person(who: walk.Signed) -> cast.Person:
    """Give the person as the cast knows people."""
    return cast.Person(subject(who), who.actor)


def tell(who: walk.Signed, code: str, key: str = "") -> int:
    """Write a text for a person."""
    with cast.transaction():
        return actions.tell(subject(who), code, key=key or str(ids.uuid7()), label="2027-01-31")


def rows(who: walk.Signed, channel: Channel = Channel.SMS) -> list[MessageRow]:
    """Read a person's messages of a channel."""
    with cast.transaction():
        session.set_subject(subject(who))
        return list(MessageRow.objects.of(subject(who)).filter(channel=channel.value))


def send(who: walk.Signed, row: MessageRow) -> MessageState:
    """Run the job of a message."""
    return actions.deliver(subject_id=subject(who), message_id=row.id)


def texts(outside: Partners, who: walk.Signed) -> list[str]:
    """Read what the person's phone got."""
    found = outside.ask("GET", f"/sms/inbox.json?phone={who.phone}")["messages"]
    return [one["text"] for one in found]


def test_the_same_cause_writes_once(alice: walk.Signed) -> None:
    """A key that was told is told no more; another key is another message."""
    assert tell(alice, "document_expiring", "one") == 3
    assert tell(alice, "document_expiring", "one") == 0
    assert tell(alice, "document_expiring", "two") == 3


@pytest.mark.promise("1.6.1")
def test_a_message_leaves_once(outside: Partners, alice: walk.Signed) -> None:
    """However often its job runs; a person without an address gets no letter, and that is noted."""
    tell(alice, "document_expiring")
    (row,) = rows(alice)
    assert send(alice, row) is MessageState.SENT
    assert send(alice, row) is MessageState.SENT
    assert [one for one in texts(outside, alice) if "证件" in one] == [row_text()]
    (letter,) = rows(alice, Channel.EMAIL)
    assert send(alice, letter) is MessageState.DROPPED
    assert rows(alice, Channel.EMAIL)[0].why == "no_address"


def row_text() -> str:
    """Give the text message of an expiring document: no name, no number."""
    return _templates.newest("document_expiring").sms


@pytest.mark.parametrize("fault", ["timeout_after", "5xx", "bad_signature", "reset"])
def test_an_unknown_answer_sends_no_second_text(
    outside: Partners, alice: walk.Signed, fault: str
) -> None:
    """The job comes again, asks the gateway's record first, and the phone gets one text."""
    tell(alice, "document_expiring")
    (row,) = rows(alice)
    outside.script("sms", "send", fault, match=alice.phone)
    for _ in range(3):
        try:
            state = send(alice, row)
            break
        except Unavailable:
            continue
    assert state is MessageState.SENT
    assert len([one for one in texts(outside, alice) if "证件" in one]) == 1


@pytest.mark.promise("1.6.1")
def test_promotions_need_a_consent_when_they_leave(
    outside: Partners, alice: walk.Signed, by_day: None
) -> None:
    """Without one none is sent; one taken back in between holds, and the duty to tell goes on."""
    with clock.frozen(MORNING):
        tell(alice, "benefits_week")
    (row,) = rows(alice)
    assert send(alice, row) is MessageState.DROPPED
    cast.agree(person(alice), PROMOTION)
    with clock.frozen(MORNING):
        tell(alice, "benefits_week")
    assert send(alice, rows(alice)[-1]) is MessageState.SENT
    assert [one for one in texts(outside, alice) if "福利" in one] == [
        _templates.newest("benefits_week").sms
    ]
    tell(alice, "incident")
    assert send(alice, rows(alice)[-1]) is MessageState.SENT


@pytest.mark.promise("1.6.1")
@pytest.mark.parametrize("word", ["T", "t", "Ｔ", " TD ", "退订", "取消。"])
def test_a_reply_stops_promotions(alice: walk.Signed, word: str) -> None:
    """Whatever waits is taken back in the same step; the same reply again changes nothing."""
    cast.agree(person(alice), PROMOTION)
    tell(alice, "benefits_week")
    reply = Reply(id=str(ids.uuid7()), phone=alice.phone, text=word, at=clock.now())
    assert actions.take_reply(reply)
    assert {row.state for row in rows(alice)} == {"dropped"}
    assert not actions.take_reply(reply)
    with cast.transaction():
        told = queries.messages(alice.actor)
        assert told[0].title == "福利通知已关闭"
        assert all(one.decision != "grant" for one in decisions(alice) if one.purpose == PROMOTION)


def decisions(who: walk.Signed) -> list[Granted]:
    """Give the decisions that stand."""
    return list(standing.standing(subject(who)).decisions)


@pytest.mark.promise("1.6.1")
def test_other_replies_and_strangers_change_nothing(alice: walk.Signed) -> None:
    """A question is no stop, and a number that nobody has leaves no trace."""
    cast.agree(person(alice), PROMOTION)
    question = Reply(id=str(ids.uuid7()), phone=alice.phone, text="利息多少", at=clock.now())
    stranger = Reply(id=str(ids.uuid7()), phone=cast.phone(), text="T", at=clock.now())
    assert not actions.take_reply(question)
    assert not actions.take_reply(stranger)
    with cast.transaction():
        assert may_promote(alice)


def may_promote(who: walk.Signed) -> bool:
    """Say whether a promotion may be written to a person."""
    return _campaigns.may_promote(subject(who))


@given(st.datetimes(DAYS[0], DAYS[1]))
def test_no_promotion_is_due_at_night(at: datetime) -> None:
    """The moment is never before it was asked for, never quiet, and at most a night away."""
    start = at.replace(tzinfo=UTC)
    due = _limits.loud_after(start)
    assert due >= start
    assert due - start <= timedelta(hours=11)
    assert _limits.QUIET_UNTIL <= clock.beijing(due).time() < _limits.QUIET_FROM


@pytest.mark.promise("1.6.1")
@pytest.mark.promise("1.6.1")
def test_a_late_worker_disturbs_nobody_at_night(
    outside: Partners, alice: walk.Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Due in the evening and taken up at night: it waits for the morning, and goes then."""
    cast.agree(cast.Person(subject(alice), alice.actor), PROMOTION)
    evening = MORNING.replace(hour=12, minute=59)  # 20:59 in Beijing
    with clock.frozen(evening):
        tell(alice, "benefits_week")
    with cast.transaction():
        (text,) = [one for one in queries.deliveries(subject(alice)) if one.channel is Channel.SMS]
    assert text.due_at == evening
    for late in (timedelta(minutes=2), timedelta(hours=8)):
        with clock.frozen(evening + late):
            state = actions.deliver(subject_id=subject(alice), message_id=text.id)
        assert state is MessageState.DUE
    assert outside.inbox(alice.phone) == []
    (row,) = rows(alice)
    assert clock.beijing(row.due_at).hour == 8
    monkeypatch.setattr(_limits, "loud_after", lambda at: at)
    assert send(alice, row) is MessageState.SENT


def test_one_a_day_and_four_a_month(alice: walk.Signed) -> None:
    """Whoever had their share is left alone until there is room again."""
    cast.agree(person(alice), PROMOTION)
    sent = 0
    for day in range(31):
        with clock.frozen(MORNING + timedelta(days=day)), cast.transaction():
            for _ in range(2):
                if may_promote(alice):
                    actions.tell(subject(alice), "benefits_week", key=str(ids.uuid7()))
                    sent += 1
    assert sent == 5  # four in the first thirty days, and one on the thirty-first


def test_a_campaign_is_released_by_another_person(alice: walk.Signed) -> None:
    """Nobody releases their own; sent to who agreed; a stopped one stops."""
    cast.agree(person(alice), PROMOTION)
    with cast.transaction():
        made = actions.make_campaign(staff_id="staff.one", code="benefits_week")
    with pytest.raises(OwnRelease), cast.transaction():
        actions.release_campaign(staff_id="staff.one", campaign_id=made.id)
    with cast.transaction():
        actions.release_campaign(staff_id="staff.two", campaign_id=made.id)
    before = UUID(int=subject(alice).int - 1)
    with cast.transaction():
        count = actions.send_campaign_page(campaign_id=made.id, after=before)
    assert count >= 1
    assert [row.kind for row in rows(alice)] == ["promotion"]
    with cast.transaction():
        done = next(one for one in queries.campaigns() if one.id == made.id)
    if done.state is not CampaignState.DONE:
        with cast.transaction():
            actions.stop_campaign(campaign_id=made.id)
    with cast.transaction():
        assert actions.send_campaign_page(campaign_id=made.id, after=NOBODY) == 0
    with pytest.raises(UnknownTemplate), cast.transaction():
        actions.make_campaign(staff_id="staff.one", code="incident")


@pytest.mark.promise("6.1")
def test_a_minor_gets_what_the_law_asks_alone(alice: walk.Signed) -> None:
    """A subject found to be a minor gets no service message and no promotion; a duty still."""
    cast.agree(person(alice), PROMOTION)
    with clock.frozen(MORNING):
        for code in ("benefits_week", "document_expiring", "incident"):
            tell(alice, code)
    with cast.transaction():
        gate.change_state(
            cast.SYSTEM, subject_id=subject(alice), to=SubjectState.MINOR, cause="age"
        )
    ends = {row.code: send(alice, row) for row in rows(alice)}
    assert ends == {
        "benefits_week": MessageState.DROPPED,
        "document_expiring": MessageState.DROPPED,
        "incident": MessageState.SENT,
    }


@pytest.mark.parametrize("before", list(MessageState))
@pytest.mark.parametrize("after", list(MessageState))
def test_messages_go_by_their_table(before: MessageState, after: MessageState) -> None:
    """A step of the table is taken, any other refused."""
    if after in _states.MESSAGE_STEPS[before]:
        assert step(_states.MESSAGE_STEPS, before, after) is after
    else:
        with pytest.raises(ForbiddenStep):
            step(_states.MESSAGE_STEPS, before, after)


@pytest.mark.parametrize("before", list(CampaignState))
@pytest.mark.parametrize("after", list(CampaignState))
def test_campaigns_go_by_their_table(before: CampaignState, after: CampaignState) -> None:
    """A step of the table is taken, any other refused."""
    if after in _states.CAMPAIGN_STEPS[before]:
        assert step(_states.CAMPAIGN_STEPS, before, after) is after
    else:
        with pytest.raises(ForbiddenStep):
            step(_states.CAMPAIGN_STEPS, before, after)


# A text that went out under a version is never changed: a new text takes a new version.
SENT_TEXTS = {
    ("new_device", 1): "a4f0c0c4aa259b97",
    ("frozen", 1): "b65ea3772d3cbe24",
    ("unfrozen", 1): "d0b63b942cedc075",
    ("signed_out_everywhere", 1): "d87d8916a0a02021",
    ("way_added", 1): "8f81a859caee48db",
    ("way_changed", 1): "2a1c54aa84ce8116",
    ("way_removed", 1): "ec46f9fe87eecf65",
    ("document_ends", 1): "c0c494a2f2764a70",
    ("document_over", 1): "c4c3fd978b033970",
    ("phone_gone", 1): "7f6ad26af8f59724",
    ("phone_held", 1): "e8f7fb8a0d4de13a",
    ("policy_version", 1): "86f4e084b794c75c",
    ("card_bound", 1): "aaf4b0173b29fcd9",
    ("card_unbound", 1): "d91e85dc21098e87",
    ("payment_password_set", 1): "1dff8563e00978d7",
    ("payment_password_reset", 1): "9b65628018dba073",
    ("payment_password_locked", 1): "c997ec35124fe249",
    ("debit_signed", 1): "198f04cd8744c440",
    ("debit_cancelled", 1): "461331dc23c76625",
    ("debit_coming", 1): "ac0c4f219ef07be5",
    ("debit_declined", 1): "8a31a4e7dfdf041f",
    ("shop_opened", 1): "e6a9e74a76b9ece5",
    ("shop_refused", 1): "93463c4cd4d72a46",
    ("shop_day", 1): "7db14ab6e3e64b2e",
    ("shop_settled", 1): "7353f6eb961e0d0d",
    ("shop_not_settled", 1): "8d7e3567dec657e0",
    ("shop_refunded", 1): "26e61ef32c5ade6a",
    ("promotion_stopped", 1): "44b57e6e372afad9",
    ("document_expiring", 1): "f22af418d1d76309",
    ("case_answered", 1): "8f0efbe65b3923a1",
    ("complaint_handed", 1): "73807a44dc670ef4",
    ("review_done", 1): "64d0230cd6927039",
    ("complaint_due", 1): "ee47294b5e406875",
    ("incident", 1): "2ca57a04009d24e3",
    ("benefits_week", 1): "ae3ff2d8cabd3edb",
}


def test_texts_do_not_change_under_their_version() -> None:
    """Every registered text is the one that its digest here tells."""
    told = {
        key: ids.digest("\0".join((one.title, one.text, one.sms, one.href, one.kind.value)))[:16]
        for key, one in _templates.TEMPLATES.items()
    }
    assert told == SENT_TEXTS


def test_texts_are_fit_to_send() -> None:
    """A text message names its sender, fits two parts, and a promotion says the way out."""
    for one in _templates.TEMPLATES.values():
        if Channel.SMS in one.channels:
            assert one.sms.startswith("【星诺】")
            assert len(one.sms) <= 134
            assert "{" not in one.sms
        if one.kind is MessageKind.PROMOTION:
            assert one.sms.endswith("回复T退订。")
    for label in ("1,731.94元", "张三", "13800138000<script>", "x" * 41):
        if _templates._LABEL.fullmatch(label) is None:
            with pytest.raises(UnknownTemplate):
                _templates.checked_label(label)
