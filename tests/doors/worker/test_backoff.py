"""Jobs come again after growing waits; what fails for good is told, and stands in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django import app

from xingnuo.doors.worker import tasks
from xingnuo.doors.worker.backoff import FIRST_SECONDS, WAIT_SECONDS_MAX, Backoff, wait_seconds
from xingnuo.doors.worker.passage import job
from xingnuo.kit import ids, log
from xingnuo.kit.errors import Refused, Unavailable

QUEUE = f"trial-{ids.token()[:8].lower()}"
FAULTS = {
    "away": Unavailable("partner"),
    "database": OperationalError("gone"),
    "bug": TypeError("a bug"),
    "refused": Refused("no"),
}
ran: list[str] = []


@app.task(name=f"{QUEUE}.fails", queue=QUEUE, retry=Backoff(tries=2))
@job(own_transactions=True)
def fails(fault: str) -> None:
    """Fail in a named way."""
    raise FAULTS[fault]


@app.task(name=f"{QUEUE}.works", queue=QUEUE)
@job()
def works() -> None:
    """Do something that can be seen."""
    ran.append("works")


def run() -> None:
    """Run what is due on this queue alone, as the worker does: in a thread without a loop."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(_work).result()


def _work() -> None:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as running:
        running.run_worker(queues=[QUEUE], wait=False, install_signal_handlers=False)
    connections.close_all()


def rows() -> list[tuple[str, int, datetime | None]]:
    """Give state, tries and next time of the queue's jobs, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, attempts, scheduled_at FROM procrastinate_jobs"
            " WHERE queue_name = %s AND task_name = %s ORDER BY id",
            [QUEUE, f"{QUEUE}.fails"],
        )
        return list(cursor.fetchall())


def due_now() -> None:
    """Let the waits be over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = NULL"
            " WHERE queue_name = %s AND status = 'todo'",
            [QUEUE],
        )


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Begin and end with nothing in the queue."""
    ran.clear()
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = %s", [QUEUE])


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Gather what is said of jobs that are given up."""
    from xingnuo.doors.worker import backoff

    lines: list[dict[str, Any]] = []

    class Lines:
        def critical(self, event: str, **fields: Any) -> None:
            assert set(fields) <= log.ALLOWED
            lines.append({"event": event, **fields})

    monkeypatch.setattr(backoff, "logger", Lines())
    return lines


@pytest.mark.parametrize("fault", ["away", "database"])
def test_what_may_pass_comes_again_later_and_ends(fault: str, told: list[dict[str, Any]]) -> None:
    """Each wait is longer than none; after the last try it is failed, and others still run."""
    fails.defer(fault=fault)
    for attempt in (1, 2):
        works.defer()
        before = datetime.now(UTC)
        run()
        ((status, attempts, again),) = rows()
        assert (status, attempts) == ("todo", attempt)
        assert again is not None
        assert (again - before).total_seconds() >= FIRST_SECONDS * 2 ** (attempt - 1) / 2 - 1
        assert not told
        run()
        assert rows()[0][1] == attempt, "tried before its time"
        due_now()
    works.defer()
    run()
    assert rows()[0][:2] == ("failed", 3)
    assert [(one["event"], one["reason"]) for one in told] == [("job_given_up", "tries_spent")]
    assert ran == ["works"] * 3


@pytest.mark.parametrize("fault", ["bug", "refused"])
def test_what_cannot_pass_fails_at_once_and_blocks_nobody(
    fault: str, told: list[dict[str, Any]]
) -> None:
    """One line, a failed row, and the next job of the queue runs."""
    fails.defer(fault=fault)
    works.defer()
    run()
    assert rows()[0][:2] == ("failed", 1)
    assert [(one["event"], one["reason"]) for one in told] == [("job_given_up", "not_passing")]
    assert ran == ["works"]


@given(st.integers(0, 10_000))
def test_waits_grow_are_bounded_and_are_drawn(attempts: int) -> None:
    """Between half and the whole of the doubled wait, never beyond an hour."""
    whole = min(FIRST_SECONDS * 2 ** min(attempts, 20), WAIT_SECONDS_MAX)
    assert whole // 2 <= wait_seconds(attempts) <= whole


def test_every_job_comes_again_by_backoff_or_by_the_clock() -> None:
    """A task that nobody calls again at all would be lost with its first fault."""
    assert tasks.__all__
    clocked = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
    ours = {
        name: task for name, task in app.tasks.items() if not name.startswith(("builtin", "proc"))
    }
    lost = [
        name
        for name, task in ours.items()
        if name not in clocked
        and not isinstance(task.retry_strategy, Backoff)
        and not name.startswith("trial-")
    ]
    assert lost == []
