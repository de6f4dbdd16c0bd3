"""Messages, promotions, calendar feeds and push ends; no personal value stands in any."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from xingnuo.kit import ids
from xingnuo.kit.db.models import SubjectModel
from xingnuo.people.notices.contracts import CampaignState, Channel, MessageKind, MessageState


def _known(name: str, column: str, kind: type[StrEnum]) -> models.CheckConstraint:
    words = [one.value for one in kind]
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": words}), name=name)


class MessageRow(SubjectModel):
    """One text for one person by one channel: which text, and how far it has come."""

    key = models.CharField(max_length=80)  # what happened: the same event writes once
    code = models.CharField(max_length=40)
    version = models.IntegerField()
    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=10)
    label = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=10, default=MessageState.DUE.value)
    why = models.CharField(max_length=40, blank=True, default="")
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_message"
        constraints = [
            _known("notices_message_kind_known", "kind", MessageKind),
            _known("notices_message_channel_known", "channel", Channel),
            _known("notices_message_state_known", "state", MessageState),
            models.UniqueConstraint(
                fields=["subject_id", "key", "channel"], name="notices_message_one_key"
            ),
        ]
        indexes = [models.Index(fields=["id"], name="notices_message_by_id")]


class WayOut(models.Model):
    """A link by which promotions stop without signing in; found by its keyed hash."""

    digest = models.CharField(primary_key=True, max_length=64)
    subject_id = models.UUIDField(db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "notices_way_out"


class CalendarFeed(models.Model):
    """A calendar that a client reads by a secret address; found by its keyed hash."""

    digest = models.CharField(primary_key=True, max_length=64)
    subject_id = models.UUIDField(db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "notices_calendar"


class TakenNotice(models.Model):
    """A reply or event of a gateway that was taken: the same again changes nothing."""

    digest = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "notices_taken"


class PushEnd(SubjectModel):
    """A browser that may be pushed to; its address is sealed in the vault under this row's id."""

    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "notices_push"
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "digest"], name="notices_push_one_key")
        ]


class CampaignRow(models.Model):
    """A promotion: about no one person, made by one member of staff and released by another."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    code = models.CharField(max_length=40)
    version = models.IntegerField()
    state = models.CharField(max_length=10, default=CampaignState.DRAFT.value)
    made_by = models.CharField(max_length=60)
    released_by = models.CharField(max_length=60, blank=True, default="")
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    sent_count = models.IntegerField(default=0)

    class Meta:
        db_table = "notices_campaign"
        constraints = [
            _known("notices_campaign_state_known", "state", CampaignState),
            models.CheckConstraint(
                condition=~models.Q(released_by=models.F("made_by")),
                name="notices_campaign_two_people",
            ),
        ]
