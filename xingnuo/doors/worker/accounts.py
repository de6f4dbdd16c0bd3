"""Jobs of accounts: text messages about the account, notices to sibling apps."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import job
from xingnuo.people.accounts import actions as accounts


@app.task(name="accounts.notice_sms", queue="accounts", retry=Backoff(tries=3))
@job(own_transactions=True)
def notice_sms(subject_id: str, notice_id: str) -> None:
    """Send the text message of a notice."""
    accounts.send_sms(subject_id=UUID(subject_id), notice_id=UUID(notice_id))


@app.task(name="accounts.tell_sibling", queue="accounts", retry=Backoff(tries=5))
@job(own_transactions=True)
def tell_sibling(notice_id: str) -> None:
    """Tell a sibling app to erase what it copied."""
    accounts.tell_sibling(notice_id=UUID(notice_id))


@app.periodic(cron="11 * * * *")
@app.task(name="accounts.announce_versions", queue="accounts")
@job()
def announce_versions(timestamp: int) -> None:
    """Tell everybody of a policy version that is coming, people who came since among them."""
    accounts.announce_versions()


@app.task(name="accounts.tell_version", queue="accounts", retry=Backoff(tries=10))
@job()
def tell_version(after: str) -> None:
    """Tell a page of people of what is coming, and go on from there."""
    accounts.tell_versions(after=UUID(after))
