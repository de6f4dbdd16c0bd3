"""Jobs of support: clocks that rise, hand-overs that go once, cases that nobody wrote to."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import job
from xingnuo.people.support import actions as support

ROUNDS_MAX = 50


@app.periodic(cron="*/5 * * * *")
@app.task(name="support.rise", queue="support")
@job(own_transactions=True)
def rise(timestamp: int) -> None:
    """Raise every case whose next look is due, in bounded stretches."""
    for _ in range(ROUNDS_MAX):
        if not support.rise():
            return


@app.periodic(cron="23 3 * * *")
@app.task(name="support.keep_clocks", queue="support")
@job(own_transactions=True)
def keep_clocks(timestamp: int) -> None:
    """Bring open clocks in line with the calendar, and close what was answered long ago."""
    support.recount()
    support.close_idle()


@app.periodic(cron="*/5 * * * *")
@app.task(name="support.follow_handovers", queue="support")
@job(own_transactions=True)
def follow_handovers(timestamp: int) -> None:
    """Ask about hand-overs without an answer, for as long as there is none."""
    support.follow_handovers()


@app.task(name="support.hand_over", queue="support", retry=Backoff(tries=2))
@job(own_transactions=True)
def hand_over(subject_id: str, handover_id: str) -> None:
    """Send a released hand-over; what stays unknown is followed by the clock."""
    support.carry_out_handover(subject_id=UUID(subject_id), handover_id=UUID(handover_id))
