"""States of people erased long ago go; nobody else's can be reached."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

FORGET = """
CREATE FUNCTION gate_forget_erased(before timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT subject_id FROM gate_subject WHERE state = 'erased' AND since < before LIMIT most
    ), gone AS (
        DELETE FROM gate_subject s USING old WHERE s.subject_id = old.subject_id RETURNING 1
    )
    SELECT count(*)::integer FROM gone
$$
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0003_people")]

    operations = [
        migrations.RunSQL(
            [("GRANT SELECT, DELETE ON gate_subject TO xn_batch", None)],
            migrations.RunSQL.noop,
        ),
        SetFunction("gate_forget_erased(timestamptz, integer)", FORGET),
    ]
