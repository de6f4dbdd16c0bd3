"""The tables of evidence: lines in codes and ids, and the signed blocks that seal them."""

from __future__ import annotations

from django.db import models

from xingnuo.kit.db.models import NamedTypeField, SubjectModel


class LineRow(SubjectModel):
    """One thing that was done; `(epoch, txid, id)` is its place in the sealed order."""

    epoch = models.SmallIntegerField()
    txid = NamedTypeField("xid8")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    outcome = models.CharField(max_length=40)
    reason = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=16)
    actor_ref = models.CharField(max_length=40)
    session_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=16)
    purpose = models.CharField(max_length=60)
    items = NamedTypeField("text[]")
    recipient = models.CharField(max_length=60)
    policy_version = models.CharField(max_length=16)
    permit_id = models.UUIDField(null=True)
    ref = models.UUIDField(null=True)
    count = models.IntegerField()
    coalesce_key = models.CharField(max_length=32, null=True)

    class Meta:
        db_table = "evidence_line"


class BlockRow(models.Model):
    """A sealed block: all lines after the block before, up to `(upto_epoch, upto_txid, upto_id)`.

    `leaves` holds 48 bytes a line, its id and its leaf hash, so that a changed line is named.
    """

    number = models.BigIntegerField(primary_key=True)
    upto_epoch = models.SmallIntegerField()
    upto_txid = NamedTypeField("xid8")
    upto_id = models.UUIDField()
    count = models.IntegerField()
    leaves = models.BinaryField()
    root = models.BinaryField()
    prev = models.BinaryField()
    pruned_to = models.BigIntegerField()
    key_id = models.CharField(max_length=16)
    next_key = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    hash = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        db_table = "evidence_block"
