"""Links to third parties that wait for a second officer."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest

from xingnuo.doors.console._pages import current, is_cleared, member
from xingnuo.doors.console._releases import Done, Source, Step
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions.contracts import Member
from xingnuo.services.bill_pay import actions, queries
from xingnuo.services.bill_pay.contracts import LinkShown, LinkState
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind

ROLE = "compliance"
DUE = timedelta(days=7)


def acting(request: HttpRequest) -> Actor:
    """Give the officer as an actor; refuses whoever is not cleared."""
    who = current(request)
    found = Actor(
        kind=ActorKind.COMPLIANCE,
        staff_id=who.member.code,
        session_id=who.id,
        strength=Strength.UNLOCKED,
        roles=who.member.roles,
        channel="console",
        undertaking_until=who.member.cleared_until,
    )
    if not is_cleared(who.member):
        raise GateRefusal(Reason.NO_UNDERTAKING, purpose="bill_pay.topup", actor=found)
    return found


def found(link_id: UUID) -> LinkShown:
    """Give one link of the register; raises `NotFound`."""
    for one in queries.register():
        if one.id == link_id:
            return one
    raise NotFound("link")


def left(request: HttpRequest, act: str, link_id: UUID) -> None:
    """Leave on record what an officer did to a link."""
    permissions.leave(f"link.{act}", by=member(request).code, ref=link_id)


def parts(one: LinkShown) -> tuple[tuple[str, str], ...]:
    """Tell a review in lines: who it is, where, and each part with its days."""
    told = one.review
    return (
        ("入口", f"{told.title}：{told.about}"),
        ("经营者", told.firm),
        ("网址", told.url),
        ("对方的隐私政策", told.policy_url),
        (
            "主体资质",
            f"{told.qualification}，{told.qualified_on} 至 {told.qualified_until}",
        ),
        ("安全核验", f"{told.safe_on} 至 {told.safe_until}"),
        ("条款核验", f"{told.terms_on} 至 {told.terms_until}"),
    )


def _allowed(who: Member) -> bool:
    return ROLE in who.roles


def _step(one: LinkShown) -> Step:
    return Step(
        id=one.id,
        source="links",
        title=f"第三方入口：{one.review.title}",
        lines=parts(one),
        proposed_by=one.proposed_by,
        proposed_at=one.at,
        due_at=one.at + DUE,
    )


def _waiting(_: HttpRequest) -> tuple[Step, ...]:
    waiting = (one for one in queries.register() if one.state is LinkState.PROPOSED)
    return tuple(_step(one) for one in waiting)


def _one(_: HttpRequest, link_id: UUID) -> Step:
    return _step(_proposed(link_id))


def _proposed(link_id: UUID) -> LinkShown:
    one = found(link_id)
    if one.state is not LinkState.PROPOSED:
        raise NotFound("link")
    return one


def _release(request: HttpRequest, link_id: UUID) -> Done:
    one = _proposed(link_id)
    actions.release_link(acting(request), link_id=link_id)
    left(request, "released", link_id)
    return Done(said=f"{one.review.title}：已上线。", to=f"/ops/links/{link_id}/")


def _refuse(request: HttpRequest, link_id: UUID) -> Done:
    one = _proposed(link_id)
    actions.withdraw_link(acting(request), link_id=link_id)
    left(request, "refused", link_id)
    return Done(said=f"{one.review.title}：没有通过。", to=f"/ops/links/{link_id}/")


SOURCE = Source(
    id="links",
    title="第三方入口",
    allowed=_allowed,
    waiting=_waiting,
    one=_one,
    release=_release,
    refuse=_refuse,
)
