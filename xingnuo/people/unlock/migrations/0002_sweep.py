"""Challenges that nobody answered go with the day, whoever's they are."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

SWEEP = """
CREATE FUNCTION unlock_sweep(before timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT subject_id, id FROM unlock_challenge WHERE expires_at < before LIMIT most
    ), gone AS (
        DELETE FROM unlock_challenge c USING old
        WHERE c.subject_id = old.subject_id AND c.id = old.id
        RETURNING 1
    )
    SELECT count(*)::integer FROM gone
$$
"""


class Migration(migrations.Migration):
    dependencies = [("unlock", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                ("GRANT SELECT, DELETE ON unlock_challenge TO xn_batch", None),
                ("ALTER POLICY set_work ON unlock_challenge TO xn_owner, xn_batch", None),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction("unlock_sweep(timestamptz, integer)", SWEEP),
    ]
