"""Colleagues of the demo: hired, signed and trained, and what each may do with an open case."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from xingnuo.doors.cli._demo_browser import Mismatch
from xingnuo.kit import ids
from xingnuo.kit.errors import XingnuoError
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud import queries as rules
from xingnuo.people.identity import actions as identity
from xingnuo.people.identity import queries as reviews
from xingnuo.people.identity.contracts import CaseKind, Side
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries as staff
from xingnuo.people.support import actions as support
from xingnuo.people.support import queries as cases
from xingnuo.people.support.contracts import Desk
from xingnuo.trust.gate.contracts import Actor, Shown, Strength
from xingnuo.trust.policy.contracts import ActorKind

COURSE, HOST, WHY = "privacy", "demo", "match_document"
ANSWER = "可以随时在“我的 › 设置”里换绑，不影响已有的记录。"


class Colleague:
    """One member of staff, who may look only with a signature, a training and a case."""

    def __init__(self, role: str, kind: ActorKind) -> None:
        self.kind = kind
        letters = "".join(chr(ord("a") + byte % 26) for byte in ids.random_bytes(8))
        with transaction.atomic():
            made = permissions.register(
                code=f"d{letters}", name="演示同事", roles=[role], by="demo", channel="cli"
            )
            once = permissions.let_in(made.id, by="demo", channel="cli")
            token = permissions.enter(staff_code=made.code, code=once, host=HOST)
            found = permissions.resolve(token, host=HOST)
        if found is None:
            raise Mismatch("一次性代码没有让同事进来")
        self.code, self._here = made.code, found

    def sign_and_learn(self) -> None:
        """Sign the undertaking and pass the training, by the right answers alone."""
        right = tuple(one.right for one in staff.course(COURSE).questions)
        with transaction.atomic():
            permissions.sign_undertaking(self._here, text_hash=staff.undertaking_now().text_hash)
            permissions.take_course(self._here, course_id=COURSE, answers=right)

    def on(self, case_id: UUID | None = None, *, reason: str = "") -> Actor:
        """Give the actor that this colleague is for one case; a look in plain names its reason."""
        with transaction.atomic():
            known = staff.member(self._here.member.id)
        return Actor(
            kind=self.kind,
            staff_id=known.code,
            strength=Strength.REVERIFIED,
            channel="console",
            undertaking_until=known.cleared_until,
            case_id=case_id,
            reason=reason,
        )


def refused(call: Callable[[], object]) -> str:
    """Run what must be refused; gives the code of the refusal."""
    try:
        with transaction.atomic():
            call()
    except XingnuoError as error:
        return str(getattr(error, "reason", "") or error.code)
    raise Mismatch("应当被拒绝的一步通过了")


def agent_answers(case_id: UUID) -> tuple[str, int]:
    """Let an agent take a case, look and answer; gives the first refusal and how much was seen."""
    agent = Colleague("agent", ActorKind.AGENT)

    def look() -> list[Shown]:
        return cases.read_person(agent.on(case_id), case_id)

    with transaction.atomic():
        support.take(Desk.TICKETS, staff_id=agent.code, case_id=case_id)
    why = refused(look)
    agent.sign_and_learn()
    with transaction.atomic():
        seen = look()
        support.answer(agent.on(case_id), case_id=case_id, key=ids.uuid7(), text=ANSWER)
    if any("*" not in one.text for one in seen if one.item == "phone"):
        raise Mismatch("客服看到了没有遮挡的手机号")
    return why, len(seen)


def reviewer_decides(kind: CaseKind) -> str:
    """Let a reviewer take the one open case of a kind, look at the picture and agree.

    Gives how looking was refused before the case was taken.
    """
    reviewer = Colleague("reviewer", ActorKind.REVIEWER)
    reviewer.sign_and_learn()
    with transaction.atomic():
        (found,) = reviews.open_cases(reviewer.on(), kind=kind).cases
    case_id = found.id

    def look() -> bytes | None:
        looking = reviewer.on(case_id, reason=WHY)
        return reviews.case_photo(looking, case_id=case_id, side=Side.FRONT)

    why = refused(look)
    with transaction.atomic():
        identity.take(reviewer.on(case_id), case_id=case_id)
        if not look():
            raise Mismatch("审核的同事看不到证明")
        identity.decide(reviewer.on(case_id), case_id=case_id, approve=True)
    return why


def rule_changes_hands() -> tuple[int, int, str]:
    """Draft a stricter rule, back-test it, and release it by two.

    Gives the version's number, how many past events it was tried on, and how releasing it alone
    was refused.
    """
    first, second = (Colleague("risk", ActorKind.RISK) for _ in range(2))
    for one in (first, second):
        one.sign_and_learn()
    with transaction.atomic():
        live = next(one for one in rules.rule_sets() if one.state.value == "live")
        told = json.loads(live.document)
        told["rules"][-1]["score"] += 1
        made = antifraud.draft_rules(first.on(), document=json.dumps(told))
        tried = antifraud.back_test(first.on(), number=made.number)
        antifraud.propose_rules(first.on(), number=made.number)
    why = refused(lambda: antifraud.release_rules(first.on(), number=made.number))
    with transaction.atomic():
        antifraud.release_rules(second.on(), number=made.number)
        now = next(one for one in rules.rule_sets() if one.state.value == "live")
    if now.number != made.number or now.released_by == now.proposed_by:
        raise Mismatch("新规则没有由两个人放行")
    return made.number, tried.run.compared, why
