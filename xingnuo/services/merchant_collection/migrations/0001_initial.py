"""Merchants, codes, scans, sales, refunds, settlements, and work queues; what is past goes."""

import django.db.models.expressions
from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.services.merchant_collection.migrations._parts import TABLES


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="CaseRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("state", models.CharField(max_length=8)),
                ("level", models.SmallIntegerField(default=0)),
                ("subject_id", models.UUIDField()),
                ("ref", models.UUIDField()),
                ("ground", models.CharField(blank=True, default="", max_length=24)),
                ("taken_by", models.CharField(blank=True, default="", max_length=40)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "merchant_collection_case",
                "indexes": [
                    models.Index(fields=["state", "due_at", "id"], name="merchant_case_queue")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["review", "declined", "wrong_amount", "stopped"])
                        ),
                        name="merchant_collection_case_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "taken", "approved", "refused"])
                        ),
                        name="merchant_collection_case_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("kind", "ref"), name="merchant_collection_case_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeRow",
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
                ("merchant_id", models.UUIDField()),
                ("kind", models.CharField(max_length=7)),
                ("state", models.CharField(max_length=7)),
                ("amount_fen", models.BigIntegerField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("payment_id", models.UUIDField(null=True)),
                ("payer_id", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "merchant_collection_code",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["static", "dynamic"])),
                        name="merchant_collection_code_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["active", "claimed", "used", "expired", "revoked"])
                        ),
                        name="merchant_collection_code_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount_fen__isnull", True),
                                ("expires_at__isnull", True),
                                ("kind", "static"),
                            ),
                            models.Q(
                                ("amount_fen__gt", 0),
                                ("expires_at__isnull", False),
                                ("kind", "dynamic"),
                            ),
                            _connector="OR",
                        ),
                        name="merchant_collection_code_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["claimed", "used"]), _negated=True),
                            models.Q(
                                ("kind", "dynamic"),
                                ("payer_id__isnull", False),
                                ("payment_id__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="merchant_collection_code_claim",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "static"), ("state", "active")),
                        fields=("subject_id", "merchant_id"),
                        name="merchant_collection_code_one_static",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookupRow",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField()),
                ("code_id", models.UUIDField()),
            ],
            options={
                "db_table": "merchant_collection_lookup",
                "indexes": [models.Index(fields=["subject_id"], name="merchant_lookup_of")],
            },
        ),
        migrations.CreateModel(
            name="MerchantRow",
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
                ("state", models.CharField(max_length=9)),
                ("region", models.CharField(max_length=6)),
                ("form", models.CharField(blank=True, default="", max_length=10)),
                ("category", models.CharField(blank=True, default="", max_length=16)),
                ("card_id", models.UUIDField(null=True)),
                ("account_id", models.UUIDField(null=True)),
                ("fee_bp", models.IntegerField(default=0)),
                ("agreed_version", models.CharField(blank=True, default="", max_length=10)),
                ("ground", models.CharField(blank=True, default="", max_length=24)),
                ("located_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "merchant_collection_merchant",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["located", "reviewing", "open", "suspended", "refused", "closed"],
                            )
                        ),
                        name="merchant_collection_merchant_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["person", "enterprise", ""])),
                        name="merchant_collection_merchant_form_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["open", "suspended"]), _negated=True),
                            models.Q(("account_id__isnull", False), ("card_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="merchant_collection_merchant_open_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fee_bp__gte", 0), ("fee_bp__lte", 1000)),
                        name="merchant_collection_merchant_fee",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["located", "reviewing", "open", "suspended"])
                        ),
                        fields=("subject_id",),
                        name="merchant_collection_merchant_one_living",
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
                ("sale_id", models.UUIDField()),
                ("amount_fen", models.BigIntegerField()),
                ("state", models.CharField(max_length=5)),
                ("settlement_id", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "merchant_collection_refund",
                "indexes": [
                    models.Index(fields=["subject_id", "sale_id"], name="merchant_refund_of_sale"),
                    models.Index(
                        fields=["subject_id", "settlement_id"], name="merchant_refund_settled"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "done"])),
                        name="merchant_collection_refund_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleRow",
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
                ("merchant_id", models.UUIDField()),
                ("code_id", models.UUIDField()),
                ("payer_id", models.UUIDField()),
                ("amount_fen", models.BigIntegerField()),
                ("fee_fen", models.BigIntegerField()),
                ("refunded_fen", models.BigIntegerField(default=0)),
                ("settlement_id", models.UUIDField(null=True)),
                ("paid_at", models.DateTimeField()),
            ],
            options={
                "db_table": "merchant_collection_sale",
                "indexes": [
                    models.Index(fields=["subject_id", "paid_at"], name="merchant_sale_by_time"),
                    models.Index(
                        fields=["subject_id", "settlement_id"], name="merchant_sale_settled"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_fen__gt", 0),
                            ("fee_fen__gte", 0),
                            ("refunded_fen__gte", 0),
                            ("fee_fen__lte", models.F("amount_fen")),
                            ("refunded_fen__lte", models.F("amount_fen")),
                        ),
                        name="merchant_collection_sale_amounts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScanRow",
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
                ("merchant_id", models.UUIDField()),
                ("code_id", models.UUIDField()),
                ("is_static", models.BooleanField()),
                ("amount_fen", models.BigIntegerField()),
                ("place", models.CharField(max_length=4)),
                ("state", models.CharField(max_length=5)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "merchant_collection_scan",
                "indexes": [
                    models.Index(fields=["subject_id", "made_at"], name="merchant_scan_by_time")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place__in", ["near", "far"])),
                        name="merchant_collection_scan_place_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "paid", "ended"])),
                        name="merchant_collection_scan_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettlementRow",
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
                ("merchant_id", models.UUIDField()),
                ("card_id", models.UUIDField()),
                ("until_on", models.DateField()),
                ("state", models.CharField(max_length=8)),
                ("gross_fen", models.BigIntegerField()),
                ("fee_fen", models.BigIntegerField()),
                ("refund_fen", models.BigIntegerField()),
                ("net_fen", models.BigIntegerField()),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("code", models.CharField(blank=True, default="", max_length=24)),
                ("asked", models.IntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "merchant_collection_settlement",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["prepared", "sent", "unknown", "done", "declined"])
                        ),
                        name="merchant_collection_settlement_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("net_fen__gt", 0),
                            (
                                "gross_fen",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("net_fen"), "+", models.F("fee_fen")
                                    ),
                                    "+",
                                    models.F("refund_fen"),
                                ),
                            ),
                        ),
                        name="merchant_collection_settlement_adds_up",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["prepared", "sent", "unknown"])),
                        fields=("subject_id", "merchant_id"),
                        name="merchant_collection_settlement_one_under_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TurnRow",
            fields=[
                ("merchant_id", models.UUIDField(primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField()),
                ("settle_on", models.DateField(null=True)),
                ("ask_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "merchant_collection_turn",
                "indexes": [
                    models.Index(fields=["settle_on"], name="merchant_turn_settle"),
                    models.Index(fields=["ask_at"], name="merchant_turn_ask"),
                ],
            },
        ),
        *TABLES,
    ]
