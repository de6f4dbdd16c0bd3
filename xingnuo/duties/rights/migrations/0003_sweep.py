"""Requests that were answered three years ago go, with their certificates."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

SWEEP = """
CREATE FUNCTION rights_sweep(before timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT id FROM rights_case WHERE done_at < before LIMIT most
    ), made AS (
        DELETE FROM rights_certificate c USING old WHERE c.case_id = old.id RETURNING 1
    ), gone AS (
        DELETE FROM rights_case r USING old WHERE r.id = old.id RETURNING 1
    )
    SELECT (SELECT count(*) FROM made)::integer + (SELECT count(*) FROM gone)::integer
$$
"""


class Migration(migrations.Migration):
    dependencies = [("rights", "0002_queue")]

    operations = [
        migrations.RunSQL(
            [
                ("GRANT SELECT, DELETE ON rights_case TO xn_batch", None),
                ("GRANT SELECT, DELETE ON rights_certificate TO xn_batch", None),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction("rights_sweep(timestamptz, integer)", SWEEP),
    ]
