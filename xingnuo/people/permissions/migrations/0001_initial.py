"""The staff register: who of ours may look, on what conditions, and what they did."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StaffBreach",
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
                ("staff_id", models.UUIDField(db_index=True)),
                ("kind", models.CharField(max_length=24)),
                ("recorded_by", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "permissions_staff_breach",
            },
        ),
        migrations.CreateModel(
            name="StaffCode",
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
                ("staff_id", models.UUIDField(db_index=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "permissions_staff_code",
            },
        ),
        migrations.CreateModel(
            name="StaffKey",
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
                ("staff_id", models.UUIDField(db_index=True)),
                ("credential", models.CharField(max_length=1400, unique=True)),
                ("public_key", models.CharField(max_length=1400)),
                ("sign_count", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "permissions_staff_key",
            },
        ),
        migrations.CreateModel(
            name="StaffTraining",
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
                ("staff_id", models.UUIDField(db_index=True)),
                ("course", models.CharField(max_length=24)),
                ("recorded_by", models.CharField(max_length=24)),
                ("passed_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
            ],
            options={
                "db_table": "permissions_staff_training",
            },
        ),
        migrations.CreateModel(
            name="StaffUndertaking",
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
                ("staff_id", models.UUIDField(db_index=True)),
                ("version", models.CharField(max_length=16)),
                ("text_hash", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
            ],
            options={
                "db_table": "permissions_staff_undertaking",
            },
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
                ("kind", models.CharField(max_length=40)),
                ("ref", models.UUIDField()),
                ("choice", models.CharField(max_length=80)),
                ("reason", models.CharField(blank=True, default="", max_length=40)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("state", models.CharField(max_length=10)),
                ("proposed_by", models.CharField(max_length=24)),
                ("proposed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("released_by", models.CharField(blank=True, default="", max_length=24)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "permissions_staff_release",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "proposed")),
                        fields=["due_at", "id"],
                        name="permissions_staff_release_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "released", "refused"])),
                        name="permissions_staff_release_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("released_by", models.F("proposed_by")), _negated=True),
                        name="permissions_staff_release_two_hands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True),
                            models.Q(("released_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="permissions_staff_release_has_hand",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("kind", "ref"),
                        name="permissions_staff_release_one_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Staff",
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
                ("code", models.CharField(max_length=24, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=10)),
                ("moved_at", models.DateTimeField()),
                ("moved_why", models.CharField(blank=True, default="", max_length=40)),
            ],
            options={
                "db_table": "permissions_staff",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["invited", "active", "suspended", "left"])
                        ),
                        name="permissions_staff_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9._-]{2,23}$")),
                        name="permissions_staff_code_shape",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffChallenge",
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
                ("session_id", models.UUIDField(null=True)),
                ("act", models.CharField(max_length=10)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "permissions_staff_challenge",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("act__in", ["enrol", "sign_in", "verify"])),
                        name="permissions_staff_challenge_act_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act", "sign_in"), ("session_id__isnull", False), _connector="OR"
                        ),
                        name="permissions_staff_challenge_has_session",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffGlance",
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
                ("staff_id", models.UUIDField()),
                ("session_id", models.UUIDField()),
                ("kind", models.CharField(max_length=8)),
                ("queue", models.CharField(max_length=24)),
                ("case_id", models.UUIDField()),
                ("purpose", models.CharField(max_length=60)),
                ("item", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=24)),
                ("note", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
            ],
            options={
                "db_table": "permissions_staff_look",
                "indexes": [
                    models.Index(
                        fields=["staff_id", "kind", "at"], name="permissions_staff_look_count"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["lookup", "reveal"])),
                        name="permissions_staff_look_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffRole",
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
                ("staff_id", models.UUIDField()),
                ("role", models.CharField(max_length=16)),
                ("given_by", models.CharField(max_length=24)),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "permissions_staff_role",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("staff_id", "role"),
                        name="permissions_staff_role_one_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffSeat",
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
                ("staff_id", models.UUIDField(db_index=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("host", models.CharField(max_length=120)),
                ("stage", models.CharField(max_length=8)),
                ("begun_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("verified_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.CharField(blank=True, default="", max_length=16)),
            ],
            options={
                "db_table": "permissions_staff_session",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["enrol", "full"])),
                        name="permissions_staff_session_stage_known",
                    )
                ],
            },
        ),
        PlainTable("permissions_staff", app="SELECT, INSERT, UPDATE"),
        PlainTable("permissions_staff_role", app="SELECT, INSERT, UPDATE"),
        PlainTable("permissions_staff_key", app="SELECT, INSERT, UPDATE"),
        PlainTable("permissions_staff_code", app="SELECT, INSERT, UPDATE"),
        PlainTable("permissions_staff_challenge", app="SELECT, INSERT, DELETE"),
        PlainTable("permissions_staff_session", app="SELECT, INSERT, UPDATE"),
        PlainTable("permissions_staff_undertaking", app="SELECT, INSERT"),
        PlainTable("permissions_staff_training", app="SELECT, INSERT"),
        PlainTable("permissions_staff_breach", app="SELECT, INSERT"),
        PlainTable("permissions_staff_look", app="SELECT, INSERT"),
        PlainTable("permissions_staff_release", app="SELECT, INSERT, UPDATE"),
    ]
