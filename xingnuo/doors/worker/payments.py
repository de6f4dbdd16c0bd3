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


@app.task(name="payments.ask", queue="payments", retry=Backoff(tries=5))
@job(own_transactions=True)
def ask(subject_id: str, number: str) -> None:
    """Ask what became of an order or refund number."""
    payments.ask(subject_id=UUID(subject_id), number=UUID(number))


@app.periodic(cron="* * * * *")
@app.task(name="payments.ask_due", queue="payments", queueing_lock="payments.ask_due")
@job(own_transactions=True)
def ask_due(timestamp: int) -> None:
    """Ask about numbers whose own job was lost."""
    payments.ask_due()


@app.task(name="payments.send_refund", queue="payments", retry=Backoff(tries=5))
@job(own_transactions=True)
def send_refund(subject_id: str, refund_id: str) -> None:
    """Send a refund to its channel."""
    payments.send_refund(subject_id=UUID(subject_id), refund_id=UUID(refund_id))


@app.task(name="payments.lapse", queue="payments", retry=Backoff(tries=5))
@job()
def lapse(subject_id: str, payment_id: str) -> None:
    """Close an order whose time is over."""
    payments.lapse(subject_id=UUID(subject_id), payment_id=UUID(payment_id))


@app.task(name="payments.tell", queue="payments", retry=Backoff(tries=5))
@job()
def tell(subject_id: str, event_id: str) -> None:
    """Tell on a change of a payment's state."""
    payments.told(subject_id=UUID(subject_id), event_id=UUID(event_id))


@app.periodic(cron="23 * * * *")
@app.task(name="payments.reconcile_due", queue="payments", queueing_lock="payments.reconcile_due")
@job(own_transactions=True)
def reconcile_due(timestamp: int) -> None:
    """Hold the channels' bills of the last days against the books."""
    payments.reconcile_due()


@app.periodic(cron="41 * * * *")
@app.task(
    name="payments.reconcile_bank_due",
    queue="payments",
    queueing_lock="payments.reconcile_bank_due",
)
@job(own_transactions=True)
def reconcile_bank_due(timestamp: int) -> None:
    """Hold the bank's files of the last days against the books."""
    payments.reconcile_bank_due()


@app.task(name="payments.apply_finding", queue="payments", retry=Backoff(tries=5))
@job(own_transactions=True)
def apply_finding(case_id: str) -> None:
    """Take the proof that two people found."""
    payments.apply_finding(case_id=UUID(case_id))


@app.task(name="payments.end_agreement", queue="payments", retry=Backoff(tries=50))
@job(own_transactions=True)
def end_agreement(subject_id: str, agreement_id: str) -> None:
    """Have the bank debit nothing more under an agreement that ended."""
    payments.end_at_bank(subject_id=UUID(subject_id), agreement_id=UUID(agreement_id))
