"""Tables of antifraud: digests, counts and codes. No column could hold a name or a number."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from xingnuo.kit import ids
from xingnuo.kit.db.models import SubjectModel
from xingnuo.people.antifraud._movement_models import AlertRow, DayRow, MovementRow
from xingnuo.people.antifraud._states import (
    CaseKind,
    CaseState,
    EventKind,
    Family,
    HitState,
    ImportState,
    ListField,
    ListKind,
    ReportKind,
    ReportState,
    RuleState,
    Verdict,
)
from xingnuo.people.antifraud.contracts import AmlLevel, Outcome

__all__ = [
    "AlertRow",
    "CaseRow",
    "ChoiceRow",
    "DayRow",
    "DecisionRow",
    "EntryRow",
    "EventRow",
    "HitRow",
    "ListTable",
    "MovementRow",
    "ProfileRow",
    "ReleaseRow",
    "ReportRow",
    "RuleSetRow",
]

_OUTCOMES = [outcome.code for outcome in Outcome]
_LEVELS = [level.name.lower() for level in AmlLevel]


def _known(name: str, field: str, words: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": words}), name=name)


def _two_people(name: str, first: str, second: str) -> models.CheckConstraint:
    # An empty second name means that nobody has released it yet.
    return models.CheckConstraint(
        condition=models.Q(**{second: ""}) | ~models.Q(**{second: models.F(first)}), name=name
    )


class RuleSetRow(models.Model):
    """A version of the rules; its document is never changed, only its state moves."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    number = models.IntegerField(unique=True)
    family = models.CharField(max_length=8, default=Family.RISK.value)
    state = models.CharField(max_length=12)
    document = models.TextField()
    digest = models.CharField(max_length=64)
    drafted_by = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=64, blank=True, default="")
    released_by = models.CharField(max_length=64, blank=True, default="")
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "antifraud_rule_set"
        constraints = [
            _known("antifraud_rule_set_state_known", "state", [s.value for s in RuleState]),
            _known("antifraud_rule_set_family_known", "family", [f.value for f in Family]),
            _two_people("antifraud_rule_set_two_people", "proposed_by", "released_by"),
            models.CheckConstraint(
                condition=~models.Q(state="live")
                | (~models.Q(proposed_by="") & ~models.Q(released_by="")),
                name="antifraud_rule_set_live_released",
            ),
            models.UniqueConstraint(
                fields=["family"],
                condition=models.Q(state="live"),
                name="antifraud_rule_set_one_live_key",
            ),
            models.UniqueConstraint(
                fields=["family"],
                condition=models.Q(state="proposed"),
                name="antifraud_rule_set_one_proposed_key",
            ),
        ]


class ReleaseRow(models.Model):
    """One step of a version of the rules: who took it and when. Lines are only added."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    number = models.IntegerField(db_index=True)
    state = models.CharField(max_length=12)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "antifraud_release"
        constraints = [
            _known("antifraud_release_state_known", "state", [s.value for s in RuleState])
        ]


class EventRow(SubjectModel):
    """Something that was about to happen: what the sliding windows count."""

    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    amount_fen = models.BigIntegerField(default=0)
    device = models.CharField(max_length=64, blank=True, default="")
    network = models.CharField(max_length=64, blank=True, default="")
    card = models.CharField(max_length=64, blank=True, default="")
    counterparty = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "antifraud_event"
        constraints = [
            _known("antifraud_event_kind_known", "kind", [kind.value for kind in EventKind]),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gte=0), name="antifraud_event_amount_whole"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "at"], name="antifraud_event_subject"),
            models.Index(fields=["at"], name="antifraud_event_at"),
            *(
                models.Index(
                    fields=[key, "at"],
                    condition=models.Q(**{f"{key}__gt": ""}),
                    name=f"antifraud_event_{key[:8]}",
                )
                for key in ("device", "network", "card", "counterparty")
            ),
        ]


class DecisionRow(SubjectModel):
    """A decision as it was taken: version, facts, reasons. Lines are only added."""

    event_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    ref = models.UUIDField(null=True)
    rule_number = models.IntegerField()
    rule_digest = models.CharField(max_length=64)
    facts = models.JSONField()
    facts_digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8)
    score = models.IntegerField()
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    shadow_number = models.IntegerField(null=True)
    shadow_outcome = models.CharField(max_length=8, blank=True, default="")
    case_id = models.UUIDField(null=True)
    latency_us = models.IntegerField()
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "antifraud_decision"
        constraints = [
            _known("antifraud_decision_outcome_known", "outcome", _OUTCOMES),
            _known("antifraud_decision_kind_known", "kind", [kind.value for kind in EventKind]),
        ]
        indexes = [
            models.Index(fields=["decided_at"], name="antifraud_decision_at"),
            models.Index(fields=["subject_id", "ref"], name="antifraud_decision_ref"),
        ]


class CaseRow(models.Model):
    """The work queue: kind, clock, subject and who has it, nothing personal."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=8, default=CaseState.OPEN.value)
    subject_id = models.UUIDField(editable=False)
    ref = models.UUIDField(null=True)
    level = models.IntegerField(default=0)
    opened_by = models.CharField(max_length=64, blank=True, default="")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_by = models.CharField(max_length=64, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=8, default=Verdict.PENDING.value)
    reason = models.CharField(max_length=40, blank=True, default="")
    decided_by = models.CharField(max_length=64, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "antifraud_case"
        constraints = [
            _known("antifraud_case_kind_known", "kind", [kind.value for kind in CaseKind]),
            _known("antifraud_case_state_known", "state", [s.value for s in CaseState]),
            _known("antifraud_case_verdict_known", "verdict", [v.value for v in Verdict]),
            _two_people("antifraud_case_not_own", "opened_by", "decided_by"),
            models.CheckConstraint(
                condition=models.Q(state="decided", decided_at__isnull=False)
                & ~models.Q(verdict="pending")
                & ~models.Q(decided_by="")
                & ~models.Q(reason="")
                | ~models.Q(state="decided") & models.Q(verdict="pending"),
                name="antifraud_case_decided_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(taken_by=""),
                name="antifraud_case_open_is_free",
            ),
            models.UniqueConstraint(
                fields=["kind", "ref"],
                condition=models.Q(state__in=["open", "taken"], ref__isnull=False),
                name="antifraud_case_one_open_key",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="antifraud_case_queue"),
            models.Index(fields=["kind", "state", "due_at", "id"], name="antifraud_case_kind"),
            models.Index(fields=["subject_id", "kind"], name="antifraud_case_subject"),
        ]


class ListTable(models.Model):
    """A list that was handed in: its source and digest; two people let it in."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    kind = models.CharField(max_length=10)
    field = models.CharField(max_length=12)
    source = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    rows = models.IntegerField()
    state = models.CharField(max_length=10)
    proposed_by = models.CharField(max_length=64)
    released_by = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "antifraud_list"
        constraints = [
            _known("antifraud_list_kind_known", "kind", [kind.value for kind in ListKind]),
            _known("antifraud_list_field_known", "field", [f.value for f in ListField]),
            _known("antifraud_list_state_known", "state", [s.value for s in ImportState]),
            _two_people("antifraud_list_two_people", "proposed_by", "released_by"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["live", "replaced"]) | ~models.Q(released_by=""),
                name="antifraud_list_live_released",
            ),
            models.UniqueConstraint(
                fields=["kind", "field", "source"],
                condition=models.Q(state="live"),
                name="antifraud_list_one_live_key",
            ),
        ]


class EntryRow(models.Model):
    """One listed thing, as a digest, or a name as the keyed numbers of its near forms."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    list_id = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    name_whole = models.BigIntegerField(null=True)
    name_keys = ArrayField(models.BigIntegerField(), null=True)
    ref = models.CharField(max_length=40, blank=True, default="")
    valid_from_on = models.DateField(null=True)
    valid_until_on = models.DateField(null=True)

    class Meta:
        db_table = "antifraud_entry"
        indexes = [
            models.Index(
                fields=["digest"],
                condition=models.Q(digest__gt=""),
                name="antifraud_entry_digest",
            ),
            GinIndex(fields=["name_keys"], name="antifraud_entry_names", fastupdate=False),
        ]


class ChoiceRow(SubjectModel):
    """Whether a person lets a program alone decide about them (PIPL 24)."""

    is_off = models.BooleanField()
    since_at = models.DateTimeField()

    class Meta:
        db_table = "antifraud_choice"
        constraints = [
            models.UniqueConstraint(fields=["subject_id"], name="antifraud_choice_one_key")
        ]


class ProfileRow(SubjectModel):
    """A customer's risk under the AML law, when it is looked at again, and what was screened."""

    level = models.CharField(max_length=8)
    score = models.IntegerField()
    factors = ArrayField(models.CharField(max_length=40), default=list)
    assessed_at = models.DateTimeField()
    review_on = models.DateField()
    screened_at = models.DateTimeField()
    screened_stamp = models.CharField(max_length=64, blank=True, default="")
    relation_ended_at = models.DateTimeField(null=True)  # the ten years of the law run from here

    class Meta:
        db_table = "antifraud_aml_profile"
        constraints = [
            models.UniqueConstraint(fields=["subject_id"], name="antifraud_aml_profile_one_key"),
            _known("antifraud_aml_profile_level_known", "level", _LEVELS),
        ]
        indexes = [
            models.Index(fields=["screened_stamp"], name="antifraud_aml_profile_stamp"),
            models.Index(fields=["review_on"], name="antifraud_aml_profile_review"),
        ]


class HitRow(SubjectModel):
    """A name on or near a sanctions list: the customer's, or of whom they dealt with."""

    counterparty = models.CharField(max_length=64, blank=True, default="")  # digest of their name
    entry_ref = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    is_exact = models.BooleanField()
    state = models.CharField(max_length=10, default=HitState.OPEN.value)
    case_id = models.UUIDField(null=True)
    found_at = models.DateTimeField()
    relation_ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "antifraud_aml_hit"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "counterparty", "source", "entry_ref"],
                name="antifraud_aml_hit_one_key",
            ),
            _known("antifraud_aml_hit_state_known", "state", [s.value for s in HitState]),
        ]


class ReportRow(SubjectModel):
    """A report to the AML centre: its text sealed, its digest, two people, its receipt."""

    case_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=ReportState.WRITTEN.value)
    typology = models.CharField(max_length=40)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    corrects = models.UUIDField(null=True)
    written_by = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "antifraud_aml_report"
        constraints = [
            _known("antifraud_aml_report_kind_known", "kind", [k.value for k in ReportKind]),
            _known("antifraud_aml_report_state_known", "state", [s.value for s in ReportState]),
            _two_people("antifraud_aml_report_two_people", "written_by", "approved_by"),
            models.CheckConstraint(
                condition=models.Q(state="written") | ~models.Q(approved_by=""),
                name="antifraud_aml_report_approved",
            ),
        ]
