"""Day-end of the bank rail: what its file says was debited and paid out, against our books."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
_ANSWER = (
    "(d_kind text, d_number text, d_code text, d_subject uuid, d_ours bigint, d_theirs bigint)"
)
# Money comes by debit and leaves by payout, and both are orders to us. A line of another amount
# than an order that is not booked says nothing of that order: all of it is a difference.
MATCH = f"""
CREATE FUNCTION payments_bank_match(the_day date, claimed uuid[], claimed_fen bigint[],
    most integer)
RETURNS TABLE {_ANSWER}
{_HEAD} AS $$
BEGIN
    ANALYZE pg_temp.payments_bill_staged;
    -- What services pay out by themselves is named here as long as the bill of its day is kept.
    DELETE FROM payments_billed AS b WHERE b.rail = 'bank'
        AND b.subject_id = '00000000-0000-0000-0000-000000000000'
        AND NOT EXISTS (SELECT FROM payments_bill AS f WHERE f.rail = 'bank' AND f.day = b.day);
    CREATE TEMPORARY TABLE payments_bank_compared ON COMMIT DROP AS
    SELECT x.kind, x.number, x.n, x.theirs, x.id, x.subject_id, x.is_booked, x.is_again,
        CASE WHEN x.is_booked OR x.known IN (x.low, x.high) THEN x.known
            WHEN x.known IS NOT NULL THEN 0 END AS asked,
        CASE WHEN x.known IN (x.low, x.high) THEN x.known ELSE x.low END AS told
    FROM (
        SELECT t.*, CASE WHEN p.id IS NULL THEN c.fen ELSE a.amount_fen END AS known,
            CASE WHEN p.id IS NULL THEN '00000000-0000-0000-0000-000000000000'
                ELSE a.subject_id END AS subject_id,
            CASE WHEN p.id IS NULL THEN c.fen IS NOT NULL
                ELSE a.state IN ('success', 'late_success') END AS is_booked,
            b.number IS NOT NULL AND (p.id IS NOT NULL OR c.fen IS NOT NULL) AS is_again
        FROM (
            SELECT s.kind, s.number, count(*) AS n, sum(s.amount_fen)::bigint AS theirs,
                min(s.amount_fen) AS low, max(s.amount_fen) AS high,
                CASE WHEN s.number ~ '^[0-9a-f]{{32}}$' THEN s.number::uuid END AS id
            FROM pg_temp.payments_bill_staged AS s GROUP BY s.kind, s.number) AS t
        LEFT JOIN payments_number AS w ON w.number = t.id AND w.rail = 'bank' AND w.kind = 'pay'
        LEFT JOIN payments_attempt AS a ON a.subject_id = w.subject_id AND a.id = w.number
        LEFT JOIN payments_payment AS p ON p.subject_id = a.subject_id AND p.id = a.payment_id
            AND (p.kind = 'withdraw') = (t.kind = 'payout')
        LEFT JOIN unnest(claimed, claimed_fen) AS c (number, fen)
            ON c.number = t.id AND t.kind = 'payout'
        LEFT JOIN payments_billed AS b ON b.number = t.id) AS x;
    INSERT INTO payments_billed
        (number, rail, day, kind, subject_id, asked_fen, told_fen, is_proof)
    SELECT c.id, 'bank', the_day, c.kind, c.subject_id, c.asked, c.told, NOT c.is_booked
    FROM pg_temp.payments_bank_compared AS c WHERE c.asked IS NOT NULL AND NOT c.is_again;
    RETURN QUERY
        SELECT c.kind, c.number,
            c.kind || CASE WHEN c.asked IS NULL THEN '_unknown' WHEN c.is_again THEN '_again'
                WHEN c.n > 1 THEN '_twice' ELSE '_amount' END,
            c.subject_id, CASE WHEN c.is_again THEN 0 ELSE coalesce(c.asked, 0) END, c.theirs
        FROM pg_temp.payments_bank_compared AS c
        WHERE c.asked IS NULL OR c.is_again OR c.theirs <> c.asked
        UNION ALL
        SELECT c.kind, c.number, 'found', c.subject_id, c.asked, c.theirs
        FROM payments_case AS k
        JOIN pg_temp.payments_bank_compared AS c ON c.number = k.number
        WHERE k.rail = 'bank' AND k.kind = 'bill_difference' AND k.state <> 'closed'
            AND k.code = c.kind || '_missing' AND NOT c.is_again
        LIMIT most;
END
$$
"""
MISSING = f"""
CREATE FUNCTION payments_bank_missing(the_day date, claimed uuid[], claimed_fen bigint[],
    most integer)
RETURNS TABLE (d_kind text, d_number uuid, d_subject uuid, d_ours bigint) {_HEAD} AS $$
DECLARE
    began timestamptz := the_day::timestamp AT TIME ZONE 'Asia/Shanghai';
BEGIN
    IF (SELECT count(*) FROM payments_bill AS b
        WHERE b.rail = 'bank' AND b.day IN (the_day, the_day + 1)) < 2 THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT x.kind, x.id, x.subject_id, x.ours FROM (
            SELECT CASE WHEN p.kind = 'withdraw' THEN 'payout' ELSE 'pay' END AS kind, a.id,
                a.subject_id, a.amount_fen AS ours
            FROM payments_attempt AS a
            JOIN payments_payment AS p ON p.subject_id = a.subject_id AND p.id = a.payment_id
            WHERE a.rail = 'bank' AND a.state IN ('success', 'late_success')
                AND a.ended_at >= began AND a.ended_at < began + interval '1 day'
            UNION ALL
            SELECT 'payout', c.number, '00000000-0000-0000-0000-000000000000', c.fen
            FROM unnest(claimed, claimed_fen) AS c (number, fen)) AS x
        WHERE NOT EXISTS (SELECT FROM payments_billed AS b WHERE b.number = x.id)
            AND NOT EXISTS (SELECT FROM payments_case AS k
                WHERE k.kind = 'bill_difference' AND k.rail = 'bank'
                    AND left(k.number, 32) = replace(x.id::text, '-', '')
                    AND k.code = x.kind || '_missing')
        LIMIT most;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_recon")]

    operations = [
        SetFunction("payments_bank_match(date, uuid[], bigint[], integer)", MATCH),
        SetFunction("payments_bank_missing(date, uuid[], bigint[], integer)", MISSING),
    ]
