"""Answers past their thirty days go, whoever's they are."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

SWEEP = """
CREATE FUNCTION porch_sweep(before timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT subject_id, id FROM porch_answered WHERE at < before LIMIT most
    ), gone AS (
        DELETE FROM porch_answered a USING old
        WHERE a.subject_id = old.subject_id AND a.id = old.id
        RETURNING 1
    )
    SELECT count(*)::integer FROM gone
$$
"""


class Migration(migrations.Migration):
    dependencies = [("porch", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                ("GRANT SELECT, DELETE ON porch_answered TO xn_batch", None),
                ("ALTER POLICY set_work ON porch_answered TO xn_owner, xn_batch", None),
                ("CREATE INDEX porch_answered_age ON porch_answered (at)", None),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction("porch_sweep(timestamptz, integer)", SWEEP),
    ]
