"""The jobs of identity under real worker processes: reading photos, and what time does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django import app

from bench.documents import BACK, FRONT, card
from tests import cast
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import Resident, resident
from xingnuo.kit import child, clock, ids, jobs
from xingnuo.people.identity import _reading, actions, queries
from xingnuo.people.identity.contracts import Check, ReadValues, State
from xingnuo.people.notices import queries as messages
from xingnuo.trust.policy.contracts import Tier

pytestmark = pytest.mark.promise("1.2.3a")
WAIT_SECONDS_MAX = 90


def until(true: Callable[[], Any], what: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@contextmanager
def running(data_dir: Path, *argv: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker process as it ships."""
    log = data_dir / "logs" / f"worker-{'-'.join(argv) or 'all'}.log"
    command = [sys.executable, "-m", "xingnuo.doors.worker", *argv]
    process = child.start(command, log=log, env={**os.environ, **env})
    try:
        yield process
    finally:
        child.end(process, ask=signal.SIGTERM, seconds=20)


@pytest.fixture
def one(outside: Outside) -> Resident:
    """Give a named person who agreed to document photos."""
    made = resident(outside, tier=Tier.NAMED)
    cast.agree(made.person, "identity.document_photo")
    return made


def read(one: Resident, check: Check) -> ReadValues:
    """Give what a machine read."""
    with cast.transaction():
        return queries.read_values(one.actor, check_id=check.id)


def uploaded(one: Resident) -> Check:
    """Upload a drawn card with the person's number."""
    front = card(*(line.format(number=one.number) for line in FRONT))
    return actions.upload_photos(one.actor, front=front, back=card(*BACK), key=ids.uuid7())


def confirmed(one: Resident, check: Check, validity: str) -> None:
    """Confirm by hand, and let a reviewer approve."""
    told = {"name": one.name, "number": one.number, "validity": validity}
    with cast.transaction():
        assert actions.confirm_photos(one.actor, check_id=check.id, **told).state is (
            State.REVIEWING
        )
    residents.decided(residents.case_of(one, "document_photo"))


@pytest.mark.skipif(
    not _reading.is_there(), reason="the optional reader is not installed: pip install xingnuo[ocr]"
)
@pytest.mark.timeout(200)
def test_the_process_of_documents_reads_both_sides(one: Resident, data_dir: Path) -> None:
    """Put into its own queue with the upload, read by the process that does nothing else."""
    check = uploaded(one)
    assert not read(one, check).is_done
    with running(data_dir, "documents") as process:
        until(lambda: read(one, check).is_done, "nothing was read")
        assert os.getpriority(os.PRIO_PROCESS, process.pid) >= 10
    found = read(one, check)
    assert (found.number, found.validity) == (one.number, "2015-06-20/2035-06-20")
    assert one.tier is Tier.NAMED


@pytest.mark.skipif(
    not _reading.is_there(), reason="the optional reader is not installed: pip install xingnuo[ocr]"
)
@pytest.mark.timeout(200)
def test_the_other_workers_leave_documents_alone(one: Resident, data_dir: Path) -> None:
    """Whoever does everything else never loads the reader."""
    check = uploaded(one)
    with running(data_dir):
        jobs.defer("identity.take_up_due", queue="identity", timestamp=0)
        until(lambda: not waiting("identity.take_up_due"), "the worker does nothing")
        assert not read(one, check).is_done and waiting("identity.read_document")


def test_without_the_reader_it_goes_by_hand(one: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    """No job is put in, the page says so at once, and what is typed counts the same."""
    monkeypatch.setattr(_reading, "_NEEDED", ("a-reader-that-is-not-there",))
    before = waiting("identity.read_document")
    check = uploaded(one)
    assert waiting("identity.read_document") == before
    assert read(one, check) == ReadValues(is_done=True)
    confirmed(one, check, residents.VALIDITY)
    assert one.tier is Tier.CHECKED


def waiting(name: str) -> int:
    """Count the jobs of a name that are not done."""
    manager = app.job_manager
    found = [
        *manager.list_jobs(task=name, status="todo"),
        *manager.list_jobs(task=name, status="doing"),
    ]
    return len(found)


def test_the_clocks_of_checks_run_every_minute() -> None:
    """The job of dates is in the worker's own schedule, in a queue that the worker serves."""
    app.perform_import_paths()
    periodic = {
        task.task.name: (task.cron, task.task.queue)
        for task in app.periodic_registry.periodic_tasks.values()
    }
    assert periodic["identity.take_up_due"] == ("* * * * *", "identity")
    assert periodic["identity.audit_sources"][1] == "identity"
    assert periodic["retention.sweep"][1] == "upkeep"


@pytest.mark.timeout(280)
def test_a_document_runs_out_under_a_real_worker(one: Resident, data_dir: Path) -> None:
    """Each reminder, then the end, then a new document: by the worker, with its clock moved."""
    check = uploaded(one)
    ends = clock.today() + timedelta(days=100)
    confirmed(one, check, f"2020-01-01/{ends.isoformat()}")
    assert one.tier is Tier.CHECKED
    told = []
    # The reminders are 90, 30 and 7 days ahead; then the day after the last.
    for days in (11, 71, 94, 101):
        seconds = str(int(timedelta(days=days).total_seconds()))
        with running(data_dir, XN_CLOCK_OFFSET_SECONDS=seconds):
            jobs.defer("identity.take_up_due", queue="identity", timestamp=days)
            until(lambda: not waiting("identity.take_up_due"), "the worker does nothing")
        told.append(titles(one))
    assert [each.count("证件快到期了") for each in told] == [1, 2, 3, 3]
    assert [each.count("证件已过有效期") for each in told] == [0, 0, 0, 1]
    assert one.tier is Tier.NONE
    assert {each.state for each in one.status().checks} == {State.EXPIRED}
    assert one.name_check().is_in_force


def titles(one: Resident) -> list[str]:
    """Give the titles of what the person was told in the app."""
    with cast.transaction():
        return [message.title for message in messages.messages(one.actor)]
