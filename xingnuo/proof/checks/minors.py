"""Checks of minors (6.1): the gate closes, nothing more comes in or goes out, a guardian ends it.

What stays open to a minor is what the law asks for, and writing to customer service.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import patch
from uuid import UUID

from django.db import transaction

from xingnuo.duties.rights import actions as rights
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import actions
from xingnuo.people.identity.contracts import IsMinor, OwnCase, Relation, Rule
from xingnuo.people.notices import actions as notices
from xingnuo.people.notices import queries as told
from xingnuo.people.notices.contracts import Channel, Delivery, MessageState
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks.live import ask
from xingnuo.proof.checks.notices import MADE
from xingnuo.proof.checks.rights import rows_of
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Basis, Compiled, SubjectState, Tier

NAME, PROMOTION = "欧阳明月", "notices.promotion"
WRITING = {"support.messages", "support.case"}  # a minor may write to us, and so may a guardian
_AGES = (13, 16, 17)
# What stood last before an act, whatever came later.
_LAST = (
    "(SELECT step.reason FROM evidence_line AS step WHERE step.kind = 'state'"
    " AND step.reason NOT LIKE 'tier:%%' AND step.subject_id = act.subject_id"
    " AND step.at < act.at ORDER BY step.id DESC LIMIT 1)"
)


def _open_to_a_minor(compiled: Compiled) -> set[str]:
    return {one.id for one in compiled.purposes.values() if SubjectState.MINOR in one.in_states}


@check("6.1", kind=CheckKind.STATIC)
def only_duties_are_open_to_a_minor() -> None:
    """Of all purposes only the law's and writing to us are declared for a minor; none promotes."""
    for compiled in (policy.in_force(), policy.declared()):
        open_ = _open_to_a_minor(compiled)
        duties = {p.id for p in compiled.purposes.values() if p.basis is Basis.LEGAL_DUTY}
        nothing(sorted(open_ - duties - WRITING), "open to a minor without a duty")
        nothing(
            sorted(one for one in open_ if compiled.purposes[one].marketing),
            "promotes to a minor",
        )
        must({"identity.guardian", "rights.erase"} <= open_, "a guardian finds the door shut")


@check("6.1", kind=CheckKind.DYNAMIC)
def a_minors_number_closes_the_gate() -> None:
    """The number shows it: the gate closes, nothing typed is kept, nothing goes out."""
    for age in _AGES:
        who = _person()
        stage.decide(who, PROMOTION)
        _turned_away(who, minors_number(age))
        must(stage.standing(who).state is SubjectState.MINOR, "the gate is open")
        for purpose in ("identity.real_name", PROMOTION, "feed.personal"):
            stage.refused(
                stage.asks(who, purpose), Reason.MINOR, words=f"{purpose} goes on for a minor"
            )
        nothing(stage.lines(who, Evidence.SHARE), "the number was sent out")
        kept = {item for line in stage.lines(who, Evidence.COLLECT) for item in line.items}
        nothing(sorted(kept & {"name", "document_number"}), "what was typed is kept")


@check("6.1", kind=CheckKind.DYNAMIC)
def a_promotion_that_waits_never_reaches_a_minor() -> None:
    """Agreed to before, written before: from the moment the gate closes it does not leave."""
    who = _person()
    stage.decide(who, "accounts.sign_in")
    phone = f"199{int.from_bytes(ids.random_bytes(4)) % 10**8:08d}"
    stage.fill(who, "accounts.sign_in", {"phone": phone})
    stage.decide(who, PROMOTION)
    with clock.frozen(MADE), transaction.atomic():
        notices.tell(who.subject_id, "benefits_week", key=str(ids.uuid7()))
    waiting = _leaving(who)
    must(waiting, "no message was written")
    _turned_away(who, minors_number())
    for one in waiting:
        notices.deliver(subject_id=who.subject_id, message_id=one.id)
    found = {(one.state, one.why) for one in _leaving(who)}
    must(found == {(MessageState.DROPPED, Reason.MINOR.value)}, "a promotion reached a minor")


def _leaving(who: stage.Person) -> list[Delivery]:
    with transaction.atomic():
        found = told.deliveries(who.subject_id)
    return [one for one in found if one.channel is not Channel.APP]


@check("6.1", kind=CheckKind.DYNAMIC)
def a_guardian_gets_it_deleted() -> None:
    """Proof, a case, a reviewer's yes: the gate closes, everything is erased, the proof is gone."""
    who = _person()
    stage.decide(who, "profile.manage")
    stage.fill(who, "profile.manage", {"email": "minor@example.com"})
    with transaction.atomic():
        case_id = actions.tell_of_minor(
            who.actor, subject_id=who.subject_id, relation=Relation.MOTHER, proof=_picture()
        )
    must(stage.standing(who).state is SubjectState.ACTIVE, "one word without a look closes it")
    deferred: list[tuple[str, UUID]] = []

    def defer(name: str, *, queue: str, subject_id: UUID, case_id: UUID) -> None:
        deferred.append((name, subject_id))

    with patch("xingnuo.kit.jobs.defer", defer):
        _approve(case_id)
    must(stage.standing(who).state is SubjectState.MINOR, "the gate is open")
    must(deferred == [("identity.erase_minor", who.subject_id)], "nobody erases it")
    for _ in range(2):  # a job that runs twice closes once
        with transaction.atomic():
            closing = rights.close_for_minor(stage.SYSTEM, subject_id=who.subject_id, key=case_id)
    rights.carry_out_erasure(stage.SYSTEM, case_id=closing.id)
    with transaction.atomic():
        must(gate.state_of(who.subject_id) is SubjectState.ERASED, "the account is open")
    proofs = {
        t.name for t in policy.tables() if t.retention in ("handling_record", "erasure_proof")
    }
    left = {table for table, count in rows_of(who.subject_id).items() if count}
    nothing(sorted(left - proofs), "is left after the erasure")


@check("6.1", kind=CheckKind.DYNAMIC)
def a_guardians_word_needs_a_look() -> None:
    """Without a picture there is no case, the teller decides nothing, and a no changes nothing."""
    who = _person()
    try:
        with transaction.atomic():
            actions.tell_of_minor(
                who.actor, subject_id=who.subject_id, relation=Relation.OTHER, proof=b"paper"
            )
        must(False, "a word without a proof opens a case")
    except BadInput:
        pass
    with transaction.atomic():
        case_id = actions.tell_of_minor(
            who.actor, subject_id=who.subject_id, relation=Relation.FATHER, proof=_picture()
        )
    own = replace(stage.staff(ActorKind.REVIEWER), case_id=case_id, subject_id=who.subject_id)
    try:
        with transaction.atomic():
            actions.take(own, case_id=case_id)
        must(False, "the account's own person decides")
    except OwnCase:
        pass
    must(stage.standing(who).state is SubjectState.ACTIVE, "the gate closed without a look")


@check("6.1", kind=CheckKind.LIVE)
def nothing_was_taken_or_sent_to_a_minor() -> None:
    """Of nobody who stood as a minor was anything taken, shared, agreed to or promoted then."""
    duties = {
        one.id
        for version in policy.versions()
        for one in version.purposes.values()
        if SubjectState.MINOR in one.in_states and one.basis is Basis.LEGAL_DUTY
    }
    marketing = {one.id for v in policy.versions() for one in v.purposes.values() if one.marketing}
    rows = ask(
        "SELECT DISTINCT act.purpose FROM evidence_line AS act WHERE act.kind IN"
        f" ('collect', 'share', 'permit') AND act.purpose <> '' AND {_LAST} LIKE '%%:minor'"
    )
    found = {row[0] for row in rows}
    nothing(sorted(found & marketing), "promoted to a minor")
    rows = ask(
        "SELECT DISTINCT act.purpose FROM evidence_line AS act WHERE act.kind IN"
        f" ('collect', 'share') AND {_LAST} LIKE '%%:minor'"
    )
    nothing(sorted({row[0] for row in rows} - duties - WRITING), "taken of a minor")
    rows = ask(
        "SELECT DISTINCT act.scope FROM consent_decision AS act WHERE act.decision = 'grant'"
        f" AND {_LAST} LIKE '%%:minor'"
    )
    nothing(sorted({row[0] for row in rows} - WRITING), "agreed to by a minor")


@check("6.1", kind=CheckKind.LIVE)
def guardians_were_heard() -> None:
    """Every guardian's case that was approved over a day ago has its account erased or erasing."""
    (count,) = ask(
        "SELECT count(*) FROM identity_case AS one WHERE one.kind = 'guardian'"
        " AND one.state = 'approved' AND one.decided_at < %s AND EXISTS (SELECT FROM gate_subject"
        " AS who WHERE who.subject_id = one.subject_id AND who.state NOT IN"
        " ('erasing', 'erased'))",
        clock.now() - timedelta(days=1),
        alias="owner",
    )
    must(count[0] == 0, f"{count[0]} minors' accounts stand after their guardian was heard")


def _person() -> stage.Person:
    who = stage.person(strength=Strength.REVERIFIED, tier=Tier.NONE)
    stage.decide(who, "identity.real_name")
    return who


def _turned_away(who: stage.Person, number: str) -> None:
    try:
        actions.check_name(who.actor, name=NAME, number=number, rule=Rule.RESIDENT, key=ids.uuid7())
    except IsMinor:
        return
    must(False, "a minor was named")


def _approve(case_id: UUID) -> None:
    reviewer = replace(stage.staff(ActorKind.REVIEWER), case_id=case_id)
    with transaction.atomic():
        actions.take(reviewer, case_id=case_id)
        actions.decide(reviewer, case_id=case_id, approve=True)


def minors_number(age: int = 16) -> str:
    """Make an identity number with the right check digit, of somebody of about this age."""
    born: date = clock.today() - timedelta(days=age * 365 + 60)
    body = f"330106{born:%Y%m%d}{int.from_bytes(ids.random_bytes(2)) % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def _picture() -> bytes:
    from PIL import Image  # loaded here, to keep the doors small at rest

    out = io.BytesIO()
    Image.new("RGB", (320, 200), "white").save(out, "JPEG")
    return out.getvalue()
