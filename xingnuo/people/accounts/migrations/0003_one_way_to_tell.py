"""What happened to an account is told by the notices room alone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_versions")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION accounts_tell_version(text, uuid[], uuid[], timestamptz)",
            migrations.RunSQL.noop,
        ),
        migrations.DeleteModel(name="Notice"),
    ]
