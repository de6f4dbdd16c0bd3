"""Values whose items have a term of their own go at its end, whoever's they are; none is opened."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

SWEEP = """
CREATE FUNCTION vault_sweep(named text[], before timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT subject_id, item, slot, id, is_file FROM vault_value
        WHERE item = ANY (named) AND written_at < before LIMIT most
    ), parts AS (
        DELETE FROM vault_blob b USING old
        WHERE old.is_file AND b.subject_id = old.subject_id AND b.file_id = old.id
    ), gone AS (
        DELETE FROM vault_value v USING old
        WHERE v.subject_id = old.subject_id AND v.item = old.item AND v.slot = old.slot
        RETURNING 1
    )
    SELECT count(*)::integer FROM gone
$$
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                ("GRANT SELECT, DELETE ON vault_value TO xn_batch", None),
                ("GRANT SELECT, DELETE ON vault_blob TO xn_batch", None),
                ("ALTER POLICY set_work ON vault_value TO xn_owner, xn_batch", None),
                ("ALTER POLICY set_work ON vault_blob TO xn_owner, xn_batch", None),
                ("CREATE INDEX vault_value_age ON vault_value (item, written_at)", None),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction("vault_sweep(text[], timestamptz, integer)", SWEEP),
    ]
