"""Who of the staff has a case, and the indexes of the queue as staff see it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="caserow",
            name="taken_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="caserow",
            name="taken_by",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddIndex(
            model_name="caserow",
            index=models.Index(
                condition=models.Q(("state__in", ["received", "working"]), ("taken_by", "")),
                fields=["due_at", "id"],
                name="rights_case_unclaimed",
            ),
        ),
        migrations.AddIndex(
            model_name="caserow",
            index=models.Index(
                condition=models.Q(("state__in", ["received", "working"])),
                fields=["taken_by", "due_at", "id"],
                name="rights_case_claimed",
            ),
        ),
        migrations.AddIndex(
            model_name="caserow",
            index=models.Index(
                condition=models.Q(("state__in", ["refused", "done"])),
                fields=["-done_at", "-id"],
                name="rights_case_closed",
            ),
        ),
    ]
