"""What is done by the clock: sealing evidence, waking stalled jobs, sweeping what is over."""

from __future__ import annotations

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff, logger
from xingnuo.doors.worker.passage import job
from xingnuo.duties.retention import actions as retention
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.gate import actions as gate

STALLED_AFTER_SECONDS = 30
SWEEP_TRIES = 3
FAILED_KEPT_HOURS = 30 * 24  # a job that failed for good carries ids: it goes as other records do


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
@app.task(name="retention.sweep", queue="upkeep", retry=Backoff(tries=SWEEP_TRIES))
@job(own_transactions=True)
def sweep(timestamp: int) -> None:
    """Delete what is past its term, in every room."""
    retention.sweep()


@app.periodic(cron="41 4 * * *")
@app.task(name="vault.rotate_due", queue="upkeep")
@job(own_transactions=True)
def rotate_due_keys(timestamp: int) -> None:
    """Renew class keys that are a year old; values are not touched, subject keys are re-wrapped."""
    gate.rotate_due_keys()


@app.periodic(cron="13 * * * *")
@app.task(name="upkeep.failed_jobs", queue="upkeep", pass_context=True)
async def failed_jobs(context, timestamp: int) -> None:  # type: ignore[no-untyped-def]
    """Say hourly how many jobs failed for good, until somebody looks; after a month they go."""
    manager = context.app.job_manager
    for queue in await manager.list_queues_async():
        if queue["failed"]:
            logger.critical("jobs_failed", count=queue["failed"], where=queue["name"])
    await manager.delete_old_jobs(nb_hours=FAILED_KEPT_HOURS, include_failed=True)
