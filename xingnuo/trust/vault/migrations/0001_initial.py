"""The vault's tables: values and file parts behind subject and permit, look-ups apart."""

from __future__ import annotations

from typing import Any

import django.contrib.postgres.fields
from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable, SubjectTable


def _id() -> tuple[str, models.Field[Any, Any]]:
    field = models.UUIDField(
        default=xingnuo.kit.ids.uuid7, editable=False, primary_key=True, serialize=False
    )
    return "id", field


def _subject() -> tuple[str, models.Field[Any, Any]]:
    return "subject_id", models.UUIDField(editable=False)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Value",
            fields=[
                _id(),
                _subject(),
                ("item", models.CharField(max_length=60)),
                ("slot", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("key_class", models.CharField(max_length=16)),
                ("alg", models.SmallIntegerField()),
                ("key_version", models.IntegerField()),
                ("is_file", models.BooleanField()),
                ("source", models.CharField(max_length=40)),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "db_table": "vault_value",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(alg__in=[1, 2]), name="vault_value_alg_known"
                    )
                ],
            },
        ),
        SubjectTable("vault_value", needs_permit=True, key=("subject_id", "item", "slot")),
        migrations.CreateModel(
            name="Blob",
            fields=[
                _id(),
                _subject(),
                ("file_id", models.UUIDField()),
                ("part", models.IntegerField()),
                ("sealed", models.BinaryField()),
            ],
            options={"db_table": "vault_blob"},
        ),
        SubjectTable("vault_blob", needs_permit=True, key=("subject_id", "file_id", "part")),
        migrations.CreateModel(
            name="Closed",
            fields=[_id(), _subject(), ("closed_at", models.DateTimeField())],
            options={"db_table": "vault_closed"},
        ),
        SubjectTable(
            "vault_closed", append_only=True, erasable=False, needs_permit=True, key=("subject_id",)
        ),
        migrations.CreateModel(
            name="Lookup",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("digest", models.BinaryField()),
                ("subject_id", models.UUIDField(db_index=True)),
                (
                    "slots",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), size=None
                    ),
                ),
                ("key_version", models.SmallIntegerField()),
                ("written_at", models.DateTimeField()),
            ],
            options={"db_table": "vault_lookup"},
        ),
        PlainTable("vault_lookup"),
    ]
