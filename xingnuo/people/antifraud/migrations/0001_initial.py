"""Rules, events, decisions: what screening writes."""

import django.contrib.postgres.fields
from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable, SubjectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RuleSetRow",
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
                ("number", models.IntegerField(unique=True)),
                ("state", models.CharField(max_length=12)),
                ("document", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("drafted_by", models.CharField(max_length=64)),
                ("drafted_at", models.DateTimeField()),
                ("proposed_by", models.CharField(blank=True, default="", max_length=64)),
                ("released_by", models.CharField(blank=True, default="", max_length=64)),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "antifraud_rule_set",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "proposed", "live", "retired", "reproposed", "withdrawn"],
                            )
                        ),
                        name="antifraud_rule_set_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_by", ""),
                            models.Q(("released_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="antifraud_rule_set_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "live"), _negated=True),
                            models.Q(
                                models.Q(("proposed_by", ""), _negated=True),
                                models.Q(("released_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="antifraud_rule_set_live_released",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "live")),
                        fields=("state",),
                        name="antifraud_rule_set_one_live_key",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("state",),
                        name="antifraud_rule_set_one_proposed_key",
                    ),
                ],
            },
        ),
        PlainTable(
            "antifraud_rule_set",
            # A document is never changed: only the columns that its steps move.
            app="SELECT, INSERT, UPDATE (state, proposed_by, released_by, released_at)",
        ),
        migrations.CreateModel(
            name="ReleaseRow",
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
                ("number", models.IntegerField(db_index=True)),
                ("state", models.CharField(max_length=12)),
                ("by", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "antifraud_release",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "proposed", "live", "retired", "reproposed", "withdrawn"],
                            )
                        ),
                        name="antifraud_release_state_known",
                    )
                ],
            },
        ),
        PlainTable("antifraud_release", app="SELECT, INSERT"),
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
                ("kind", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("amount_fen", models.BigIntegerField(default=0)),
                ("device", models.CharField(blank=True, default="", max_length=64)),
                ("network", models.CharField(blank=True, default="", max_length=64)),
                ("card", models.CharField(blank=True, default="", max_length=64)),
                ("counterparty", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "db_table": "antifraud_event",
                "indexes": [
                    models.Index(fields=["subject_id", "at"], name="antifraud_event_subject"),
                    models.Index(fields=["at"], name="antifraud_event_at"),
                    models.Index(
                        condition=models.Q(("device__gt", "")),
                        fields=["device", "at"],
                        name="antifraud_event_device",
                    ),
                    models.Index(
                        condition=models.Q(("network__gt", "")),
                        fields=["network", "at"],
                        name="antifraud_event_network",
                    ),
                    models.Index(
                        condition=models.Q(("card__gt", "")),
                        fields=["card", "at"],
                        name="antifraud_event_card",
                    ),
                    models.Index(
                        condition=models.Q(("counterparty__gt", "")),
                        fields=["counterparty", "at"],
                        name="antifraud_event_counterp",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "sign_in",
                                    "bind_card",
                                    "identity",
                                    "payment",
                                    "transfer",
                                    "withdraw",
                                    "redeem",
                                    "borrow",
                                ],
                            )
                        ),
                        name="antifraud_event_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gte", 0)),
                        name="antifraud_event_amount_whole",
                    ),
                ],
            },
        ),
        SubjectTable("antifraud_event", append_only=True, batch="SELECT, DELETE"),
        migrations.CreateModel(
            name="DecisionRow",
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
                ("event_id", models.UUIDField()),
                ("kind", models.CharField(max_length=12)),
                ("ref", models.UUIDField(null=True)),
                ("rule_number", models.IntegerField()),
                ("rule_digest", models.CharField(max_length=64)),
                ("facts", models.JSONField()),
                ("facts_digest", models.CharField(max_length=64)),
                ("outcome", models.CharField(max_length=8)),
                ("score", models.IntegerField()),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list
                    ),
                ),
                ("shadow_number", models.IntegerField(null=True)),
                ("shadow_outcome", models.CharField(blank=True, default="", max_length=8)),
                ("case_id", models.UUIDField(null=True)),
                ("latency_us", models.IntegerField()),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "db_table": "antifraud_decision",
                "indexes": [
                    models.Index(fields=["decided_at"], name="antifraud_decision_at"),
                    models.Index(fields=["subject_id", "ref"], name="antifraud_decision_ref"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["accept", "step_up", "review", "refuse"])
                        ),
                        name="antifraud_decision_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "sign_in",
                                    "bind_card",
                                    "identity",
                                    "payment",
                                    "transfer",
                                    "withdraw",
                                    "redeem",
                                    "borrow",
                                ],
                            )
                        ),
                        name="antifraud_decision_kind_known",
                    ),
                ],
            },
        ),
        SubjectTable("antifraud_decision", append_only=True, batch="SELECT"),
        migrations.CreateModel(
            name="ChoiceRow",
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
                ("is_off", models.BooleanField()),
                ("since_at", models.DateTimeField()),
            ],
            options={
                "db_table": "antifraud_choice",
                "constraints": [
                    models.UniqueConstraint(fields=("subject_id",), name="antifraud_choice_one_key")
                ],
            },
        ),
        SubjectTable("antifraud_choice"),
    ]
