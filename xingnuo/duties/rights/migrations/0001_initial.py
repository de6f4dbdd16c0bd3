"""The queue of rights cases and the certificates of erasure."""

from django.db import migrations, models

import xingnuo.kit.ids
from xingnuo.kit.db.migration import PlainTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CertificateRow",
            fields=[
                ("case_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("body", models.TextField()),
                ("signature", models.CharField(max_length=128)),
                ("key_id", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "rights_certificate",
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
                ("subject_id", models.UUIDField(editable=False)),
                ("kind", models.CharField(max_length=12)),
                ("state", models.CharField(default="received", max_length=12)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("ground", models.CharField(blank=True, default="", max_length=40)),
                ("receipt_digest", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "db_table": "rights_case",
                "indexes": [
                    models.Index(fields=["subject_id", "-id"], name="rights_case_of_subject"),
                    models.Index(fields=["state", "due_at"], name="rights_case_by_clock"),
                    models.Index(fields=["receipt_digest"], name="rights_case_by_receipt"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["copy", "correct", "delete", "withdraw", "close"])
                        ),
                        name="rights_case_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["received", "refused", "working", "done"])
                        ),
                        name="rights_case_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "close"), ("state__in", ["received", "working"])
                        ),
                        fields=("subject_id",),
                        name="rights_case_one_closure_key",
                    ),
                ],
            },
        ),
        PlainTable("rights_case", app="SELECT, INSERT, UPDATE", audit="SELECT"),
        PlainTable("rights_certificate", app="SELECT, INSERT", audit="SELECT"),
    ]
