"""The table of decisions: appended, never changed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from xingnuo.kit.db.models import SubjectModel
from xingnuo.trust.consent.contracts import Decision


class DecisionRow(SubjectModel):
    """One decision of one person on one scope."""

    scope = models.CharField(max_length=160)
    items = ArrayField(models.CharField(max_length=60), default=list)
    item_set_hash = models.CharField(max_length=64)
    recipient = models.CharField(max_length=60, blank=True, default="")
    decision = models.CharField(max_length=10)
    meaning = models.CharField(max_length=64)
    version = models.CharField(max_length=20)
    text_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=20)
    actor_kind = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        db_table = "consent_decision"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision__in=[d.value for d in Decision]),
                name="consent_decision_known",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "scope", "-id"], name="consent_decision_newest"),
        ]
