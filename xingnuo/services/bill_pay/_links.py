"""Links to third parties: shown only while a review by two people is whole and in date."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.services.bill_pay._states import link_step
from xingnuo.services.bill_pay.contracts import (
    LinkReview,
    LinkShown,
    LinkState,
    NoSuchOrder,
    SamePerson,
)
from xingnuo.services.bill_pay.models import LinkRow
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy.contracts import ActorKind

_CODE = re.compile(r"[a-z][a-z0-9_-]{1,39}")
_LONGEST = {"title": 20, "about": 60, "firm": 60, "qualification": 80}
OFFICERS = (ActorKind.COMPLIANCE,)


def propose_link(actor: Actor, *, review: LinkReview) -> LinkShown:
    """Write a link down with its review; it is shown when another officer releases it."""
    staff = _officer(actor)
    _whole(review)
    with transaction.atomic():
        row = LinkRow.objects.create(
            code=review.code, state=LinkState.PROPOSED.value, title=review.title,
            about=review.about, firm=review.firm, url=review.url, policy_url=review.policy_url,
            qualification=review.qualification, qualified_on=review.qualified_on,
            qualified_until_on=review.qualified_until, safe_on=review.safe_on,
            safe_until_on=review.safe_until, terms_on=review.terms_on,
            terms_until_on=review.terms_until, proposed_by=staff, at=clock.now(),
        )  # fmt: skip
        return shown(row)


def release_link(actor: Actor, *, link_id: UUID) -> LinkShown:
    """Let a proposed link in; the one of the same code that was live is taken out."""
    staff = _officer(actor)
    with transaction.atomic():
        row = _held(link_id)
        if row.proposed_by == staff:
            raise SamePerson
        row.state = link_step(LinkState(row.state), LinkState.LIVE).value
        LinkRow.objects.filter(code=row.code, state=LinkState.LIVE.value).update(
            state=LinkState.WITHDRAWN.value
        )
        row.released_by, row.at = staff, clock.now()
        row.save(update_fields=["state", "released_by", "at"])
        return shown(row)


def withdraw_link(actor: Actor, *, link_id: UUID) -> LinkShown:
    """Take a link out at once; one person is enough."""
    _officer(actor)
    with transaction.atomic():
        row = _held(link_id)
        row.state = link_step(LinkState(row.state), LinkState.WITHDRAWN).value
        row.at = clock.now()
        row.save(update_fields=["state", "at"])
        return shown(row)


def links() -> tuple[LinkShown, ...]:
    """Give the links that may be shown today."""
    return tuple(shown(row) for row in LinkRow.objects.filter(_in_date()).order_by("title", "id"))


def link(code: str) -> LinkShown:
    """Give one link that may be shown today; an unreviewed, lapsed or unknown one is missing."""
    row = LinkRow.objects.filter(_in_date(), code=code).first()
    if row is None:
        raise NoSuchOrder
    return shown(row)


def register() -> tuple[LinkShown, ...]:
    """Give the whole register for those who review it, newest first."""
    return tuple(shown(row) for row in LinkRow.objects.order_by("-at", "-id")[:200])


def _in_date() -> Q:
    # A part of the review whose day has not come, or whose term is over, counts as none.
    today = clock.today()
    spans = ("qualified", "safe", "terms")
    within = Q(state=LinkState.LIVE.value)
    for name in spans:
        within &= Q(**{f"{name}_on__lte": today, f"{name}_until_on__gte": today})
    return within


def _officer(actor: Actor) -> str:
    if actor.kind not in OFFICERS or not actor.staff_id:
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose="bill_pay.topup", actor=actor)
    return actor.staff_id


def _held(link_id: UUID) -> LinkRow:
    row = LinkRow.objects.select_for_update().filter(id=link_id).first()
    if row is None:
        raise NoSuchOrder
    return row


def _whole(review: LinkReview) -> None:
    bad: dict[str, str] = {}
    if not _CODE.fullmatch(review.code):
        bad["code"] = "编号用小写字母、数字和连字符"
    for name, most in _LONGEST.items():
        if not 0 < len(getattr(review, name).strip()) <= most:
            bad[name] = f"请填写，最多 {most} 个字"
    for name in ("url", "policy_url"):
        if not _is_safe(getattr(review, name)):
            bad[name] = "请填写以 https:// 开头的网址"
    for name in ("qualified", "safe", "terms"):
        begun: date = getattr(review, f"{name}_on")
        if not begun <= clock.today() <= getattr(review, f"{name}_until"):
            bad[f"{name}_on"] = "核验的日期不对，或已经过期"
    if bad:
        raise BadInput(bad)


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    plain = not re.search(r"[\s<>\"'\\]", address) and len(address) <= 200
    return plain and parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def shown(row: LinkRow) -> LinkShown:
    """Give a link as it leaves the room."""
    return LinkShown(
        id=row.id,
        state=LinkState(row.state),
        review=LinkReview(
            code=row.code, title=row.title, about=row.about, firm=row.firm, url=row.url,
            policy_url=row.policy_url, qualification=row.qualification,
            qualified_on=row.qualified_on, qualified_until=row.qualified_until_on,
            safe_on=row.safe_on, safe_until=row.safe_until_on, terms_on=row.terms_on,
            terms_until=row.terms_until_on,
        ),
        proposed_by=row.proposed_by,
        released_by=row.released_by,
        at=row.at,
    )  # fmt: skip
