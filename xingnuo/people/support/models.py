"""Tables of support: cases, their messages, hand-overs, and the days of the calendar.

The queue is readable across subjects by design: kind, topic, clock and subject id, nothing else.
What was said rests in the vault, in the slot of its message.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from xingnuo.kit import ids
from xingnuo.kit.db.models import SubjectModel
from xingnuo.people.support.contracts import (
    BODIES,
    GROUNDS,
    RUNNING,
    Author,
    Desk,
    Form,
    HandState,
    Kind,
    Proof,
    State,
)

_RUNNING = [state.value for state in RUNNING]


def _known(name: str, column: str, words: type[StrEnum]) -> models.CheckConstraint:
    allowed = [word.value for word in words]
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": allowed}), name=name)


class CaseRow(models.Model):
    """One case of the queue."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    subject_id = models.UUIDField(editable=False)
    desk = models.CharField(max_length=12)
    kind = models.CharField(max_length=16)
    topic = models.CharField(max_length=24)
    state = models.CharField(max_length=16, default=State.OPEN.value)
    proof = models.CharField(max_length=12, default=Proof.NONE.value)
    level = models.SmallIntegerField(default=0)
    rule = models.CharField(max_length=16)
    ground = models.CharField(max_length=24, default="", blank=True)
    opened_at = models.DateTimeField()
    counted_from = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=24, default="", blank=True)
    taken_at = models.DateTimeField(null=True)
    call_at = models.DateTimeField(null=True)
    call_tries = models.SmallIntegerField(default=0)
    call_proven_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "support_case"
        constraints = [
            _known("support_case_kind_known", "kind", Kind),
            _known("support_case_state_known", "state", State),
            _known("support_case_desk_known", "desk", Desk),
            _known("support_case_proof_known", "proof", Proof),
            # Nobody holds what is answered or closed: the scope of a case ends with it.
            models.CheckConstraint(
                condition=models.Q(state__in=_RUNNING) | models.Q(taken_by=""),
                name="support_case_over_is_nobodys",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "-id"], name="support_case_of_subject"),
            models.Index(fields=["state", "due_at", "id"], name="support_case_by_clock"),
            models.Index(
                fields=["desk", "due_at", "id"],
                condition=models.Q(state__in=_RUNNING, taken_by=""),
                name="support_case_unclaimed",
            ),
            models.Index(
                fields=["taken_by", "desk", "due_at", "id"],
                condition=models.Q(state__in=_RUNNING),
                name="support_case_claimed",
            ),
            models.Index(
                fields=["desk", "-answered_at", "-id"],
                condition=models.Q(state__in=["answered", "closed"]),
                name="support_case_over",
            ),
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="support_case_next",
            ),
            models.Index(
                fields=["closed_at"],
                condition=models.Q(closed_at__isnull=False),
                name="support_case_closed",
            ),
        ]


class MessageRow(SubjectModel):
    """That somebody said something; what they said is sealed in the slot of this row's id."""

    case_id = models.UUIDField()
    author = models.CharField(max_length=8)
    form = models.CharField(max_length=8)
    canned = models.CharField(max_length=24, default="", blank=True)
    staff_id = models.CharField(max_length=24, default="", blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        db_table = "support_message"
        constraints = [
            _known("support_message_author_known", "author", Author),
            _known("support_message_form_known", "form", Form),
        ]
        indexes = [
            models.Index(fields=["subject_id", "case_id", "id"], name="support_message_of_case"),
        ]


class HandOverRow(SubjectModel):
    """A complaint on its way to a body; two people let it go."""

    case_id = models.UUIDField()
    body = models.CharField(max_length=16)
    ground = models.CharField(max_length=24)
    state = models.CharField(max_length=12, default=HandState.PROPOSED.value)
    proposed_by = models.CharField(max_length=24)
    proposed_at = models.DateTimeField()
    released_by = models.CharField(max_length=24, default="", blank=True)
    released_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=64, default="", blank=True)
    sent_hash = models.CharField(max_length=64, default="", blank=True)
    next_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)
    reasons = models.CharField(max_length=200, default="", blank=True)
    answer_by = models.DateField(null=True)
    proof_outcome = models.CharField(max_length=12, default="", blank=True)
    proof_kind = models.CharField(max_length=12, default="", blank=True)
    proof_reference = models.CharField(max_length=64, default="", blank=True)
    proof_by = models.CharField(max_length=24, default="", blank=True)
    proof_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=24, default="", blank=True)

    class Meta:
        db_table = "support_handover"
        constraints = [
            _known("support_handover_state_known", "state", HandState),
            models.CheckConstraint(
                condition=models.Q(body__in=list(BODIES)), name="support_handover_body_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ground__in=list(GROUNDS)), name="support_handover_ground_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(released_by=models.F("proposed_by")),
                name="support_handover_two_people",
            ),
            # What staff say became of it counts only once another of them says so too.
            models.CheckConstraint(
                condition=models.Q(settled_by="") | ~models.Q(settled_by=models.F("proof_by")),
                name="support_handover_proof_by_two",
            ),
            # What left the house was let go by somebody, on a day.
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "declined"])
                | (~models.Q(released_by="") & models.Q(released_at__isnull=False)),
                name="support_handover_released",
            ),
            models.UniqueConstraint(
                fields=["subject_id", "case_id", "body"],
                condition=models.Q(state__in=["proposed", "released", "unknown", "accepted"]),
                name="support_handover_once_key",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(state__in=["released", "unknown"]),
                name="support_handover_next",
            ),
            models.Index(
                fields=["sent_at"],
                condition=models.Q(state__in=["released", "unknown", "correction"]),
                name="support_handover_open",
            ),
        ]


class DayRow(models.Model):
    """A day of the calendar as compliance entered it; the newest entry of a day counts."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    day = models.DateField()
    is_worked = models.BooleanField()
    source = models.CharField(max_length=120)
    entered_by = models.CharField(max_length=24)
    entered_at = models.DateTimeField()

    class Meta:
        db_table = "support_day"
