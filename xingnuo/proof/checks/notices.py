"""Checks of what people are told: promotions after a yes alone, a feed that can be everybody's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from icalendar import Calendar

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import NotFound
from xingnuo.partners.sms.contracts import Reply
from xingnuo.people.notices import actions, queries
from xingnuo.people.notices.contracts import Channel, Delivery, MessageState, Reminder
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks.live import ask
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.consent.contracts import Decision
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Reason
from xingnuo.trust.policy import queries as policy

PROMOTION, FEED, REMINDER = "notices.promotion", "feed.personal", "notices.reminder"
MADE = datetime(2026, 11, 2, 2, tzinfo=UTC)  # a morning that is over: whatever waited is due


def _newest(who: stage.Person) -> Delivery:
    with transaction.atomic():
        found = [one for one in queries.deliveries(who.subject_id) if one.channel is Channel.SMS]
    must(found, "no message was written")
    return found[0]


def _sent(who: stage.Person, code: str) -> tuple[MessageState, str]:
    """Write a text to somebody, run its text message's job, and say how it ended."""
    with clock.frozen(MADE), transaction.atomic():
        actions.tell(who.subject_id, code, key=str(ids.uuid7()))
    actions.deliver(subject_id=who.subject_id, message_id=_newest(who).id)
    found = _newest(who)
    return found.state, found.why


@check("1.6.1", kind=CheckKind.STATIC)
def nobody_gets_anything_for_marketing() -> None:
    """Purposes that market ask on their own, and no recipient is declared for one of them."""
    for compiled in (policy.in_force(), policy.declared()):
        marketing = {one.id for one in compiled.purposes.values() if one.marketing}
        must(PROMOTION in marketing, "promotions do not say that they market")
        for one in marketing:
            must(compiled.purposes[one].own_consent, f"{one} does not ask on its own")
        for party in compiled.recipients.values():
            nothing(marketing & set(party.purposes), f"{party.id} gets something for marketing")


@check("1.6.1", kind=CheckKind.DYNAMIC)
def promotions_leave_after_a_yes_alone() -> None:
    """Without a consent a promotion is dropped; a duty to tell is not asked about."""
    who = stage.person()
    without = (MessageState.DROPPED, Reason.NO_CONSENT.value)
    must(_sent(who, "benefits_week") == without, "a promotion did not wait for a yes")
    nowhere = (MessageState.DROPPED, "no_address")
    must(_sent(who, "incident") == nowhere, "a duty to tell waited for a consent")


@check("1.6.1", kind=CheckKind.DYNAMIC)
def both_ways_out_stop_promotions() -> None:
    """A reply by text message and the settings page end it, and what waited is taken back."""
    for by_reply in (True, False):
        who = stage.person()
        phone = f"199{int.from_bytes(ids.random_bytes(4)) % 10**8:08d}"
        stage.decide(who, "accounts.sign_in")
        stage.fill(who, "accounts.sign_in", {"phone": phone})
        stage.decide(who, PROMOTION)
        with transaction.atomic():
            actions.tell(who.subject_id, "benefits_week", key=str(ids.uuid7()))
        if by_reply:
            reply = Reply(id=str(ids.uuid7()), phone=phone, text="T", at=clock.now())
            must(actions.take_reply(reply), "the reply did not stop it")
        else:
            stage.decide(who, PROMOTION, Decision.WITHDRAW)
        must(_newest(who).state is MessageState.DROPPED, "a promotion still waits")
        on = [one for one in stage.standing(who).decisions if one.purpose == PROMOTION]
        must(on[0].decision == Decision.WITHDRAW.value, "the consent still stands")


@check("1.6.1", kind=CheckKind.LIVE)
def no_promotion_left_without_a_consent() -> None:
    """In the store, every promotion that was sent has a consent from before it was written."""
    (row,) = ask(
        "SELECT count(*) FROM notices_message m WHERE m.kind = 'promotion'"
        " AND m.channel <> 'app' AND m.state IN ('sent', 'bounced') AND NOT EXISTS ("
        " SELECT 1 FROM evidence_line e WHERE e.subject_id = m.subject_id"
        " AND e.kind = 'consent' AND e.purpose = %s AND e.reason = 'grant')",
        PROMOTION,
    )
    nothing(row[0], "promotions without a consent")


@check("1.6.2", kind=CheckKind.STATIC)
def the_feed_takes_what_is_declared() -> None:
    """Its items are those of the promise, every one optional, and it asks on its own."""
    known = policy.in_force().purposes[FEED]
    allowed = {"location", "device_model", "oaid", "device_uuid", "browsing"}
    must(set(known.optional) == allowed and not known.items, "the feed takes something else")
    must(known.own_consent, "the feed does not ask on its own")


@check("1.6.2", kind=CheckKind.DYNAMIC)
def off_is_everybodys_feed() -> None:
    """On, an opened card moves its topic up; off, the order is everybody's, the tags are gone."""
    who = stage.person()
    everybody = [one.code for one in queries.everybody()]
    must(_feed(who) == everybody, "somebody who was never asked has an order of their own")
    stage.decide(who, FEED, optional=("browsing",))
    _open(who)
    must(_feed(who) != everybody, "what was looked at changes nothing")
    stage.decide(who, FEED, Decision.WITHDRAW)
    must(_feed(who) == everybody, "off is not everybody's feed")
    _open(who)
    with transaction.atomic():
        found = gate.residue(who.subject_id)["vault_value"]
    nothing(found, "tags are kept after the end")


def _open(who: stage.Person) -> None:
    with transaction.atomic():
        actions.open_card(who.actor, subject_id=who.subject_id, code="insurance_exempt")


def _feed(who: stage.Person) -> list[str]:
    with transaction.atomic():
        return [one.code for one in queries.feed(who.actor, subject_id=who.subject_id)]


@check("1.6.2", kind=CheckKind.LIVE)
def no_tags_without_a_consent() -> None:
    """In the store, nobody has a tag whose newest word on the feed is not a yes."""
    (row,) = ask(
        "SELECT count(*) FROM (SELECT DISTINCT ON (subject_id) subject_id, decision, at"
        " FROM consent_decision WHERE scope = %s ORDER BY subject_id, id DESC) d"
        " WHERE d.decision <> 'grant' AND EXISTS (SELECT 1 FROM evidence_line e"
        " WHERE e.subject_id = d.subject_id AND e.purpose = %s AND e.kind = 'collect'"
        " AND e.at > d.at)",
        FEED,
        FEED,
    )
    nothing(row[0], "tags were collected after the feed was switched off")


@check("1.3.4", kind=CheckKind.DYNAMIC)
def a_calendar_client_reads_the_reminders() -> None:
    """After a yes the file and the feed parse and hold the day; taken back, the feed is dead."""
    who, day = stage.person(), clock.today() + timedelta(days=30)
    one = Reminder(uid=str(ids.uuid7()), day=day, title="证件到期", text="记得更新")
    actions.remind("proof", lambda subject_id: [one] if subject_id == who.subject_id else [])
    must(_refused(who) is Reason.NO_CONSENT, "the calendar did not wait for a yes")
    stage.decide(who, REMINDER)
    with transaction.atomic():
        content = actions.take_calendar(who.actor, subject_id=who.subject_id)
        secret = actions.subscribe_calendar(who.actor, subject_id=who.subject_id)
    with transaction.atomic():
        fed = queries.calendar_of(secret)
    for text in (content, fed):
        (event,) = Calendar.from_ical(text).walk("VEVENT")
        must(event.decoded("DTSTART") == day, "the day is another")
    stage.decide(who, REMINDER, Decision.WITHDRAW)
    try:
        with transaction.atomic():
            queries.calendar_of(secret)
    except NotFound:
        return
    must(False, "the feed lives on after the end")


def _refused(who: stage.Person) -> Reason | None:
    return stage.reason(lambda: actions.take_calendar(who.actor, subject_id=who.subject_id))
