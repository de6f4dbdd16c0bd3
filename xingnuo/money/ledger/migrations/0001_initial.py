"""The tables of the books."""

from django.db import migrations, models

from xingnuo.kit import ids
from xingnuo.kit.db.models import NamedTypeField


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="BookRow",
            fields=[
                ("number", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("currency", models.CharField(max_length=3, unique=True)),
                ("scale", models.SmallIntegerField()),
            ],
            options={"db_table": "ledger_book"},
        ),
        migrations.CreateModel(
            name="MarkRow",
            fields=[
                ("what", models.CharField(max_length=8, primary_key=True, serialize=False)),
                ("epoch", models.SmallIntegerField()),
                ("xid", NamedTypeField("xid8")),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "ledger_mark"},
        ),
        migrations.CreateModel(
            name="RollupRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "day_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.UUIDField()),
                ("day_on", models.DateField()),
                ("sum_fen", models.BigIntegerField()),
                ("entries", models.BigIntegerField()),
            ],
            options={"db_table": "ledger_rollup"},
        ),
        migrations.CreateModel(
            name="SealRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shard",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shard", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("prev", models.BinaryField()),
                ("sha256", models.BinaryField()),
                ("upto_epoch", models.SmallIntegerField()),
                ("upto_xid", NamedTypeField("xid8")),
                ("n", models.IntegerField()),
                ("sealed_at", models.DateTimeField()),
            ],
            options={"db_table": "ledger_seal"},
        ),
        migrations.CreateModel(
            name="AccountRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField(editable=False)),
                ("book", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=32)),
                ("nonneg", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("epoch", models.SmallIntegerField()),
                ("xid", NamedTypeField("xid8")),
            ],
            options={
                "db_table": "ledger_account",
                "indexes": [models.Index(fields=["epoch", "xid"], name="ledger_account_place")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "book", "kind", "name"), name="ledger_account_one_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BalanceRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "account_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.UUIDField(editable=False)),
                ("account_id", models.UUIDField(editable=False)),
                ("book", models.SmallIntegerField()),
                ("nonneg", models.BooleanField()),
                ("ceiling_fen", models.BigIntegerField(null=True)),
                ("posted_fen", models.BigIntegerField()),
                ("held_fen", models.BigIntegerField()),
                ("version", models.BigIntegerField()),
                ("last_at", models.DateTimeField()),
                ("state", models.SmallIntegerField()),
            ],
            options={
                "db_table": "ledger_balance",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("nonneg", False),
                            ("posted_fen__gte", models.F("held_fen")),
                            _connector="OR",
                        ),
                        name="ledger_balance_floor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held_fen__gte", 0)), name="ledger_balance_held"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", [0, 1]),
                            models.Q(("held_fen", 0), ("posted_fen", 0), ("state", 2)),
                            _connector="OR",
                        ),
                        name="ledger_balance_closed_empty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "id",
                        "about",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.UUIDField(editable=False)),
                ("id", models.UUIDField()),
                ("about", models.SmallIntegerField()),
                ("code", models.SmallIntegerField()),
                ("fingerprint", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("epoch", models.SmallIntegerField()),
                ("xid", NamedTypeField("xid8")),
            ],
            options={
                "db_table": "ledger_dead",
                "indexes": [models.Index(fields=["epoch", "xid"], name="ledger_dead_place")],
            },
        ),
        migrations.CreateModel(
            name="EntryRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "transfer_id",
                        "leg",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.UUIDField(editable=False)),
                ("transfer_id", models.UUIDField()),
                ("leg", models.SmallIntegerField()),
                ("account_id", models.UUIDField()),
                ("amount_fen", models.BigIntegerField()),
                ("version", models.BigIntegerField(null=True)),
                ("balance_after_fen", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_entry",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("version__isnull", False)),
                        fields=("subject_id", "account_id", "version"),
                        name="ledger_entry_version_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("balance_after_fen__isnull", True), ("version__isnull", True)
                            ),
                            models.Q(
                                ("balance_after_fen__isnull", False), ("version__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="ledger_entry_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HoldEndRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "hold_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.UUIDField(editable=False)),
                ("hold_id", models.UUIDField()),
                ("how", models.SmallIntegerField()),
                ("amount_fen", models.BigIntegerField()),
                ("transfer_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("epoch", models.SmallIntegerField()),
                ("xid", NamedTypeField("xid8")),
            ],
            options={
                "db_table": "ledger_hold_end",
                "indexes": [models.Index(fields=["epoch", "xid"], name="ledger_hold_end_place")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount_fen__gt", 0), ("how", 0), ("transfer_id__isnull", False)
                            ),
                            models.Q(
                                ("amount_fen", 0),
                                ("how__in", [1, 2]),
                                ("transfer_id__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_hold_end_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HoldRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField(editable=False)),
                ("from_id", models.UUIDField()),
                ("to_id", models.UUIDField()),
                ("amount_fen", models.BigIntegerField()),
                ("kind", models.CharField(max_length=32)),
                ("clearing_ref", models.UUIDField(null=True)),
                ("ref_type", models.CharField(max_length=32)),
                ("ref_id", models.UUIDField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("fingerprint", models.BinaryField()),
                ("epoch", models.SmallIntegerField()),
                ("xid", NamedTypeField("xid8")),
            ],
            options={
                "db_table": "ledger_hold",
                "indexes": [models.Index(fields=["epoch", "xid"], name="ledger_hold_place")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="ledger_hold_amount"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseRow",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("book", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=32)),
            ],
            options={
                "db_table": "ledger_house",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("book", "kind", "name"), name="ledger_house_one_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenHoldRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "hold_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.UUIDField(editable=False)),
                ("hold_id", models.UUIDField()),
                ("account_id", models.UUIDField()),
                ("amount_fen", models.BigIntegerField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_open_hold",
                "indexes": [
                    models.Index(
                        fields=["subject_id", "account_id", "expires_at"],
                        name="ledger_open_hold_account",
                    ),
                    models.Index(fields=["expires_at"], name="ledger_open_hold_due"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField(editable=False)),
                ("from_id", models.UUIDField()),
                ("to_id", models.UUIDField()),
                ("amount_fen", models.BigIntegerField()),
                ("kind", models.CharField(max_length=32)),
                ("group_id", models.UUIDField(null=True)),
                ("clearing_ref", models.UUIDField(null=True)),
                ("ref_type", models.CharField(max_length=32)),
                ("ref_id", models.UUIDField(null=True)),
                ("event_at", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                ("fingerprint", models.BinaryField()),
                ("epoch", models.SmallIntegerField()),
                ("xid", NamedTypeField("xid8")),
            ],
            options={
                "db_table": "ledger_transfer",
                "indexes": [models.Index(fields=["epoch", "xid"], name="ledger_transfer_place")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="ledger_transfer_amount"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_id", models.F("to_id")), _negated=True),
                        name="ledger_transfer_two_accounts",
                    ),
                ],
            },
        ),
    ]
