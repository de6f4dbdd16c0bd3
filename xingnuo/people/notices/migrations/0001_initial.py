"""Messages, ways out, calendars, push ends and promotions."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable, SetFunction, SubjectTable

# A gateway names the message alone; whose it is, only this function tells, and nothing else.
WHOSE = """
CREATE FUNCTION notices_whose(message uuid)
RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT subject_id FROM notices_message WHERE id = message
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField(db_index=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "notices_calendar",
            },
        ),
        migrations.CreateModel(
            name="TakenNotice",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "notices_taken",
            },
        ),
        migrations.CreateModel(
            name="WayOut",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField(db_index=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "notices_way_out",
            },
        ),
        migrations.CreateModel(
            name="CampaignRow",
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
                ("version", models.IntegerField()),
                ("state", models.CharField(default="draft", max_length=10)),
                ("made_by", models.CharField(max_length=60)),
                ("released_by", models.CharField(blank=True, default="", max_length=60)),
                ("made_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
                ("sent_count", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "notices_campaign",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "released", "sending", "done", "stopped"])
                        ),
                        name="notices_campaign_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("released_by", models.F("made_by")), _negated=True),
                        name="notices_campaign_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageRow",
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
                ("key", models.CharField(max_length=80)),
                ("code", models.CharField(max_length=40)),
                ("version", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("channel", models.CharField(max_length=10)),
                ("label", models.CharField(blank=True, default="", max_length=40)),
                ("state", models.CharField(default="due", max_length=10)),
                ("why", models.CharField(blank=True, default="", max_length=40)),
                ("tries", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "notices_message",
                "indexes": [models.Index(fields=["id"], name="notices_message_by_id")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["service", "duty", "promotion"])),
                        name="notices_message_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["app", "sms", "email", "push"])),
                        name="notices_message_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["due", "pending", "sent", "bounced", "dropped"])
                        ),
                        name="notices_message_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("subject_id", "key", "channel"), name="notices_message_one_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushEnd",
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
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "notices_push",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "digest"), name="notices_push_one_key"
                    )
                ],
            },
        ),
        SubjectTable("notices_message", batch="SELECT", audit=True),
        SubjectTable("notices_push", audit=True),
        PlainTable("notices_way_out", audit="SELECT"),
        PlainTable("notices_calendar", audit="SELECT"),
        PlainTable("notices_taken", audit="SELECT"),
        PlainTable("notices_campaign", app="SELECT, INSERT, UPDATE", audit="SELECT"),
        SetFunction("notices_whose(uuid)", WHOSE),
    ]
