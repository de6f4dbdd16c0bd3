"""Jobs of bills and top-ups: sending, asking, receipts, records, day files."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import job
from xingnuo.services.bill_pay import actions as bill_pay


@app.task(name="bill_pay.send", queue="bill_pay", retry=Backoff(tries=5))
@job(own_transactions=True)
def send(subject_id: str, order_id: str) -> None:
    """Send a paid order to its operator or issuer."""
    bill_pay.send(subject_id=UUID(subject_id), order_id=UUID(order_id))


@app.task(name="bill_pay.ask", queue="bill_pay", retry=Backoff(tries=5))
@job(own_transactions=True)
def ask(subject_id: str, number: str) -> None:
    """Ask what became of an order."""
    bill_pay.ask(subject_id=UUID(subject_id), number=UUID(number))


@app.periodic(cron="* * * * *")
@app.task(name="bill_pay.ask_due", queue="bill_pay", queueing_lock="bill_pay.ask_due")
@job(own_transactions=True)
def ask_due(timestamp: int) -> None:
    """Ask about orders whose own job was lost."""
    bill_pay.ask_due()


@app.task(name="bill_pay.receipt", queue="bill_pay", retry=Backoff(tries=12))
@job(own_transactions=True)
def receipt(subject_id: str, order_id: str) -> None:
    """Fetch an issuer's receipt."""
    bill_pay.receipt(subject_id=UUID(subject_id), order_id=UUID(order_id))


@app.task(name="bill_pay.keep_record", queue="bill_pay", retry=Backoff(tries=5))
@job()
def keep_record(subject_id: str, order_id: str) -> None:
    """Keep what the records show, for whoever agreed to records."""
    bill_pay.keep_record(subject_id=UUID(subject_id), order_id=UUID(order_id))


@app.task(name="bill_pay.forget", queue="bill_pay", retry=Backoff(tries=5))
@job()
def forget(subject_id: str, order_id: str) -> None:
    """Delete an order that nobody went on with."""
    bill_pay.forget(subject_id=UUID(subject_id), order_id=UUID(order_id))


@app.task(name="bill_pay.forget_account", queue="bill_pay", retry=Backoff(tries=5))
@job()
def forget_account(subject_id: str, account_id: str) -> None:
    """Delete an account that nobody saved."""
    bill_pay.forget_account(subject_id=UUID(subject_id), account_id=UUID(account_id))


@app.periodic(cron="17 * * * *")
@app.task(name="bill_pay.compare_days", queue="bill_pay", queueing_lock="bill_pay.compare_days")
@job(own_transactions=True)
def compare_days(timestamp: int) -> None:
    """Compare the files of the last days with our orders; what is not there yet comes later."""
    bill_pay.compare_days()
