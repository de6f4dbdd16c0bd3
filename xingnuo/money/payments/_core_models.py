"""Tables of the core: payments, attempts, refunds, coupons, events; and the numbers' look-up."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.db import models

from xingnuo.kit import ids
from xingnuo.kit.db.models import SubjectModel
from xingnuo.money.payments._core_contracts import (
    LIVE_ATTEMPTS,
    AttemptState,
    CouponState,
    PaymentKind,
    PaymentState,
    Rail,
    RefundState,
    Way,
)

NOBODY = UUID(int=0)  # a line of a file that is about no order of ours
_LIVE = [state.value for state in LIVE_ATTEMPTS]
_OPEN_REFUNDS = ["prepared", "sent", "unknown", "abnormal"]


def _known(name: str, field: str, words: type[StrEnum], *more: str) -> models.CheckConstraint:
    allowed = [*(word.value for word in words), *more]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=name)


class PaymentRow(SubjectModel):
    """One order of a payer; title and the payee's name rest in the vault, in the slot of its id."""

    kind = models.CharField(max_length=8)
    service = models.CharField(max_length=24)
    way = models.CharField(max_length=9, blank=True, default="")
    state = models.CharField(max_length=13)
    payee = models.CharField(max_length=64)
    payee_subject = models.UUIDField(null=True)
    payee_account = models.UUIDField()
    amount_fen = models.BigIntegerField()
    off_fen = models.BigIntegerField(default=0)
    fee_fen = models.BigIntegerField(default=0)
    refunded_fen = models.BigIntegerField(default=0)
    coupon_id = models.UUIDField(null=True)
    card_id = models.UUIDField(null=True)
    agreement_id = models.UUIDField(null=True)
    ref = models.UUIDField(null=True)
    code = models.CharField(max_length=24, blank=True, default="")
    fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_payment"
        constraints = [
            _known("payments_payment_kind_known", "kind", PaymentKind),
            _known("payments_payment_way_known", "way", Way, ""),
            _known("payments_payment_state_known", "state", PaymentState),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0, off_fen__gte=0, fee_fen__gte=0)
                & models.Q(off_fen__lt=models.F("amount_fen"))
                & models.Q(fee_fen__lte=models.F("amount_fen")),
                name="payments_payment_amounts",
            ),
            models.CheckConstraint(
                condition=models.Q(refunded_fen__gte=0)
                & models.Q(refunded_fen__lte=models.F("amount_fen")),
                name="payments_payment_refunded",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "made_at"], name="payments_payment_by_time"),
            models.Index(fields=["subject_id", "card_id"], name="payments_payment_by_card"),
        ]


class AttemptRow(SubjectModel):
    """One order number at one channel (the id's hex); a payment has at most one that lives."""

    payment_id = models.UUIDField()
    rail = models.CharField(max_length=8)
    state = models.CharField(max_length=12)
    amount_fen = models.BigIntegerField()
    channel_no = models.CharField(max_length=64, blank=True, default="")
    code = models.CharField(max_length=24, blank=True, default="")
    asked = models.IntegerField(default=0)
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_attempt"
        constraints = [
            _known("payments_attempt_rail_known", "rail", Rail),
            _known("payments_attempt_state_known", "state", AttemptState),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="payments_attempt_amount"
            ),
            models.UniqueConstraint(
                fields=["subject_id", "payment_id"],
                condition=models.Q(state__in=_LIVE),
                name="payments_attempt_one_live",
            ),
            models.UniqueConstraint(
                fields=["subject_id", "payment_id"],
                condition=models.Q(state="success"),
                name="payments_attempt_one_capture",
            ),
        ]
        indexes = [
            models.Index(
                fields=["rail", "ended_at"],
                condition=models.Q(state__in=["success", "late_success"]),
                name="payments_attempt_by_end",
            )
        ]


class RefundRow(SubjectModel):
    """Money on its way back to the payer: its own number at the channel, the same rules."""

    payment_id = models.UUIDField()
    attempt_id = models.UUIDField(null=True)  # the captured order number; None within the books
    rail = models.CharField(max_length=8, blank=True, default="")
    state = models.CharField(max_length=8)
    amount_fen = models.BigIntegerField()
    coupon_fen = models.BigIntegerField(default=0)
    is_late = models.BooleanField(default=False)  # gives back money that came too late
    reason = models.CharField(max_length=24)
    channel_no = models.CharField(max_length=64, blank=True, default="")
    code = models.CharField(max_length=24, blank=True, default="")
    asked = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_refund"
        constraints = [
            _known("payments_refund_rail_known", "rail", Rail),
            _known("payments_refund_state_known", "state", RefundState),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0, coupon_fen__gte=0)
                & models.Q(coupon_fen__lte=models.F("amount_fen")),
                name="payments_refund_amounts",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "payment_id"], name="payments_refund_of_payment"),
            models.Index(
                fields=["rail", "ended_at"],
                condition=models.Q(state="done"),
                name="payments_refund_by_end",
            ),
        ]


class CouponRow(SubjectModel):
    """A discount of a person, good for one payment."""

    campaign = models.CharField(max_length=24)
    service = models.CharField(max_length=24, blank=True, default="")
    state = models.CharField(max_length=9)
    off_fen = models.BigIntegerField()
    least_fen = models.BigIntegerField()
    payment_id = models.UUIDField(null=True)
    valid_until = models.DateTimeField()
    got_at = models.DateTimeField()

    class Meta:
        db_table = "payments_coupon"
        constraints = [
            _known("payments_coupon_state_known", "state", CouponState),
            models.CheckConstraint(
                condition=models.Q(off_fen__gt=0) & models.Q(least_fen__gt=models.F("off_fen")),
                name="payments_coupon_amounts",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["reserved", "used"], payment_id__isnull=False)
                | models.Q(state__in=["available", "expired"], payment_id__isnull=True),
                name="payments_coupon_has_payment",
            ),
        ]


class EventRow(SubjectModel):
    """One change of a payment's state, to be told on; the outbox."""

    payment_id = models.UUIDField()
    event = models.CharField(max_length=24)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_event"
        indexes = [
            models.Index(fields=["subject_id", "payment_id"], name="payments_event_of_payment")
        ]


class NumberRow(models.Model):
    """Whose an order or refund number is, and when an open one is asked about next; a queue."""

    number = models.UUIDField(primary_key=True)
    subject_id = models.UUIDField()
    payment_id = models.UUIDField()
    rail = models.CharField(max_length=8)
    kind = models.CharField(max_length=6)  # pay | refund
    is_open = models.BooleanField(default=True)
    ask_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "payments_number"
        indexes = [
            models.Index(
                fields=["ask_at"], condition=models.Q(is_open=True), name="payments_number_due"
            ),
            models.Index(
                fields=["made_at"], condition=models.Q(is_open=True), name="payments_number_by_age"
            ),
        ]


class InboxRow(models.Model):
    """A notice that was taken: the same one does nothing twice."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    rail = models.CharField(max_length=8)
    event_id = models.CharField(max_length=64)
    body_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "payments_inbox"
        constraints = [
            models.UniqueConstraint(fields=["rail", "event_id"], name="payments_inbox_once")
        ]


class CaseRow(models.Model):
    """What a person must look at about money; a work queue."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=24)
    state = models.CharField(max_length=9)
    rail = models.CharField(max_length=8, blank=True, default="")
    number = models.CharField(max_length=64)
    subject_id = models.UUIDField(default=NOBODY)
    ours_fen = models.BigIntegerField(null=True)
    theirs_fen = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    code = models.CharField(max_length=24, blank=True, default="")
    finding = models.CharField(max_length=12, blank=True, default="")
    document = models.CharField(max_length=64, blank=True, default="")  # the partner's own number
    proposed_by = models.CharField(max_length=40, blank=True, default="")
    closed_by = models.CharField(max_length=40, blank=True, default="")
    taken_by = models.CharField(max_length=40, blank=True, default="")
    level = models.SmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_case"
        constraints = [
            models.UniqueConstraint(fields=["kind", "rail", "number"], name="payments_case_once"),
            models.CheckConstraint(
                condition=models.Q(closed_by="") | ~models.Q(closed_by=models.F("proposed_by")),
                name="payments_case_two_people",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at", "id"], name="payments_case_queue")]
