"""A call about a case: when it began, how often a code was tried, when the person was proven."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial")]

    operations = [
        migrations.AddField("caserow", "call_at", models.DateTimeField(null=True)),
        migrations.AddField("caserow", "call_tries", models.SmallIntegerField(default=0)),
        migrations.AddField("caserow", "call_proven_at", models.DateTimeField(null=True)),
    ]
