"""Jobs of merchant_collection: what was paid is written down, settled, and asked about."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import job
from xingnuo.services.merchant_collection import actions as merchants

QUEUE = "merchant_collection"


@app.task(name="merchant_collection.sold", queue=QUEUE, retry=Backoff(tries=12))
@job()
def sold(
    *,
    subject_id: str,
    payment_id: str,
    payer_id: str,
    merchant_id: str,
    code_id: str,
    amount_fen: int,
    fee_fen: int,
    paid_ms: int,
) -> None:
    """Write a paid order down on the merchant's side."""
    merchants.sold(
        subject_id=UUID(subject_id),
        payment_id=UUID(payment_id),
        payer_id=UUID(payer_id),
        merchant_id=UUID(merchant_id),
        code_id=UUID(code_id),
        amount_fen=amount_fen,
        fee_fen=fee_fen,
        paid_ms=paid_ms,
    )


@app.task(name="merchant_collection.unclaim", queue=QUEUE, retry=Backoff(tries=12))
@job()
def unclaim(subject_id: str, code_id: str, payment_id: str) -> None:
    """Let go of a code whose order was not paid."""
    merchants.unclaim(
        subject_id=UUID(subject_id), code_id=UUID(code_id), payment_id=UUID(payment_id)
    )


@app.task(name="merchant_collection.given_back", queue=QUEUE, retry=Backoff(tries=12))
@job()
def given_back(subject_id: str, refund_id: str) -> None:
    """Note that a refund has reached its payer."""
    merchants.given_back(subject_id=UUID(subject_id), refund_id=UUID(refund_id))


@app.task(name="merchant_collection.expire", queue=QUEUE, retry=Backoff(tries=12))
@job()
def expire(subject_id: str) -> None:
    """End the codes of a merchant that nobody paid in time."""
    merchants.expire(subject_id=UUID(subject_id))


@app.task(name="merchant_collection.tell_day", queue=QUEUE, retry=Backoff(tries=12))
@job()
def tell_day(subject_id: str, day: int) -> None:
    """Tell a merchant what came in on a day that is over."""
    merchants.tell_day(subject_id=UUID(subject_id), day=day)


@app.periodic(cron="15 * * * *")
@app.task(name="merchant_collection.settle_due", queue=QUEUE, queueing_lock="merchant.settle_due")
@job(own_transactions=True)
def settle_due(timestamp: int) -> None:
    """Settle on working days with every merchant whose turn has come."""
    merchants.settle_due()


@app.periodic(cron="* * * * *")
@app.task(name="merchant_collection.ask_due", queue=QUEUE, queueing_lock="merchant.ask_due")
@job(own_transactions=True)
def ask_due(timestamp: int) -> None:
    """Ask the bank about settlements that it has not answered."""
    merchants.ask_due()
