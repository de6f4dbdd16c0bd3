"""The vault's tables in the data database; those of the keys database stand in keys.sql."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from xingnuo.kit.db.models import SubjectModel
from xingnuo.trust.vault.contracts import Cipher


class Value(SubjectModel):
    """One sealed value; for a file it holds the sealed head, and `id` is the file's id."""

    item = models.CharField(max_length=60)
    slot = models.CharField(max_length=64)
    sealed = models.BinaryField()
    key_class = models.CharField(max_length=16)
    alg = models.SmallIntegerField()
    key_version = models.IntegerField()
    is_file = models.BooleanField()
    source = models.CharField(max_length=40)
    written_at = models.DateTimeField()

    class Meta:
        db_table = "vault_value"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(alg__in=[cipher.value for cipher in Cipher]),
                name="vault_value_alg_known",
            ),
        ]


class Blob(SubjectModel):
    """One sealed part of a file."""

    file_id = models.UUIDField()
    part = models.IntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "vault_blob"


class Lookup(models.Model):
    """Who is found by the exact value of a kind; `slots` are the places that hold the value."""

    pk = models.CompositePrimaryKey("kind", "digest")
    kind = models.CharField(max_length=60)
    digest = models.BinaryField()
    subject_id = models.UUIDField(db_index=True)
    slots = ArrayField(models.CharField(max_length=64))
    key_version = models.SmallIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        db_table = "vault_lookup"


class Closed(SubjectModel):
    """The mark that a subject was erased: read in the same statement as any value."""

    closed_at = models.DateTimeField()

    class Meta:
        db_table = "vault_closed"
