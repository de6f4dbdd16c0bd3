"""The catalogue of published versions: read by every door, written by the owner alone."""

from django.db import migrations, models

from xingnuo.kit.db.migration import PlainTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="VersionRow",
            fields=[
                (
                    "version",
                    models.CharField(max_length=20, primary_key=True, serialize=False),
                ),
                ("hash", models.CharField(max_length=64)),
                ("published_on", models.DateField()),
                ("effective_on", models.DateField()),
                ("document", models.TextField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "policy_version",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("effective_on__gt", models.F("published_on"))),
                        name="policy_version_told_before",
                    ),
                    models.UniqueConstraint(fields=("hash",), name="policy_version_hash"),
                ],
            },
        ),
        PlainTable("policy_version", app="SELECT", read="SELECT", audit="SELECT"),
    ]
