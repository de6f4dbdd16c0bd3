"""The core: payments, attempts, refunds."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import SubjectTable


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AttemptRow",
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
                ("rail", models.CharField(max_length=8)),
                ("state", models.CharField(max_length=12)),
                ("amount_fen", models.BigIntegerField()),
                ("channel_no", models.CharField(blank=True, default="", max_length=64)),
                ("code", models.CharField(blank=True, default="", max_length=24)),
                ("asked", models.IntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_attempt",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rail__in", ["alipay", "wechat", "unionpay", "bank", ""])
                        ),
                        name="payments_attempt_rail_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "prepared",
                                    "sent",
                                    "unknown",
                                    "closing",
                                    "success",
                                    "declined",
                                    "closed",
                                    "late_success",
                                ],
                            )
                        ),
                        name="payments_attempt_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="payments_attempt_amount"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["prepared", "sent", "unknown", "closing"])
                        ),
                        fields=("subject_id", "payment_id"),
                        name="payments_attempt_one_live",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "success")),
                        fields=("subject_id", "payment_id"),
                        name="payments_attempt_one_capture",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentRow",
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
                ("kind", models.CharField(max_length=8)),
                ("service", models.CharField(max_length=24)),
                ("way", models.CharField(blank=True, default="", max_length=9)),
                ("state", models.CharField(max_length=13)),
                ("payee", models.CharField(max_length=64)),
                ("payee_subject", models.UUIDField(null=True)),
                ("payee_account", models.UUIDField()),
                ("amount_fen", models.BigIntegerField()),
                ("off_fen", models.BigIntegerField(default=0)),
                ("fee_fen", models.BigIntegerField(default=0)),
                ("refunded_fen", models.BigIntegerField(default=0)),
                ("coupon_id", models.UUIDField(null=True)),
                ("card_id", models.UUIDField(null=True)),
                ("agreement_id", models.UUIDField(null=True)),
                ("ref", models.UUIDField(null=True)),
                ("code", models.CharField(blank=True, default="", max_length=24)),
                ("fingerprint", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_payment",
                "indexes": [
                    models.Index(fields=["subject_id", "made_at"], name="payments_payment_by_time"),
                    models.Index(fields=["subject_id", "card_id"], name="payments_payment_by_card"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pay", "transfer", "top_up", "withdraw"])),
                        name="payments_payment_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["card", "balance", "agreement", ""])),
                        name="payments_payment_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "created",
                                    "paying",
                                    "success",
                                    "failed",
                                    "closed",
                                    "part_refunded",
                                    "refunded",
                                ],
                            )
                        ),
                        name="payments_payment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_fen__gt", 0),
                            ("fee_fen__gte", 0),
                            ("off_fen__gte", 0),
                            ("off_fen__lt", models.F("amount_fen")),
                            ("fee_fen__lte", models.F("amount_fen")),
                        ),
                        name="payments_payment_amounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refunded_fen__gte", 0), ("refunded_fen__lte", models.F("amount_fen"))
                        ),
                        name="payments_payment_refunded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefundRow",
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
                ("attempt_id", models.UUIDField(null=True)),
                ("rail", models.CharField(blank=True, default="", max_length=8)),
                ("state", models.CharField(max_length=8)),
                ("amount_fen", models.BigIntegerField()),
                ("coupon_fen", models.BigIntegerField(default=0)),
                ("is_late", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=24)),
                ("channel_no", models.CharField(blank=True, default="", max_length=64)),
                ("code", models.CharField(blank=True, default="", max_length=24)),
                ("asked", models.IntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_refund",
                "indexes": [
                    models.Index(
                        fields=["subject_id", "payment_id"], name="payments_refund_of_payment"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rail__in", ["alipay", "wechat", "unionpay", "bank", ""])
                        ),
                        name="payments_refund_rail_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["prepared", "sent", "unknown", "done", "abnormal"])
                        ),
                        name="payments_refund_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_fen__gt", 0),
                            ("coupon_fen__gte", 0),
                            ("coupon_fen__lte", models.F("amount_fen")),
                        ),
                        name="payments_refund_amounts",
                    ),
                ],
            },
        ),
        SubjectTable("payments_payment", erasable=False, batch="SELECT, DELETE"),
        SubjectTable("payments_attempt", erasable=False, batch="SELECT, DELETE"),
        SubjectTable("payments_refund", erasable=False, batch="SELECT, DELETE"),
    ]
