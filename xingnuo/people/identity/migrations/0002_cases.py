"""Cases for staff, marks of photos, audits of sources."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AuditRow",
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
                ("source", models.CharField(max_length=24)),
                ("passed", models.BooleanField()),
                ("audited_on", models.DateField()),
                ("until", models.DateField()),
                ("report_digest", models.CharField(max_length=64)),
                ("proposed_by", models.CharField(max_length=40)),
                ("released_by", models.CharField(max_length=40, null=True)),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "identity_source_audit",
                "indexes": [
                    models.Index(fields=["source", "-released_at"], name="identity_audit_newest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", True), ("released_by__isnull", True)),
                            models.Q(
                                ("released_at__isnull", False),
                                ("released_by__isnull", False),
                                models.Q(("released_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="identity_source_audit_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("audited_on"))),
                        name="identity_source_audit_has_term",
                    ),
                    models.UniqueConstraint(
                        fields=("source", "audited_on", "report_digest"),
                        name="identity_source_audit_once",
                    ),
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
                ("subject_id", models.UUIDField(editable=False, null=True)),
                ("check_id", models.UUIDField(editable=False, null=True)),
                ("kind", models.CharField(max_length=16)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("level", models.SmallIntegerField(default=0)),
                ("source", models.CharField(blank=True, default="", max_length=24)),
                ("relation", models.CharField(blank=True, default="", max_length=12)),
                ("code_digest", models.CharField(max_length=64, null=True)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("taken_by", models.CharField(blank=True, default="", max_length=40)),
                ("decided_by", models.CharField(blank=True, default="", max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
                ("ground", models.CharField(blank=True, default="", max_length=24)),
            ],
            options={
                "db_table": "identity_case",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "taken"])),
                        fields=["-level", "due_at", "id"],
                        name="identity_case_open_by_clock",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "taken"])),
                        fields=["kind", "-level", "due_at", "id"],
                        name="identity_case_open_by_kind",
                    ),
                    models.Index(fields=["subject_id", "-id"], name="identity_case_of_subject"),
                    models.Index(fields=["check_id"], name="identity_case_of_check"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "name_mismatch",
                                    "document_photo",
                                    "video",
                                    "counter",
                                    "guardian",
                                    "reused_number",
                                    "contradiction",
                                    "unanswered",
                                    "source_audit",
                                ],
                            )
                        ),
                        name="identity_case_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "taken", "approved", "refused", "ended"])
                        ),
                        name="identity_case_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ground__in",
                                [
                                    "",
                                    "confirmed",
                                    "not_the_same",
                                    "not_found",
                                    "document_expired",
                                    "document_cancelled",
                                    "deceased",
                                    "minor",
                                    "number_taken",
                                    "card_lost",
                                    "card_closed",
                                    "card_unsupported",
                                    "code_expired",
                                    "code_spent",
                                    "not_live",
                                    "unclear",
                                    "no_reference",
                                    "not_taken",
                                    "not_received",
                                    "withdrawn",
                                    "given_up",
                                    "replaced",
                                    "unreadable",
                                    "forged",
                                    "reused_photo",
                                    "not_proven",
                                    "no_show",
                                ],
                            )
                        ),
                        name="identity_case_ground_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("relation__in", ["father", "mother", "grandparent", "other", ""])
                        ),
                        name="identity_case_relation_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["taken", "approved", "refused"]), _negated=True
                            ),
                            models.Q(("taken_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="identity_case_taken_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "refused"]), _negated=True),
                            models.Q(
                                ("decided_by", models.F("taken_by")), ("decided_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="identity_case_decided_by_its_taker",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "taken"])),
                        fields=("subject_id", "kind"),
                        name="identity_case_one_open",
                    ),
                    models.UniqueConstraint(fields=("code_digest",), name="identity_case_code_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhotoMark",
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
                ("check_id", models.UUIDField(editable=False)),
                ("side", models.CharField(max_length=5)),
                ("band", models.SmallIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "identity_photo_mark",
                "indexes": [
                    models.Index(fields=["digest"], name="identity_photo_mark_by_digest"),
                    models.Index(fields=["subject_id"], name="identity_photo_mark_of"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["front", "back"])),
                        name="identity_photo_mark_side_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("band__range", (-1, 15))),
                        name="identity_photo_mark_band_known",
                    ),
                ],
            },
        ),
        PlainTable("identity_case", app="SELECT, INSERT, UPDATE"),
        PlainTable("identity_photo_mark", app="SELECT, INSERT, DELETE"),
        PlainTable("identity_source_audit", app="SELECT, INSERT, UPDATE"),
    ]
