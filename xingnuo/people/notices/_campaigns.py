"""Promotions to many: made by one, let go by another, sent only to who agreed to hear of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound
from xingnuo.kit.steps import step
from xingnuo.people.notices import _limits, _sending, _templates
from xingnuo.people.notices._states import CAMPAIGN_STEPS
from xingnuo.people.notices.contracts import (
    PROMOTION,
    Campaign,
    CampaignState,
    MessageKind,
    OwnRelease,
    UnknownTemplate,
)
from xingnuo.people.notices.models import CampaignRow, MessageRow
from xingnuo.trust.evidence.contracts import NOBODY
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.policy.contracts import SubjectState

SEND_PAGE = "notices.campaign_page"


def make(*, staff_id: str, code: str) -> Campaign:
    """Draft a promotion of a registered text."""
    text = _templates.newest(code)
    if text.kind is not MessageKind.PROMOTION:
        raise UnknownTemplate
    row = CampaignRow.objects.create(
        code=text.code, version=text.version, made_by=staff_id, made_at=clock.now()
    )
    return shown(row)


def release(*, staff_id: str, campaign_id: UUID) -> Campaign:
    """Let a promotion go, as another person than who made it, and begin to send."""
    row = _locked(campaign_id)
    if row.made_by == staff_id:
        raise OwnRelease
    row.released_by, row.released_at = staff_id, clock.now()
    _move(row, CampaignState.RELEASED)
    jobs.defer(SEND_PAGE, queue=_sending.QUEUE, campaign_id=row.id, after=NOBODY)
    return shown(row)


def stop(*, campaign_id: UUID) -> Campaign:
    """Stop a promotion; what waits for its moment is not sent, since every send looks again."""
    row = _locked(campaign_id)
    _move(row, CampaignState.STOPPED)
    return shown(row)


def send_page(*, campaign_id: UUID, after: UUID) -> int:
    """Write the promotion for the next people; the job goes on from there. Gives how many."""
    row = _locked(campaign_id)
    state = CampaignState(row.state)
    if state is CampaignState.RELEASED:
        _move(row, CampaignState.SENDING)
    elif state is not CampaignState.SENDING:
        return 0
    people = standing.people_after(
        after, states=(SubjectState.ACTIVE,), limit=_limits.CAMPAIGN_PAGE
    )
    key = f"campaign:{row.id}"
    count = sum(bool(_sending.tell(one, row.code, key=key)) for one in people if may_promote(one))
    row.sent_count += count
    row.save(update_fields=["sent_count"])
    if len(people) == _limits.CAMPAIGN_PAGE:
        jobs.defer(SEND_PAGE, queue=_sending.QUEUE, campaign_id=row.id, after=people[-1])
    else:
        _move(row, CampaignState.DONE)
    return count


def may_promote(subject_id: UUID) -> bool:
    """Say whether a person agreed to promotions and has not had their share of them."""
    stands = standing.standing(subject_id)
    agreed = any(
        one.purpose == PROMOTION and one.decision == "grant" and not one.due_again
        for one in stands.decisions
    )
    if not agreed or stands.state is not SubjectState.ACTIVE:
        return False
    return not _has_enough(subject_id)


def _has_enough(subject_id: UUID) -> bool:
    session.set_subject(subject_id)
    now = clock.now()
    sent = MessageRow.objects.of(subject_id).filter(
        kind=MessageKind.PROMOTION.value, created_at__gt=now - timedelta(days=30)
    )
    keys = {row["key"]: row["created_at"] for row in sent.values("key", "created_at")}
    day = sum(clock.beijing(at).date() == clock.beijing(now).date() for at in keys.values())
    return day >= _limits.PROMOTIONS_PER_DAY or len(keys) >= _limits.PROMOTIONS_PER_30_DAYS


def _locked(campaign_id: UUID) -> CampaignRow:
    row = CampaignRow.objects.filter(id=campaign_id).select_for_update().first()
    if row is None:
        raise NotFound
    return row


def _move(row: CampaignRow, state: CampaignState) -> None:
    row.state = step(CAMPAIGN_STEPS, CampaignState(row.state), state).value
    row.save()


def shown(row: CampaignRow) -> Campaign:
    """Give a promotion as the console shows it."""
    return Campaign(
        id=row.id,
        code=row.code,
        version=row.version,
        state=CampaignState(row.state),
        made_by=row.made_by,
        released_by=row.released_by,
        made_at=row.made_at,
        sent_count=row.sent_count,
    )
