"""The tables of the books: ids, codes and integer fen. The set functions alone write them.

`(epoch, xid)` is a row's place in the order in which roll-ups and seals take it up: the number of
the transaction, and of the restore since which those numbers count.
"""

from __future__ import annotations

from django.db import models

from xingnuo.kit.db.models import NamedTypeField, SubjectModel


class BookRow(models.Model):
    """A ledger: one currency."""

    number = models.SmallIntegerField(primary_key=True)
    currency = models.CharField(max_length=3, unique=True)
    scale = models.SmallIntegerField()

    class Meta:
        db_table = "ledger_book"


class HouseRow(models.Model):
    """An account of the house: a line of the catalogue, without a balance to lock."""

    id = models.UUIDField(primary_key=True, editable=False)
    book = models.SmallIntegerField()
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=32)

    class Meta:
        db_table = "ledger_house"
        constraints = [
            models.UniqueConstraint(fields=["book", "kind", "name"], name="ledger_house_one_key")
        ]


class AccountRow(SubjectModel):
    """An account of a person or merchant as it was opened; never changed."""

    book = models.SmallIntegerField()
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=32)
    nonneg = models.BooleanField()
    at = models.DateTimeField()
    epoch = models.SmallIntegerField()
    xid = NamedTypeField("xid8")

    class Meta:
        db_table = "ledger_account"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "book", "kind", "name"], name="ledger_account_one_key"
            )
        ]
        indexes = [models.Index(fields=["epoch", "xid"], name="ledger_account_place")]


class BalanceRow(models.Model):
    """Where an account stands: the one row that postings lock."""

    pk = models.CompositePrimaryKey("subject_id", "account_id")
    subject_id = models.UUIDField(editable=False)
    account_id = models.UUIDField(editable=False)
    book = models.SmallIntegerField()
    nonneg = models.BooleanField()
    ceiling_fen = models.BigIntegerField(null=True)
    posted_fen = models.BigIntegerField()
    held_fen = models.BigIntegerField()
    version = models.BigIntegerField()
    last_at = models.DateTimeField()
    state = models.SmallIntegerField()

    class Meta:
        db_table = "ledger_balance"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nonneg=False) | models.Q(posted_fen__gte=models.F("held_fen")),
                name="ledger_balance_floor",
            ),
            models.CheckConstraint(condition=models.Q(held_fen__gte=0), name="ledger_balance_held"),
            models.CheckConstraint(
                condition=models.Q(state__in=[0, 1]) | models.Q(state=2, posted_fen=0, held_fen=0),
                name="ledger_balance_closed_empty",
            ),
        ]


class TransferRow(SubjectModel):
    """`amount_fen` went from one account to another; never changed."""

    from_id = models.UUIDField()
    to_id = models.UUIDField()
    amount_fen = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    group_id = models.UUIDField(null=True)
    clearing_ref = models.UUIDField(null=True)
    ref_type = models.CharField(max_length=32)
    ref_id = models.UUIDField(null=True)
    event_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    fingerprint = models.BinaryField()
    epoch = models.SmallIntegerField()
    xid = NamedTypeField("xid8")

    class Meta:
        db_table = "ledger_transfer"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="ledger_transfer_amount"
            ),
            models.CheckConstraint(
                condition=~models.Q(from_id=models.F("to_id")), name="ledger_transfer_two_accounts"
            ),
        ]
        indexes = [models.Index(fields=["epoch", "xid"], name="ledger_transfer_place")]


class EntryRow(models.Model):
    """One of the two sides of a transfer; version and balance are a person's account's alone."""

    pk = models.CompositePrimaryKey("subject_id", "transfer_id", "leg")
    subject_id = models.UUIDField(editable=False)
    transfer_id = models.UUIDField()
    leg = models.SmallIntegerField()  # 0 from, 1 to
    account_id = models.UUIDField()
    amount_fen = models.BigIntegerField()
    version = models.BigIntegerField(null=True)
    balance_after_fen = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "account_id", "version"],
                condition=models.Q(version__isnull=False),
                name="ledger_entry_version_key",
            ),
            models.CheckConstraint(
                condition=models.Q(version__isnull=True, balance_after_fen__isnull=True)
                | models.Q(version__isnull=False, balance_after_fen__isnull=False),
                name="ledger_entry_whole",
            ),
        ]


class HoldRow(SubjectModel):
    """`amount_fen` kept for a transfer to come; never changed."""

    from_id = models.UUIDField()
    to_id = models.UUIDField()
    amount_fen = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    clearing_ref = models.UUIDField(null=True)
    ref_type = models.CharField(max_length=32)
    ref_id = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    at = models.DateTimeField()
    fingerprint = models.BinaryField()
    epoch = models.SmallIntegerField()
    xid = NamedTypeField("xid8")

    class Meta:
        db_table = "ledger_hold"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="ledger_hold_amount")
        ]
        indexes = [models.Index(fields=["epoch", "xid"], name="ledger_hold_place")]


class HoldEndRow(models.Model):
    """How a hold ended: its key makes that happen once."""

    pk = models.CompositePrimaryKey("subject_id", "hold_id")
    subject_id = models.UUIDField(editable=False)
    hold_id = models.UUIDField()
    how = models.SmallIntegerField()
    amount_fen = models.BigIntegerField()
    transfer_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    epoch = models.SmallIntegerField()
    xid = NamedTypeField("xid8")

    class Meta:
        db_table = "ledger_hold_end"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(how=0, amount_fen__gt=0, transfer_id__isnull=False)
                | models.Q(how__in=[1, 2], amount_fen=0, transfer_id__isnull=True),
                name="ledger_hold_end_whole",
            )
        ]
        indexes = [models.Index(fields=["epoch", "xid"], name="ledger_hold_end_place")]


class OpenHoldRow(models.Model):
    """A hold that has not ended: found by its clock; goes with its end."""

    pk = models.CompositePrimaryKey("subject_id", "hold_id")
    subject_id = models.UUIDField(editable=False)
    hold_id = models.UUIDField()
    account_id = models.UUIDField()
    amount_fen = models.BigIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_open_hold"
        indexes = [
            models.Index(
                fields=["subject_id", "account_id", "expires_at"], name="ledger_open_hold_account"
            ),
            models.Index(fields=["expires_at"], name="ledger_open_hold_due"),
        ]


class DeadRow(models.Model):
    """A refused id with its verdict: what came with it stays refused."""

    pk = models.CompositePrimaryKey("subject_id", "id", "about")
    subject_id = models.UUIDField(editable=False)
    id = models.UUIDField()
    about = models.SmallIntegerField()  # 1 transfer, 2 hold
    code = models.SmallIntegerField()
    fingerprint = models.BinaryField()
    at = models.DateTimeField()
    epoch = models.SmallIntegerField()
    xid = NamedTypeField("xid8")

    class Meta:
        db_table = "ledger_dead"
        indexes = [models.Index(fields=["epoch", "xid"], name="ledger_dead_place")]


class RollupRow(models.Model):
    """What moved on a house account on one Beijing day, as far as the mark has come."""

    pk = models.CompositePrimaryKey("account_id", "day_on")
    account_id = models.UUIDField()
    day_on = models.DateField()
    sum_fen = models.BigIntegerField()
    entries = models.BigIntegerField()

    class Meta:
        db_table = "ledger_rollup"


class MarkRow(models.Model):
    """How far roll-ups, seals and pruning have come."""

    what = models.CharField(max_length=8, primary_key=True)
    epoch = models.SmallIntegerField()
    xid = NamedTypeField("xid8")
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_mark"


class SealRow(models.Model):
    """A sealed block of one shard: every row of it after the block before, up to its place."""

    pk = models.CompositePrimaryKey("shard", "number")
    shard = models.SmallIntegerField()
    number = models.BigIntegerField()
    prev = models.BinaryField()
    sha256 = models.BinaryField()
    upto_epoch = models.SmallIntegerField()
    upto_xid = NamedTypeField("xid8")
    n = models.IntegerField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_seal"
