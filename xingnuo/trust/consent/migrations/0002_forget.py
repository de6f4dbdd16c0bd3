"""Decisions go three years after the person was erased; nobody else's can be reached."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

# A subject whose decisions are closed is erased: the gate closes them, and nothing follows.
FORGET = """
CREATE FUNCTION consent_forget_erased(before timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH over AS (
        SELECT DISTINCT subject_id FROM consent_decision
        WHERE scope = 'erased' AND at < before LIMIT most
    ), gone AS (
        DELETE FROM consent_decision d USING over WHERE d.subject_id = over.subject_id RETURNING 1
    )
    SELECT count(*)::integer FROM gone
$$
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                ("GRANT SELECT, DELETE ON consent_decision TO xn_batch", None),
                ("ALTER POLICY set_work ON consent_decision TO xn_owner, xn_batch, xn_audit", None),
                (
                    "CREATE INDEX consent_closed ON consent_decision (at) WHERE scope = 'erased'",
                    None,
                ),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction("consent_forget_erased(timestamptz, integer)", FORGET),
    ]
