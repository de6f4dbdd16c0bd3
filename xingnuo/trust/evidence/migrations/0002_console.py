"""What staff did is read newest first by the auditor; no other line pays for it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX evidence_line_console ON evidence_line (id DESC)"
            " WHERE channel = 'console'",
            migrations.RunSQL.noop,
        )
    ]
