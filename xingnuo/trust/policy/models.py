"""The table of published versions: a catalogue that the doors may only read."""

from __future__ import annotations

from django.db import models


class VersionRow(models.Model):
    """One published version, as its file has it; never changed."""

    version = models.CharField(max_length=20, primary_key=True)
    hash = models.CharField(max_length=64)
    published_on = models.DateField()
    effective_on = models.DateField()
    document = models.TextField()  # RFC 8785 canonical JSON, the very bytes that are hashed
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "policy_version"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(effective_on__gt=models.F("published_on")),
                name="policy_version_told_before",
            ),
            models.UniqueConstraint(fields=["hash"], name="policy_version_hash"),
        ]
