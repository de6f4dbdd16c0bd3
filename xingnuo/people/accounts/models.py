"""Tables of accounts. Secrets stand here as keyed digests alone; personal values not at all."""

from __future__ import annotations

from django.db import models

from xingnuo.kit.db.models import SubjectModel
from xingnuo.people.accounts.contracts import Ended, FlowKind, TellState


def _known(name: str, field: str, words: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": words}), name=name)


class Flow(models.Model):
    """A trip to the account provider: used once, by the browser that began it, before it ends."""

    digest = models.CharField(primary_key=True, max_length=64)
    cookie_digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    accepted_version = models.CharField(max_length=20, blank=True, default="")
    accepted_hash = models.CharField(max_length=64, blank=True, default="")
    next_path = models.CharField(max_length=1500, default="/")
    session_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_flow"
        constraints = [_known("accounts_flow_kind_known", "kind", [k.value for k in FlowKind])]


class Attempt(models.Model):
    """A counter of tries in a window; who tried stands here as a keyed digest."""

    digest = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=40)
    count = models.IntegerField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_attempt"


class SessionRow(SubjectModel):
    """One session of one person on one device."""

    device_id = models.UUIDField()
    label = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    unlocked_at = models.DateTimeField(null=True)
    reverified_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        db_table = "accounts_session"
        constraints = [
            _known("accounts_session_why_known", "revoked_why", ["", *(e.value for e in Ended)]),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_why="")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revoked_why="")),
                name="accounts_session_end_has_why",
            ),
        ]


class Token(models.Model):
    """Who is found by a session token; the row goes when the session ends."""

    digest = models.CharField(primary_key=True, max_length=64)
    subject_id = models.UUIDField(db_index=True)
    session_id = models.UUIDField()
    provider_session = models.CharField(max_length=64, blank=True, default="", db_index=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_session_token"


class Device(SubjectModel):
    """A browser that the person used; its digest tells nothing across people."""

    digest = models.CharField(max_length=64)
    label = models.CharField(max_length=40)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_device"
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "digest"], name="accounts_device_one_key")
        ]


class Code(models.Model):
    """An authorization code of a sibling app; used once, within a minute."""

    digest = models.CharField(primary_key=True, max_length=64)
    client = models.CharField(max_length=40)
    subject_id = models.UUIDField(db_index=True)
    session_id = models.UUIDField()
    redirect_uri = models.CharField(max_length=300)
    challenge = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_code"


class AccessToken(models.Model):
    """An access token of a sibling app; gone when revoked."""

    digest = models.CharField(primary_key=True, max_length=64)
    client = models.CharField(max_length=40)
    subject_id = models.UUIDField(db_index=True)
    code_digest = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_access"


class Sync(SubjectModel):
    """That a sibling app was let in: it must be told to erase when that ends."""

    client = models.CharField(max_length=40)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_sync"
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "client"], name="accounts_sync_one_key")
        ]


class SiblingNotice(models.Model):
    """An erase notice on its way to a sibling app; outlives the person here, names them there."""

    id = models.UUIDField(primary_key=True, editable=False)
    client = models.CharField(max_length=40)
    pairwise = models.CharField(max_length=64)
    why = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=TellState.DUE.value)
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField(db_index=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_sibling_notice"
        constraints = [
            _known("accounts_sibling_notice_known", "state", [s.value for s in TellState])
        ]


class Logout(models.Model):
    """A logout notice of the provider's that was taken: the same again changes nothing."""

    digest = models.CharField(primary_key=True, max_length=64)
    ended = models.IntegerField()
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_logout"
