"""Lists and the work queue."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable


class Migration(migrations.Migration):
    dependencies = [("antifraud", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ListTable",
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
                ("kind", models.CharField(max_length=10)),
                ("field", models.CharField(max_length=12)),
                ("source", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
                ("rows", models.IntegerField()),
                ("state", models.CharField(max_length=10)),
                ("proposed_by", models.CharField(max_length=64)),
                ("released_by", models.CharField(blank=True, default="", max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "antifraud_list",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["deny", "watch", "allow", "sanctions"])),
                        name="antifraud_list_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "field__in",
                                ["name", "phone", "device", "network", "card", "counterparty"],
                            )
                        ),
                        name="antifraud_list_field_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "live", "rejected", "replaced"])
                        ),
                        name="antifraud_list_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_by", ""),
                            models.Q(("released_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="antifraud_list_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["live", "replaced"]), _negated=True),
                            models.Q(("released_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="antifraud_list_live_released",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "live")),
                        fields=("kind", "field", "source"),
                        name="antifraud_list_one_live_key",
                    ),
                ],
            },
        ),
        PlainTable("antifraud_list"),
        migrations.CreateModel(
            name="EntryRow",
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
                ("list_id", models.UUIDField(db_index=True)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("name_whole", models.BigIntegerField(null=True)),
                (
                    "name_keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True
                    ),
                ),
                ("ref", models.CharField(blank=True, default="", max_length=40)),
                ("valid_from_on", models.DateField(null=True)),
                ("valid_until_on", models.DateField(null=True)),
            ],
            options={
                "db_table": "antifraud_entry",
                "indexes": [
                    models.Index(
                        condition=models.Q(("digest__gt", "")),
                        fields=["digest"],
                        name="antifraud_entry_digest",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["name_keys"], name="antifraud_entry_names"
                    ),
                ],
            },
        ),
        PlainTable("antifraud_entry", app="SELECT, INSERT, DELETE"),
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
                ("state", models.CharField(default="open", max_length=8)),
                ("subject_id", models.UUIDField(editable=False)),
                ("ref", models.UUIDField(null=True)),
                ("level", models.IntegerField(default=0)),
                ("opened_by", models.CharField(blank=True, default="", max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("taken_by", models.CharField(blank=True, default="", max_length=64)),
                ("taken_at", models.DateTimeField(null=True)),
                ("verdict", models.CharField(default="pending", max_length=8)),
                ("reason", models.CharField(blank=True, default="", max_length=40)),
                ("decided_by", models.CharField(blank=True, default="", max_length=64)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "antifraud_case",
                "indexes": [
                    models.Index(fields=["state", "due_at", "id"], name="antifraud_case_queue"),
                    models.Index(
                        fields=["kind", "state", "due_at", "id"], name="antifraud_case_kind"
                    ),
                    models.Index(fields=["subject_id", "kind"], name="antifraud_case_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "risk_review",
                                    "objection",
                                    "aml_large",
                                    "aml_suspicious",
                                    "sanctions_hit",
                                ],
                            )
                        ),
                        name="antifraud_case_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "taken", "decided"])),
                        name="antifraud_case_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["pending", "approved", "declined"])),
                        name="antifraud_case_verdict_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", ""),
                            models.Q(("decided_by", models.F("opened_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="antifraud_case_not_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("state", "decided"),
                                models.Q(("verdict", "pending"), _negated=True),
                                models.Q(("decided_by", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "decided"), _negated=True),
                                ("verdict", "pending"),
                            ),
                            _connector="OR",
                        ),
                        name="antifraud_case_decided_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "open"), _negated=True),
                            ("taken_by", ""),
                            _connector="OR",
                        ),
                        name="antifraud_case_open_is_free",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ref__isnull", False), ("state__in", ["open", "taken"])
                        ),
                        fields=("kind", "ref"),
                        name="antifraud_case_one_open_key",
                    ),
                ],
            },
        ),
        PlainTable("antifraud_case", app="SELECT, INSERT, UPDATE"),
    ]
