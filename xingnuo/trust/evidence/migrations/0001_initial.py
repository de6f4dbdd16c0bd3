"""The record of evidence and the blocks that seal it."""

from django.db import migrations, models

from xingnuo.kit import ids
from xingnuo.kit.db.migration import PlainTable, SetFunction, SubjectTable
from xingnuo.kit.db.models import NamedTypeField

LINE_RULES = """
ALTER TABLE evidence_line
    ALTER epoch SET DEFAULT coalesce(nullif(current_setting('xn.epoch', true), '')::smallint, 1),
    ALTER txid SET DEFAULT pg_current_xact_id();

-- The sealed order, for the sealer and the verifier.
CREATE INDEX evidence_line_place ON evidence_line (epoch, txid, id);
-- A person's own views are written once an hour.
CREATE UNIQUE INDEX evidence_line_own ON evidence_line (subject_id, coalesce_key)
    WHERE coalesce_key IS NOT NULL;
-- The people of an incident.
CREATE INDEX evidence_line_share ON evidence_line (recipient, at) WHERE kind = 'share';
-- Spans of time and single lines by id, at next to no cost for writers.
CREATE INDEX evidence_line_span ON evidence_line USING brin (at, id)
    WITH (pages_per_range = 16, autosummarize = on);
"""
# Lower-case codes without a run of six digits, even when broken up by separators: no name, number,
# card, address or message fits. Said as row policies of the roles that write, since those are
# planned once a connection, and CHECK constraints are parsed again with every insert.
LINE_POLICIES = r"""
CREATE POLICY codes_only ON evidence_line AS RESTRICTIVE FOR INSERT TO xn_app, xn_read WITH CHECK (
    (kind || '|' || outcome || '|' || reason || '|' || actor_kind || '|' || channel || '|' || purpose
     || '|' || recipient || '|' || policy_version || '|' || array_to_string(items, '|', '!'))
        !~ '[^a-z0-9_.:|-]|([0-9][-._:]*){6}'
    AND cardinality(items) <= 200 AND count >= 0
    AND (actor_ref = '' OR actor_ref !~ '[^a-z0-9_.:-]|([0-9][-._:]*){6}'
         OR actor_ref ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')
    AND (coalesce_key IS NULL OR coalesce_key !~ '[^0-9a-f]'));
-- Lines about no person may be added by everybody; they are read on the audit connection.
CREATE POLICY nobody ON evidence_line FOR INSERT TO xn_app, xn_read
    WITH CHECK (subject_id = '00000000-0000-0000-0000-000000000000');
-- No tipping off (AML 35): whatever a query says, these lines stay hidden from every door.
CREATE POLICY no_tipping_off ON evidence_line AS RESTRICTIVE FOR SELECT TO xn_app, xn_read
    USING (NOT starts_with(purpose, 'aml.'));
"""
BLOCK_RULES = """
ALTER TABLE evidence_block
    ADD CONSTRAINT evidence_block_shape CHECK (
        number >= 1 AND count >= 0 AND octet_length(leaves) = 48 * count
        AND octet_length(root) = 32 AND octet_length(prev) = 32 AND octet_length(hash) = 32
        AND octet_length(signature) = 64 AND pruned_to BETWEEN 0 AND number
        AND key_id ~ '^[0-9a-f]{16}$' AND next_key ~ '^([0-9a-f]{64})?$');
-- Which block holds a line.
CREATE INDEX evidence_block_place ON evidence_block (upto_epoch, upto_txid, upto_id);
-- Hashes do not compress.
ALTER TABLE evidence_block ALTER leaves SET STORAGE EXTERNAL;
"""
# The canonical form (RFC 8785) of every column of a line, hashed; `_canonical.py` says it again in
# Python for the verifier, and a test holds the two together.
LEAVES = r"""
CREATE FUNCTION evidence_leaves(
    after_epoch smallint, after_txid xid8, after_id uuid, epoch_now smallint, lines_max integer
) RETURNS TABLE (epoch smallint, txid text, id uuid, leaf bytea, horizon text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT l.epoch, l.txid::text, l.id, sha256('\x00'::bytea || convert_to(
        '{"actor_kind":' || to_json(l.actor_kind)
        || ',"actor_ref":' || to_json(l.actor_ref)
        || ',"at":' || to_json(to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || ',"channel":' || to_json(l.channel)
        || ',"coalesce_key":' || coalesce(to_json(l.coalesce_key)::text, 'null')
        || ',"count":' || l.count
        || ',"epoch":' || l.epoch
        || ',"id":' || to_json(l.id)
        || ',"items":' || to_json(l.items)
        || ',"kind":' || to_json(l.kind)
        || ',"outcome":' || to_json(l.outcome)
        || ',"permit_id":' || coalesce(to_json(l.permit_id)::text, 'null')
        || ',"policy_version":' || to_json(l.policy_version)
        || ',"purpose":' || to_json(l.purpose)
        || ',"reason":' || to_json(l.reason)
        || ',"recipient":' || to_json(l.recipient)
        || ',"ref":' || coalesce(to_json(l.ref)::text, 'null')
        || ',"session_id":' || coalesce(to_json(l.session_id)::text, 'null')
        || ',"subject_id":' || to_json(l.subject_id)
        || ',"txid":"' || l.txid::text || '"}', 'UTF8')),
        pg_snapshot_xmin(pg_current_snapshot())::text
    FROM evidence_line AS l
    WHERE (l.epoch, l.txid, l.id) > (after_epoch, after_txid, after_id)
      -- Below the horizon every transaction is over, so nothing can appear there any more.
      AND (l.epoch, l.txid) < (epoch_now, pg_snapshot_xmin(pg_current_snapshot()))
    ORDER BY l.epoch, l.txid, l.id
    LIMIT lines_max
$$
"""
# The only way a line ever goes: its term is over by the database's own clock, and the newest block
# says so. Runs as the owner, since nobody else may delete.
PRUNE = """
CREATE FUNCTION evidence_prune() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    upto evidence_block;
    gone bigint;
BEGIN
    SELECT * INTO STRICT upto FROM evidence_block WHERE number = (
        SELECT pruned_to FROM evidence_block ORDER BY number DESC LIMIT 1);
    IF EXISTS (
        SELECT FROM evidence_line AS l
        WHERE (l.epoch, l.txid, l.id) <= (upto.upto_epoch, upto.upto_txid, upto.upto_id)
          AND l.at > clock_timestamp() - interval '1095 days'
    ) THEN
        RAISE EXCEPTION 'evidence within its term stays';
    END IF;
    DELETE FROM evidence_line AS l
    WHERE (l.epoch, l.txid, l.id) <= (upto.upto_epoch, upto.upto_txid, upto.upto_id);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
REVOKE ALL ON FUNCTION evidence_prune() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION evidence_prune() TO xn_app;
"""


class Migration(migrations.Migration):
    """Make both tables with their grants, rules and the sealer's function."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="LineRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField(editable=False)),
                ("epoch", models.SmallIntegerField()),
                ("txid", NamedTypeField("xid8")),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=24)),
                ("outcome", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=60)),
                ("actor_kind", models.CharField(max_length=16)),
                ("actor_ref", models.CharField(max_length=40)),
                ("session_id", models.UUIDField(null=True)),
                ("channel", models.CharField(max_length=16)),
                ("purpose", models.CharField(max_length=60)),
                ("items", NamedTypeField("text[]")),
                ("recipient", models.CharField(max_length=60)),
                ("policy_version", models.CharField(max_length=16)),
                ("permit_id", models.UUIDField(null=True)),
                ("ref", models.UUIDField(null=True)),
                ("count", models.IntegerField()),
                ("coalesce_key", models.CharField(max_length=32, null=True)),
            ],
            options={"db_table": "evidence_line"},
        ),
        SubjectTable(
            "evidence_line",
            append_only=True,
            erasable=False,
            read_inserts=True,
            batch="SELECT",
            audit=True,
        ),
        migrations.RunSQL(LINE_RULES, migrations.RunSQL.noop),
        migrations.RunSQL(LINE_POLICIES, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="BlockRow",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("upto_epoch", models.SmallIntegerField()),
                ("upto_txid", NamedTypeField("xid8")),
                ("upto_id", models.UUIDField()),
                ("count", models.IntegerField()),
                ("leaves", models.BinaryField()),
                ("root", models.BinaryField()),
                ("prev", models.BinaryField()),
                ("pruned_to", models.BigIntegerField()),
                ("key_id", models.CharField(max_length=16)),
                ("next_key", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
                ("hash", models.BinaryField()),
                ("signature", models.BinaryField()),
            ],
            options={"db_table": "evidence_block"},
        ),
        PlainTable("evidence_block", app="SELECT, INSERT", read="SELECT", audit="SELECT"),
        migrations.RunSQL(BLOCK_RULES, migrations.RunSQL.noop),
        SetFunction("evidence_leaves(smallint, xid8, uuid, smallint, integer)", LEAVES),
        migrations.RunSQL(PRUNE, migrations.RunSQL.noop),
    ]
