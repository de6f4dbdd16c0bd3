"""States and decisions of people erased long ago go together; nobody else's can be reached."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

# Decisions stand in the consent room, whose only caller is the gate: one statement for both, so
# that no decision can be deleted of a person who is still here.
FORGET = """
CREATE FUNCTION gate_forget_erased(before timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT subject_id FROM gate_subject WHERE state = 'erased' AND since < before LIMIT most
    ), said AS (
        DELETE FROM consent_decision d USING old WHERE d.subject_id = old.subject_id RETURNING 1
    ), gone AS (
        DELETE FROM gate_subject s USING old WHERE s.subject_id = old.subject_id RETURNING 1
    )
    SELECT (SELECT count(*) FROM said)::integer + (SELECT count(*) FROM gone)::integer
$$
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0003_people"), ("consent", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                ("GRANT SELECT, DELETE ON gate_subject TO xn_batch", None),
                ("GRANT SELECT, DELETE ON consent_decision TO xn_batch", None),
                ("ALTER POLICY set_work ON consent_decision TO xn_owner, xn_batch, xn_audit", None),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction("gate_forget_erased(timestamptz, integer)", FORGET),
    ]
