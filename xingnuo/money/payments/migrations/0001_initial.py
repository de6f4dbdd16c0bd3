"""Cards, payment password, confirmations and auto-debits: rows of one person each."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import SetFunction, SubjectTable
from xingnuo.money.payments.migrations import _agreements

SWEEP = """
CREATE FUNCTION payments_sweep_confirmations(before timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT subject_id, id FROM payments_confirmation WHERE made_at < before LIMIT most
    ), gone AS (
        DELETE FROM payments_confirmation c USING old
        WHERE c.subject_id = old.subject_id AND c.id = old.id
        RETURNING 1
    )
    SELECT count(*)::integer FROM gone
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        *_agreements.OPERATIONS,
        migrations.CreateModel(
            name="CardRow",
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
                ("state", models.CharField(max_length=8)),
                ("bank", models.CharField(max_length=16)),
                ("number_digest", models.CharField(blank=True, default="", max_length=64)),
                ("is_default", models.BooleanField(default=False)),
                ("bound_at", models.DateTimeField()),
                ("unbound_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_card",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["bound", "unbound"])),
                        name="payments_card_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bank__in", ["dongling", "linchuan", "other", "xinghai"])
                        ),
                        name="payments_card_bank_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "bound")),
                        fields=("subject_id", "number_digest"),
                        name="payments_card_one_number",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("subject_id",),
                        name="payments_card_one_default",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "bound"), ("unbound_at__isnull", True)),
                            models.Q(
                                ("is_default", False),
                                ("number_digest", ""),
                                ("state", "unbound"),
                                ("unbound_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="payments_card_unbound_is_bare",
                    ),
                ],
            },
        ),
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
                ("aim", models.CharField(max_length=6)),
                ("state", models.CharField(max_length=10)),
                ("ground", models.CharField(blank=True, default="", max_length=14)),
                ("card_id", models.UUIDField(null=True)),
                ("number_digest", models.CharField(blank=True, default="", max_length=64)),
                ("decision_id", models.UUIDField(null=True)),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("tries_left", models.SmallIntegerField(null=True)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_card_check",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("aim__in", ["bind", "reset"])),
                        name="payments_check_aim_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "reviewing",
                                    "asking",
                                    "code",
                                    "confirming",
                                    "unknown",
                                    "confirmed",
                                    "refused",
                                    "lapsed",
                                ],
                            )
                        ),
                        name="payments_check_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ground__in",
                                [
                                    "",
                                    "not_the_same",
                                    "card_lost",
                                    "card_closed",
                                    "unsupported",
                                    "code_expired",
                                    "code_spent",
                                    "not_taken",
                                    "screened",
                                    "withdrawn",
                                    "given_up",
                                ],
                            )
                        ),
                        name="payments_check_ground_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("aim", "bind"),
                            ("state__in", ["reviewing", "asking", "code", "confirming", "unknown"]),
                        ),
                        fields=("subject_id", "number_digest"),
                        name="payments_check_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                (
                                    "state__in",
                                    ["reviewing", "asking", "code", "confirming", "unknown"],
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        ["reviewing", "asking", "code", "confirming", "unknown"],
                                    ),
                                    _negated=True,
                                ),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="payments_check_end_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfirmationRow",
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
                ("session_id", models.UUIDField()),
                ("kind", models.CharField(max_length=24)),
                ("amount_fen", models.BigIntegerField()),
                ("payee", models.CharField(max_length=64)),
                ("ref", models.UUIDField()),
                ("state", models.CharField(max_length=10)),
                ("way", models.CharField(blank=True, default="", max_length=8)),
                ("wrong_count", models.SmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_confirmation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "confirmed", "used", "void"])),
                        name="payments_confirm_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["password", "device", ""])),
                        name="payments_confirm_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="payments_confirm_amount"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", True),
                                ("state__in", ["asked", "void"]),
                                ("used_at__isnull", True),
                            ),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("state", "confirmed"),
                                ("used_at__isnull", True),
                            ),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("state", "used"),
                                ("used_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="payments_confirm_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PasswordRow",
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
                ("text", models.CharField(max_length=200)),
                ("wrong_count", models.SmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
                ("set_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_password",
                "constraints": [
                    models.UniqueConstraint(fields=("subject_id",), name="payments_password_one"),
                    models.CheckConstraint(
                        condition=models.Q(("text__startswith", "$argon2id$")),
                        name="payments_password_slow",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResetRow",
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
                ("state", models.CharField(max_length=6)),
                ("check_id", models.UUIDField(null=True)),
                ("began_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "payments_password_reset",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["wrong", "named", "done", "lapsed"])),
                        name="payments_reset_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "named")),
                        fields=("subject_id",),
                        name="payments_reset_one_open",
                    ),
                ],
            },
        ),
        SubjectTable("payments_card_check"),
        SubjectTable("payments_card"),
        SubjectTable("payments_password"),
        SubjectTable("payments_password_reset"),
        SubjectTable("payments_agreement"),
        SubjectTable("payments_debit"),
        SubjectTable("payments_confirmation", batch="SELECT, DELETE"),
        SetFunction("payments_sweep_confirmations(timestamptz, integer)", SWEEP),
    ]
