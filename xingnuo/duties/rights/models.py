"""The queue of rights cases, and the certificates of erasure.

Work queues are readable across subjects by design: case, kind, clock and subject id, nothing else.
"""

from __future__ import annotations

from django.db import models

from xingnuo.duties.rights.contracts import CaseKind, CaseState
from xingnuo.kit import ids


class CaseRow(models.Model):
    """One request; a person has at most one open closure."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    subject_id = models.UUIDField(editable=False)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default=CaseState.RECEIVED.value)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=40, default="", blank=True)
    taken_by = models.CharField(max_length=24, default="", blank=True)
    taken_at = models.DateTimeField(null=True)
    receipt_digest = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        db_table = "rights_case"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in CaseKind]),
                name="rights_case_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in CaseState]),
                name="rights_case_state_known",
            ),
            models.UniqueConstraint(
                fields=["subject_id"],
                condition=models.Q(kind="close", state__in=["received", "working"]),
                name="rights_case_one_closure_key",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "-id"], name="rights_case_of_subject"),
            models.Index(fields=["state", "due_at"], name="rights_case_by_clock"),
            models.Index(fields=["receipt_digest"], name="rights_case_by_receipt"),
            # The queue as staff see it: one index for what nobody has, one for what I have.
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state__in=["received", "working"], taken_by=""),
                name="rights_case_unclaimed",
            ),
            models.Index(
                fields=["taken_by", "due_at", "id"],
                condition=models.Q(state__in=["received", "working"]),
                name="rights_case_claimed",
            ),
            models.Index(
                fields=["-done_at", "-id"],
                condition=models.Q(state__in=["refused", "done"]),
                name="rights_case_closed",
            ),
        ]


class CertificateRow(models.Model):
    """A signed certificate of erasure; it names the case, never the person."""

    case_id = models.UUIDField(primary_key=True, editable=False)
    body = models.TextField()
    signature = models.CharField(max_length=128)
    key_id = models.CharField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "rights_certificate"
