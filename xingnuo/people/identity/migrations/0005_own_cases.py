"""A member's own cases, most urgent first, without a look at what others wait for."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_ways_back")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX identity_case_own ON identity_case"
            " (taken_by, (-level), due_at, id) WHERE state = 'taken'",
            migrations.RunSQL.noop,
        ),
    ]
