"""The change card's tables; what is past its term goes."""

import uuid

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable, SetFunction, SubjectTable

PRUNE = """
CREATE FUNCTION wallet_card_prune(before timestamptz, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone integer := 0;
    part integer;
    one record;
BEGIN
    FOR one IN
        SELECT subject_id, id FROM wallet_card_move
        WHERE ended_at < before ORDER BY ended_at LIMIT most
    LOOP
        DELETE FROM wallet_card_number WHERE number = one.id AND NOT is_open;
        DELETE FROM wallet_card_move WHERE subject_id = one.subject_id AND id = one.id;
        gone := gone + 1;
    END LOOP;
    FOR one IN
        SELECT subject_id, id, token FROM wallet_card_account
        WHERE closed_at < before
            OR (state = 'declined' AND made_at < before)
        ORDER BY made_at LIMIT most
    LOOP
        DELETE FROM wallet_card_token WHERE token = one.token;
        DELETE FROM wallet_card_account WHERE subject_id = one.subject_id AND id = one.id;
        gone := gone + 1;
    END LOOP;
    DELETE FROM wallet_card_day WHERE id IN (
        SELECT id FROM wallet_card_day WHERE at < before ORDER BY at LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM wallet_card_case WHERE id IN (
        SELECT id FROM wallet_card_case WHERE state = 'closed' AND closed_at < before
        ORDER BY closed_at LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    RETURN gone + part;
END
$$
"""


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
                        default=xingnuo.kit.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("lines", models.IntegerField()),
                ("matched", models.IntegerField()),
                ("proved", models.IntegerField()),
                ("income", models.IntegerField()),
                ("differences", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "wallet_card_day",
            },
        ),
        migrations.CreateModel(
            name="TokenRow",
            fields=[
                ("token", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField()),
                ("account_id", models.UUIDField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "wallet_card_token",
            },
        ),
        migrations.CreateModel(
            name="AccountRow",
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
                ("token", models.CharField(blank=True, default="", max_length=64)),
                ("card_id", models.UUIDField()),
                ("code", models.CharField(blank=True, default="", max_length=24)),
                ("made_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("fetched_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "wallet_card_account",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["opening", "open", "declined", "closed"])
                        ),
                        name="wallet_card_account_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("token", ""), _negated=True),
                            ("state__in", ["opening", "declined"]),
                            _connector="OR",
                        ),
                        name="wallet_card_account_has_token",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["opening", "open"])),
                        fields=("subject_id",),
                        name="wallet_card_account_one_live",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=24)),
                ("state", models.CharField(max_length=9)),
                ("number", models.CharField(max_length=64)),
                (
                    "subject_id",
                    models.UUIDField(default=uuid.UUID("00000000-0000-0000-0000-000000000000")),
                ),
                ("ours_fen", models.BigIntegerField(null=True)),
                ("theirs_fen", models.BigIntegerField(null=True)),
                ("day", models.DateField(null=True)),
                ("taken_by", models.CharField(blank=True, default="", max_length=40)),
                ("level", models.SmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "wallet_card_case",
                "indexes": [
                    models.Index(fields=["state", "due_at", "id"], name="wallet_card_case_queue")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="wallet_card_case_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MoveRow",
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
                ("account_id", models.UUIDField()),
                ("kind", models.CharField(max_length=14)),
                ("state", models.CharField(max_length=8)),
                ("amount_fen", models.BigIntegerField()),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("code", models.CharField(blank=True, default="", max_length=24)),
                ("asked", models.IntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "wallet_card_move",
                "indexes": [
                    models.Index(fields=["subject_id", "made_at"], name="wallet_card_move_by_time")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "open",
                                    "close",
                                    "top_up",
                                    "withdraw",
                                    "spend",
                                    "buy_deposit",
                                    "sell_deposit",
                                    "buy_fund",
                                    "sell_fund",
                                    "income_deposit",
                                    "income_fund",
                                ],
                            )
                        ),
                        name="wallet_card_move_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["prepared", "sent", "unknown", "done", "declined", "late"],
                            )
                        ),
                        name="wallet_card_move_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_fen__gt", 0),
                            models.Q(("amount_fen", 0), ("kind__in", ["open", "close"])),
                            _connector="OR",
                        ),
                        name="wallet_card_move_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberRow",
            fields=[
                ("number", models.UUIDField(primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField()),
                ("kind", models.CharField(max_length=14)),
                ("amount_fen", models.BigIntegerField()),
                ("is_open", models.BooleanField(default=True)),
                ("ask_at", models.DateTimeField(null=True)),
                ("done_on", models.DateField(null=True)),
                ("matched_on", models.DateField(null=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "wallet_card_number",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["ask_at"],
                        name="wallet_card_number_due",
                    ),
                    models.Index(
                        condition=models.Q(("matched_on__isnull", True)),
                        fields=["done_on"],
                        name="wallet_card_number_unlisted",
                    ),
                ],
            },
        ),
        SubjectTable("wallet_card_account", erasable=False, batch="SELECT, DELETE"),
        SubjectTable("wallet_card_move", erasable=False, batch="SELECT, DELETE"),
        PlainTable("wallet_card_number", app="SELECT, INSERT, UPDATE", batch="SELECT, DELETE"),
        PlainTable("wallet_card_token", app="SELECT, INSERT", batch="SELECT, DELETE"),
        PlainTable("wallet_card_day", app="SELECT, INSERT", batch="SELECT, DELETE"),
        PlainTable("wallet_card_case", app="SELECT, INSERT, UPDATE", batch="SELECT, DELETE"),
        SetFunction("wallet_card_prune(timestamptz, integer)", PRUNE),
    ]
