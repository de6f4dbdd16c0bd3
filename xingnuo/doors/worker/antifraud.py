"""Jobs of antifraud: screening of customers, large values, reports followed up."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import SYSTEM, job
from xingnuo.kit import clock
from xingnuo.people.antifraud import actions as antifraud


@app.task(name="antifraud.screen_customer", queue="antifraud", retry=Backoff(tries=5))
@job()
def screen_customer(subject_id: str) -> None:
    """Screen a customer whose name was confirmed or changed."""
    antifraud.screen_customer(SYSTEM, subject_id=UUID(subject_id))


@app.periodic(cron="*/15 * * * *")
@app.task(name="antifraud.screen_due", queue="antifraud")
@job(own_transactions=True)
def screen_due(timestamp: int) -> None:
    """Screen customers again after a list changed or their review day came."""
    antifraud.screen_due(SYSTEM)


@app.periodic(cron="11 1 * * *")
@app.task(name="antifraud.open_large", queue="antifraud")
@job()
def open_large(timestamp: int) -> None:
    """Open cases for yesterday's large values, by Beijing days."""
    today = clock.beijing(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    antifraud.open_large(today - timedelta(days=1))


@app.task(name="antifraud.send_report", queue="antifraud", retry=Backoff(tries=5))
@job(own_transactions=True)
def send_report(subject_id: str, report_id: str) -> None:
    """Send an approved report."""
    antifraud.send_report(subject_id=UUID(subject_id), report_id=UUID(report_id))


@app.periodic(cron="*/5 * * * *")
@app.task(name="antifraud.follow_reports", queue="antifraud")
@job(own_transactions=True)
def follow_reports(timestamp: int) -> None:
    """Ask what became of reports whose end is not known."""
    antifraud.follow_reports()
