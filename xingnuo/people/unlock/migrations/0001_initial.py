"""The tables of unlock: rows of one person each, deleted when a way is switched off."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import SubjectTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Challenge",
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
                ("act", models.CharField(max_length=10)),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "unlock_challenge",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "digest"), name="unlock_challenge_one_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("act__in", ["create", "unlock", "reverify"])),
                        name="unlock_challenge_act_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Credential",
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
                ("credential", models.CharField(max_length=1400)),
                ("public_key", models.CharField(max_length=2000)),
                ("sign_count", models.BigIntegerField()),
                ("device", models.CharField(max_length=40)),
                ("label", models.CharField(blank=True, default="", max_length=10)),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "unlock_credential",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "credential"), name="unlock_credential_one_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "label__in",
                                [
                                    "",
                                    "phone",
                                    "phone_2",
                                    "phone_old",
                                    "tablet",
                                    "computer",
                                    "computer_2",
                                    "work",
                                    "home",
                                ],
                            )
                        ),
                        name="unlock_credential_label_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sign_count__gte", 0)),
                        name="unlock_credential_count_rises",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
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
                ("way_id", models.UUIDField()),
                ("text", models.CharField(max_length=200)),
                ("is_current", models.BooleanField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "unlock_digest",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("subject_id", "way_id"),
                        name="unlock_digest_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text__startswith", "$argon2id$")),
                        name="unlock_digest_slow",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WayRow",
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
                ("way", models.CharField(max_length=10)),
                ("state", models.CharField(max_length=10)),
                ("wrong_count", models.IntegerField(default=0)),
                ("wait_until_at", models.DateTimeField(null=True)),
                ("locked_at", models.DateTimeField(null=True)),
                ("chosen_at", models.DateTimeField(null=True)),
                ("set_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "unlock_way",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_id", "way"), name="unlock_way_one_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["biometric", "password", "pattern"])),
                        name="unlock_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "active", "locked"])),
                        name="unlock_way_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wrong_count__range", (0, 10))),
                        name="unlock_way_count_bounded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("locked_at__isnull", False), ("state", "locked")),
                            models.Q(
                                models.Q(("state", "locked"), _negated=True),
                                ("locked_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="unlock_way_locked_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "pending"), ("set_at__isnull", False), _connector="OR"
                        ),
                        name="unlock_way_set_has_time",
                    ),
                ],
            },
        ),
        SubjectTable("unlock_challenge"),
        SubjectTable("unlock_credential"),
        SubjectTable("unlock_digest"),
        SubjectTable("unlock_way"),
    ]
