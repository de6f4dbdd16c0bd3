"""What the anti-money-laundering law asks for: kept by law, shown to nobody it is about."""

import django.contrib.postgres.fields
from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import SubjectTable


class Migration(migrations.Migration):
    dependencies = [("antifraud", "0002_lists_and_cases")]

    operations = [
        migrations.CreateModel(
            name="ProfileRow",
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
                ("level", models.CharField(max_length=8)),
                ("score", models.IntegerField()),
                (
                    "factors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list
                    ),
                ),
                ("assessed_at", models.DateTimeField()),
                ("review_on", models.DateField()),
                ("screened_at", models.DateTimeField()),
                ("screened_stamp", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "db_table": "antifraud_aml_profile",
                "indexes": [
                    models.Index(fields=["screened_stamp"], name="antifraud_aml_profile_stamp"),
                    models.Index(fields=["review_on"], name="antifraud_aml_profile_review"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id",), name="antifraud_aml_profile_one_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["low", "medium", "high", "barred"])),
                        name="antifraud_aml_profile_level_known",
                    ),
                ],
            },
        ),
        SubjectTable("antifraud_aml_profile", erasable=False, batch="SELECT"),
        migrations.CreateModel(
            name="HitRow",
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
                ("entry_ref", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=40)),
                ("is_exact", models.BooleanField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("case_id", models.UUIDField(null=True)),
                ("found_at", models.DateTimeField()),
            ],
            options={
                "db_table": "antifraud_aml_hit",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "source", "entry_ref"),
                        name="antifraud_aml_hit_one_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "cleared", "confirmed"])),
                        name="antifraud_aml_hit_state_known",
                    ),
                ],
            },
        ),
        SubjectTable("antifraud_aml_hit", erasable=False),
        migrations.CreateModel(
            name="ReportRow",
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
                ("case_id", models.UUIDField()),
                ("kind", models.CharField(max_length=10)),
                ("state", models.CharField(default="written", max_length=10)),
                ("typology", models.CharField(max_length=40)),
                ("content", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("corrects", models.UUIDField(null=True)),
                ("written_by", models.CharField(max_length=64)),
                ("written_at", models.DateTimeField()),
                ("approved_by", models.CharField(blank=True, default="", max_length=64)),
                ("approved_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("receipt", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "db_table": "antifraud_aml_report",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["large", "suspicious"])),
                        name="antifraud_aml_report_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "written",
                                    "approved",
                                    "unknown",
                                    "sent",
                                    "accepted",
                                    "rejected",
                                    "corrected",
                                ],
                            )
                        ),
                        name="antifraud_aml_report_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", ""),
                            models.Q(("approved_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="antifraud_aml_report_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "written"),
                            models.Q(("approved_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="antifraud_aml_report_approved",
                    ),
                ],
            },
        ),
        SubjectTable("antifraud_aml_report", erasable=False, batch="SELECT"),
    ]
