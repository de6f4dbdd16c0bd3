"""Day-end: bills, what they name, the set functions that compare them, and the auditor's look."""

import django.db.models as models
from django.db import migrations

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable, SetFunction
from xingnuo.money.payments.migrations._recon_functions import (
    ABSENT,
    AUDITED,
    MATCH,
    MISSING,
    PRUNE,
    STAGE,
    UNPROVED,
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_core_queues")]

    operations = [
        migrations.CreateModel(
            name="BillRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=xingnuo.kit.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("rail", models.CharField(max_length=8)),
                ("day", models.DateField()),
                ("state", models.CharField(max_length=7)),
                ("lines", models.IntegerField()),
                ("paid_fen", models.BigIntegerField()),
                ("refunded_fen", models.BigIntegerField()),
                ("fee_fen", models.BigIntegerField()),
                ("differing", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_bill",
                "constraints": [
                    models.UniqueConstraint(fields=("rail", "day"), name="payments_bill_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proving", "done"])),
                        name="payments_bill_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BilledRow",
            fields=[
                ("number", models.UUIDField(primary_key=True, serialize=False)),
                ("rail", models.CharField(max_length=8)),
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=6)),
                ("subject_id", models.UUIDField()),
                ("asked_fen", models.BigIntegerField()),
                ("told_fen", models.BigIntegerField()),
                ("is_proof", models.BooleanField()),
            ],
            options={
                "db_table": "payments_billed",
                "indexes": [
                    models.Index(fields=["rail", "day"], name="payments_billed_of_bill"),
                    models.Index(
                        condition=models.Q(("is_proof", True)),
                        fields=["rail", "day", "number"],
                        name="payments_billed_proofs",
                    ),
                ],
            },
        ),
        migrations.AddField(
            "caserow", "document", models.CharField(blank=True, default="", max_length=64)
        ),
        migrations.AddIndex(
            "attemptrow",
            models.Index(
                condition=models.Q(("state__in", ["success", "late_success"])),
                fields=["rail", "ended_at"],
                name="payments_attempt_by_end",
            ),
        ),
        migrations.AddIndex(
            "refundrow",
            models.Index(
                condition=models.Q(("state", "done")),
                fields=["rail", "ended_at"],
                name="payments_refund_by_end",
            ),
        ),
        PlainTable(
            "payments_bill",
            app="SELECT, INSERT, UPDATE",
            batch="SELECT, DELETE",
            audit="SELECT",
        ),
        PlainTable("payments_billed", app="SELECT", batch="SELECT, INSERT, DELETE", audit="SELECT"),
        migrations.RunSQL(AUDITED, migrations.RunSQL.noop),
        SetFunction("payments_bill_stage()", STAGE),
        SetFunction("payments_bill_match(text, date, integer)", MATCH),
        SetFunction("payments_bill_unproved(text, date)", UNPROVED),
        SetFunction("payments_bill_missing(text, date, integer)", MISSING),
        SetFunction("payments_bill_absent(text, integer)", ABSENT),
        SetFunction("payments_prune(timestamptz, integer)", PRUNE),
    ]
