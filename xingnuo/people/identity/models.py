"""Tables of identity: which check stands where, by which source. Values rest in the vault alone."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from xingnuo.kit import ids
from xingnuo.kit.db.models import SubjectModel
from xingnuo.people.identity._limits import MARK_BANDS, NOTICE_CHARS_MAX, REFERENCE_CHARS_MAX
from xingnuo.people.identity.contracts import (
    CaseKind,
    CaseState,
    Ground,
    Kind,
    Relation,
    Rule,
    Side,
    State,
)


class Clock(StrEnum):
    """What a check waits for."""

    RESUME = "resume"  # the answer of a source
    ABANDON = "abandon"  # the person's next step
    REMIND = "remind"  # the document's validity ends soon
    EXPIRE = "expire"
    FIND = "find"  # nothing: it lets a late answer find its check, and then goes


def _known(name: str, field: str, words: type[StrEnum], *more: str) -> models.CheckConstraint:
    allowed = [*(word.value for word in words), *more]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=name)


class CheckRow(SubjectModel):
    """One check of a person. Its id is its key at the source and the slot of its values."""

    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=12)
    ground = models.CharField(max_length=24, blank=True, default="")
    source = models.CharField(max_length=24)
    rule = models.CharField(max_length=20, blank=True, default="")
    reference = models.CharField(max_length=REFERENCE_CHARS_MAX, blank=True, default="")
    notice = models.CharField(max_length=NOTICE_CHARS_MAX, blank=True, default="")
    tries_left = models.SmallIntegerField(null=True)
    began_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_check"
        constraints = [
            _known("identity_check_kind_known", "kind", Kind),
            _known("identity_check_state_known", "state", State),
            _known("identity_check_ground_known", "ground", Ground),
            _known("identity_check_rule_known", "rule", Rule, ""),
            models.UniqueConstraint(
                fields=["subject_id", "kind"],
                condition=models.Q(state__in=["started", "sent", "unknown", "reviewing"]),
                name="identity_check_one_open",
            ),
            models.UniqueConstraint(
                fields=["subject_id", "kind"],
                condition=models.Q(state="matched"),
                name="identity_check_one_in_force",
            ),
            models.CheckConstraint(
                condition=~models.Q(source=""), name="identity_check_names_its_source"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["started", "sent", "unknown", "reviewing"], ended_at__isnull=True
                )
                | (
                    ~models.Q(state__in=["started", "sent", "unknown", "reviewing"])
                    & models.Q(ended_at__isnull=False)
                ),
                name="identity_check_end_has_time",
            ),
        ]


class ClockRow(models.Model):
    """When a check is to be taken up again: a work queue, with nothing personal in it."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    subject_id = models.UUIDField(editable=False)
    check_id = models.UUIDField(editable=False)
    kind = models.CharField(max_length=10)
    due_at = models.DateTimeField()

    class Meta:
        db_table = "identity_clock"
        constraints = [
            _known("identity_clock_kind_known", "kind", Clock),
            models.UniqueConstraint(fields=["check_id", "kind"], name="identity_clock_one_key"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="identity_clock_by_time"),
            models.Index(fields=["subject_id"], name="identity_clock_of_subject"),
        ]


class CaseRow(models.Model):
    """A case for a member of staff; the row outlives the person's values as proof of handling."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    subject_id = models.UUIDField(null=True, editable=False)
    check_id = models.UUIDField(null=True, editable=False)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=10, default=CaseState.WAITING.value)
    level = models.SmallIntegerField(default=0)
    source = models.CharField(max_length=24, blank=True, default="")
    relation = models.CharField(max_length=12, blank=True, default="")
    code_digest = models.CharField(max_length=64, null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_by = models.CharField(max_length=40, blank=True, default="")
    decided_by = models.CharField(max_length=40, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        db_table = "identity_case"
        constraints = [
            _known("identity_case_kind_known", "kind", CaseKind),
            _known("identity_case_state_known", "state", CaseState),
            _known("identity_case_ground_known", "ground", Ground),
            _known("identity_case_relation_known", "relation", Relation, ""),
            models.CheckConstraint(
                condition=~models.Q(state__in=["taken", "approved", "refused"])
                | ~models.Q(taken_by=""),
                name="identity_case_taken_by_someone",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "refused"])
                | (models.Q(decided_by=models.F("taken_by")) & models.Q(decided_at__isnull=False)),
                name="identity_case_decided_by_its_taker",
            ),
            models.UniqueConstraint(
                fields=["subject_id", "kind"],
                condition=models.Q(state__in=["waiting", "taken"]),
                name="identity_case_one_open",
            ),
            models.UniqueConstraint(fields=["code_digest"], name="identity_case_code_key"),
        ]
        indexes = [
            models.Index(
                fields=["-level", "due_at", "id"],
                condition=models.Q(state__in=["waiting", "taken"]),
                name="identity_case_open_by_clock",
            ),
            models.Index(
                fields=["kind", "-level", "due_at", "id"],
                condition=models.Q(state__in=["waiting", "taken"]),
                name="identity_case_open_by_kind",
            ),
            models.Index(fields=["subject_id", "-id"], name="identity_case_of_subject"),
            models.Index(fields=["check_id"], name="identity_case_of_check"),
        ]


class PhotoMark(models.Model):
    """Keyed digests of a document photo, by which the same picture is found under another name."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    subject_id = models.UUIDField(editable=False)
    check_id = models.UUIDField(editable=False)
    side = models.CharField(max_length=5)
    band = models.SmallIntegerField()  # -1 for the whole file
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "identity_photo_mark"
        constraints = [
            _known("identity_photo_mark_side_known", "side", Side),
            models.CheckConstraint(
                condition=models.Q(band__range=(-1, MARK_BANDS - 1)),
                name="identity_photo_mark_band_known",
            ),
        ]
        indexes = [
            models.Index(fields=["digest"], name="identity_photo_mark_by_digest"),
            models.Index(fields=["subject_id"], name="identity_photo_mark_of"),
        ]


class AuditRow(models.Model):
    """A legality audit of a source; in force once a second person released it."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    source = models.CharField(max_length=24)
    passed = models.BooleanField()
    audited_on = models.DateField()
    until = models.DateField()
    report_digest = models.CharField(max_length=64)
    proposed_by = models.CharField(max_length=40)
    released_by = models.CharField(max_length=40, null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_source_audit"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_by__isnull=True, released_at__isnull=True)
                | (
                    models.Q(released_by__isnull=False, released_at__isnull=False)
                    & ~models.Q(released_by=models.F("proposed_by"))
                ),
                name="identity_source_audit_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("audited_on")),
                name="identity_source_audit_has_term",
            ),
            models.UniqueConstraint(
                fields=["source", "audited_on", "report_digest"],
                name="identity_source_audit_once",
            ),
        ]
        indexes = [models.Index(fields=["source", "-released_at"], name="identity_audit_newest")]
