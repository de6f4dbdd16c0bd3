"""Tables of the staff register. They are about our own staff, never about a customer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from xingnuo.kit import ids
from xingnuo.people.permissions.contracts import (
    LookKind,
    ReleaseState,
    StaffAct,
    StaffState,
    Stage,
)

CODE_CHARS_MAX = 24


def _known(name: str, field: str, words: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": words}), name=name)


class _Row(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)

    class Meta:
        abstract = True


class Staff(_Row):
    """One member of staff, found by the staff id that evidence holds."""

    code = models.CharField(max_length=CODE_CHARS_MAX, unique=True)
    name = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    moved_at = models.DateTimeField()
    moved_why = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        db_table = "permissions_staff"
        constraints = [
            _known("permissions_staff_state_known", "state", [one.value for one in StaffState]),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9._-]{2,23}$"),
                name="permissions_staff_code_shape",
            ),
        ]


class StaffRole(_Row):
    """A role that a member has, or had."""

    staff_id = models.UUIDField()
    role = models.CharField(max_length=16)
    given_by = models.CharField(max_length=CODE_CHARS_MAX)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "permissions_staff_role"
        constraints = [
            models.UniqueConstraint(
                fields=["staff_id", "role"],
                condition=Q(ended_at__isnull=True),
                name="permissions_staff_role_one_key",
            )
        ]


class StaffKey(_Row):
    """A passkey's public part."""

    staff_id = models.UUIDField(db_index=True)
    credential = models.CharField(max_length=1400, unique=True)
    public_key = models.CharField(max_length=1400)
    sign_count = models.BigIntegerField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "permissions_staff_key"


class StaffCode(_Row):
    """A one-time code for making the first passkey, kept as a digest."""

    staff_id = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "permissions_staff_code"


class StaffChallenge(_Row):
    """A challenge that waits for a passkey's answer."""

    session_id = models.UUIDField(null=True)
    act = models.CharField(max_length=10)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "permissions_staff_challenge"
        constraints = [
            _known("permissions_staff_challenge_act_known", "act", [one.value for one in StaffAct]),
            models.CheckConstraint(
                condition=Q(act=StaffAct.SIGN_IN.value) | Q(session_id__isnull=False),
                name="permissions_staff_challenge_has_session",
            ),
        ]


class StaffSeat(_Row):
    """A session at the console, bound to the host it was begun on."""

    staff_id = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=120)
    stage = models.CharField(max_length=8)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=16, default="", blank=True)

    class Meta:
        db_table = "permissions_staff_session"
        constraints = [
            _known("permissions_staff_session_stage_known", "stage", [one.value for one in Stage])
        ]


class StaffUndertaking(_Row):
    """A signature under the confidentiality text."""

    staff_id = models.UUIDField(db_index=True)
    version = models.CharField(max_length=16)
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        db_table = "permissions_staff_undertaking"


class StaffTraining(_Row):
    """A course that was passed."""

    staff_id = models.UUIDField(db_index=True)
    course = models.CharField(max_length=24)
    recorded_by = models.CharField(max_length=CODE_CHARS_MAX)
    passed_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        db_table = "permissions_staff_training"


class StaffBreach(_Row):
    """A breach that was found; the member was suspended with it."""

    staff_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=24)
    recorded_by = models.CharField(max_length=CODE_CHARS_MAX)
    at = models.DateTimeField()

    class Meta:
        db_table = "permissions_staff_breach"


class StaffGlance(_Row):
    """A look-up or a reveal: who, for which case, why. It names no customer and holds no value."""

    staff_id = models.UUIDField()
    session_id = models.UUIDField()
    kind = models.CharField(max_length=8)
    queue = models.CharField(max_length=24)
    case_id = models.UUIDField()
    purpose = models.CharField(max_length=60)
    item = models.CharField(max_length=40)
    reason = models.CharField(max_length=24)
    note = models.CharField(max_length=200)
    at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        db_table = "permissions_staff_look"
        constraints = [
            _known("permissions_staff_look_kind_known", "kind", [one.value for one in LookKind])
        ]
        indexes = [
            models.Index(fields=["staff_id", "kind", "at"], name="permissions_staff_look_count")
        ]


class ReleaseRow(_Row):
    """A step that two people take: one proposes, another releases."""

    kind = models.CharField(max_length=40)
    ref = models.UUIDField()
    choice = models.CharField(max_length=80)
    reason = models.CharField(max_length=40, default="", blank=True)
    note = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=10)
    proposed_by = models.CharField(max_length=CODE_CHARS_MAX)
    proposed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    released_by = models.CharField(max_length=CODE_CHARS_MAX, default="", blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "permissions_staff_release"
        constraints = [
            _known(
                "permissions_staff_release_state_known",
                "state",
                [one.value for one in ReleaseState],
            ),
            models.CheckConstraint(
                condition=~Q(released_by=F("proposed_by")),
                name="permissions_staff_release_two_hands",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReleaseState.RELEASED.value) | ~Q(released_by=""),
                name="permissions_staff_release_has_hand",
            ),
            models.UniqueConstraint(
                fields=["kind", "ref"],
                condition=Q(state=ReleaseState.PROPOSED.value),
                name="permissions_staff_release_one_key",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state=ReleaseState.PROPOSED.value),
                name="permissions_staff_release_open",
            )
        ]
