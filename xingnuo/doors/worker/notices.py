"""Jobs of notices: sending by a channel and promotions page by page."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import job
from xingnuo.people.notices import actions as notices


@app.task(name="notices.deliver", queue="notices", retry=Backoff(tries=6))
@job(own_transactions=True)
def deliver(subject_id: str, message_id: str) -> None:
    """Send one message by its channel."""
    notices.deliver(subject_id=UUID(subject_id), message_id=UUID(message_id))


@app.task(name="notices.campaign_page", queue="notices", retry=Backoff(tries=6))
@job()
def campaign_page(campaign_id: str, after: str) -> None:
    """Write a promotion for the next people, and go on from there."""
    notices.send_campaign_page(campaign_id=UUID(campaign_id), after=UUID(after))
