"""Duties owed to everybody go through people in order, by a set function that tells ids alone."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

PEOPLE_AFTER = """
CREATE FUNCTION gate_people_after(last uuid, states text[], most integer)
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT subject_id FROM gate_subject
    WHERE subject_id > last AND state = ANY (states)
    ORDER BY subject_id LIMIT most
$$
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0002_tier")]

    operations = [
        migrations.RunSQL(
            [
                ("GRANT SELECT ON gate_subject TO xn_batch", None),
                ("ALTER POLICY set_work ON gate_subject TO xn_owner, xn_batch, xn_audit", None),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction("gate_people_after(uuid, text[], integer)", PEOPLE_AFTER),
    ]
