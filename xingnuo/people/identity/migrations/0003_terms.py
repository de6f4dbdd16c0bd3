"""Cases that were decided three years ago go."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

SWEEP = """
CREATE FUNCTION identity_sweep(before timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM identity_case WHERE id IN (
            SELECT id FROM identity_case WHERE decided_at < before LIMIT most) RETURNING 1
    )
    SELECT count(*)::integer FROM gone
$$
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_cases")]

    operations = [
        migrations.RunSQL(
            [("GRANT SELECT, DELETE ON identity_case TO xn_batch", None)],
            migrations.RunSQL.noop,
        ),
        SetFunction("identity_sweep(timestamptz, integer)", SWEEP),
    ]
