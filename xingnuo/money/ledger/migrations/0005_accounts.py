"""Accounts, reads at a past instant, and the balances of the house."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

OPEN = """
CREATE FUNCTION ledger_open(
    subject uuid, account uuid, book_no smallint, account_kind text, account_name text,
    not_negative boolean, ceiling bigint, skew interval
) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET lock_timeout = '2s'
AS $$
DECLARE
    moment timestamptz := clock_timestamp() + skew;
    found_id uuid;
BEGIN
    INSERT INTO ledger_account (subject_id, id, book, kind, name, nonneg, at, epoch, xid)
    VALUES (subject, account, book_no, account_kind, account_name, not_negative, moment,
        ledger_epoch(), pg_current_xact_id())
    ON CONFLICT (subject_id, book, kind, name) DO NOTHING;
    IF FOUND THEN
        INSERT INTO ledger_balance (subject_id, account_id, book, nonneg, ceiling_fen, posted_fen,
            held_fen, version, last_at, state)
        VALUES (subject, account, book_no, not_negative, ceiling, 0, 0, 0, moment, 0);
        RETURN account;
    END IF;
    SELECT a.id INTO STRICT found_id FROM ledger_account AS a
    WHERE a.subject_id = subject AND a.book = book_no AND a.kind = account_kind
        AND a.name = account_name;
    RETURN found_id;
END
$$
"""
# Verdicts 0 done, 5 no account, 8 closed for good, 9 not empty.
SET_STATE = """
CREATE FUNCTION ledger_set_state(subject uuid, account uuid, wanted smallint) RETURNS smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET lock_timeout = '2s'
AS $$
DECLARE
    b ledger_balance;
BEGIN
    SELECT * INTO b FROM ledger_balance AS x
    WHERE x.subject_id = subject AND x.account_id = account FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 5;
    ELSIF b.state = wanted THEN
        RETURN 0;
    ELSIF b.state = 2 THEN
        RETURN 8;
    ELSIF wanted = 2 AND (b.posted_fen <> 0 OR b.held_fen <> 0) THEN
        RETURN 9;
    END IF;
    UPDATE ledger_balance AS x SET state = wanted
    WHERE x.subject_id = subject AND x.account_id = account;
    RETURN 0;
END
$$
"""
SET_CEILING = """
CREATE FUNCTION ledger_set_ceiling(subject uuid, account uuid, ceiling bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET lock_timeout = '2s'
AS $$
    WITH changed AS (
        UPDATE ledger_balance AS b SET ceiling_fen = ceiling
        WHERE b.subject_id = subject AND b.account_id = account RETURNING 1
    )
    SELECT EXISTS (SELECT FROM changed)
$$
"""
LOCK = """
CREATE FUNCTION ledger_lock(acc_subjects uuid[], acc_ids uuid[]) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET lock_timeout = '2s' SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
    WITH locked AS (
        SELECT 1 FROM unnest(acc_subjects, acc_ids) WITH ORDINALITY AS a (subject_id, id, ord)
        JOIN ledger_balance AS b ON b.subject_id = a.subject_id AND b.account_id = a.id
        ORDER BY a.ord
        FOR NO KEY UPDATE OF b
    )
    SELECT count(*)::integer FROM locked
$$
"""
# `at` never falls with the version, so the version of an instant is found by halving: no index of
# times is needed, and the cost grows with the logarithm of the account's length.
VERSION_AT = """
CREATE FUNCTION ledger_version_at(subject uuid, account uuid, instant timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    low bigint;
    high bigint;
    middle bigint;
    seen timestamptz;
BEGIN
    SELECT e.version INTO low FROM ledger_entry AS e
    WHERE e.subject_id = subject AND e.account_id = account AND e.version IS NOT NULL
    ORDER BY e.version LIMIT 1;
    SELECT e.version INTO high FROM ledger_entry AS e
    WHERE e.subject_id = subject AND e.account_id = account AND e.version IS NOT NULL
    ORDER BY e.version DESC LIMIT 1;
    IF low IS NULL THEN
        RETURN NULL;
    END IF;
    -- The answer lies in [low - 1, high]; low - 1 means before every entry that is kept.
    low := low - 1;
    WHILE low < high LOOP
        middle := (low + high + 1) / 2;
        SELECT e.at INTO STRICT seen FROM ledger_entry AS e
        WHERE e.subject_id = subject AND e.account_id = account AND e.version = middle;
        IF seen <= instant THEN
            low := middle;
        ELSE
            high := middle - 1;
        END IF;
    END LOOP;
    RETURN low;
END
$$;
REVOKE ALL ON FUNCTION ledger_version_at(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_version_at(uuid, uuid, timestamptz) TO xn_app, xn_read
"""
# What is rolled up, and what came since, seen in one snapshot.
HOUSE_DAYS = """
CREATE FUNCTION ledger_house_days(account uuid, since date, until date)
RETURNS TABLE (day_on date, sum_fen bigint, entries bigint, rolled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
    WITH mark AS (
        SELECT m.epoch, m.xid, m.at FROM ledger_mark AS m WHERE m.what = 'rollup'
    ), part AS (
        SELECT u.day_on, u.sum_fen, u.entries FROM ledger_rollup AS u
        WHERE u.account_id = account AND u.day_on >= since AND u.day_on < until
        UNION ALL
        SELECT (t.at AT TIME ZONE 'Asia/Shanghai')::date,
            CASE WHEN t.to_id = account THEN t.amount_fen ELSE -t.amount_fen END, 1
        FROM ledger_transfer AS t
        WHERE (t.epoch, t.xid) > ((SELECT epoch FROM mark), (SELECT xid FROM mark))
            AND (t.from_id = account OR t.to_id = account)
            AND (t.at AT TIME ZONE 'Asia/Shanghai')::date >= since
            AND (t.at AT TIME ZONE 'Asia/Shanghai')::date < until
    )
    SELECT p.day_on, sum(p.sum_fen)::bigint, sum(p.entries)::bigint, (SELECT at FROM mark)
    FROM part AS p GROUP BY p.day_on ORDER BY p.day_on
$$
"""


class Migration(migrations.Migration):
    """Make the functions of accounts."""

    dependencies = [("ledger", "0004_holds")]

    operations = [
        SetFunction(
            "ledger_open(uuid, uuid, smallint, text, text, boolean, bigint, interval)", OPEN
        ),
        SetFunction("ledger_set_state(uuid, uuid, smallint)", SET_STATE),
        SetFunction("ledger_set_ceiling(uuid, uuid, bigint)", SET_CEILING),
        SetFunction("ledger_lock(uuid[], uuid[])", LOCK),
        migrations.RunSQL(VERSION_AT, migrations.RunSQL.noop),
        SetFunction(
            "ledger_house_days(uuid, date, date)", HOUSE_DAYS, execute=("xn_app", "xn_read")
        ),
    ]
