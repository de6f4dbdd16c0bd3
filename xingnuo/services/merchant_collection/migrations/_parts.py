"""Who may do what with the tables, and what deletes rows past their term."""

from __future__ import annotations

from xingnuo.kit.db.migration import PlainTable, SetFunction, SubjectTable

PRUNE = """
CREATE FUNCTION merchant_collection_prune(law timestamptz, handled timestamptz, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone integer := 0;
    part integer;
BEGIN
    DELETE FROM merchant_collection_scan WHERE (subject_id, id) IN (
        SELECT subject_id, id FROM merchant_collection_scan WHERE made_at < law LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM merchant_collection_sale WHERE (subject_id, id) IN (
        SELECT subject_id, id FROM merchant_collection_sale WHERE paid_at < law LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM merchant_collection_refund WHERE (subject_id, id) IN (
        SELECT subject_id, id FROM merchant_collection_refund WHERE made_at < law LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM merchant_collection_settlement WHERE (subject_id, id) IN (
        SELECT subject_id, id FROM merchant_collection_settlement WHERE ended_at < law LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    gone := gone + part;
    DELETE FROM merchant_collection_case WHERE id IN (
        SELECT id FROM merchant_collection_case
        WHERE decided_at < handled ORDER BY decided_at LIMIT most);
    GET DIAGNOSTICS part = ROW_COUNT;
    RETURN gone + part;
END
$$
"""

TABLES = (
    SubjectTable("merchant_collection_merchant"),
    SubjectTable("merchant_collection_code"),
    SubjectTable("merchant_collection_scan", erasable=False, batch="SELECT, DELETE"),
    SubjectTable("merchant_collection_sale", erasable=False, batch="SELECT, DELETE"),
    SubjectTable("merchant_collection_refund", erasable=False, batch="SELECT, DELETE"),
    SubjectTable("merchant_collection_settlement", erasable=False, batch="SELECT, DELETE"),
    PlainTable("merchant_collection_lookup"),
    PlainTable("merchant_collection_turn"),
    PlainTable("merchant_collection_case", app="SELECT, INSERT, UPDATE", batch="SELECT, DELETE"),
    SetFunction("merchant_collection_prune(timestamptz, timestamptz, integer)", PRUNE),
)
