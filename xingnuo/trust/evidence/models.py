"""The tables of evidence: lines in codes and ids, and the signed blocks that seal them."""

from __future__ import annotations

from typing import Any

from django.db import models

from xingnuo.kit.db.models import SubjectModel


class DomainField(models.Field):  # type: ignore[type-arg]
    """A column of a database type that Django has no name for: a domain of the room's, or xid8."""

    def __init__(self, domain: str, **options: Any) -> None:
        self.domain = domain
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Tell migrations how to make the field again."""
        name, path, _, options = super().deconstruct()
        return name, path, [self.domain], options

    def db_type(self, connection: Any) -> str:
        """Name the column type."""
        return self.domain


class LineRow(SubjectModel):
    """One thing that was done; `(epoch, txid, id)` is its place in the sealed order."""

    epoch = models.SmallIntegerField()
    txid = DomainField("xid8")
    at = models.DateTimeField()
    kind = DomainField("evidence_code")
    outcome = DomainField("evidence_code")
    reason = DomainField("evidence_code")
    actor_kind = DomainField("evidence_code")
    actor_ref = DomainField("evidence_actor")
    session_id = models.UUIDField(null=True)
    channel = DomainField("evidence_code")
    purpose = DomainField("evidence_code")
    items = DomainField("evidence_codes")
    recipient = DomainField("evidence_code")
    policy_version = DomainField("evidence_code")
    permit_id = models.UUIDField(null=True)
    ref = models.UUIDField(null=True)
    count = DomainField("evidence_count")
    coalesce_key = DomainField("evidence_key", null=True)

    class Meta:
        db_table = "evidence_line"


class BlockRow(models.Model):
    """A sealed block: all lines after the block before, up to `(upto_epoch, upto_txid, upto_id)`.

    `leaves` holds 48 bytes a line, its id and its leaf hash, so that a changed line is named.
    """

    number = models.BigIntegerField(primary_key=True)
    upto_epoch = models.SmallIntegerField()
    upto_txid = DomainField("xid8")
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
