"""The standing of each subject: one row, never deleted."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import SubjectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Subject",
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
                ("state", models.CharField(default="new", max_length=12)),
                ("since", models.DateTimeField()),
                ("cause", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={
                "db_table": "gate_subject",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "new",
                                    "active",
                                    "frozen",
                                    "minor",
                                    "withdrawn",
                                    "closing",
                                    "sealed",
                                    "erasing",
                                    "erased",
                                    "deceased",
                                ],
                            )
                        ),
                        name="gate_subject_state_known",
                    ),
                    models.UniqueConstraint(fields=("subject_id",), name="gate_subject_one_key"),
                ],
            },
        ),
        SubjectTable("gate_subject", erasable=False, audit=True),
    ]
