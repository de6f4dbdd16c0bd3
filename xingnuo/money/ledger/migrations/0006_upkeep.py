"""Work beside the hot path: roll-ups of the house, sealed blocks, and what is past its term."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

# Every column of every row that is only added, with both sides of a transfer in one leaf. Fields
# are of fixed width, marked absent, or behind their length.
LEAVES = r"""
CREATE FUNCTION ledger_leaves(
    after_epoch smallint, after_xid xid8, upto_epoch smallint, upto_xid xid8
) RETURNS TABLE (shard smallint, epoch smallint, xid xid8, leaf bytea)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
    SELECT (get_byte(uuid_send(x.subject_id), 15) & 15)::smallint, x.epoch, x.xid,
        sha256(x.tag || uuid_send(x.subject_id) || int2send(x.epoch) || xid8send(x.xid)
            || timestamptz_send(x.at) || x.body)
    FROM (
        SELECT '\x01'::bytea AS tag, t.subject_id, t.epoch, t.xid, t.at,
            uuid_send(t.id) || ledger_fingerprint(t.from_id, t.to_id, t.amount_fen, t.kind,
                t.group_id, t.clearing_ref, t.ref_type, t.ref_id, t.event_at)
            || int4send(octet_length(t.fingerprint)) || t.fingerprint
            || coalesce((
                SELECT string_agg(int2send(e.leg) || uuid_send(e.account_id)
                    || int8send(e.amount_fen) || timestamptz_send(e.at)
                    || coalesce('\x01' || int8send(e.version), '\x00')
                    || coalesce('\x01' || int8send(e.balance_after_fen), '\x00'),
                    ''::bytea ORDER BY e.leg)
                FROM ledger_entry AS e
                WHERE e.subject_id = t.subject_id AND e.transfer_id = t.id), '') AS body
        FROM ledger_transfer AS t
        WHERE (t.epoch, t.xid) > (after_epoch, after_xid)
            AND (t.epoch, t.xid) <= (upto_epoch, upto_xid)
        UNION ALL
        SELECT '\x02', h.subject_id, h.epoch, h.xid, h.at,
            uuid_send(h.id) || ledger_fingerprint(h.from_id, h.to_id, h.amount_fen, h.kind,
                NULL, h.clearing_ref, h.ref_type, h.ref_id, h.expires_at)
            || int4send(octet_length(h.fingerprint)) || h.fingerprint
        FROM ledger_hold AS h
        WHERE (h.epoch, h.xid) > (after_epoch, after_xid)
            AND (h.epoch, h.xid) <= (upto_epoch, upto_xid)
        UNION ALL
        SELECT '\x03', e.subject_id, e.epoch, e.xid, e.at,
            uuid_send(e.hold_id) || int2send(e.how) || int8send(e.amount_fen)
            || coalesce('\x01' || uuid_send(e.transfer_id), '\x00')
        FROM ledger_hold_end AS e
        WHERE (e.epoch, e.xid) > (after_epoch, after_xid)
            AND (e.epoch, e.xid) <= (upto_epoch, upto_xid)
        UNION ALL
        SELECT '\x04', d.subject_id, d.epoch, d.xid, d.at,
            uuid_send(d.id) || int2send(d.about) || int2send(d.code)
            || int4send(octet_length(d.fingerprint)) || d.fingerprint
        FROM ledger_dead AS d
        WHERE (d.epoch, d.xid) > (after_epoch, after_xid)
            AND (d.epoch, d.xid) <= (upto_epoch, upto_xid)
        UNION ALL
        SELECT '\x05', a.subject_id, a.epoch, a.xid, a.at,
            uuid_send(a.id) || int2send(a.book) || boolsend(a.nonneg)
            || int4send(octet_length(a.kind)) || a.kind::text::bytea
            || int4send(octet_length(a.name)) || a.name::text::bytea
        FROM ledger_account AS a
        WHERE (a.epoch, a.xid) > (after_epoch, after_xid)
            AND (a.epoch, a.xid) <= (upto_epoch, upto_xid)
    ) AS x
$$;
REVOKE ALL ON FUNCTION ledger_leaves(smallint, xid8, smallint, xid8) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_leaves(smallint, xid8, smallint, xid8) TO xn_batch, xn_audit;
GRANT EXECUTE ON FUNCTION
    ledger_fingerprint(uuid, uuid, bigint, text, uuid, uuid, text, uuid, timestamptz) TO xn_audit
"""
BLOCK_HASH = """
CREATE FUNCTION ledger_block_hash(
    shard smallint, number bigint, prev bytea, upto_epoch smallint, upto_xid xid8, n integer,
    sealed_at timestamptz, leaves bytea
) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(int2send(shard) || int8send(number) || int4send(octet_length(prev)) || prev
        || int2send(upto_epoch) || xid8send(upto_xid) || int4send(n) || timestamptz_send(sealed_at)
        || leaves)
$$;
REVOKE ALL ON FUNCTION ledger_block_hash(
    smallint, bigint, bytea, smallint, xid8, integer, timestamptz, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_block_hash(
    smallint, bigint, bytea, smallint, xid8, integer, timestamptz, bytea) TO xn_batch, xn_audit
"""
# Up to where work may go: at most so many transfers on, whole transactions, below the horizon,
# where every transaction is over and nothing can appear any more. Takes the mark's lock.
REACH = """
CREATE FUNCTION ledger_reach(
    wanted text, most integer,
    OUT after_epoch smallint, OUT after_xid xid8, OUT upto_epoch smallint, OUT upto_xid xid8
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
    horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
BEGIN
    SELECT m.epoch, m.xid INTO after_epoch, after_xid FROM ledger_mark AS m
    WHERE m.what = wanted FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT t.epoch, t.xid INTO upto_epoch, upto_xid FROM ledger_transfer AS t
    WHERE (t.epoch, t.xid) > (after_epoch, after_xid)
        AND (t.epoch, t.xid) < (ledger_epoch(), horizon)
    ORDER BY t.epoch, t.xid OFFSET most - 1 LIMIT 1;
    IF NOT FOUND THEN
        upto_epoch := ledger_epoch();
        upto_xid := (horizon::text::bigint - 1)::text::xid8;
    END IF;
    -- After a restore numbers begin again: without a new epoch they would count as done.
    IF (upto_epoch, upto_xid) < (after_epoch, after_xid) THEN
        RAISE EXCEPTION 'the epoch is behind' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
END
$$
"""
ROLL_UP = """
CREATE FUNCTION ledger_roll_up(most integer, skew interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
    reach record;
    moment timestamptz := clock_timestamp() + skew;
    taken integer;
BEGIN
    SELECT * INTO reach FROM ledger_reach('rollup', most);
    IF reach.after_xid IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO ledger_rollup AS u (account_id, day_on, sum_fen, entries)
    SELECT l.account_id, (t.at AT TIME ZONE 'Asia/Shanghai')::date, sum(l.amount), count(*)
    FROM ledger_transfer AS t
    CROSS JOIN LATERAL (VALUES (t.from_id, -t.amount_fen), (t.to_id, t.amount_fen))
        AS l (account_id, amount)
    JOIN ledger_house AS h ON h.id = l.account_id
    WHERE (t.epoch, t.xid) > (reach.after_epoch, reach.after_xid)
        AND (t.epoch, t.xid) <= (reach.upto_epoch, reach.upto_xid)
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (account_id, day_on) DO UPDATE
    SET sum_fen = u.sum_fen + excluded.sum_fen, entries = u.entries + excluded.entries;
    SELECT count(*) INTO taken FROM ledger_transfer AS t
    WHERE (t.epoch, t.xid) > (reach.after_epoch, reach.after_xid)
        AND (t.epoch, t.xid) <= (reach.upto_epoch, reach.upto_xid);
    UPDATE ledger_mark SET epoch = reach.upto_epoch, xid = reach.upto_xid, at = moment
    WHERE what = 'rollup';
    RETURN taken;
END
$$
"""
SEAL = """
CREATE FUNCTION ledger_seal_next(most integer, skew interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    reach record;
    r record;
    before ledger_seal;
    moment timestamptz := clock_timestamp() + skew;
    sealed integer := 0;
BEGIN
    SELECT * INTO reach FROM ledger_reach('seal', most);
    IF reach.after_xid IS NULL THEN
        RETURN 0;
    END IF;
    FOR r IN
        SELECT x.shard, count(*)::integer AS n,
            string_agg(x.leaf, ''::bytea ORDER BY x.epoch, x.xid, x.leaf) AS leaves
        FROM ledger_leaves(reach.after_epoch, reach.after_xid, reach.upto_epoch, reach.upto_xid)
            AS x
        GROUP BY x.shard
    LOOP
        SELECT * INTO before FROM ledger_seal AS s
        WHERE s.shard = r.shard ORDER BY s.number DESC LIMIT 1;
        before.number := coalesce(before.number, 0);
        before.sha256 := coalesce(before.sha256, '');
        INSERT INTO ledger_seal
            (shard, number, prev, sha256, upto_epoch, upto_xid, n, sealed_at)
        VALUES (r.shard, before.number + 1, before.sha256,
            ledger_block_hash(r.shard, before.number + 1, before.sha256, reach.upto_epoch,
                reach.upto_xid, r.n, moment, r.leaves),
            reach.upto_epoch, reach.upto_xid, r.n, moment);
        sealed := sealed + r.n;
    END LOOP;
    UPDATE ledger_mark SET epoch = reach.upto_epoch, xid = reach.upto_xid, at = moment
    WHERE what = 'seal';
    RETURN sealed;
END
$$
"""
# Runs as the owner, since nobody else may delete: whole sealed passes whose every row is past its
# term by the database's own clock. What is left of an account still adds up from its first entry.
PRUNE = """
CREATE FUNCTION ledger_prune(law timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    since ledger_mark;
    upto record;
    part integer;
    gone integer := 0;
BEGIN
    -- Whoever asks, and whatever clock they go by.
    law := least(law, clock_timestamp() - interval '3652 days');
    SELECT * INTO since FROM ledger_mark WHERE what = 'prune' FOR NO KEY UPDATE SKIP LOCKED;
    SELECT s.upto_epoch AS epoch, s.upto_xid AS xid INTO upto
    FROM (SELECT DISTINCT b.upto_epoch, b.upto_xid FROM ledger_seal AS b
          WHERE b.sealed_at < law AND (b.upto_epoch, b.upto_xid) > (since.epoch, since.xid)
          ORDER BY 1, 2 LIMIT most) AS s
    ORDER BY 1 DESC, 2 DESC LIMIT 1;
    IF upto.xid IS NULL OR EXISTS (
        SELECT FROM ledger_transfer AS t
        WHERE (t.epoch, t.xid) > (since.epoch, since.xid)
            AND (t.epoch, t.xid) <= (upto.epoch, upto.xid) AND t.at >= law
    ) THEN
        RETURN 0;
    END IF;
    SET LOCAL ledger.pruning = 'on';
    DELETE FROM ledger_entry AS e USING ledger_transfer AS t
    WHERE (t.epoch, t.xid) > (since.epoch, since.xid)
        AND (t.epoch, t.xid) <= (upto.epoch, upto.xid)
        AND e.subject_id = t.subject_id AND e.transfer_id = t.id;
    DELETE FROM ledger_transfer AS t
    WHERE (t.epoch, t.xid) > (since.epoch, since.xid)
        AND (t.epoch, t.xid) <= (upto.epoch, upto.xid);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM ledger_dead AS d
    WHERE (d.epoch, d.xid) > (since.epoch, since.xid)
        AND (d.epoch, d.xid) <= (upto.epoch, upto.xid);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM ledger_hold AS h USING ledger_hold_end AS e
    WHERE e.subject_id = h.subject_id AND e.hold_id = h.id
        AND (e.epoch, e.xid) > (since.epoch, since.xid)
        AND (e.epoch, e.xid) <= (upto.epoch, upto.xid);
    DELETE FROM ledger_hold_end AS e
    WHERE (e.epoch, e.xid) > (since.epoch, since.xid)
        AND (e.epoch, e.xid) <= (upto.epoch, upto.xid);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM ledger_balance AS b
    WHERE b.state = 2 AND b.last_at < law AND NOT EXISTS (
        SELECT FROM ledger_entry AS e
        WHERE e.subject_id = b.subject_id AND e.account_id = b.account_id);
    DELETE FROM ledger_account AS a
    WHERE (a.epoch, a.xid) <= (upto.epoch, upto.xid) AND NOT EXISTS (
        SELECT FROM ledger_balance AS b
        WHERE b.subject_id = a.subject_id AND b.account_id = a.id);
    SET LOCAL ledger.pruning = '';
    UPDATE ledger_mark SET epoch = upto.epoch, xid = upto.xid, at = clock_timestamp()
    WHERE what = 'prune';
    RETURN gone;
END
$$;
REVOKE ALL ON FUNCTION ledger_prune(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_prune(timestamptz, integer) TO xn_app
"""


class Migration(migrations.Migration):
    """Make the functions of upkeep."""

    dependencies = [("ledger", "0005_accounts")]

    operations = [
        migrations.RunSQL(LEAVES, migrations.RunSQL.noop),
        migrations.RunSQL(BLOCK_HASH, migrations.RunSQL.noop),
        SetFunction("ledger_reach(text, integer)", REACH, execute=()),
        SetFunction("ledger_roll_up(integer, interval)", ROLL_UP),
        SetFunction("ledger_seal_next(integer, interval)", SEAL),
        migrations.RunSQL(PRUNE, migrations.RunSQL.noop),
    ]
