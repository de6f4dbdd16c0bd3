"""Merchants, their codes, what they were paid, gave back and were settled; and work queues."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from xingnuo.kit.db.models import SubjectModel
from xingnuo.services.merchant_collection.contracts import (
    LIVING,
    UNDER_WAY,
    CaseKind,
    CaseState,
    CodeKind,
    CodeState,
    Form,
    MerchantState,
    SettlementState,
)

_P = "merchant_collection"
_LIVING = [state.value for state in LIVING]
_UNDER_WAY = [state.value for state in UNDER_WAY]


def _known(name: str, field: str, words: type[StrEnum], *more: str) -> models.CheckConstraint:
    allowed = [*(word.value for word in words), *more]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=name)


class MerchantRow(SubjectModel):
    """A merchant; shop name, address and place rest in the vault, in the slot of the id."""

    state = models.CharField(max_length=9)
    region = models.CharField(max_length=6)
    form = models.CharField(max_length=10, blank=True, default="")
    category = models.CharField(max_length=16, blank=True, default="")
    card_id = models.UUIDField(null=True)
    account_id = models.UUIDField(null=True)
    fee_bp = models.IntegerField(default=0)
    agreed_version = models.CharField(max_length=10, blank=True, default="")
    ground = models.CharField(max_length=24, blank=True, default="")
    located_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "merchant_collection_merchant"
        constraints = [
            _known(f"{_P}_merchant_state_known", "state", MerchantState),
            _known(f"{_P}_merchant_form_known", "form", Form, ""),
            models.CheckConstraint(
                condition=~models.Q(state__in=["open", "suspended"])
                | models.Q(account_id__isnull=False, card_id__isnull=False),
                name=f"{_P}_merchant_open_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(fee_bp__gte=0, fee_bp__lte=1000),
                name=f"{_P}_merchant_fee",
            ),
            models.UniqueConstraint(
                fields=["subject_id"],
                condition=models.Q(state__in=_LIVING),
                name=f"{_P}_merchant_one_living",
            ),
        ]


class CodeRow(SubjectModel):
    """A code of a merchant; what stands on it follows from the id under a key, and is not kept."""

    merchant_id = models.UUIDField()
    kind = models.CharField(max_length=7)
    state = models.CharField(max_length=7)
    amount_fen = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    payment_id = models.UUIDField(null=True)
    payer_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "merchant_collection_code"
        constraints = [
            _known(f"{_P}_code_kind_known", "kind", CodeKind),
            _known(f"{_P}_code_state_known", "state", CodeState),
            models.CheckConstraint(
                condition=models.Q(kind="static", amount_fen__isnull=True, expires_at__isnull=True)
                | models.Q(kind="dynamic", amount_fen__gt=0, expires_at__isnull=False),
                name=f"{_P}_code_shape",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["claimed", "used"])
                | models.Q(kind="dynamic", payment_id__isnull=False, payer_id__isnull=False),
                name=f"{_P}_code_claim",
            ),
            models.UniqueConstraint(
                fields=["subject_id", "merchant_id"],
                condition=models.Q(kind="static", state="active"),
                name=f"{_P}_code_one_static",
            ),
        ]


class LookupRow(models.Model):
    """Whose code reads so: found before anybody knows whose it is."""

    digest = models.CharField(primary_key=True, max_length=64)
    subject_id = models.UUIDField()
    code_id = models.UUIDField()

    class Meta:
        db_table = "merchant_collection_lookup"
        indexes = [models.Index(fields=["subject_id"], name="merchant_lookup_of")]


class ScanRow(SubjectModel):
    """A payer's order by a code, by the payment's id: whether the place fitted, never where."""

    merchant_id = models.UUIDField()
    code_id = models.UUIDField()
    is_static = models.BooleanField()
    amount_fen = models.BigIntegerField()
    place = models.CharField(max_length=4)  # near | far
    state = models.CharField(max_length=5)  # asked | paid | ended
    made_at = models.DateTimeField()

    class Meta:
        db_table = "merchant_collection_scan"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place__in=["near", "far"]), name=f"{_P}_scan_place_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "paid", "ended"]),
                name=f"{_P}_scan_state_known",
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name=f"{_P}_scan_amount"),
        ]
        indexes = [models.Index(fields=["subject_id", "made_at"], name="merchant_scan_by_time")]


class SaleRow(SubjectModel):
    """What a merchant was paid, by the payment's id."""

    merchant_id = models.UUIDField()
    code_id = models.UUIDField()
    payer_id = models.UUIDField()
    amount_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField()
    refunded_fen = models.BigIntegerField(default=0)
    settlement_id = models.UUIDField(null=True)
    paid_at = models.DateTimeField()

    class Meta:
        db_table = "merchant_collection_sale"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0, fee_fen__gte=0, refunded_fen__gte=0)
                & models.Q(fee_fen__lte=models.F("amount_fen"))
                & models.Q(refunded_fen__lte=models.F("amount_fen")),
                name=f"{_P}_sale_amounts",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "paid_at"], name="merchant_sale_by_time"),
            models.Index(fields=["subject_id", "settlement_id"], name="merchant_sale_settled"),
        ]


class RefundRow(SubjectModel):
    """What a merchant gave back, by the refund's id."""

    sale_id = models.UUIDField()
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=5)  # asked | done
    settlement_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "merchant_collection_refund"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "done"]),
                name=f"{_P}_refund_known",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name=f"{_P}_refund_amount"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "sale_id"], name="merchant_refund_of_sale"),
            models.Index(fields=["subject_id", "settlement_id"], name="merchant_refund_settled"),
        ]


class SettlementRow(SubjectModel):
    """Money on its way to the merchant's card; the id's hex is the bank's key."""

    merchant_id = models.UUIDField()
    card_id = models.UUIDField()
    until_on = models.DateField()
    state = models.CharField(max_length=8)
    gross_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField()
    refund_fen = models.BigIntegerField()
    net_fen = models.BigIntegerField()
    reference = models.CharField(max_length=64, blank=True, default="")
    code = models.CharField(max_length=24, blank=True, default="")
    asked = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "merchant_collection_settlement"
        constraints = [
            _known(f"{_P}_settlement_state_known", "state", SettlementState),
            models.CheckConstraint(
                condition=models.Q(net_fen__gt=0)
                & models.Q(
                    gross_fen=models.F("net_fen") + models.F("fee_fen") + models.F("refund_fen")
                ),
                name=f"{_P}_settlement_adds_up",
            ),
            models.UniqueConstraint(
                fields=["subject_id", "merchant_id"],
                condition=models.Q(state__in=_UNDER_WAY),
                name=f"{_P}_settlement_one_under_way",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="merchant_settlement_by_key"),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(state="done"),
                name="merchant_settlement_by_end",
            ),
        ]


class TurnRow(models.Model):
    """When a merchant is settled with, and when the bank is asked again; a work queue."""

    merchant_id = models.UUIDField(primary_key=True)
    subject_id = models.UUIDField()
    settle_on = models.DateField(null=True)
    ask_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "merchant_collection_turn"
        indexes = [
            models.Index(fields=["settle_on"], name="merchant_turn_settle"),
            models.Index(fields=["ask_at"], name="merchant_turn_ask"),
        ]


class CaseRow(models.Model):
    """What a member of staff must look at; a work queue."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=8)
    level = models.SmallIntegerField(default=0)
    subject_id = models.UUIDField()
    ref = models.UUIDField()
    ground = models.CharField(max_length=24, blank=True, default="")
    taken_by = models.CharField(max_length=40, blank=True, default="")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "merchant_collection_case"
        constraints = [
            _known(f"{_P}_case_kind_known", "kind", CaseKind),
            _known(f"{_P}_case_state_known", "state", CaseState),
            models.UniqueConstraint(fields=["kind", "ref"], name=f"{_P}_case_once"),
        ]
        indexes = [models.Index(fields=["state", "due_at", "id"], name="merchant_case_queue")]
