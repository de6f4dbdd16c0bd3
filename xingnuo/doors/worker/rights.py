"""Jobs of rights: erasing a person, step by step, each step safe to repeat."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import SYSTEM, job
from xingnuo.duties.rights import actions as rights


@app.task(name="rights.erase", queue="rights", retry=Backoff(tries=10))
@job(own_transactions=True)
def erase(case_id: str) -> None:
    """Carry out an erasure request from wherever it stands."""
    rights.carry_out_erasure(SYSTEM, case_id=UUID(case_id))


@app.periodic(cron="*/10 * * * *")
@app.task(name="rights.remind", queue="rights")
@job(own_transactions=True)
def remind(timestamp: int) -> None:
    """Take up requests whose job was lost, and count those near their deadline."""
    rights.take_up_waiting()
