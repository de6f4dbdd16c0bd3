"""Every table goes when its term is over: steps, cases, and what the AML law kept."""

from django.db import migrations, models

from xingnuo.kit.db.migration import SetFunction

# By the AML law: the kinds of cases that go with its reports.
SWEEP = """
CREATE FUNCTION antifraud_sweep_kept(handled timestamptz, law timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH step AS (
        DELETE FROM antifraud_release WHERE id IN (
            SELECT id FROM antifraud_release WHERE at < handled LIMIT most) RETURNING 1
    ), looked AS (
        DELETE FROM antifraud_case WHERE id IN (
            SELECT id FROM antifraud_case WHERE decided_at < CASE
                WHEN kind IN ('aml_large', 'aml_suspicious', 'sanctions_hit') THEN law
                ELSE handled END LIMIT most) RETURNING 1
    ), profile AS (
        DELETE FROM antifraud_aml_profile WHERE (subject_id, id) IN (
            SELECT subject_id, id FROM antifraud_aml_profile WHERE relation_ended_at < law
            LIMIT most) RETURNING 1
    ), hit AS (
        DELETE FROM antifraud_aml_hit WHERE (subject_id, id) IN (
            SELECT subject_id, id FROM antifraud_aml_hit WHERE relation_ended_at < law
            LIMIT most) RETURNING 1
    ), report AS (
        DELETE FROM antifraud_aml_report WHERE (subject_id, id) IN (
            SELECT subject_id, id FROM antifraud_aml_report WHERE written_at < law
            LIMIT most) RETURNING 1
    )
    SELECT ((SELECT count(*) FROM step) + (SELECT count(*) FROM looked)
        + (SELECT count(*) FROM profile) + (SELECT count(*) FROM hit)
        + (SELECT count(*) FROM report))::integer
$$
"""
BATCH = (
    "antifraud_release",
    "antifraud_case",
    "antifraud_aml_profile",
    "antifraud_aml_hit",
    "antifraud_aml_report",
)


class Migration(migrations.Migration):
    dependencies = [("antifraud", "0004_counting")]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="relation_ended_at",
                field=models.DateTimeField(null=True),
            )
            for model in ("profilerow", "hitrow")
        ),
        migrations.RunSQL(
            [
                *((f"GRANT SELECT, DELETE ON {table} TO xn_batch", None) for table in BATCH),
                ("ALTER POLICY set_work ON antifraud_aml_hit TO xn_owner, xn_batch", None),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction("antifraud_sweep_kept(timestamptz, timestamptz, integer)", SWEEP),
    ]
