"""Jobs of payments: checks of cards whose answer was lost, and checks that nobody went on with."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import job
from xingnuo.money.payments import actions as payments


@app.task(name="payments.resume_card", queue="payments", retry=Backoff(tries=5))
@job(own_transactions=True)
def resume_card(subject_id: str, check_id: str) -> None:
    """Ask the bank what became of a check."""
    payments.resume_card(subject_id=UUID(subject_id), check_id=UUID(check_id))


@app.task(name="payments.lapse_card", queue="payments", retry=Backoff(tries=5))
@job()
def lapse_card(subject_id: str, check_id: str) -> None:
    """End a check that nobody went on with."""
    payments.lapse_card(subject_id=UUID(subject_id), check_id=UUID(check_id))
