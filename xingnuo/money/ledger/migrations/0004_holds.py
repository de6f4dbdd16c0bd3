"""Holds: they count at once, and end exactly once by commit, void or time."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction
from xingnuo.money.ledger.migrations._parts import LOCK, SETTINGS, VARIABLES, WRITE_BALANCES

HOLD_ARGS = (
    "uuid[], uuid[], uuid[], uuid[], integer[], integer[], bigint[], text[], uuid[], text[],"
    " uuid[], timestamptz[], interval"
)
# A hold's clock stands in its fingerprint where a transfer's event stands.
_PRINT = """ledger_fingerprint(acc_ids[a.f], acc_ids[a.t], a.amount, a.kind, NULL, a.clearing_ref,
            a.ref_type, a.ref_id, a.expires_at)"""
_ASKED = """unnest(subjects, ids, from_ix, to_ix, amounts, kinds, clearing_refs, ref_types, ref_ids,
            expires_ats, code, known) WITH ORDINALITY AS a (subject_id, id, f, t, amount, kind,
            clearing_ref, ref_type, ref_id, expires_at, code, known, ord)"""
HOLD = f"""
CREATE FUNCTION ledger_hold(
    acc_subjects uuid[], acc_ids uuid[],
    subjects uuid[], ids uuid[], from_ix integer[], to_ix integer[], amounts bigint[],
    kinds text[], clearing_refs uuid[], ref_types text[], ref_ids uuid[],
    expires_ats timestamptz[], skew interval
) RETURNS smallint[]
{SETTINGS}
AS $$
DECLARE
    {VARIABLES}
    n integer := cardinality(ids);
    code smallint[] := array_fill(0::smallint, ARRAY[n]);
    known boolean[] := array_fill(false, ARRAY[n]);
    f integer;
    t integer;
    c smallint;
BEGIN
    {LOCK}
    FOR r IN
        SELECT a.ord, 0::smallint AS verdict, h.fingerprint
        FROM unnest(subjects, ids) WITH ORDINALITY AS a (subject_id, id, ord)
        JOIN ledger_hold AS h ON h.subject_id = a.subject_id AND h.id = a.id
        UNION ALL
        SELECT a.ord, d.code, d.fingerprint
        FROM unnest(subjects, ids) WITH ORDINALITY AS a (subject_id, id, ord)
        JOIN ledger_dead AS d ON d.subject_id = a.subject_id AND d.id = a.id AND d.about = 2
    LOOP
        t := r.ord;
        IF r.fingerprint = ledger_fingerprint(acc_ids[from_ix[t]], acc_ids[to_ix[t]], amounts[t],
            kinds[t], NULL, clearing_refs[t], ref_types[t], ref_ids[t], expires_ats[t])
        THEN
            code[t] := r.verdict;
        ELSIF NOT known[t] THEN
            code[t] := CASE WHEN r.verdict = 0 THEN 1 ELSE 2 END;
        END IF;
        known[t] := true;
    END LOOP;
    FOR k IN 1..n LOOP
        CONTINUE WHEN known[k];
        f := from_ix[k];
        t := to_ix[k];
        c := CASE
            WHEN amounts[k] <= 0 OR amounts[k] > 1000000000000000 THEN 3
            WHEN f = t THEN 4
            WHEN a_book[f] IS NULL OR a_book[t] IS NULL OR a_house[f]
                OR a_owner[f] <> subjects[k] OR a_owner[t] <> subjects[k] THEN 5
            WHEN a_book[f] <> a_book[t] THEN 6
            WHEN a_state[f] = 2 OR a_state[t] = 2 THEN 8
            WHEN a_state[f] = 1 THEN 7
            WHEN expires_ats[k] <= moment THEN 15
            WHEN a_posted[f] - a_held[f] - amounts[k] < a_floor[f] THEN 9
            ELSE 0
        END;
        code[k] := c;
        IF c = 0 THEN
            a_held[f] := a_held[f] + amounts[k];
            a_touched[f] := true;
        END IF;
    END LOOP;
    INSERT INTO ledger_hold (subject_id, id, from_id, to_id, amount_fen, kind, clearing_ref,
        ref_type, ref_id, expires_at, at, fingerprint, epoch, xid)
    SELECT a.subject_id, a.id, acc_ids[a.f], acc_ids[a.t], a.amount, a.kind, a.clearing_ref,
        a.ref_type, a.ref_id, a.expires_at, moment, {_PRINT}, epoch_now, xid_now
    FROM {_ASKED}
    WHERE a.code = 0 AND NOT a.known
    ORDER BY a.subject_id, a.id;
    INSERT INTO ledger_open_hold (subject_id, hold_id, account_id, amount_fen, expires_at)
    SELECT a.subject_id, a.id, acc_ids[a.f], a.amount, a.expires_at
    FROM {_ASKED}
    WHERE a.code = 0 AND NOT a.known;
    {WRITE_BALANCES}
    INSERT INTO ledger_dead (subject_id, id, about, code, fingerprint, at, epoch, xid)
    SELECT a.subject_id, a.id, 2, a.code, {_PRINT}, moment, epoch_now, xid_now
    FROM {_ASKED}
    WHERE a.code <> 0 AND NOT a.known
    ORDER BY a.subject_id, a.id;
    RETURN code;
END
$$
"""
# Ways 0 commit, 1 void, 2 expire. An amount of 0 commits the whole.
_END_PRINT = """ledger_fingerprint(a.hold_id, a.transfer_id, a.asked, 'commit', NULL, NULL, '',
            NULL, NULL)"""
_ENDS = """unnest(subjects, hold_ids, hows, amounts, transfer_ids, code, known, h_from, h_to,
            h_amount, done_amount, moments, f_version, f_after, t_version, t_after)
            WITH ORDINALITY AS a (subject_id, hold_id, how, asked, transfer_id, code, known,
            from_id, to_id, held, amount, at, f_version, f_after, t_version, t_after, ord)"""
END = f"""
CREATE FUNCTION ledger_end_hold(
    subjects uuid[], hold_ids uuid[], hows smallint[], amounts bigint[], transfer_ids uuid[],
    skew interval
) RETURNS smallint[]
{SETTINGS}
AS $$
DECLARE
    acc_subjects uuid[];
    acc_ids uuid[];
    {VARIABLES}
    n integer := cardinality(hold_ids);
    code smallint[] := array_fill(0::smallint, ARRAY[n]);
    known boolean[] := array_fill(false, ARRAY[n]);
    h_from uuid[] := array_fill(NULL::uuid, ARRAY[n]);
    h_to uuid[] := h_from;
    h_amount bigint[] := array_fill(NULL::bigint, ARRAY[n]);
    done_amount bigint[] := h_amount;
    moments timestamptz[] := array_fill(NULL::timestamptz, ARRAY[n]);
    f_version bigint[] := h_amount;
    f_after bigint[] := h_amount;
    t_version bigint[] := h_amount;
    t_after bigint[] := h_amount;
    f integer;
    t integer;
    amount bigint;
    c smallint;
BEGIN
    -- A hold never changes, so it may be read before its account is locked.
    FOR r IN
        SELECT a.ord, h.from_id, h.to_id, h.amount_fen
        FROM unnest(subjects, hold_ids) WITH ORDINALITY AS a (subject_id, hold_id, ord)
        JOIN ledger_hold AS h ON h.subject_id = a.subject_id AND h.id = a.hold_id
    LOOP
        h_from[r.ord] := r.from_id;
        h_to[r.ord] := r.to_id;
        h_amount[r.ord] := r.amount_fen;
    END LOOP;
    SELECT coalesce(array_agg(x.subject_id ORDER BY x.id), '{{}}'),
        coalesce(array_agg(x.id ORDER BY x.id), '{{}}')
    INTO acc_subjects, acc_ids
    FROM (
        SELECT DISTINCT CASE WHEN h.id IS NULL THEN a.subject_id END AS subject_id, a.id
        FROM (
            SELECT * FROM unnest(subjects, h_from) AS b (subject_id, id)
            UNION ALL SELECT * FROM unnest(subjects, h_to) AS b (subject_id, id)
        ) AS a
        LEFT JOIN ledger_house AS h ON h.id = a.id
        WHERE a.id IS NOT NULL
    ) AS x;
    m := cardinality(acc_ids);
    IF m > 0 THEN
        {LOCK}
    ELSE
        moment := clock_timestamp() + skew;
    END IF;
    FOR r IN
        SELECT a.ord, e.how, e.amount_fen, e.transfer_id
        FROM unnest(subjects, hold_ids) WITH ORDINALITY AS a (subject_id, hold_id, ord)
        JOIN ledger_hold_end AS e ON e.subject_id = a.subject_id AND e.hold_id = a.hold_id
    LOOP
        known[r.ord] := true;
        code[r.ord] := CASE
            WHEN r.how <> hows[r.ord] OR r.how = 0 AND (r.transfer_id <> transfer_ids[r.ord]
                OR r.amount_fen <> coalesce(nullif(amounts[r.ord], 0), h_amount[r.ord]))
            THEN 13 + r.how
            ELSE 0
        END;
    END LOOP;
    FOR r IN
        SELECT a.ord, d.code, d.fingerprint = {_END_PRINT} AS same
        FROM {_ENDS}
        JOIN ledger_dead AS d
            ON d.subject_id = a.subject_id AND d.id = a.transfer_id AND d.about = 1
        WHERE NOT (a.known AND a.code = 0)
        UNION ALL
        SELECT a.ord, 1, true
        FROM {_ENDS}
        JOIN ledger_transfer AS o ON o.subject_id = a.subject_id AND o.id = a.transfer_id
        WHERE NOT a.known
    LOOP
        known[r.ord] := true;
        code[r.ord] := CASE WHEN r.same THEN r.code ELSE 2 END;
    END LOOP;
    FOR k IN 1..n LOOP
        CONTINUE WHEN known[k];
        f := array_position(acc_ids, h_from[k]);
        t := array_position(acc_ids, h_to[k]);
        amount := coalesce(nullif(amounts[k], 0), h_amount[k]);
        c := CASE
            WHEN h_amount[k] IS NULL THEN 12
            WHEN hows[k] <> 0 THEN 0
            WHEN amount < 0 THEN 3
            WHEN amount > h_amount[k] THEN 16
            WHEN a_state[t] = 2 THEN 8
            WHEN a_state[f] = 1 THEN 7
            WHEN NOT a_house[t] AND a_posted[t] + amount > a_ceiling[t] THEN 10
            ELSE 0
        END;
        code[k] := c;
        CONTINUE WHEN c <> 0;
        a_held[f] := a_held[f] - h_amount[k];
        a_touched[f] := true;
        done_amount[k] := 0;
        CONTINUE WHEN hows[k] <> 0;
        done_amount[k] := amount;
        moments[k] := greatest(moment, a_last[f], a_last[t]);
        a_posted[f] := a_posted[f] - amount;
        a_version[f] := a_version[f] + 1;
        a_last[f] := moments[k];
        f_version[k] := a_version[f];
        f_after[k] := a_posted[f];
        IF NOT a_house[t] THEN
            a_posted[t] := a_posted[t] + amount;
            a_version[t] := a_version[t] + 1;
            a_last[t] := moments[k];
            a_touched[t] := true;
            t_version[k] := a_version[t];
            t_after[k] := a_posted[t];
        END IF;
    END LOOP;
    INSERT INTO ledger_hold_end (subject_id, hold_id, how, amount_fen, transfer_id, at, epoch, xid)
    SELECT a.subject_id, a.hold_id, a.how, a.amount, a.transfer_id, coalesce(a.at, moment),
        epoch_now, xid_now
    FROM {_ENDS}
    WHERE a.code = 0 AND NOT a.known
    ORDER BY a.subject_id, a.hold_id;
    DELETE FROM ledger_open_hold AS o
    USING {_ENDS}
    WHERE a.code = 0 AND NOT a.known AND o.subject_id = a.subject_id AND o.hold_id = a.hold_id;
    INSERT INTO ledger_transfer (subject_id, id, from_id, to_id, amount_fen, kind, group_id,
        clearing_ref, ref_type, ref_id, event_at, at, fingerprint, epoch, xid)
    SELECT a.subject_id, a.transfer_id, h.from_id, h.to_id, a.amount, h.kind, NULL, h.clearing_ref,
        h.ref_type, h.ref_id, NULL, a.at, ledger_fingerprint(h.from_id, h.to_id, a.amount, h.kind,
            NULL, h.clearing_ref, h.ref_type, h.ref_id, NULL), epoch_now, xid_now
    FROM {_ENDS}
    JOIN ledger_hold AS h ON h.subject_id = a.subject_id AND h.id = a.hold_id
    WHERE a.code = 0 AND NOT a.known AND a.how = 0
    ORDER BY a.subject_id, a.transfer_id;
    INSERT INTO ledger_entry
        (subject_id, transfer_id, leg, account_id, amount_fen, version, balance_after_fen, at)
    SELECT a.subject_id, a.transfer_id, l.leg, l.account, l.amount, l.version, l.after, a.at
    FROM {_ENDS}
    CROSS JOIN LATERAL (VALUES
        (0::smallint, a.from_id, -a.amount, a.f_version, a.f_after),
        (1::smallint, a.to_id, a.amount, a.t_version, a.t_after)
    ) AS l (leg, account, amount, version, after)
    WHERE a.code = 0 AND NOT a.known AND a.how = 0;
    IF m > 0 THEN
        {WRITE_BALANCES}
    END IF;
    -- A refused commit burns its transfer; the void of a hold that is not there burns the hold.
    INSERT INTO ledger_dead (subject_id, id, about, code, fingerprint, at, epoch, xid)
    SELECT a.subject_id, CASE WHEN a.how = 0 THEN a.transfer_id ELSE a.hold_id END,
        CASE WHEN a.how = 0 THEN 1 ELSE 2 END, a.code,
        CASE WHEN a.how = 0 THEN {_END_PRINT} ELSE '' END, moment, epoch_now, xid_now
    FROM {_ENDS}
    WHERE a.code > 2 AND (a.how = 0 OR a.code = 12)
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING;
    RETURN code;
END
$$
"""
EXPIRE = """
CREATE FUNCTION ledger_expire(most integer, skew interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET lock_timeout = '2s' SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    acc_subjects uuid[];
    acc_ids uuid[];
    ended integer := 0;
BEGIN
    SELECT array_agg(x.subject_id ORDER BY x.account_id), array_agg(x.account_id ORDER BY x.account_id)
    INTO acc_subjects, acc_ids
    FROM (SELECT DISTINCT o.subject_id, o.account_id
          FROM (SELECT * FROM ledger_open_hold AS h WHERE h.expires_at <= clock_timestamp() + skew
                ORDER BY h.expires_at LIMIT most) AS o) AS x;
    IF acc_ids IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM 1
    FROM unnest(acc_subjects, acc_ids) WITH ORDINALITY AS a (subject_id, id, ord)
    JOIN ledger_balance AS b ON b.subject_id = a.subject_id AND b.account_id = a.id
    ORDER BY a.ord
    FOR NO KEY UPDATE OF b;
    UPDATE ledger_balance AS b
    SET held_fen = b.held_fen - l.amount_fen
    FROM ledger_lapse(acc_subjects, acc_ids, clock_timestamp() + skew) AS l
    WHERE b.subject_id = acc_subjects[l.ord] AND b.account_id = acc_ids[l.ord];
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$
"""


class Migration(migrations.Migration):
    """Make the functions of holds."""

    dependencies = [("ledger", "0003_posting")]

    operations = [
        SetFunction(f"ledger_hold({HOLD_ARGS})", HOLD),
        SetFunction("ledger_end_hold(uuid[], uuid[], smallint[], bigint[], uuid[], interval)", END),
        SetFunction("ledger_expire(integer, interval)", EXPIRE),
    ]
