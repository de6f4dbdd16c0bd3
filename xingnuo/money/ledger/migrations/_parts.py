"""Fragments that the posting functions share: settings, locking, and the accounts in arrays."""

# Nested loops over keys are right at every size of table and batch, so that a plan made once stays
# right; the batch is an array whose length no generic plan knows.
SETTINGS = """
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET lock_timeout = '2s'
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
"""
# States 0 open, 1 frozen, 2 closed. Limits keep every sum far inside of bigint.
VARIABLES = """
    r record;
    a_owner uuid[];
    a_house boolean[];
    a_book smallint[];
    a_posted bigint[];
    a_held bigint[];
    a_version bigint[];
    a_last timestamptz[];
    a_state smallint[];
    a_floor bigint[];
    a_ceiling bigint[];
    a_touched boolean[];
    any_held boolean := false;
    moment timestamptz;
    epoch_now smallint := ledger_epoch();
    xid_now xid8 := pg_current_xact_id();
    m integer := cardinality(acc_ids);
"""
LOCK = """
    a_owner := array_fill(NULL::uuid, ARRAY[m]);
    a_house := array_fill(false, ARRAY[m]);
    a_book := array_fill(NULL::smallint, ARRAY[m]);
    a_posted := array_fill(0::bigint, ARRAY[m]);
    a_held := a_posted;
    a_version := a_posted;
    a_last := array_fill('-infinity'::timestamptz, ARRAY[m]);
    a_state := array_fill(0::smallint, ARRAY[m]);
    a_floor := a_posted;
    a_ceiling := a_posted;
    a_touched := a_house;
    -- The balance rows in ascending order of account; what is read is what was locked.
    FOR r IN
        SELECT a.ord, b.*
        FROM unnest(acc_subjects, acc_ids) WITH ORDINALITY AS a (subject_id, id, ord)
        JOIN ledger_balance AS b ON b.subject_id = a.subject_id AND b.account_id = a.id
        ORDER BY a.ord
        FOR NO KEY UPDATE OF b
    LOOP
        a_owner[r.ord] := r.subject_id;
        a_book[r.ord] := r.book;
        a_posted[r.ord] := r.posted_fen;
        a_held[r.ord] := r.held_fen;
        a_version[r.ord] := r.version;
        a_last[r.ord] := r.last_at;
        a_state[r.ord] := r.state;
        a_floor[r.ord] := CASE WHEN r.nonneg THEN 0 ELSE -4000000000000000000 END;
        a_ceiling[r.ord] := coalesce(r.ceiling_fen, 4000000000000000000);
        any_held := any_held OR r.held_fen > 0;
    END LOOP;
    FOR j IN 1..m LOOP
        IF acc_subjects[j] IS NULL THEN
            a_book[j] := (SELECT h.book FROM ledger_house AS h WHERE h.id = acc_ids[j]);
            a_house[j] := true;
            a_ceiling[j] := 4000000000000000000;
        END IF;
    END LOOP;
    -- The clock is read after the locks, so that no entry is older than the one before it.
    moment := clock_timestamp() + skew;
    -- A hold that is over does not count, however late the sweep comes.
    IF any_held THEN
        FOR r IN SELECT * FROM ledger_lapse(acc_subjects, acc_ids, moment) LOOP
            a_held[r.ord] := a_held[r.ord] - r.amount_fen;
            a_touched[r.ord] := true;
        END LOOP;
    END IF;
"""
WRITE_BALANCES = """
    UPDATE ledger_balance AS b
    SET posted_fen = a.posted, held_fen = a.held, version = a.version, last_at = a.last
    FROM unnest(a_owner, acc_ids, a_posted, a_held, a_version, a_last, a_touched)
        AS a (subject_id, id, posted, held, version, last, touched)
    WHERE a.touched AND b.subject_id = a.subject_id AND b.account_id = a.id;
"""
