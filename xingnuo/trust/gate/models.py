"""The gate's own table: the standing of each subject."""

from __future__ import annotations

from django.db import models

from xingnuo.kit.db.models import SubjectModel
from xingnuo.trust.policy.contracts import SubjectState, Tier


class Subject(SubjectModel):
    """One row per subject: in which state the person stands with the house."""

    state = models.CharField(max_length=12, default=SubjectState.NEW.value)
    since = models.DateTimeField()
    tier = models.PositiveSmallIntegerField(default=Tier.NONE.value)
    cause = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        db_table = "gate_subject"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in SubjectState]),
                name="gate_subject_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(tier__lte=max(Tier).value), name="gate_subject_tier_known"
            ),
            models.UniqueConstraint(fields=["subject_id"], name="gate_subject_one_key"),
        ]
