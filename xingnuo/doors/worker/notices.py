"""Jobs of notices: sending by a channel; promotions and policy versions page by page."""

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


@app.periodic(cron="11 * * * *")
@app.task(name="notices.announce_versions", queue="notices")
@job()
def announce_versions(timestamp: int) -> None:
    """Tell everybody of a policy version that is coming, people who came since among them."""
    notices.announce_versions()


@app.task(name="notices.tell_version", queue="notices", retry=Backoff(tries=10))
@job()
def tell_version(after: str) -> None:
    """Tell a page of people of what is coming, and go on from there."""
    notices.tell_versions(after=UUID(after))
