"""Tables of unlock: digests and public keys. No column could hold a sample or a secret."""

from __future__ import annotations

from django.db import models

from xingnuo.kit.db.models import SubjectModel
from xingnuo.people.unlock._limits import (
    CREDENTIAL_CHARS_MAX,
    DEVICE_CHARS_MAX,
    PUBLIC_KEY_CHARS_MAX,
    WRONG_BEFORE_LOCK,
)
from xingnuo.people.unlock.contracts import LABELS, Act, State, Way


def _known(name: str, field: str, words: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": words}), name=name)


class WayRow(SubjectModel):
    """One way of one person, with the count of wrong tries; a way that is off has no row."""

    way = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    wrong_count = models.IntegerField(default=0)
    wait_until_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    chosen_at = models.DateTimeField(null=True)
    set_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "unlock_way"
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "way"], name="unlock_way_one_key"),
            _known("unlock_way_known", "way", [way.value for way in Way]),
            _known(
                "unlock_way_state_known",
                "state",
                [state.value for state in State if state is not State.OFF],
            ),
            models.CheckConstraint(
                condition=models.Q(wrong_count__range=(0, WRONG_BEFORE_LOCK)),
                name="unlock_way_count_bounded",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.LOCKED.value, locked_at__isnull=False)
                | (~models.Q(state=State.LOCKED.value) & models.Q(locked_at__isnull=True)),
                name="unlock_way_locked_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.PENDING.value) | models.Q(set_at__isnull=False),
                name="unlock_way_set_has_time",
            ),
        ]


class Digest(SubjectModel):
    """An Argon2id digest of a password or gesture: the one in use, or one used before."""

    way_id = models.UUIDField()
    text = models.CharField(max_length=200)
    is_current = models.BooleanField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "unlock_digest"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "way_id"],
                condition=models.Q(is_current=True),
                name="unlock_digest_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(text__startswith="$argon2id$"), name="unlock_digest_slow"
            ),
        ]


class Credential(SubjectModel):
    """A device's public key. The finger or face that opens it is known to the device alone."""

    credential = models.CharField(max_length=CREDENTIAL_CHARS_MAX)
    public_key = models.CharField(max_length=PUBLIC_KEY_CHARS_MAX)
    sign_count = models.BigIntegerField()
    device = models.CharField(max_length=DEVICE_CHARS_MAX)
    label = models.CharField(max_length=10, blank=True, default="")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "unlock_credential"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "credential"], name="unlock_credential_one_key"
            ),
            _known("unlock_credential_label_known", "label", ["", *LABELS]),
            models.CheckConstraint(
                condition=models.Q(sign_count__gte=0), name="unlock_credential_count_rises"
            ),
        ]


class Challenge(SubjectModel):
    """A question to a device, kept as a digest: answered once, in its session, for its act."""

    session_id = models.UUIDField()
    act = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "unlock_challenge"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "digest"], name="unlock_challenge_one_key"
            ),
            _known("unlock_challenge_act_known", "act", [act.value for act in Act]),
        ]
