"""The day-end's set functions: staging, matching, what is missing, what is absent; as xn_batch."""

_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
# A file's lines live for one transaction, in memory and on disk of this session alone.
STAGE = f"""
CREATE FUNCTION payments_bill_stage() RETURNS void {_HEAD} AS $$
BEGIN
    CREATE TEMPORARY TABLE payments_bill_staged (
        kind text NOT NULL, number text NOT NULL, amount_fen bigint NOT NULL) ON COMMIT DROP;
    GRANT INSERT ON pg_temp.payments_bill_staged TO xn_app;
END
$$
"""
MATCH = f"""
CREATE FUNCTION payments_bill_match(the_rail text, the_day date, most integer)
RETURNS TABLE (d_kind text, d_number text, d_code text, d_subject uuid, d_ours bigint,
    d_theirs bigint)
{_HEAD} SET work_mem = '64MB' AS $$
BEGIN
    ANALYZE pg_temp.payments_bill_staged;
    CREATE TEMPORARY TABLE payments_bill_compared ON COMMIT DROP AS
    SELECT t.kind, t.number, t.n, t.theirs, w.number AS id, w.subject_id,
        coalesce(a.amount_fen, r.amount_fen - r.coupon_fen) AS asked,
        CASE WHEN coalesce(a.amount_fen, r.amount_fen - r.coupon_fen) IN (t.low, t.high)
            THEN coalesce(a.amount_fen, r.amount_fen - r.coupon_fen) ELSE t.low END AS told,
        coalesce(a.state IN ('success', 'late_success'), r.state = 'done', false) AS is_booked,
        b.number IS NOT NULL AS is_again
    FROM (
        SELECT s.kind, s.number, count(*) AS n, sum(s.amount_fen)::bigint AS theirs,
            min(s.amount_fen) AS low, max(s.amount_fen) AS high,
            CASE WHEN s.number ~ '^[0-9a-f]{{32}}$' THEN s.number::uuid END AS id
        FROM pg_temp.payments_bill_staged AS s GROUP BY s.kind, s.number) AS t
    LEFT JOIN payments_number AS w ON w.number = t.id AND w.rail = the_rail AND w.kind = t.kind
    LEFT JOIN payments_attempt AS a
        ON t.kind = 'pay' AND a.subject_id = w.subject_id AND a.id = w.number
    LEFT JOIN payments_refund AS r
        ON t.kind = 'refund' AND r.subject_id = w.subject_id AND r.id = w.number
    LEFT JOIN payments_billed AS b ON b.number = w.number;
    INSERT INTO payments_billed
        (number, rail, day, kind, subject_id, asked_fen, told_fen, is_proof)
    SELECT c.id, the_rail, the_day, c.kind, c.subject_id, c.asked, c.told, NOT c.is_booked
    FROM pg_temp.payments_bill_compared AS c WHERE c.asked IS NOT NULL AND NOT c.is_again;
    RETURN QUERY
        SELECT c.kind, c.number,
            c.kind || CASE WHEN c.asked IS NULL THEN '_unknown' WHEN c.is_again THEN '_again'
                WHEN c.n > 1 THEN '_twice' ELSE '_amount' END,
            c.subject_id, CASE WHEN c.is_again THEN 0 ELSE coalesce(c.asked, 0) END, c.theirs
        FROM pg_temp.payments_bill_compared AS c
        WHERE c.asked IS NULL OR c.is_again OR c.theirs <> c.asked
        UNION ALL
        SELECT c.kind, c.number, 'found', c.subject_id, c.asked, c.theirs
        FROM payments_case AS k
        JOIN pg_temp.payments_bill_compared AS c ON c.number = k.number
        WHERE k.rail = the_rail AND k.kind = 'bill_difference' AND k.state <> 'closed'
            AND k.code = c.kind || '_missing' AND NOT c.is_again
        LIMIT most;
END
$$
"""
UNPROVED = f"""
CREATE FUNCTION payments_bill_unproved(the_rail text, the_day date)
RETURNS TABLE (d_kind text, d_number uuid, d_subject uuid, d_told bigint) {_HEAD} AS $$
BEGIN
    RETURN QUERY
        SELECT b.kind::text, b.number, b.subject_id, b.told_fen FROM payments_billed AS b
        LEFT JOIN payments_attempt AS a ON a.subject_id = b.subject_id AND a.id = b.number
        LEFT JOIN payments_refund AS r ON r.subject_id = b.subject_id AND r.id = b.number
        WHERE b.is_proof AND b.rail = the_rail AND b.day = the_day
            AND NOT coalesce(a.state IN ('success', 'late_success'), r.state = 'done');
END
$$
"""
# Ours of a Beijing day that neither that day's bill nor the one after it names.
MISSING = f"""
CREATE FUNCTION payments_bill_missing(the_rail text, the_day date, most integer)
RETURNS TABLE (d_kind text, d_number uuid, d_subject uuid, d_ours bigint) {_HEAD} AS $$
DECLARE
    began timestamptz := the_day::timestamp AT TIME ZONE 'Asia/Shanghai';
BEGIN
    IF (SELECT count(*) FROM payments_bill AS b
        WHERE b.rail = the_rail AND b.day IN (the_day, the_day + 1)) < 2 THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT x.kind, x.id, x.subject_id, x.ours FROM (
            SELECT 'pay' AS kind, a.id, a.subject_id, a.amount_fen AS ours
            FROM payments_attempt AS a
            WHERE a.rail = the_rail AND a.state IN ('success', 'late_success')
                AND a.ended_at >= began AND a.ended_at < began + interval '1 day'
            UNION ALL
            SELECT 'refund', r.id, r.subject_id, r.amount_fen - r.coupon_fen
            FROM payments_refund AS r
            WHERE r.rail = the_rail AND r.state = 'done'
                AND r.ended_at >= began AND r.ended_at < began + interval '1 day') AS x
        WHERE NOT EXISTS (SELECT FROM payments_billed AS b WHERE b.number = x.id)
            AND NOT EXISTS (SELECT FROM payments_case AS k
                WHERE k.kind = 'bill_difference' AND k.rail = the_rail
                    AND left(k.number, 32) = replace(x.id::text, '-', '')
                    AND k.code = x.kind || '_missing')
        LIMIT most;
END
$$
"""
# Rule 5: of unknown fate, past its time, and in no bill of the days at which it could have paid.
ABSENT = f"""
CREATE FUNCTION payments_bill_absent(the_rail text, most integer)
RETURNS TABLE (d_number uuid, d_subject uuid) {_HEAD} AS $$
BEGIN
    RETURN QUERY
        SELECT a.id, a.subject_id FROM payments_number AS w
        JOIN payments_attempt AS a ON a.subject_id = w.subject_id AND a.id = w.number
        WHERE w.is_open AND w.rail = the_rail AND w.kind = 'pay'
            AND a.state IN ('sent', 'unknown', 'closing')
            AND NOT EXISTS (SELECT FROM payments_billed AS b WHERE b.number = a.id)
            AND NOT EXISTS (
                SELECT FROM generate_series(
                    (a.made_at AT TIME ZONE 'Asia/Shanghai')::date::timestamp,
                    (greatest(a.made_at, a.expires_at) AT TIME ZONE 'Asia/Shanghai')::date
                        + interval '1 day', interval '1 day') AS d (day)
                WHERE NOT EXISTS (SELECT FROM payments_bill AS b
                    WHERE b.rail = the_rail AND b.day = d.day::date AND b.state = 'done'))
        ORDER BY w.made_at LIMIT most;
END
$$
"""
PRUNE = """
CREATE FUNCTION payments_prune(before timestamptz, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone integer := 0;
    part integer;
    one record;
BEGIN
    FOR one IN
        SELECT subject_id, id FROM payments_payment
        WHERE ended_at < before ORDER BY ended_at LIMIT most
    LOOP
        DELETE FROM payments_attempt WHERE subject_id = one.subject_id AND payment_id = one.id;
        DELETE FROM payments_refund WHERE subject_id = one.subject_id AND payment_id = one.id;
        DELETE FROM payments_event WHERE subject_id = one.subject_id AND payment_id = one.id;
        DELETE FROM payments_billed WHERE number IN (
            SELECT number FROM payments_number WHERE payment_id = one.id AND NOT is_open);
        DELETE FROM payments_number WHERE payment_id = one.id AND NOT is_open;
        DELETE FROM payments_payment WHERE subject_id = one.subject_id AND id = one.id;
        gone := gone + 1;
    END LOOP;
    DELETE FROM payments_inbox WHERE id IN (
        SELECT id FROM payments_inbox WHERE at < before ORDER BY at LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM payments_bill WHERE id IN (
        SELECT id FROM payments_bill WHERE at < before ORDER BY at LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM payments_case WHERE id IN (
        SELECT id FROM payments_case WHERE state = 'closed' AND closed_at < before
        ORDER BY closed_at LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    RETURN gone + part;
END
$$
"""
_SUBJECT_TABLES = ("payments_payment", "payments_attempt", "payments_refund", "payments_event")
_PLAIN_TABLES = ("payments_number", "payments_inbox", "payments_case")
# The auditor checks payments against the books: states, amounts and ids.
AUDITED = ";\n".join(
    [f"GRANT SELECT ON {name} TO xn_audit" for name in (*_SUBJECT_TABLES, *_PLAIN_TABLES)]
    + [f"ALTER POLICY set_work ON {name} TO xn_owner, xn_batch, xn_audit"
       for name in _SUBJECT_TABLES]
)  # fmt: skip
