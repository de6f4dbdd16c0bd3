"""The tables of agreements and debits, apart for length."""

from django.db import migrations, models

import xingnuo.kit.ids

OPERATIONS = [
    migrations.CreateModel(
        name="AgreementRow",
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
            ("payee", models.CharField(max_length=64)),
            ("card_id", models.UUIDField()),
            ("limit_fen", models.BigIntegerField()),
            ("month_limit_fen", models.BigIntegerField()),
            ("until", models.DateField()),
            ("state", models.CharField(max_length=10)),
            ("confirmation_id", models.UUIDField(null=True)),
            ("made_at", models.DateTimeField()),
            ("signed_at", models.DateTimeField(null=True)),
            ("cancelled_at", models.DateTimeField(null=True)),
        ],
        options={
            "db_table": "payments_agreement",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("kind__in", ["loan_repay", "insurance"])),
                    name="payments_agreement_kind_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(("state__in", ["draft", "active", "cancelled", "ended"])),
                    name="payments_agreement_state_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("limit_fen__gt", 0), ("month_limit_fen__gte", models.F("limit_fen"))
                    ),
                    name="payments_agreement_limits",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state", "active"), _negated=True),
                        models.Q(("confirmation_id__isnull", False), ("signed_at__isnull", False)),
                        _connector="OR",
                    ),
                    name="payments_agreement_signed",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("state", "active")),
                    fields=("subject_id", "kind"),
                    name="payments_agreement_one_active",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="DebitRow",
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
            ("agreement_id", models.UUIDField()),
            ("ref", models.UUIDField()),
            ("amount_fen", models.BigIntegerField()),
            ("due_on", models.DateField()),
            ("state", models.CharField(max_length=10)),
            ("tries", models.SmallIntegerField(default=0)),
            ("next_on", models.DateField(null=True)),
            ("told_at", models.DateTimeField()),
            ("tried_at", models.DateTimeField(null=True)),
            ("ended_at", models.DateTimeField(null=True)),
        ],
        options={
            "db_table": "payments_debit",
            "indexes": [
                models.Index(
                    fields=["subject_id", "agreement_id", "due_on"],
                    name="payments_debit_of_agreement",
                )
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "state__in",
                            ["noticed", "trying", "waiting", "done", "given_up", "cancelled"],
                        )
                    ),
                    name="payments_debit_state_known",
                ),
                models.UniqueConstraint(
                    fields=("subject_id", "ref"), name="payments_debit_one_key"
                ),
                models.CheckConstraint(
                    condition=models.Q(("amount_fen__gt", 0)), name="payments_debit_amount"
                ),
            ],
        },
    ),
]
