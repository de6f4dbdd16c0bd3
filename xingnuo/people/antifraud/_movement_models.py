"""Tables of the movements of money: what the law on large values adds up, and what fired."""

from __future__ import annotations

from django.db import models

from xingnuo.kit.db.models import SubjectModel
from xingnuo.people.antifraud._states import Direction, LimitKind, MovementKind, PartyKind

_PARTIES = [party.value for party in PartyKind]
_LIMITS = [limit.value for limit in LimitKind]


def _known(name: str, field: str, words: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": words}), name=name)


class MovementRow(SubjectModel):
    """One movement of money as it was told, once: what the days of a customer add up from."""

    ref = models.UUIDField()
    kind = models.CharField(max_length=12)
    direction = models.CharField(max_length=4)
    channel = models.CharField(max_length=20)
    counterparty_kind = models.CharField(max_length=8)
    customer_kind = models.CharField(max_length=8)
    limit_kind = models.CharField(max_length=10)
    amount_fen = models.BigIntegerField()
    usd_cents = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    day_on = models.DateField()  # of the Chinese calendar

    class Meta:
        db_table = "antifraud_aml_movement"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "ref"], name="antifraud_aml_movement_one_key"
            ),
            _known("antifraud_aml_movement_kind_known", "kind", [k.value for k in MovementKind]),
            _known("antifraud_aml_movement_way_known", "direction", [d.value for d in Direction]),
            _known("antifraud_aml_movement_other_known", "counterparty_kind", _PARTIES),
            _known("antifraud_aml_movement_own_known", "customer_kind", _PARTIES),
            _known("antifraud_aml_movement_limit_known", "limit_kind", _LIMITS),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0, usd_cents__gte=0),
                name="antifraud_aml_movement_amount_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["day_on"], name="antifraud_aml_movement_day"),
            models.Index(fields=["at"], name="antifraud_aml_movement_at"),
        ]


class DayRow(SubjectModel):
    """What a customer's movements of one day and one limit add up to, each way apart."""

    day_on = models.DateField()
    limit_kind = models.CharField(max_length=10)
    in_fen = models.BigIntegerField(default=0)
    out_fen = models.BigIntegerField(default=0)
    in_usd_cents = models.BigIntegerField(default=0)
    out_usd_cents = models.BigIntegerField(default=0)
    in_count = models.IntegerField(default=0)
    out_count = models.IntegerField(default=0)
    near_count = models.IntegerField(default=0)  # movements that stay just below the limit
    case_id = models.UUIDField(null=True)

    class Meta:
        db_table = "antifraud_aml_day"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "day_on", "limit_kind"], name="antifraud_aml_day_one_key"
            ),
            _known("antifraud_aml_day_limit_known", "limit_kind", _LIMITS),
        ]
        indexes = [models.Index(fields=["day_on"], name="antifraud_aml_day_on")]


class AlertRow(SubjectModel):
    """A pattern that fired: which rule of which version, on what figures, and its case."""

    case_id = models.UUIDField()
    rule_number = models.IntegerField()
    rule = models.CharField(max_length=40)
    typology = models.CharField(max_length=40)
    facts = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "antifraud_aml_alert"
        indexes = [
            models.Index(fields=["subject_id", "case_id"], name="antifraud_aml_alert_case"),
            models.Index(fields=["at"], name="antifraud_aml_alert_at"),
        ]
