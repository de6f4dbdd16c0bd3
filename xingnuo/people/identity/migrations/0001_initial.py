"""Checks of a person, and their clocks."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable, SubjectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CheckRow",
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
                ("kind", models.CharField(max_length=16)),
                ("state", models.CharField(max_length=12)),
                ("ground", models.CharField(blank=True, default="", max_length=24)),
                ("source", models.CharField(max_length=24)),
                ("rule", models.CharField(blank=True, default="", max_length=20)),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("notice", models.CharField(blank=True, default="", max_length=80)),
                ("tries_left", models.SmallIntegerField(null=True)),
                ("began_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("valid_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "identity_check",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "name_number",
                                    "phone",
                                    "card",
                                    "document_photo",
                                    "face",
                                    "video",
                                    "counter",
                                    "age",
                                ],
                            )
                        ),
                        name="identity_check_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "started",
                                    "sent",
                                    "unknown",
                                    "reviewing",
                                    "matched",
                                    "mismatched",
                                    "refused",
                                    "expired",
                                    "lapsed",
                                ],
                            )
                        ),
                        name="identity_check_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ground__in",
                                [
                                    "",
                                    "confirmed",
                                    "not_the_same",
                                    "not_found",
                                    "document_expired",
                                    "document_cancelled",
                                    "deceased",
                                    "minor",
                                    "number_taken",
                                    "card_lost",
                                    "card_closed",
                                    "card_unsupported",
                                    "code_expired",
                                    "code_spent",
                                    "not_live",
                                    "unclear",
                                    "no_reference",
                                    "not_taken",
                                    "not_received",
                                    "withdrawn",
                                    "given_up",
                                    "replaced",
                                    "unreadable",
                                    "forged",
                                    "reused_photo",
                                    "not_proven",
                                    "no_show",
                                ],
                            )
                        ),
                        name="identity_check_ground_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rule__in",
                                [
                                    "resident",
                                    "passport",
                                    "hk_macao_permit",
                                    "taiwan_permit",
                                    "residence_permit",
                                    "permanent_resident",
                                    "",
                                ],
                            )
                        ),
                        name="identity_check_rule_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["started", "sent", "unknown", "reviewing"])
                        ),
                        fields=("subject_id", "kind"),
                        name="identity_check_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "matched")),
                        fields=("subject_id", "kind"),
                        name="identity_check_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="identity_check_names_its_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("state__in", ["started", "sent", "unknown", "reviewing"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ["started", "sent", "unknown", "reviewing"]),
                                    _negated=True,
                                ),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="identity_check_end_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockRow",
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
                ("check_id", models.UUIDField(editable=False)),
                ("kind", models.CharField(max_length=10)),
                ("due_at", models.DateTimeField()),
            ],
            options={
                "db_table": "identity_clock",
                "indexes": [
                    models.Index(fields=["due_at", "id"], name="identity_clock_by_time"),
                    models.Index(fields=["subject_id"], name="identity_clock_of_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["resume", "abandon", "remind", "expire", "find"])
                        ),
                        name="identity_clock_kind_known",
                    ),
                    models.UniqueConstraint(
                        fields=("check_id", "kind"), name="identity_clock_one_key"
                    ),
                ],
            },
        ),
        SubjectTable("identity_check"),
        PlainTable("identity_clock"),
    ]
