"""Posting: transfers in a batch, a verdict for each, groups all or none."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction
from xingnuo.money.ledger.migrations._parts import LOCK, SETTINGS, VARIABLES, WRITE_BALANCES

# Numbers of transactions count since the last restore of a backup.
EPOCH = """
CREATE FUNCTION ledger_epoch() RETURNS smallint LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('xn.epoch', true), '')::smallint, 1::smallint)
$$
"""
# Every field of what was asked, each behind its type and its length, or marked absent.
FINGERPRINT = """
CREATE FUNCTION ledger_fingerprint(
    from_id uuid, to_id uuid, amount bigint, kind text, group_id uuid, clearing_ref uuid,
    ref_type text, ref_id uuid, event_at timestamptz
) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(record_send(ROW(from_id, to_id, amount, kind, group_id, clearing_ref, ref_type,
        ref_id, event_at)))
$$
"""
LAPSE = """
CREATE FUNCTION ledger_lapse(acc_subjects uuid[], acc_ids uuid[], moment timestamptz)
RETURNS TABLE (ord bigint, amount_fen bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
    WITH gone AS (
        DELETE FROM ledger_open_hold AS o
        USING unnest(acc_subjects, acc_ids) WITH ORDINALITY AS a (subject_id, id, ord)
        WHERE o.subject_id = a.subject_id AND o.account_id = a.id AND o.expires_at <= moment
        RETURNING a.ord, o.subject_id, o.hold_id, o.amount_fen
    ), ended AS (
        INSERT INTO ledger_hold_end
            (subject_id, hold_id, how, amount_fen, transfer_id, at, epoch, xid)
        SELECT g.subject_id, g.hold_id, 2, 0, NULL, moment, ledger_epoch(), pg_current_xact_id()
        FROM gone AS g
    )
    SELECT g.ord, sum(g.amount_fen)::bigint FROM gone AS g GROUP BY g.ord
$$
"""
POST_ARGS = (
    "uuid[], uuid[], uuid[], uuid[], integer[], integer[], bigint[], text[], integer[], uuid[],"
    " uuid[], text[], uuid[], timestamptz[], interval"
)
POST = f"""
CREATE FUNCTION ledger_post(
    acc_subjects uuid[], acc_ids uuid[],
    subjects uuid[], ids uuid[], from_ix integer[], to_ix integer[], amounts bigint[],
    kinds text[], group_nos integer[], group_ids uuid[], clearing_refs uuid[], ref_types text[],
    ref_ids uuid[], event_ats timestamptz[], skew interval
) RETURNS smallint[]
{SETTINGS}
AS $$
DECLARE
    {VARIABLES}
    n integer := cardinality(ids);
    code smallint[] := array_fill(0::smallint, ARRAY[n]);
    known boolean[] := array_fill(false, ARRAY[n]);
    moments timestamptz[] := array_fill(NULL::timestamptz, ARRAY[n]);
    f_version bigint[] := array_fill(NULL::bigint, ARRAY[n]);
    f_after bigint[] := f_version;
    t_version bigint[] := f_version;
    t_after bigint[] := f_version;
    f_last timestamptz[] := moments;
    t_last timestamptz[] := moments;
    i integer;
    k integer;
    f integer;
    t integer;
    upto integer;
    seen integer;
    fault integer;
    amount bigint;
    c smallint;
    refused boolean := false;
    fresh boolean := false;
BEGIN
    {LOCK}
    -- What was answered before is answered again. Read after the locks: who sent the same ids at
    -- the same time has finished by now.
    FOR r IN
        SELECT a.ord, 0::smallint AS verdict, t.fingerprint
        FROM unnest(subjects, ids) WITH ORDINALITY AS a (subject_id, id, ord)
        JOIN ledger_transfer AS t ON t.subject_id = a.subject_id AND t.id = a.id
        UNION ALL
        SELECT a.ord, d.code, d.fingerprint
        FROM unnest(subjects, ids) WITH ORDINALITY AS a (subject_id, id, ord)
        JOIN ledger_dead AS d ON d.subject_id = a.subject_id AND d.id = a.id AND d.about = 1
    LOOP
        i := r.ord;
        -- 1 other content was done, 2 other content was refused.
        IF r.fingerprint = ledger_fingerprint(acc_ids[from_ix[i]], acc_ids[to_ix[i]], amounts[i],
            kinds[i], group_ids[i], clearing_refs[i], ref_types[i], ref_ids[i], event_ats[i])
        THEN
            code[i] := r.verdict;
        ELSIF NOT known[i] THEN
            code[i] := CASE WHEN r.verdict = 0 THEN 1 ELSE 2 END;
        END IF;
        known[i] := true;
    END LOOP;
    i := 1;
    WHILE i <= n LOOP
        upto := i;
        seen := known[i]::integer;
        IF group_nos[i] <> 0 THEN
            WHILE upto < n AND group_nos[upto + 1] = group_nos[i] LOOP
                upto := upto + 1;
                seen := seen + known[upto]::integer;
            END LOOP;
        END IF;
        fault := 0;
        IF seen = 0 THEN
            FOR k IN i..upto LOOP
                f := from_ix[k];
                t := to_ix[k];
                amount := amounts[k];
                c := CASE
                    WHEN amount <= 0 OR amount > 1000000000000000 THEN 3
                    WHEN f = t THEN 4
                    WHEN a_book[f] IS NULL OR a_book[t] IS NULL
                        OR a_owner[f] <> subjects[k] OR a_owner[t] <> subjects[k] THEN 5
                    WHEN a_book[f] <> a_book[t] THEN 6
                    WHEN a_state[f] = 2 OR a_state[t] = 2 THEN 8
                    WHEN a_state[f] = 1 THEN 7
                    WHEN NOT a_house[f] AND a_posted[f] - a_held[f] - amount < a_floor[f] THEN 9
                    WHEN NOT a_house[t] AND a_posted[t] + amount > a_ceiling[t] THEN 10
                    ELSE 0
                END;
                IF c <> 0 THEN
                    code[k] := c;
                    fault := k;
                    EXIT;
                END IF;
                f_last[k] := a_last[f];
                t_last[k] := a_last[t];
                moments[k] := greatest(moment, a_last[f], a_last[t]);
                IF NOT a_house[f] THEN
                    a_posted[f] := a_posted[f] - amount;
                    a_version[f] := a_version[f] + 1;
                    a_last[f] := moments[k];
                    a_touched[f] := true;
                    f_version[k] := a_version[f];
                    f_after[k] := a_posted[f];
                END IF;
                IF NOT a_house[t] THEN
                    a_posted[t] := a_posted[t] + amount;
                    a_version[t] := a_version[t] + 1;
                    a_last[t] := moments[k];
                    a_touched[t] := true;
                    t_version[k] := a_version[t];
                    t_after[k] := a_posted[t];
                END IF;
                fresh := true;
            END LOOP;
        ELSIF seen < upto - i + 1 THEN
            -- A group that was answered before takes no more members.
            fault := i;
            IF NOT known[i] THEN
                code[i] := 11;
            END IF;
        END IF;
        IF fault <> 0 THEN
            refused := true;
            IF seen = 0 THEN
                FOR k IN REVERSE fault - 1..i LOOP
                    f := from_ix[k];
                    t := to_ix[k];
                    IF NOT a_house[t] THEN
                        a_posted[t] := a_posted[t] - amounts[k];
                        a_version[t] := a_version[t] - 1;
                        a_last[t] := t_last[k];
                    END IF;
                    IF NOT a_house[f] THEN
                        a_posted[f] := a_posted[f] + amounts[k];
                        a_version[f] := a_version[f] - 1;
                        a_last[f] := f_last[k];
                    END IF;
                END LOOP;
            END IF;
            FOR k IN i..upto LOOP
                IF k <> fault AND NOT known[k] THEN
                    code[k] := 11;
                END IF;
            END LOOP;
        END IF;
        i := upto + 1;
    END LOOP;
    IF fresh THEN
        INSERT INTO ledger_transfer (subject_id, id, from_id, to_id, amount_fen, kind, group_id,
            clearing_ref, ref_type, ref_id, event_at, at, fingerprint, epoch, xid)
        SELECT a.subject_id, a.id, acc_ids[a.f], acc_ids[a.t], a.amount, a.kind, a.group_id,
            a.clearing_ref, a.ref_type, a.ref_id, a.event_at, a.at,
            ledger_fingerprint(acc_ids[a.f], acc_ids[a.t], a.amount, a.kind, a.group_id,
                a.clearing_ref, a.ref_type, a.ref_id, a.event_at), epoch_now, xid_now
        FROM unnest(subjects, ids, from_ix, to_ix, amounts, kinds, group_ids, clearing_refs,
            ref_types, ref_ids, event_ats, moments, code, known) AS a (subject_id, id, f, t,
            amount, kind, group_id, clearing_ref, ref_type, ref_id, event_at, at, code, known)
        WHERE a.code = 0 AND NOT a.known
        ORDER BY a.subject_id, a.id;
        INSERT INTO ledger_entry
            (subject_id, transfer_id, leg, account_id, amount_fen, version, balance_after_fen, at)
        SELECT a.subject_id, a.id, l.leg, acc_ids[l.account], l.amount, l.version, l.after, a.at
        FROM unnest(subjects, ids, from_ix, to_ix, amounts, moments, f_version, f_after, t_version,
            t_after, code, known) AS a (subject_id, id, f, t, amount, at, f_version, f_after,
            t_version, t_after, code, known)
        CROSS JOIN LATERAL (VALUES
            (0::smallint, a.f, -a.amount, a.f_version, a.f_after),
            (1::smallint, a.t, a.amount, a.t_version, a.t_after)
        ) AS l (leg, account, amount, version, after)
        WHERE a.code = 0 AND NOT a.known;
    END IF;
    {WRITE_BALANCES}
    IF refused THEN
        INSERT INTO ledger_dead (subject_id, id, about, code, fingerprint, at, epoch, xid)
        SELECT a.subject_id, a.id, 1, a.code,
            ledger_fingerprint(acc_ids[a.f], acc_ids[a.t], a.amount, a.kind, a.group_id,
                a.clearing_ref, a.ref_type, a.ref_id, a.event_at), moment, epoch_now, xid_now
        FROM unnest(subjects, ids, from_ix, to_ix, amounts, kinds, group_ids, clearing_refs,
            ref_types, ref_ids, event_ats, code, known) AS a (subject_id, id, f, t, amount, kind,
            group_id, clearing_ref, ref_type, ref_id, event_at, code, known)
        WHERE a.code <> 0 AND NOT a.known
        ORDER BY a.subject_id, a.id;
    END IF;
    RETURN code;
END
$$
"""


def granted(signature: str) -> migrations.RunSQL:
    """Let the batch role alone use a helper."""
    return migrations.RunSQL(
        f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC;"
        f"GRANT EXECUTE ON FUNCTION {signature} TO xn_batch",
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    """Make the posting function and what it calls."""

    dependencies = [("ledger", "0002_guards")]

    operations = [
        migrations.RunSQL([(EPOCH, None)], migrations.RunSQL.noop),
        granted("ledger_epoch()"),
        migrations.RunSQL([(FINGERPRINT, None)], migrations.RunSQL.noop),
        granted(
            "ledger_fingerprint(uuid, uuid, bigint, text, uuid, uuid, text, uuid, timestamptz)"
        ),
        SetFunction("ledger_lapse(uuid[], uuid[], timestamptz)", LAPSE, execute=()),
        SetFunction(f"ledger_post({POST_ARGS})", POST),
    ]
