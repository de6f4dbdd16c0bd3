"""The core: coupons, events, numbers, notices and cases."""

import uuid

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable, SubjectTable


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_core")]

    operations = [
        migrations.CreateModel(
            name="CaseRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=24)),
                ("state", models.CharField(max_length=9)),
                ("rail", models.CharField(blank=True, default="", max_length=8)),
                ("number", models.CharField(max_length=64)),
                (
                    "subject_id",
                    models.UUIDField(default=uuid.UUID("00000000-0000-0000-0000-000000000000")),
                ),
                ("ours_fen", models.BigIntegerField(null=True)),
                ("theirs_fen", models.BigIntegerField(null=True)),
                ("day", models.DateField(null=True)),
                ("code", models.CharField(blank=True, default="", max_length=24)),
                ("finding", models.CharField(blank=True, default="", max_length=12)),
                ("proposed_by", models.CharField(blank=True, default="", max_length=40)),
                ("closed_by", models.CharField(blank=True, default="", max_length=40)),
                ("taken_by", models.CharField(blank=True, default="", max_length=40)),
                ("level", models.SmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_case",
                "indexes": [
                    models.Index(fields=["state", "due_at", "id"], name="payments_case_queue")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "rail", "number"), name="payments_case_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_by", ""),
                            models.Q(("closed_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="payments_case_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouponRow",
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
                ("campaign", models.CharField(max_length=24)),
                ("service", models.CharField(blank=True, default="", max_length=24)),
                ("state", models.CharField(max_length=9)),
                ("off_fen", models.BigIntegerField()),
                ("least_fen", models.BigIntegerField()),
                ("payment_id", models.UUIDField(null=True)),
                ("valid_until", models.DateTimeField()),
                ("got_at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_coupon",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["available", "reserved", "used", "expired"])
                        ),
                        name="payments_coupon_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("off_fen__gt", 0), ("least_fen__gt", models.F("off_fen"))
                        ),
                        name="payments_coupon_amounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("payment_id__isnull", False), ("state__in", ["reserved", "used"])
                            ),
                            models.Q(
                                ("payment_id__isnull", True),
                                ("state__in", ["available", "expired"]),
                            ),
                            _connector="OR",
                        ),
                        name="payments_coupon_has_payment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventRow",
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
                ("payment_id", models.UUIDField()),
                ("event", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_event",
                "indexes": [
                    models.Index(
                        fields=["subject_id", "payment_id"], name="payments_event_of_payment"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InboxRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=xingnuo.kit.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("rail", models.CharField(max_length=8)),
                ("event_id", models.CharField(max_length=64)),
                ("body_sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_inbox",
                "constraints": [
                    models.UniqueConstraint(fields=("rail", "event_id"), name="payments_inbox_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberRow",
            fields=[
                ("number", models.UUIDField(primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField()),
                ("payment_id", models.UUIDField()),
                ("rail", models.CharField(max_length=8)),
                ("kind", models.CharField(max_length=6)),
                ("is_open", models.BooleanField(default=True)),
                ("ask_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_number",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["ask_at"],
                        name="payments_number_due",
                    ),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["made_at"],
                        name="payments_number_by_age",
                    ),
                ],
            },
        ),
        SubjectTable("payments_event", erasable=False, batch="SELECT, DELETE"),
        SubjectTable("payments_coupon"),
        PlainTable("payments_number", app="SELECT, INSERT, UPDATE", batch="SELECT, DELETE"),
        PlainTable("payments_inbox", app="SELECT, INSERT", batch="SELECT, DELETE"),
        PlainTable("payments_case", app="SELECT, INSERT, UPDATE", batch="SELECT, INSERT, DELETE"),
    ]
