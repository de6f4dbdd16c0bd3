"""Movements of money: kept once, added up by day, watched for patterns."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import SubjectTable


class Migration(migrations.Migration):
    dependencies = [
        ("antifraud", "0005_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertRow",
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
                ("rule_number", models.IntegerField()),
                ("rule", models.CharField(max_length=40)),
                ("typology", models.CharField(max_length=40)),
                ("facts", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "antifraud_aml_alert",
            },
        ),
        SubjectTable(
            "antifraud_aml_alert", append_only=True, erasable=False, batch="SELECT, DELETE"
        ),
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
                ("subject_id", models.UUIDField(editable=False)),
                ("day_on", models.DateField()),
                ("limit_kind", models.CharField(max_length=10)),
                ("in_fen", models.BigIntegerField(default=0)),
                ("out_fen", models.BigIntegerField(default=0)),
                ("in_usd_cents", models.BigIntegerField(default=0)),
                ("out_usd_cents", models.BigIntegerField(default=0)),
                ("in_count", models.IntegerField(default=0)),
                ("out_count", models.IntegerField(default=0)),
                ("near_count", models.IntegerField(default=0)),
                ("case_id", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "antifraud_aml_day",
            },
        ),
        SubjectTable("antifraud_aml_day", erasable=False, batch="SELECT, DELETE"),
        migrations.CreateModel(
            name="MovementRow",
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
                ("ref", models.UUIDField()),
                ("kind", models.CharField(max_length=12)),
                ("direction", models.CharField(max_length=4)),
                ("channel", models.CharField(max_length=20)),
                ("counterparty_kind", models.CharField(max_length=8)),
                ("customer_kind", models.CharField(max_length=8)),
                ("limit_kind", models.CharField(max_length=10)),
                ("amount_fen", models.BigIntegerField()),
                ("usd_cents", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("day_on", models.DateField()),
            ],
            options={
                "db_table": "antifraud_aml_movement",
            },
        ),
        SubjectTable(
            "antifraud_aml_movement", append_only=True, erasable=False, batch="SELECT, DELETE"
        ),
        migrations.RemoveConstraint(
            model_name="hitrow",
            name="antifraud_aml_hit_one_key",
        ),
        migrations.RemoveConstraint(
            model_name="rulesetrow",
            name="antifraud_rule_set_one_live_key",
        ),
        migrations.RemoveConstraint(
            model_name="rulesetrow",
            name="antifraud_rule_set_one_proposed_key",
        ),
        migrations.AddField(
            model_name="hitrow",
            name="counterparty",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="rulesetrow",
            name="family",
            field=models.CharField(default="risk", max_length=8),
        ),
        migrations.AddConstraint(
            model_name="hitrow",
            constraint=models.UniqueConstraint(
                fields=("subject_id", "counterparty", "source", "entry_ref"),
                name="antifraud_aml_hit_one_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulesetrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("family__in", ["risk", "aml"])),
                name="antifraud_rule_set_family_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulesetrow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "live")),
                fields=("family",),
                name="antifraud_rule_set_one_live_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulesetrow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("family",),
                name="antifraud_rule_set_one_proposed_key",
            ),
        ),
        migrations.AddIndex(
            model_name="alertrow",
            index=models.Index(fields=["subject_id", "case_id"], name="antifraud_aml_alert_case"),
        ),
        migrations.AddIndex(
            model_name="alertrow",
            index=models.Index(fields=["at"], name="antifraud_aml_alert_at"),
        ),
        migrations.AddIndex(
            model_name="dayrow",
            index=models.Index(fields=["day_on"], name="antifraud_aml_day_on"),
        ),
        migrations.AddConstraint(
            model_name="dayrow",
            constraint=models.UniqueConstraint(
                fields=("subject_id", "day_on", "limit_kind"), name="antifraud_aml_day_one_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="dayrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit_kind__in", ["cash", "entity", "domestic", "abroad"])),
                name="antifraud_aml_day_limit_known",
            ),
        ),
        migrations.AddIndex(
            model_name="movementrow",
            index=models.Index(fields=["day_on"], name="antifraud_aml_movement_day"),
        ),
        migrations.AddIndex(
            model_name="movementrow",
            index=models.Index(fields=["at"], name="antifraud_aml_movement_at"),
        ),
        migrations.AddConstraint(
            model_name="movementrow",
            constraint=models.UniqueConstraint(
                fields=("subject_id", "ref"), name="antifraud_aml_movement_one_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="movementrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "cash",
                            "transfer",
                            "payment",
                            "top_up",
                            "withdraw",
                            "refund",
                            "loan",
                            "repay",
                            "subscribe",
                            "redeem",
                        ],
                    )
                ),
                name="antifraud_aml_movement_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="movementrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("direction__in", ["in", "out"])),
                name="antifraud_aml_movement_way_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="movementrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("counterparty_kind__in", ["person", "entity", "own", "house"])),
                name="antifraud_aml_movement_other_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="movementrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("customer_kind__in", ["person", "entity", "own", "house"])),
                name="antifraud_aml_movement_own_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="movementrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit_kind__in", ["cash", "entity", "domestic", "abroad"])),
                name="antifraud_aml_movement_limit_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="movementrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gt", 0), ("usd_cents__gte", 0)),
                name="antifraud_aml_movement_amount_whole",
            ),
        ),
    ]
