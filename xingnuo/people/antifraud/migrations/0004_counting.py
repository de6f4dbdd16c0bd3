"""Set functions: they look over all people and give counts, totals and ids for jobs alone."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

HEAD = "SECURITY DEFINER SET search_path = public, pg_temp AS $$"
# One window: the newest events of a key, up to the cap, measured. The key's column is filled in.
WINDOW = """
        SELECT CASE spec.m
            WHEN 'count' THEN count(*)
            WHEN 'sum' THEN coalesce(sum(w.amount_fen), 0)::bigint
            WHEN 'known' THEN count(*) FILTER (WHERE w.counterparty = p_counterparty
                                               AND w.id <> p_event)
            ELSE count(DISTINCT CASE spec.m
                WHEN 'distinct_counterparty' THEN nullif(w.counterparty, '')
                WHEN 'distinct_subject' THEN w.subject_id::text
                WHEN 'distinct_device' THEN nullif(w.device, '') END)
        END INTO figure FROM (
            SELECT e.id, e.subject_id, e.amount_fen, e.counterparty, e.device
            FROM antifraud_event e
            WHERE {key} AND e.at > p_at - make_interval(secs => spec.s)
                AND (spec.k IS NULL OR e.kind = ANY(spec.k))
            ORDER BY e.at DESC LIMIT p_cap) w;
"""
BRANCHES = "".join(
    f"    {'IF' if not at else 'ELSIF'} spec.b = '{name}' THEN{WINDOW.format(key=key)}"
    for at, (name, key) in enumerate(
        (
            ("subject", "e.subject_id = p_subject"),
            ("device", "e.device = p_device AND e.device > ''"),
            ("card", "e.card = p_card AND e.card > ''"),
            ("counterparty", "e.counterparty = p_counterparty AND e.counterparty > ''"),
            ("network", "e.network = p_network AND e.network > ''"),
        )
    )
)
VELOCITY = f"""
CREATE FUNCTION antifraud_velocity(p_event uuid, p_subject uuid, p_device text, p_card text,
    p_counterparty text, p_network text, p_at timestamptz, p_specs jsonb, p_cap integer)
RETURNS bigint[] LANGUAGE plpgsql VOLATILE {HEAD}
DECLARE
    held bigint;
    spec record;
    figure bigint;
    found bigint[] := '{{}}';
BEGIN
    -- Whoever counts by the same person, device or card waits; always in the same order.
    FOR held IN SELECT DISTINCT hashtextextended('antifraud.' || k, 0) AS h
        FROM unnest(ARRAY[p_subject::text, nullif(p_device, ''), nullif(p_card, '')]) k
        WHERE k IS NOT NULL ORDER BY h
    LOOP
        PERFORM pg_advisory_xact_lock(held);
    END LOOP;
    FOR spec IN SELECT * FROM jsonb_to_recordset(p_specs) AS x(m text, k text[], b text, s integer)
    LOOP
        figure := NULL;
        IF (spec.b = 'device' AND p_device = '') OR (spec.b = 'card' AND p_card = '')
            OR (spec.b = 'network' AND p_network = '')
            OR ((spec.b = 'counterparty' OR spec.m = 'known') AND p_counterparty = '') THEN
            found := found || NULL::bigint;
            CONTINUE;
        END IF;
    {BRANCHES}
        END IF;
        found := found || figure;
    END LOOP;
    RETURN found;
END
$$
"""
GRAPH = f"""
CREATE FUNCTION antifraud_graph(p_subject uuid, p_since timestamptz, p_most integer)
RETURNS TABLE(devices integer, device_subjects integer, cards integer, card_subjects integer,
    most_on_one integer) LANGUAGE sql STABLE {HEAD}
    WITH mine AS (
        SELECT DISTINCT device, card FROM (
            SELECT device, card FROM antifraud_event
            WHERE subject_id = p_subject AND at > p_since ORDER BY at DESC LIMIT p_most) m
    ), by_device AS (
        SELECT e.device AS key, e.subject_id FROM antifraud_event e
        WHERE e.device IN (SELECT device FROM mine WHERE device > '') AND e.device > ''
            AND e.at > p_since LIMIT p_most
    ), by_card AS (
        SELECT e.card AS key, e.subject_id FROM antifraud_event e
        WHERE e.card IN (SELECT card FROM mine WHERE card > '') AND e.card > ''
            AND e.at > p_since LIMIT p_most
    ), degrees AS (
        SELECT count(DISTINCT subject_id) AS n FROM by_device GROUP BY key
        UNION ALL SELECT count(DISTINCT subject_id) FROM by_card GROUP BY key
    )
    SELECT (SELECT count(DISTINCT key)::integer FROM by_device),
        (SELECT count(DISTINCT subject_id)::integer FROM by_device WHERE subject_id <> p_subject),
        (SELECT count(DISTINCT key)::integer FROM by_card),
        (SELECT count(DISTINCT subject_id)::integer FROM by_card WHERE subject_id <> p_subject),
        (SELECT coalesce(max(n), 0)::integer FROM degrees)
$$
"""
SWEEP = f"""
CREATE FUNCTION antifraud_sweep_events(before timestamptz, most integer)
RETURNS integer LANGUAGE sql {HEAD}
    WITH old AS (SELECT subject_id, id FROM antifraud_event WHERE at < before LIMIT most),
    gone AS (
        DELETE FROM antifraud_event e USING old
        WHERE e.subject_id = old.subject_id AND e.id = old.id RETURNING 1
    )
    SELECT count(*)::integer FROM gone
$$
"""
DRY_RUN = f"""
CREATE FUNCTION antifraud_dry_run(p_number integer)
RETURNS TABLE(lived integer, before text, after text, times bigint) LANGUAGE sql STABLE {HEAD}
    SELECT max(rule_number), outcome::text, shadow_outcome::text, count(*) FROM antifraud_decision
    WHERE shadow_number = p_number GROUP BY outcome, shadow_outcome
$$
"""
FACTS = f"""
CREATE FUNCTION antifraud_facts_since(p_since timestamptz, p_most integer)
RETURNS TABLE(facts jsonb, outcome text) LANGUAGE sql STABLE {HEAD}
    SELECT d.facts, d.outcome::text FROM antifraud_decision d
    WHERE d.decided_at > p_since ORDER BY d.decided_at DESC LIMIT p_most
$$
"""
DUE = f"""
CREATE FUNCTION antifraud_due_customers(p_stamp text, p_today date, p_most integer)
RETURNS SETOF uuid LANGUAGE sql STABLE {HEAD}
    SELECT subject_id FROM antifraud_aml_profile
    WHERE screened_stamp <> p_stamp OR review_on <= p_today
    ORDER BY screened_at LIMIT p_most
$$
"""
TOTALS = f"""
CREATE FUNCTION antifraud_day_totals(p_from timestamptz, p_until timestamptz, p_kinds text[],
    p_least bigint)
RETURNS TABLE(subject_id uuid, total bigint) LANGUAGE sql STABLE {HEAD}
    SELECT e.subject_id, sum(e.amount_fen)::bigint FROM antifraud_event e
    WHERE e.at >= p_from AND e.at < p_until AND e.kind = ANY(p_kinds)
    GROUP BY e.subject_id HAVING sum(e.amount_fen) >= p_least
$$
"""
WAITING = f"""
CREATE FUNCTION antifraud_reports_waiting(p_most integer)
RETURNS TABLE(subject_id uuid, id uuid) LANGUAGE sql STABLE {HEAD}
    SELECT r.subject_id, r.id FROM antifraud_aml_report r
    WHERE r.state IN ('unknown', 'sent') ORDER BY r.sent_at LIMIT p_most
$$
"""
WHOSE = f"""
CREATE FUNCTION antifraud_report_subject(p_report uuid)
RETURNS uuid LANGUAGE sql STABLE {HEAD}
    SELECT subject_id FROM antifraud_aml_report WHERE id = p_report
$$
"""


class Migration(migrations.Migration):
    dependencies = [("antifraud", "0003_aml")]

    operations = [
        SetFunction(
            "antifraud_velocity(uuid, uuid, text, text, text, text, timestamptz, jsonb, integer)",
            VELOCITY,
        ),
        SetFunction(
            "antifraud_graph(uuid, timestamptz, integer)", GRAPH, execute=("xn_app", "xn_read")
        ),
        SetFunction("antifraud_sweep_events(timestamptz, integer)", SWEEP),
        SetFunction("antifraud_dry_run(integer)", DRY_RUN, execute=("xn_app", "xn_read")),
        SetFunction(
            "antifraud_facts_since(timestamptz, integer)", FACTS, execute=("xn_app", "xn_read")
        ),
        SetFunction("antifraud_due_customers(text, date, integer)", DUE),
        SetFunction("antifraud_day_totals(timestamptz, timestamptz, text[], bigint)", TOTALS),
        SetFunction("antifraud_reports_waiting(integer)", WAITING),
        SetFunction("antifraud_report_subject(uuid)", WHOSE),
    ]
