"""What is done by the clock: sealing evidence, waking stalled jobs, sweeping what is over."""

from __future__ import annotations

from procrastinate.contrib.django import app

from xingnuo.doors.worker.passage import job
from xingnuo.people.accounts import actions as accounts
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.gate import actions as gate

STALLED_AFTER_SECONDS = 30


@app.periodic(cron="*/15 * * * * *")
@app.task(name="evidence.seal", queue="upkeep", pass_context=False)
@job(own_transactions=True)
def seal_evidence(timestamp: int) -> None:
    """Seal evidence lines into signed blocks."""
    evidence.seal_blocks()


@app.periodic(cron="*/30 * * * * *")
@app.task(name="upkeep.wake_stalled", queue="upkeep", pass_context=True)
async def wake_stalled(context, timestamp: int) -> None:  # type: ignore[no-untyped-def]
    """Put jobs of a dead worker back into the queue: nothing retries by itself."""
    manager = context.app.job_manager
    stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    for each in stalled:
        await manager.retry_job(each)


@app.periodic(cron="7 * * * *")
@app.task(name="accounts.sweep", queue="upkeep")
@job(own_transactions=True)
def sweep_accounts(timestamp: int) -> None:
    """Delete sign-in attempts, codes and ended sessions past their time."""
    accounts.sweep()


@app.periodic(cron="23 3 * * *")
@app.task(name="evidence.prune", queue="upkeep")
@job(own_transactions=True)
def prune_evidence(timestamp: int) -> None:
    """Delete evidence past its three years."""
    evidence.prune()


@app.periodic(cron="41 4 * * *")
@app.task(name="vault.rotate_due", queue="upkeep")
@job(own_transactions=True)
def rotate_due_keys(timestamp: int) -> None:
    """Renew class keys that are a year old; values are not touched, subject keys are re-wrapped."""
    gate.rotate_due_keys()
