"""Custody: backups sealed and opened, and erasures replayed; for the operators' commands alone."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.trust.consent import actions as consent
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate.models import Subject
from xingnuo.trust.gate.policy import FORGOTTEN_MAX
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState
from xingnuo.trust.vault import actions as vault
from xingnuo.trust.vault import queries
from xingnuo.trust.vault.actions import Backup

keep_backup = vault.keep_backup
unseal_backup = vault.unseal_backup
expire_backups = vault.expire_backups
backups = queries.backups

__all__ = ["Backup", "backups", "expire_backups", "keep_backup", "replay_erasures", "unseal_backup"]


def replay_erasures() -> int:
    """Erase again whoever a restored backup brought back, in every room; gives how many.

    Raises ErasuresUndone when somebody is still there afterwards.
    """
    subjects = vault.replay_tombstones()
    for subject_id in subjects:
        with transaction.atomic():
            session.set_subject(subject_id)
            row = Subject.objects.of(subject_id).select_for_update().first()
            if row is not None and row.state != SubjectState.ERASED.value:
                row.state, row.since = SubjectState.ERASED.value, clock.now()
                row.cause = "replayed"
                row.save()
            evidence.record(
                Line(kind=Kind.PURGED, subject_id=subject_id, outcome="done", reason="replayed")
            )
    vault.refuse_undone_erasures()
    return len(subjects)


def forget_erased() -> int:
    """Delete what is left of people erased three years ago: their states and decisions (PIPL 56).

    Gives how many rows went.
    """
    days = policy.in_force().retention["handling_record"].days
    before = clock.now() - timedelta(days=days)
    decisions = consent.forget_erased(before=before, most=FORGOTTEN_MAX)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_forget_erased(%s, %s)", [before, FORGOTTEN_MAX])
        (states,) = cursor.fetchone()
    return decisions + int(states)


def rotate_due_keys() -> int:
    """Renew class keys that are a year old; gives how many subject keys were wrapped anew."""
    return sum(vault.rotate_due().values())
