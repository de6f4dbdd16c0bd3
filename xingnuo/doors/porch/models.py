"""The answers already given to a client's keys."""

from __future__ import annotations

from django.db import models

from xingnuo.kit.db.models import SubjectModel


class Answered(SubjectModel):
    """One unsafe call that took effect: the same key with the same content gives the same answer.

    The stored body holds states and ids alone; a write never answers with a personal value.
    """

    key = models.CharField(max_length=64)
    route = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "porch_answered"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "route", "key"], name="porch_answered_once_key"
            ),
        ]
