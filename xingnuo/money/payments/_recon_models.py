"""Tables of the day-end: which bills were taken, and which of our numbers they named."""

from __future__ import annotations

from django.db import models

from xingnuo.kit import ids


class BillRow(models.Model):
    """A channel's bill of one day that was taken whole; its lines are in `BilledRow` and cases."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    rail = models.CharField(max_length=8)
    day = models.DateField()
    state = models.CharField(max_length=7)  # proving | done
    lines = models.IntegerField()
    paid_fen = models.BigIntegerField()
    refunded_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField()
    differing = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "payments_bill"
        constraints = [
            models.UniqueConstraint(fields=["rail", "day"], name="payments_bill_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["proving", "done"]), name="payments_bill_state_known"
            ),
        ]


class BilledRow(models.Model):
    """One of our numbers in the bill of a day: what we asked, and what the channel told."""

    number = models.UUIDField(primary_key=True)
    rail = models.CharField(max_length=8)
    day = models.DateField()
    kind = models.CharField(max_length=6)  # pay | refund | payout
    subject_id = models.UUIDField()
    asked_fen = models.BigIntegerField()
    told_fen = models.BigIntegerField()
    is_proof = models.BooleanField()  # it was not booked yet when the bill came

    class Meta:
        db_table = "payments_billed"
        indexes = [
            models.Index(fields=["rail", "day"], name="payments_billed_of_bill"),
            models.Index(
                fields=["rail", "day", "number"],
                condition=models.Q(is_proof=True),
                name="payments_billed_proofs",
            ),
        ]
