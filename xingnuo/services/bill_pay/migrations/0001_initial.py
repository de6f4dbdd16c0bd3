"""Accounts, orders, keys, cases, compared days, links."""

import uuid

import django.contrib.postgres.fields
from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable, SetFunction, SubjectTable

PRUNE = """
CREATE FUNCTION bill_pay_prune(before timestamptz, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone integer := 0;
    part integer;
    one record;
BEGIN
    FOR one IN
        SELECT subject_id, id FROM bill_pay_order
        WHERE made_at < before AND state IN ('draft', 'closed', 'done', 'refunded')
        ORDER BY made_at LIMIT most
    LOOP
        DELETE FROM bill_pay_number WHERE number = one.id AND NOT is_open;
        DELETE FROM bill_pay_order WHERE subject_id = one.subject_id AND id = one.id;
        gone := gone + 1;
    END LOOP;
    DELETE FROM bill_pay_day WHERE id IN (
        SELECT id FROM bill_pay_day WHERE at < before ORDER BY at LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM bill_pay_case WHERE id IN (
        SELECT id FROM bill_pay_case WHERE state = 'closed' AND closed_at < before
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
                ("issuer", models.CharField(max_length=16)),
                ("is_saved", models.BooleanField(default=False)),
                ("bill_no", models.CharField(blank=True, default="", max_length=64)),
                ("due_fen", models.BigIntegerField(default=0)),
                ("balance_fen", models.BigIntegerField(null=True)),
                ("month", models.CharField(blank=True, default="", max_length=7)),
                ("made_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
            ],
            options={
                "db_table": "bill_pay_account",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_fen__gte", 0)), name="bill_pay_account_amounts"
                    )
                ],
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
                ("kind", models.CharField(max_length=16)),
                ("state", models.CharField(default="open", max_length=6)),
                ("party", models.CharField(max_length=16)),
                ("number", models.CharField(max_length=64)),
                (
                    "subject_id",
                    models.UUIDField(default=uuid.UUID("00000000-0000-0000-0000-000000000000")),
                ),
                ("ours_fen", models.BigIntegerField(null=True)),
                ("theirs_fen", models.BigIntegerField(null=True)),
                ("day_on", models.DateField(null=True)),
                ("taken_by", models.CharField(blank=True, default="", max_length=40)),
                ("level", models.SmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "bill_pay_case",
                "indexes": [
                    models.Index(fields=["state", "due_at", "id"], name="bill_pay_case_queue")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "unknown_old",
                                    "contradiction",
                                    "wrong_amount",
                                    "not_ours",
                                    "not_theirs",
                                    "listed_twice",
                                    "file_broken",
                                ],
                            )
                        ),
                        name="bill_pay_case_kind_known",
                    ),
                    models.UniqueConstraint(
                        fields=("kind", "party", "number"), name="bill_pay_case_once"
                    ),
                ],
            },
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
                ("party", models.CharField(max_length=16)),
                ("day_on", models.DateField()),
                ("sha256", models.CharField(max_length=64)),
                ("count", models.IntegerField()),
                ("total_fen", models.BigIntegerField()),
                ("differences", models.IntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "bill_pay_day",
                "constraints": [
                    models.UniqueConstraint(fields=("party", "day_on"), name="bill_pay_day_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkRow",
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
                ("code", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=9)),
                ("title", models.CharField(max_length=20)),
                ("about", models.CharField(max_length=60)),
                ("firm", models.CharField(max_length=60)),
                ("url", models.CharField(max_length=200)),
                ("policy_url", models.CharField(max_length=200)),
                ("qualification", models.CharField(max_length=80)),
                ("qualified_on", models.DateField()),
                ("qualified_until_on", models.DateField()),
                ("safe_on", models.DateField()),
                ("safe_until_on", models.DateField()),
                ("terms_on", models.DateField()),
                ("terms_until_on", models.DateField()),
                ("proposed_by", models.CharField(max_length=40)),
                ("released_by", models.CharField(blank=True, default="", max_length=40)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "bill_pay_link",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "live", "withdrawn"])),
                        name="bill_pay_link_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("released_by", models.F("proposed_by")), _negated=True),
                        name="bill_pay_link_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "live"), _negated=True),
                            ("released_by__gt", ""),
                            _connector="OR",
                        ),
                        name="bill_pay_link_is_released",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "live")),
                        fields=("code",),
                        name="bill_pay_link_one_live",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberRow",
            fields=[
                ("number", models.UUIDField(primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField()),
                ("party", models.CharField(max_length=16)),
                ("amount_fen", models.BigIntegerField()),
                ("is_open", models.BooleanField(default=True)),
                ("ask_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "bill_pay_number",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["ask_at"],
                        name="bill_pay_number_due",
                    ),
                    models.Index(fields=["done_at"], name="bill_pay_number_done"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderRow",
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
                ("kind", models.CharField(max_length=6)),
                ("party", models.CharField(max_length=16)),
                ("state", models.CharField(max_length=8)),
                ("account_id", models.UUIDField(null=True)),
                ("bill_no", models.CharField(blank=True, default="", max_length=64)),
                ("month", models.CharField(blank=True, default="", max_length=7)),
                ("carrier", models.CharField(blank=True, default="", max_length=40)),
                ("region", models.CharField(blank=True, default="", max_length=40)),
                (
                    "offered",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list
                    ),
                ),
                ("amount_fen", models.BigIntegerField(null=True)),
                ("payment_id", models.UUIDField(null=True)),
                ("refund_id", models.UUIDField(null=True)),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("seal", models.CharField(blank=True, default="", max_length=64)),
                ("code", models.CharField(blank=True, default="", max_length=24)),
                ("asked", models.IntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "bill_pay_order",
                "indexes": [models.Index(fields=["made_at"], name="bill_pay_order_by_age")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "unpaid",
                                    "closed",
                                    "prepared",
                                    "sent",
                                    "unknown",
                                    "done",
                                    "declined",
                                    "refunded",
                                ],
                            )
                        ),
                        name="bill_pay_order_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["top_up", "bill"])),
                        name="bill_pay_order_kind_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "bill"),
                            ("state__in", ["unpaid", "prepared", "sent", "unknown", "done"]),
                        ),
                        fields=("subject_id", "party", "bill_no"),
                        name="bill_pay_order_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        "unpaid",
                                        "prepared",
                                        "sent",
                                        "unknown",
                                        "done",
                                        "declined",
                                        "refunded",
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(("amount_fen__gt", 0), ("payment_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="bill_pay_order_has_payment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["declined", "refunded"]), _negated=True),
                            ("refund_id__isnull", False),
                            _connector="OR",
                        ),
                        name="bill_pay_order_has_refund",
                    ),
                ],
            },
        ),
        SubjectTable("bill_pay_account"),
        SubjectTable("bill_pay_order", batch="SELECT, DELETE"),
        PlainTable("bill_pay_number", app="SELECT, INSERT, UPDATE", batch="SELECT, DELETE"),
        PlainTable("bill_pay_case", app="SELECT, INSERT, UPDATE", batch="SELECT, DELETE"),
        PlainTable("bill_pay_day", app="SELECT, INSERT", batch="SELECT, DELETE"),
        PlainTable("bill_pay_link", app="SELECT, INSERT, UPDATE"),
        SetFunction("bill_pay_prune(timestamptz, integer)", PRUNE),
    ]
