"""The answers already given to a client's keys."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import SubjectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Answered",
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
                ("key", models.CharField(max_length=64)),
                ("route", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField()),
                ("body", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "porch_answered",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "route", "key"), name="porch_answered_once_key"
                    )
                ],
            },
        ),
        SubjectTable("porch_answered"),
    ]
