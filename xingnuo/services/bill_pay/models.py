"""Tables of the room. Numbers, accounts, names and addresses rest in the vault alone."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from xingnuo.kit import ids
from xingnuo.kit.db.models import SubjectModel
from xingnuo.services.bill_pay.contracts import TAKEN, CaseKind, LinkState, OrderKind, OrderState

NOBODY = UUID(int=0)  # a line of a file that is about no order of ours
_TAKEN = [state.value for state in TAKEN]
_PAID = ["prepared", "sent", "unknown", "done", "declined", "refunded"]


def _known(name: str, field: str, words: type[StrEnum]) -> models.CheckConstraint:
    allowed = [word.value for word in words]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=name)


class AccountRow(SubjectModel):
    """An account at an issuer; its number is in the vault, in the slot of its id."""

    issuer = models.CharField(max_length=16)
    is_saved = models.BooleanField(default=False)
    bill_no = models.CharField(max_length=64, blank=True, default="")
    due_fen = models.BigIntegerField(default=0)
    balance_fen = models.BigIntegerField(null=True)
    month = models.CharField(max_length=7, blank=True, default="")
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "bill_pay_account"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_fen__gte=0), name="bill_pay_account_amounts"
            )
        ]


class OrderRow(SubjectModel):
    """A top-up or a bill that is paid; its id is the key at the operator or issuer."""

    kind = models.CharField(max_length=6)
    party = models.CharField(max_length=16)
    state = models.CharField(max_length=8)
    account_id = models.UUIDField(null=True)
    bill_no = models.CharField(max_length=64, blank=True, default="")
    month = models.CharField(max_length=7, blank=True, default="")
    carrier = models.CharField(max_length=40, blank=True, default="")
    region = models.CharField(max_length=40, blank=True, default="")
    offered = ArrayField(models.BigIntegerField(), default=list)
    amount_fen = models.BigIntegerField(null=True)
    payment_id = models.UUIDField(null=True)
    refund_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=64, blank=True, default="")
    seal = models.CharField(max_length=64, blank=True, default="")
    code = models.CharField(max_length=24, blank=True, default="")
    asked = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "bill_pay_order"
        indexes = [models.Index(fields=["made_at"], name="bill_pay_order_by_age")]
        constraints = [
            _known("bill_pay_order_state_known", "state", OrderState),
            _known("bill_pay_order_kind_known", "kind", OrderKind),
            models.UniqueConstraint(
                fields=["subject_id", "party", "bill_no"],
                condition=models.Q(kind="bill", state__in=_TAKEN),
                name="bill_pay_order_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["unpaid", *_PAID])
                | models.Q(amount_fen__gt=0, payment_id__isnull=False),
                name="bill_pay_order_has_payment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["declined", "refunded"])
                | models.Q(refund_id__isnull=False),
                name="bill_pay_order_has_refund",
            ),
        ]


class NumberRow(models.Model):
    """Whose a key is, when it is asked about, and on which day it was done: nothing personal."""

    number = models.UUIDField(primary_key=True)
    subject_id = models.UUIDField()
    party = models.CharField(max_length=16)
    amount_fen = models.BigIntegerField()
    is_open = models.BooleanField(default=True)
    ask_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "bill_pay_number"
        indexes = [
            models.Index(
                fields=["ask_at"], condition=models.Q(is_open=True), name="bill_pay_number_due"
            ),
            models.Index(fields=["done_at"], name="bill_pay_number_done"),
        ]


class CaseRow(models.Model):
    """A difference or an old unknown: one row however often it is seen."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=6, default="open")
    party = models.CharField(max_length=16)
    number = models.CharField(max_length=64)
    subject_id = models.UUIDField(default=NOBODY)
    ours_fen = models.BigIntegerField(null=True)
    theirs_fen = models.BigIntegerField(null=True)
    day_on = models.DateField(null=True)
    taken_by = models.CharField(max_length=40, blank=True, default="")
    level = models.SmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "bill_pay_case"
        indexes = [models.Index(fields=["state", "due_at", "id"], name="bill_pay_case_queue")]
        constraints = [
            _known("bill_pay_case_kind_known", "kind", CaseKind),
            models.UniqueConstraint(fields=["kind", "party", "number"], name="bill_pay_case_once"),
        ]


class DayRow(models.Model):
    """A day's file that was compared, by its hash; a day is compared once."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    party = models.CharField(max_length=16)
    day_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    count = models.IntegerField()
    total_fen = models.BigIntegerField()
    differences = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "bill_pay_day"
        constraints = [
            models.UniqueConstraint(fields=["party", "day_on"], name="bill_pay_day_once")
        ]


class LinkRow(models.Model):
    """A third party's service with its review: who they are, how safe, and their own terms."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=9)
    title = models.CharField(max_length=20)
    about = models.CharField(max_length=60)
    firm = models.CharField(max_length=60)
    url = models.CharField(max_length=200)
    policy_url = models.CharField(max_length=200)
    qualification = models.CharField(max_length=80)
    qualified_on = models.DateField()
    qualified_until_on = models.DateField()
    safe_on = models.DateField()
    safe_until_on = models.DateField()
    terms_on = models.DateField()
    terms_until_on = models.DateField()
    proposed_by = models.CharField(max_length=40)
    released_by = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "bill_pay_link"
        constraints = [
            _known("bill_pay_link_state_known", "state", LinkState),
            models.CheckConstraint(
                condition=~models.Q(released_by=models.F("proposed_by")),
                name="bill_pay_link_two_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="live") | models.Q(released_by__gt=""),
                name="bill_pay_link_is_released",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(state="live"), name="bill_pay_link_one_live"
            ),
        ]
