"""Cases, messages, hand-overs and the days of the calendar."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable, SubjectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DayRow",
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
                ("day", models.DateField()),
                ("is_worked", models.BooleanField()),
                ("source", models.CharField(max_length=120)),
                ("entered_by", models.CharField(max_length=24)),
                ("entered_at", models.DateTimeField()),
            ],
            options={
                "db_table": "support_day",
            },
        ),
        migrations.CreateModel(
            name="CaseRow",
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
                ("desk", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=16)),
                ("topic", models.CharField(max_length=24)),
                ("state", models.CharField(default="open", max_length=16)),
                ("proof", models.CharField(default="none", max_length=12)),
                ("level", models.SmallIntegerField(default=0)),
                ("rule", models.CharField(max_length=16)),
                ("ground", models.CharField(blank=True, default="", max_length=24)),
                ("opened_at", models.DateTimeField()),
                ("counted_from", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("taken_by", models.CharField(blank=True, default="", max_length=24)),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "support_case",
                "indexes": [
                    models.Index(fields=["subject_id", "-id"], name="support_case_of_subject"),
                    models.Index(fields=["state", "due_at", "id"], name="support_case_by_clock"),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["open", "waiting_person", "waiting_agent", "reopened"]),
                            ("taken_by", ""),
                        ),
                        fields=["desk", "due_at", "id"],
                        name="support_case_unclaimed",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["open", "waiting_person", "waiting_agent", "reopened"])
                        ),
                        fields=["taken_by", "desk", "due_at", "id"],
                        name="support_case_claimed",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["answered", "closed"])),
                        fields=["desk", "-answered_at", "-id"],
                        name="support_case_over",
                    ),
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["next_at"],
                        name="support_case_next",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False)),
                        fields=["closed_at"],
                        name="support_case_closed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["question", "complaint", "rights_request", "report"])
                        ),
                        name="support_case_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "open",
                                    "waiting_person",
                                    "waiting_agent",
                                    "answered",
                                    "closed",
                                    "reopened",
                                ],
                            )
                        ),
                        name="support_case_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("desk__in", ["tickets", "complaints", "requests"])),
                        name="support_case_desk_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proof__in", ["none", "waiting", "accepted", "refused"])
                        ),
                        name="support_case_proof_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "waiting_person", "waiting_agent", "reopened"]),
                            ("taken_by", ""),
                            _connector="OR",
                        ),
                        name="support_case_over_is_nobodys",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOverRow",
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
                ("body", models.CharField(max_length=16)),
                ("ground", models.CharField(max_length=24)),
                ("state", models.CharField(default="proposed", max_length=12)),
                ("proposed_by", models.CharField(max_length=24)),
                ("proposed_at", models.DateTimeField()),
                ("released_by", models.CharField(blank=True, default="", max_length=24)),
                ("released_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("sent_hash", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "db_table": "support_handover",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "proposed",
                                    "declined",
                                    "released",
                                    "unknown",
                                    "accepted",
                                    "rejected",
                                ],
                            )
                        ),
                        name="support_handover_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("body__in", ["consumer_body", "regulator"])),
                        name="support_handover_body_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ground__in", ["person_asked", "body_demands", "mediation"])
                        ),
                        name="support_handover_ground_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("released_by", models.F("proposed_by")), _negated=True),
                        name="support_handover_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "declined"]),
                            models.Q(
                                models.Q(("released_by", ""), _negated=True),
                                ("released_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="support_handover_released",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "released", "unknown", "accepted"])
                        ),
                        fields=("subject_id", "case_id", "body"),
                        name="support_handover_once_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageRow",
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
                ("author", models.CharField(max_length=8)),
                ("form", models.CharField(max_length=8)),
                ("canned", models.CharField(blank=True, default="", max_length=24)),
                ("staff_id", models.CharField(blank=True, default="", max_length=24)),
                ("sent_at", models.DateTimeField()),
            ],
            options={
                "db_table": "support_message",
                "indexes": [
                    models.Index(
                        fields=["subject_id", "case_id", "id"], name="support_message_of_case"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("author__in", ["person", "staff"])),
                        name="support_message_author_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["text", "photo", "voice", "canned"])),
                        name="support_message_form_known",
                    ),
                ],
            },
        ),
        PlainTable("support_case", audit="SELECT"),
        SubjectTable("support_message"),
        SubjectTable("support_handover", audit=True),
        PlainTable("support_day", app="SELECT, INSERT", audit="SELECT"),
    ]
