-- What a role of the house may do, as the migrated database tells it.
-- Made by `python -m tools.grants`; tests/house/test_grants.py compares.
-- The owner's own rights, and the tables of Django and of the job queue, are left out.

-- Functions
GRANT EXECUTE ON FUNCTION accounts_sweep_sessions(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_day_sums(date) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_dry_run(integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_dry_run(integer) TO xn_read;
GRANT EXECUTE ON FUNCTION antifraud_due_customers(text, date, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_facts_since(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_facts_since(timestamp with time zone, integer) TO xn_read;
GRANT EXECUTE ON FUNCTION antifraud_graph(uuid, timestamp with time zone) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_graph(uuid, timestamp with time zone) TO xn_read;
GRANT EXECUTE ON FUNCTION antifraud_report_subject(uuid) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_reports_waiting(integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_sweep_events(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_sweep_kept(timestamp with time zone, timestamp with time zone,
    integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_velocity(uuid, uuid, text, text, text, text, timestamp with time
    zone, jsonb, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION bill_pay_prune(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION consent_forget_erased(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION evidence_leaves(smallint, xid8, uuid, smallint, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION evidence_prune() TO xn_app;
GRANT EXECUTE ON FUNCTION gate_forget_erased(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION gate_people_after(uuid, text[], integer) TO xn_app;
GRANT EXECUTE ON FUNCTION identity_sweep(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_block_hash(smallint, bigint, bytea, smallint, xid8, integer,
    timestamp with time zone, bytea) TO xn_audit;
GRANT EXECUTE ON FUNCTION ledger_block_hash(smallint, bigint, bytea, smallint, xid8, integer,
    timestamp with time zone, bytea) TO xn_batch;
GRANT EXECUTE ON FUNCTION ledger_end_hold(uuid[], uuid[], smallint[], bigint[], uuid[], interval) TO
    xn_app;
GRANT EXECUTE ON FUNCTION ledger_epoch() TO xn_batch;
GRANT EXECUTE ON FUNCTION ledger_expire(integer, interval) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_fingerprint(uuid, uuid, bigint, text, uuid, uuid, text, uuid,
    timestamp with time zone) TO xn_audit;
GRANT EXECUTE ON FUNCTION ledger_fingerprint(uuid, uuid, bigint, text, uuid, uuid, text, uuid,
    timestamp with time zone) TO xn_batch;
GRANT EXECUTE ON FUNCTION ledger_hold(uuid[], uuid[], uuid[], uuid[], integer[], integer[],
    bigint[], text[], uuid[], text[], uuid[], timestamp with time zone[], interval) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_house_days(uuid, date, date) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_house_days(uuid, date, date) TO xn_read;
GRANT EXECUTE ON FUNCTION ledger_leaves(smallint, xid8, smallint, xid8) TO xn_audit;
GRANT EXECUTE ON FUNCTION ledger_leaves(smallint, xid8, smallint, xid8) TO xn_batch;
GRANT EXECUTE ON FUNCTION ledger_lock(uuid[], uuid[]) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_open(uuid, uuid, smallint, text, text, boolean, bigint, interval)
    TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_post(uuid[], uuid[], uuid[], uuid[], integer[], integer[],
    bigint[], text[], integer[], uuid[], uuid[], text[], uuid[], timestamp with time zone[],
    interval) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_prune(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_roll_up(integer, interval) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_seal_next(integer, interval) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_set_ceiling(uuid, uuid, bigint) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_set_state(uuid, uuid, smallint) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_version_at(uuid, uuid, timestamp with time zone) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_version_at(uuid, uuid, timestamp with time zone) TO xn_read;
GRANT EXECUTE ON FUNCTION merchant_collection_payouts(uuid[], date) TO xn_app;
GRANT EXECUTE ON FUNCTION merchant_collection_prune(timestamp with time zone, timestamp with time
    zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION notices_tell_version(text, integer, uuid[], uuid[], timestamp with time
    zone) TO xn_app;
GRANT EXECUTE ON FUNCTION notices_whose(uuid) TO xn_app;
GRANT EXECUTE ON FUNCTION payments_bank_match(date, uuid[], bigint[], integer) TO xn_app;
GRANT EXECUTE ON FUNCTION payments_bank_missing(date, uuid[], bigint[], integer) TO xn_app;
GRANT EXECUTE ON FUNCTION payments_bill_absent(text, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION payments_bill_match(text, date, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION payments_bill_missing(text, date, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION payments_bill_stage() TO xn_app;
GRANT EXECUTE ON FUNCTION payments_bill_unproved(text, date) TO xn_app;
GRANT EXECUTE ON FUNCTION payments_prune(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION payments_sweep_confirmations(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION permissions_sweep(timestamp with time zone, timestamp with time zone,
    integer) TO xn_app;
GRANT EXECUTE ON FUNCTION porch_sweep(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION rights_sweep(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION support_handover_subject(uuid) TO xn_app;
GRANT EXECUTE ON FUNCTION support_handovers_due(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION support_handovers_open(integer) TO xn_app;
GRANT EXECUTE ON FUNCTION support_handovers_open(integer) TO xn_read;
GRANT EXECUTE ON FUNCTION unlock_sweep(timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION vault_sweep(text[], timestamp with time zone, integer) TO xn_app;
GRANT EXECUTE ON FUNCTION wallet_card_prune(timestamp with time zone, integer) TO xn_app;
