"""Counters without a cap, days added up anew, and all of it gone when its term is over."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

HEAD = "SECURITY DEFINER SET search_path = public, pg_temp AS $$"
# One window: every event of a key, measured. Only a plain count may stop, one beyond the highest
# number that a rule can compare with; sums and distincts look at all.
WINDOW = """
        IF spec.m = 'count' THEN
            SELECT count(*) INTO figure FROM (
                SELECT FROM antifraud_event e
                WHERE {key} AND e.at > p_at - make_interval(secs => spec.s)
                    AND (spec.k IS NULL OR e.kind = ANY(spec.k)) LIMIT p_cap + 1) w;
        ELSIF spec.m = 'known' THEN
            SELECT count(*) INTO figure FROM (
                SELECT FROM antifraud_event e
                WHERE {key} AND e.at > p_at - make_interval(secs => spec.s)
                    AND e.counterparty = p_counterparty AND e.id <> p_event LIMIT 1) w;
        ELSE
            SELECT CASE spec.m
                WHEN 'sum' THEN least(coalesce(sum(e.amount_fen), 0), 9223372036854775807)::bigint
                WHEN 'distinct_counterparty' THEN count(DISTINCT nullif(e.counterparty, ''))
                WHEN 'distinct_subject' THEN count(DISTINCT e.subject_id)
                WHEN 'distinct_device' THEN count(DISTINCT nullif(e.device, ''))
            END INTO figure FROM antifraud_event e
            WHERE {key} AND e.at > p_at - make_interval(secs => spec.s)
                AND (spec.k IS NULL OR e.kind = ANY(spec.k));
        END IF;
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
CREATE OR REPLACE FUNCTION antifraud_velocity(p_event uuid, p_subject uuid, p_device text,
    p_card text, p_counterparty text, p_network text, p_at timestamptz, p_specs jsonb,
    p_cap integer)
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
CREATE FUNCTION antifraud_graph(p_subject uuid, p_since timestamptz)
RETURNS TABLE(devices integer, device_subjects integer, cards integer, card_subjects integer,
    most_on_one integer) LANGUAGE sql STABLE {HEAD}
    WITH mine AS (
        SELECT DISTINCT device, card FROM antifraud_event
        WHERE subject_id = p_subject AND at > p_since
    ), by_device AS (
        SELECT DISTINCT e.device AS key, e.subject_id FROM antifraud_event e
        WHERE e.device IN (SELECT device FROM mine WHERE device > '') AND e.device > ''
            AND e.at > p_since
    ), by_card AS (
        SELECT DISTINCT e.card AS key, e.subject_id FROM antifraud_event e
        WHERE e.card IN (SELECT card FROM mine WHERE card > '') AND e.card > ''
            AND e.at > p_since
    ), degrees AS (
        SELECT count(*) AS n FROM by_device GROUP BY key
        UNION ALL SELECT count(*) FROM by_card GROUP BY key
    )
    SELECT (SELECT count(DISTINCT key)::integer FROM by_device),
        (SELECT count(DISTINCT subject_id)::integer FROM by_device WHERE subject_id <> p_subject),
        (SELECT count(DISTINCT key)::integer FROM by_card),
        (SELECT count(DISTINCT subject_id)::integer FROM by_card WHERE subject_id <> p_subject),
        (SELECT coalesce(max(n), 0)::integer FROM degrees)
$$
"""
# A day added up anew from its movements: what the net of the night compares and opens.
SUMS = f"""
CREATE FUNCTION antifraud_day_sums(p_day date)
RETURNS TABLE(subject_id uuid, limit_kind text, in_fen bigint, out_fen bigint,
    in_usd_cents bigint, out_usd_cents bigint) LANGUAGE sql STABLE {HEAD}
    SELECT m.subject_id, m.limit_kind::text,
        coalesce(sum(m.amount_fen) FILTER (WHERE m.direction = 'in' AND m.usd_cents = 0), 0),
        coalesce(sum(m.amount_fen) FILTER (WHERE m.direction = 'out' AND m.usd_cents = 0), 0),
        coalesce(sum(m.usd_cents) FILTER (WHERE m.direction = 'in'), 0),
        coalesce(sum(m.usd_cents) FILTER (WHERE m.direction = 'out'), 0)
    FROM antifraud_aml_movement m WHERE m.day_on = p_day GROUP BY m.subject_id, m.limit_kind
$$
"""
# By the AML law: the kinds of cases that go with its reports.
SWEEP = f"""
CREATE OR REPLACE FUNCTION antifraud_sweep_kept(handled timestamptz, law timestamptz, most integer)
RETURNS integer LANGUAGE sql {HEAD}
    WITH step AS (
        DELETE FROM antifraud_release WHERE id IN (
            SELECT id FROM antifraud_release WHERE at < handled LIMIT most) RETURNING 1
    ), looked AS (
        DELETE FROM antifraud_case WHERE id IN (
            SELECT id FROM antifraud_case WHERE decided_at < CASE
                WHEN kind IN ('aml_large', 'aml_suspicious', 'sanctions_hit') THEN law
                ELSE handled END LIMIT most) RETURNING 1
    ), profile AS (
        DELETE FROM antifraud_aml_profile WHERE (subject_id, id) IN (
            SELECT subject_id, id FROM antifraud_aml_profile WHERE relation_ended_at < law
            LIMIT most) RETURNING 1
    ), hit AS (
        DELETE FROM antifraud_aml_hit WHERE (subject_id, id) IN (
            SELECT subject_id, id FROM antifraud_aml_hit WHERE relation_ended_at < law
            LIMIT most) RETURNING 1
    ), report AS (
        DELETE FROM antifraud_aml_report WHERE (subject_id, id) IN (
            SELECT subject_id, id FROM antifraud_aml_report WHERE written_at < law
            LIMIT most) RETURNING 1
    ), movement AS (
        DELETE FROM antifraud_aml_movement WHERE (subject_id, id) IN (
            SELECT subject_id, id FROM antifraud_aml_movement WHERE at < law
            LIMIT most) RETURNING 1
    ), day AS (
        DELETE FROM antifraud_aml_day WHERE (subject_id, id) IN (
            SELECT subject_id, id FROM antifraud_aml_day WHERE day_on < law::date
            LIMIT most) RETURNING 1
    ), alert AS (
        DELETE FROM antifraud_aml_alert WHERE (subject_id, id) IN (
            SELECT subject_id, id FROM antifraud_aml_alert WHERE at < law
            LIMIT most) RETURNING 1
    )
    SELECT ((SELECT count(*) FROM step) + (SELECT count(*) FROM looked)
        + (SELECT count(*) FROM profile) + (SELECT count(*) FROM hit)
        + (SELECT count(*) FROM report) + (SELECT count(*) FROM movement)
        + (SELECT count(*) FROM day) + (SELECT count(*) FROM alert))::integer
$$
"""


class Migration(migrations.Migration):
    dependencies = [("antifraud", "0006_movements")]

    operations = [
        SetFunction(
            "antifraud_velocity(uuid, uuid, text, text, text, text, timestamptz, jsonb, integer)",
            VELOCITY,
        ),
        migrations.RunSQL(
            [
                ("DROP FUNCTION antifraud_graph(uuid, timestamptz, integer)", None),
                (
                    "DROP FUNCTION antifraud_day_totals(timestamptz, timestamptz, text[], bigint)",
                    None,
                ),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction("antifraud_graph(uuid, timestamptz)", GRAPH, execute=("xn_app", "xn_read")),
        SetFunction("antifraud_day_sums(date)", SUMS),
        SetFunction("antifraud_sweep_kept(timestamptz, timestamptz, integer)", SWEEP),
    ]
