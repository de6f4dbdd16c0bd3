"""Jobs of the ledger: holds that are over, roll-ups, sealed blocks, the hourly check."""

from __future__ import annotations

from procrastinate.contrib.django import app

from xingnuo.doors.worker.passage import job
from xingnuo.money.ledger import actions as ledger


@app.periodic(cron="*/10 * * * * *")
@app.task(name="ledger.expire_holds", queue="ledger", pass_context=False)
@job(own_transactions=True)
def expire_holds(timestamp: int) -> None:
    """Give back what was held and is over; it has not counted since its time."""
    ledger.expire_holds()


@app.periodic(cron="*/15 * * * * *")
@app.task(name="ledger.roll_up", queue="ledger", pass_context=False)
@job(own_transactions=True)
def roll_up(timestamp: int) -> None:
    """Add up what moved on the house's accounts."""
    ledger.roll_up()


@app.periodic(cron="*/15 * * * * *")
@app.task(name="ledger.seal", queue="ledger", pass_context=False)
@job(own_transactions=True)
def seal(timestamp: int) -> None:
    """Seal the books into hash-chained blocks."""
    ledger.seal_blocks()


@app.periodic(cron="29 * * * *")
@app.task(name="ledger.check", queue="ledger", pass_context=False)
@job(own_transactions=True)
def check(timestamp: int) -> None:
    """Check the books as a whole; what does not hold is told at once."""
    ledger.check_period()
