"""The table of decisions: the app may add, and never change or take away."""

import django.contrib.postgres.fields
from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import SubjectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DecisionRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=xingnuo.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.UUIDField(editable=False)),
                ("scope", models.CharField(max_length=160)),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list
                    ),
                ),
                ("item_set_hash", models.CharField(max_length=64)),
                ("recipient", models.CharField(blank=True, default="", max_length=60)),
                ("decision", models.CharField(max_length=10)),
                ("meaning", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=20)),
                ("text_hash", models.CharField(max_length=64)),
                ("channel", models.CharField(max_length=20)),
                ("actor_kind", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "consent_decision",
                "indexes": [
                    models.Index(
                        fields=["subject_id", "scope", "-id"], name="consent_decision_newest"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["grant", "refuse", "withdraw"])),
                        name="consent_decision_known",
                    )
                ],
            },
        ),
        SubjectTable("consent_decision", append_only=True, erasable=False, audit=True),
    ]
