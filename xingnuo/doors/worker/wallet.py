"""Jobs of the change card: what has no end yet is asked about, and days are reconciled."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import job
from xingnuo.services.wallet_card import actions as wallet_card


@app.task(name="wallet_card.ask", queue="wallet_card", retry=Backoff(tries=5))
@job(own_transactions=True)
def ask(subject_id: str, number: str) -> None:
    """Ask the bank what became of a number."""
    wallet_card.ask_bank(subject_id=UUID(subject_id), number=UUID(number))


@app.periodic(cron="* * * * *")
@app.task(name="wallet_card.ask_due", queue="wallet_card", queueing_lock="wallet_card.ask_due")
@job(own_transactions=True)
def ask_due(timestamp: int) -> None:
    """Ask about numbers whose own job was lost."""
    wallet_card.ask_due()


@app.periodic(cron="25 17 * * *")
@app.task(
    name="wallet_card.reconcile",
    queue="wallet_card",
    queueing_lock="wallet_card.reconcile",
    retry=Backoff(tries=20),
)
@job(own_transactions=True)
def reconcile(timestamp: int) -> None:
    """Hold the bank's files of the days that are over against our books, at 01:25 in Beijing."""
    wallet_card.reconcile_due()
