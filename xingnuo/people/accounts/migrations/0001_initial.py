"""The tables of accounts: what belongs to one person behind row security, look-ups apart."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable, SetFunction, SubjectTable

SWEEP_SESSIONS = """
CREATE FUNCTION accounts_sweep_sessions(ended_before timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT subject_id, id FROM accounts_session
        WHERE coalesce(revoked_at, expires_at) < ended_before
        LIMIT most
    ), gone AS (
        DELETE FROM accounts_session s USING old
        WHERE s.subject_id = old.subject_id AND s.id = old.id
        RETURNING 1
    )
    SELECT count(*)::integer FROM gone
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("client", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField(db_index=True)),
                ("code_digest", models.CharField(db_index=True, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "accounts_access",
            },
        ),
        PlainTable("accounts_access", audit="SELECT"),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("count", models.IntegerField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "accounts_attempt",
            },
        ),
        PlainTable("accounts_attempt", audit="SELECT"),
        migrations.CreateModel(
            name="Code",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("client", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField(db_index=True)),
                ("session_id", models.UUIDField()),
                ("redirect_uri", models.CharField(max_length=300)),
                ("challenge", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "accounts_code",
            },
        ),
        PlainTable("accounts_code", audit="SELECT"),
        migrations.CreateModel(
            name="Logout",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("ended", models.IntegerField()),
                ("received_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "accounts_logout",
            },
        ),
        PlainTable("accounts_logout", audit="SELECT"),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField(db_index=True)),
                ("session_id", models.UUIDField()),
                (
                    "provider_session",
                    models.CharField(blank=True, db_index=True, default="", max_length=64),
                ),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "accounts_session_token",
            },
        ),
        PlainTable("accounts_session_token", audit="SELECT"),
        migrations.CreateModel(
            name="Device",
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
                ("digest", models.CharField(max_length=64)),
                ("label", models.CharField(max_length=40)),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
            ],
            options={
                "db_table": "accounts_device",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "digest"), name="accounts_device_one_key"
                    )
                ],
            },
        ),
        SubjectTable("accounts_device", audit=True),
        migrations.CreateModel(
            name="Flow",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("cookie_digest", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=10)),
                ("accepted_version", models.CharField(blank=True, default="", max_length=20)),
                ("accepted_hash", models.CharField(blank=True, default="", max_length=64)),
                ("next_path", models.CharField(default="/", max_length=1500)),
                ("session_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "accounts_flow",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["sign_in", "reverify"])),
                        name="accounts_flow_kind_known",
                    )
                ],
            },
        ),
        PlainTable("accounts_flow", audit="SELECT"),
        migrations.CreateModel(
            name="Notice",
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
                ("code", models.CharField(max_length=40)),
                ("label", models.CharField(blank=True, default="", max_length=40)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("sms_state", models.CharField(default="none", max_length=10)),
                ("sms_tries", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "accounts_notice",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sms_state__in", ["none", "due", "pending", "sent", "dropped"])
                        ),
                        name="accounts_notice_sms_known",
                    )
                ],
            },
        ),
        SubjectTable("accounts_notice", audit=True),
        migrations.CreateModel(
            name="SessionRow",
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
                ("device_id", models.UUIDField()),
                ("label", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("unlocked_at", models.DateTimeField(null=True)),
                ("reverified_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_why", models.CharField(blank=True, default="", max_length=12)),
            ],
            options={
                "db_table": "accounts_session",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "revoked_why__in",
                                [
                                    "",
                                    "signed_out",
                                    "others",
                                    "everywhere",
                                    "misuse",
                                    "provider",
                                    "replaced",
                                    "too_many",
                                    "closed",
                                ],
                            )
                        ),
                        name="accounts_session_why_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_why", "")),
                            models.Q(
                                ("revoked_at__isnull", False),
                                models.Q(("revoked_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_session_end_has_why",
                    ),
                ],
            },
        ),
        SubjectTable("accounts_session", batch="SELECT, DELETE", audit=True),
        migrations.CreateModel(
            name="SiblingNotice",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("client", models.CharField(max_length=40)),
                ("pairwise", models.CharField(max_length=64)),
                ("why", models.CharField(max_length=20)),
                ("state", models.CharField(default="due", max_length=10)),
                ("tries", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "accounts_sibling_notice",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["due", "done", "given_up"])),
                        name="accounts_sibling_notice_known",
                    )
                ],
            },
        ),
        PlainTable("accounts_sibling_notice", audit="SELECT"),
        migrations.CreateModel(
            name="Sync",
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
                ("client", models.CharField(max_length=40)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "accounts_sync",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "client"), name="accounts_sync_one_key"
                    )
                ],
            },
        ),
        SubjectTable("accounts_sync", audit=True),
        SetFunction("accounts_sweep_sessions(timestamptz, integer)", SWEEP_SESSIONS),
    ]
