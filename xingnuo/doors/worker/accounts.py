"""Jobs of accounts: notices to sibling apps."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import job
from xingnuo.people.accounts import actions as accounts


@app.task(name="accounts.tell_sibling", queue="accounts", retry=Backoff(tries=5))
@job(own_transactions=True)
def tell_sibling(notice_id: str) -> None:
    """Tell a sibling app to erase what it copied."""
    accounts.tell_sibling(notice_id=UUID(notice_id))
