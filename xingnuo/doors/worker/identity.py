"""Jobs of identity: lost answers, documents that run out, reading photos, a minor's erasure."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.doors.worker.backoff import Backoff
from xingnuo.doors.worker.passage import SYSTEM, job
from xingnuo.duties.rights import actions as rights
from xingnuo.people.identity import actions as identity


@app.periodic(cron="* * * * *")
@app.task(name="identity.take_up_due", queue="identity")
@job(own_transactions=True)
def take_up_due(timestamp: int) -> None:
    """Go on with checks whose clock has come."""
    identity.take_up_all()


@app.periodic(cron="17 6 * * *")
@app.task(name="identity.audit_sources", queue="identity")
@job(own_transactions=True)
def audit_sources(timestamp: int) -> None:
    """Open a case for every source whose legality audit is due."""
    identity.audit_sources()


@app.task(name="identity.read_document", queue="documents", retry=Backoff(tries=2))
@job(own_transactions=True)
def read_document(subject_id: str, check_id: str) -> None:
    """Read a document's photos, in the process that does nothing else."""
    identity.read_document(subject_id=UUID(subject_id), check_id=UUID(check_id))


@app.task(name="identity.erase_minor", queue="identity", retry=Backoff(tries=10))
@job()
def erase_minor(subject_id: str, case_id: str) -> None:
    """Erase and close a minor's account, as the guardian asked and a reviewer approved."""
    rights.close_for_minor(SYSTEM, subject_id=UUID(subject_id), key=UUID(case_id))
