"""Checks of support: least identity, hand-overs by two, clocks on working days, voice and calls."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.contrib.staticfiles import finders
from django.db import transaction
from PIL import Image

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import Unavailable
from xingnuo.people.support import actions, queries
from xingnuo.people.support.contracts import (
    BeyondLaw,
    Desk,
    ForbiddenStep,
    HandState,
    Level,
    NeedsProof,
)
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate.contracts import Actor, Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind

WORDS, ANSWER = "还款日和合同不一样，请核实。", "已经核对，合同为准。"
_SCRIPT = "xn/voice.js"
_INTAKE = "XN_REGULATOR_URL"
HANDOVER, BODY = "support.complaint_handover", "consumer_body"
DESKS = {"question": Desk.TICKETS, "complaint": Desk.COMPLAINTS, "report": Desk.COMPLAINTS}


def _asker(strength: Strength = Strength.REVERIFIED) -> stage.Person:
    who = stage.person(strength=strength)
    stage.decide(who, "support.messages")
    stage.decide(who, "support.case")
    stage.decide(who, "support.transactions")
    return who


def _phone() -> str:
    return f"139{int.from_bytes(ids.random_bytes(4)) % 10**8:08d}"


def _opened(who: stage.Person, topic: str) -> UUID:
    with transaction.atomic():
        return actions.open_case(who.actor, topic_id=topic, text=WORDS, key=ids.uuid7())


def _taken(
    case_id: UUID, topic: str, kind: ActorKind = ActorKind.AGENT, code: str = "staff.one"
) -> Actor:
    desk = DESKS.get(queries.topic(topic).kind.value, Desk.REQUESTS)
    with transaction.atomic():
        actions.take(desk, staff_id=code, case_id=case_id)
    return replace(stage.staff(kind), staff_id=code, case_id=case_id)


def _answered(case_id: UUID, desk: Actor) -> None:
    with transaction.atomic():
        actions.answer(desk, case_id=case_id, key=ids.uuid7(), text=ANSWER)


@check("1.2.15a", kind=CheckKind.STATIC)
def a_question_names_what_it_needs() -> None:
    """No sheet of support makes an identity item needed, and transactions have one of their own."""
    for compiled in (policy.in_force(), policy.declared()):
        must(set(compiled.items_of("support.messages")) <= {"complaint_content", "uploaded_photo"},
             "writing asks who one is")  # fmt: skip
        must(set(compiled.purposes["support.case"].items) <= {"account_id"}, "more is needed")
        must(not {"transaction", "order"} & set(compiled.items_of("support.case")),
             "transactions come along")  # fmt: skip


@check("1.2.15a", kind=CheckKind.DYNAMIC)
def identity_is_asked_by_the_question() -> None:
    """A fresh proof for personal topics alone; the desk sees a topic's items and no others."""
    plain, proved = _asker(Strength.SIGNED_IN), _asker()
    stage.fill(proved, "accounts.sign_in", {"phone": _phone()})
    for topic in queries.TOPICS.values():
        try:
            _opened(plain, topic.id)
            asked = False
        except NeedsProof:
            asked = True
        must(asked == (topic.level is Level.VERIFIED), f"{topic.id} asks for another level")
        case_id = _opened(proved, topic.id)
        kind = ActorKind.COMPLIANCE if topic.id == "rights" else ActorKind.AGENT
        desk = _taken(case_id, topic.id, kind)
        with transaction.atomic():
            seen = {one.item for one in queries.read_person(desk, case_id)}
        must(("phone" in seen) == (topic.level is Level.VERIFIED), f"{topic.id} shows {seen}")
        stage.refused(
            partial(queries.read_person, desk, case_id, items=("email",)),
            Reason.UNDECLARED_ITEM, words="an item beyond the topic")  # fmt: skip


@check("1.2.15a", kind=CheckKind.DYNAMIC)
def transactions_for_transactions_alone() -> None:
    """Other topics open none; another's, a foreign and an answered case open nothing."""
    who = _asker()
    for topic in ("product", "account", "payments"):
        case_id = _opened(who, topic)
        desk = _taken(case_id, topic)

        def look(desk: Actor = desk, case_id: UUID = case_id) -> object:
            return queries.read_transactions(desk, case_id)

        if topic == "payments":
            stage.passes(look, "a question about payments")
        else:
            stage.refused(look, Reason.UNDECLARED_ITEM, words=f"transactions for {topic}")
        other = replace(desk, staff_id="staff.two")
        stage.refused(
            partial(queries.thread_at_desk, other, case_id),
            Reason.NO_CASE, words="another agent")  # fmt: skip
        _answered(case_id, desk)
        stage.refused(
            partial(queries.thread_at_desk, desk, case_id),
            Reason.NO_CASE, words="an answered case")  # fmt: skip


@check("1.2.15a", kind=CheckKind.DYNAMIC)
def refusing_support_costs_nothing_else() -> None:
    """Without any consent to support the help centre answers and other purposes go on."""
    who = stage.person()
    stage.refused(lambda: _opened(who, "product"), Reason.NO_CONSENT, words="writing unasked")
    must(queries.search("注销"), "the help centre is shut")
    stage.passes(stage.asks(who, "rights.copy"), "a copy")
    must(house.Browser().get("/support/").status == 200, "a guest finds no help")


@check("1.2.15b", kind=CheckKind.STATIC)
def bodies_and_laws_are_declared() -> None:
    """The hand-over rests on law, names what goes, and each ground cites its rule."""
    compiled = policy.in_force()
    purpose = compiled.purposes[HANDOVER]
    must(purpose.law and purpose.law.split(" ")[0] in compiled.laws, "no law is named")
    wanted = {"name", "phone", "document_number", "complaint_content"}
    must(set(compiled.items_of(HANDOVER)) == wanted, "other items go")
    bodies = {one.id for one in compiled.recipients_of(HANDOVER)}
    must({"consumer_body", "regulator"} <= bodies, "a body is missing")
    must(all("《" in law for _, law in queries.GROUNDS.values()), "a ground without a law")


def _complaint() -> tuple[stage.Person, UUID, Actor, Actor]:
    who = _asker()
    stage.fill(who, "accounts.sign_in", {"phone": _phone()})
    stage.decide(who, "profile.manage")
    stage.fill(who, "profile.manage", {"name": "欧阳明月"})
    case_id = _opened(who, "finance_complaint")
    first = _taken(case_id, "finance_complaint", ActorKind.COMPLIANCE)
    return who, case_id, first, replace(first, staff_id="staff.two")


@check("1.2.15b", kind=CheckKind.DYNAMIC)
def a_complaint_is_handed_over_by_two() -> None:
    """One proposes, another releases, it is a share with its law, and the person sees it."""
    who, case_id, first, second = _complaint()
    with transaction.atomic():
        made = actions.propose_handover(first, case_id=case_id, body=BODY, ground="person_asked")
    try:
        with transaction.atomic():
            actions.release_handover(first, case_id=case_id, body=BODY)
        must(False, "one hand is enough")
    except ForbiddenStep:
        pass
    nothing(stage.lines(who, Evidence.SHARE), "it left before its release")
    with transaction.atomic():
        actions.release_handover(second, case_id=case_id, body=BODY)
    for _ in range(2):
        actions.carry_out_handover(subject_id=who.subject_id, handover_id=made.id)
    (share,) = stage.lines(who, Evidence.SHARE)
    must(share.recipient == BODY and share.purpose == HANDOVER, "no share on record")
    must("complaint_content" in share.items and "phone" in share.items, "the content stays")
    with transaction.atomic():
        (seen,) = queries.handovers(who.actor, case_id)
    must(seen.state is HandState.ACCEPTED and "《" in seen.law, "the person sees no basis")


@contextmanager
def _nobody_answers() -> Iterator[None]:
    before = os.environ.get(_INTAKE)
    os.environ[_INTAKE] = "http://localhost:1"
    try:
        yield
    finally:
        os.environ.pop(_INTAKE)
        if before is not None:
            os.environ[_INTAKE] = before


@check("1.2.15b", kind=CheckKind.DYNAMIC)
def silence_ends_by_proof_alone() -> None:
    """However often a silent body is asked, the end stays unknown; two people prove it."""
    who, case_id, first, second = _complaint()
    with transaction.atomic():
        made = actions.propose_handover(first, case_id=case_id, body=BODY, ground="person_asked")
    with transaction.atomic():
        actions.release_handover(second, case_id=case_id, body=BODY)
    with _nobody_answers():
        for _ in range(12):
            with suppress(Unavailable):
                actions.carry_out_handover(subject_id=who.subject_id, handover_id=made.id)
    with transaction.atomic():
        (seen,) = queries.handovers(who.actor, case_id)
    must(seen.state is HandState.UNKNOWN, "tries ended what is not known")
    proof = {"outcome": "accepted", "kind": "letter", "reference": "letter-118"}
    with transaction.atomic():
        actions.propose_handover_proof(first, case_id=case_id, body=BODY, **proof)
    try:
        with transaction.atomic():
            actions.settle_handover_by_proof(first, case_id=case_id, body=BODY)
        must(False, "one person's proof is enough")
    except ForbiddenStep:
        pass
    with transaction.atomic():
        ended = actions.settle_handover_by_proof(second, case_id=case_id, body=BODY)
    must(ended.state is HandState.ACCEPTED, "two people's proof ends nothing")


@check("1.2.15b", kind=CheckKind.DYNAMIC)
def what_the_law_forbids_stays() -> None:
    """Each reason of the law stops the hand-over before anything is proposed."""
    who = _asker()
    case_id = _opened(who, "finance_complaint")
    desk = _taken(case_id, "finance_complaint", ActorKind.COMPLIANCE)
    for bar in queries.FORBIDDEN:
        try:
            with transaction.atomic():
                actions.propose_handover(
                    desk, case_id=case_id, body=BODY, ground="person_asked", bar=bar
                )
            must(False, f"{bar} stops nothing")
        except BeyondLaw:
            pass
    with transaction.atomic():
        nothing(queries.handovers(who.actor, case_id), "a hand-over is there")


@check("9.1", kind=CheckKind.DYNAMIC)
def an_answer_is_due_within_fifteen_working_days() -> None:
    """Holidays and make-up days count as decreed; no topic's clock ends later."""
    who = _asker()
    start = datetime.combine(date(2027, 2, 3), time(9), clock.BEIJING)
    with clock.frozen(start):
        made = [_opened(who, topic) for topic in queries.TOPICS]
        with transaction.atomic():
            found = [queries.ticket(who.actor, one) for one in made]
    ends = {one.topic.id: clock.beijing(one.due_at).date() for one in found}
    must(ends["product"] == date(2027, 3, 2), "fifteen working days end on another day")
    nothing([t for t, end in ends.items() if end > date(2027, 3, 2)], "a later clock")
    must(ends["finance_complaint"] == date(2027, 2, 18), "a finance complaint waits longer")


@check("9.1", kind=CheckKind.DYNAMIC)
def a_case_rises_before_its_end() -> None:
    """Warned, escalated and late are each on record and told; the answer names further ways."""
    who = _asker()
    case_id = _opened(who, "service_complaint")
    with transaction.atomic():
        end = queries.ticket(who.actor, case_id).due_at
    for day, said in ((-6, "case.due_soon"), (-1, "case.escalated"), (1, "case.late")):
        with clock.frozen(end + timedelta(days=day)):
            for _ in range(5):
                actions.rise()
        reasons = [line.reason for line in stage.lines(who, Evidence.OPERATOR)]
        must(reasons.count(said) == 1, f"{said} is not on record")
    for way in ("12363", "12378", "起诉"):
        must(way in queries.WAYS_ON, f"{way} is not told")
    _answered(case_id, _taken(case_id, "service_complaint"))
    with transaction.atomic():
        must(queries.ticket(who.actor, case_id).answered_at, "it is not answered")


@check("9.1", kind=CheckKind.DYNAMIC)
def written_requests_go_to_the_professional_team() -> None:
    """An agent who has one sees nothing of it; compliance may ask for more."""
    who = _asker()
    case_id = _opened(who, "rights")
    agent = _taken(case_id, "rights", ActorKind.AGENT)
    stage.refused(
        lambda: queries.thread_at_desk(agent, case_id),
        Reason.ACTOR_NOT_ALLOWED, words="an agent with a written request")  # fmt: skip
    team = replace(agent, kind=ActorKind.COMPLIANCE)
    with transaction.atomic():
        actions.ask(team, case_id=case_id, key=ids.uuid7(), canned="ask_when")


@check("5.2.1c", kind=CheckKind.DYNAMIC)
def a_written_request_needs_the_person_or_an_authority() -> None:
    """In writing, by a person proved anew; for another nothing is answered before the review."""
    plain, who = _asker(Strength.SIGNED_IN), _asker()
    try:
        _opened(plain, "rights")
        must(False, "a request without a proof of the person")
    except NeedsProof:
        pass
    paper = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(paper, "JPEG")
    with transaction.atomic():
        case_id = actions.open_case(
            who.actor, topic_id="rights", text=WORDS, key=ids.uuid7(), authority=paper.getvalue()
        )
    team = _taken(case_id, "rights", ActorKind.COMPLIANCE)
    try:
        _answered(case_id, team)
        must(False, "it is answered before the authority was looked at")
    except ForbiddenStep:
        pass
    with transaction.atomic():
        actions.check_authority(team, case_id=case_id, accept=True)
    _answered(case_id, team)


@check("1.3.5", kind=CheckKind.DYNAMIC)
def voice_waits_for_its_yes_and_is_bounded() -> None:
    """Neither without consent nor without the microphone; nothing but sound, and not too much."""
    who = _asker()
    case_id = _opened(who, "product")
    sound = b"\x1aE\xdf\xa3" + b"\x00" * 64

    def send(content: bytes = sound) -> None:
        actions.send_voice(who.actor, case_id=case_id, content=content, key=ids.uuid7())

    stage.refused(send, Reason.NO_CONSENT, words="voice without a yes")
    stage.decide(who, "support.voice")
    stage.refused(send, Reason.PERMISSION_OFF, words="voice without the microphone")
    stage.allow(who, "microphone")
    stage.passes(send, "voice with both")
    script = Path(str(finders.find(_SCRIPT))).read_text(encoding="utf-8")
    must("pointerdown" in script and '"pointerup"' in script, "it records unpressed")


@check("1.3.11", kind=CheckKind.DYNAMIC)
def a_call_link_comes_after_its_yes() -> None:
    """No link dials before the person agreed; then each company's does."""
    member = house.member()
    browser = member.browser()
    before = browser.get("/support/call/")
    must("tel:" not in before.html, "it dials unasked")
    stage.decide(member.person, "support.call")
    after = browser.get("/support/call/")
    must(after.status == 200 and "tel:" in after.html, "no link dials after a yes")
