-- Every right that a role of the house has, as the migrated database tells it.
-- Made by `python -m tools.grants`; tests/house/test_grants.py compares.
-- The owner's own rights, and the tables of Django and of the job queue, are left out.

-- Tables
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_access TO xn_app;
GRANT SELECT ON accounts_access TO xn_audit;
GRANT SELECT ON accounts_access TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_attempt TO xn_app;
GRANT SELECT ON accounts_attempt TO xn_audit;
GRANT SELECT ON accounts_attempt TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_code TO xn_app;
GRANT SELECT ON accounts_code TO xn_audit;
GRANT SELECT ON accounts_code TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_device TO xn_app;
GRANT SELECT ON accounts_device TO xn_audit;
GRANT SELECT ON accounts_device TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_flow TO xn_app;
GRANT SELECT ON accounts_flow TO xn_audit;
GRANT SELECT ON accounts_flow TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_logout TO xn_app;
GRANT SELECT ON accounts_logout TO xn_audit;
GRANT SELECT ON accounts_logout TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_session TO xn_app;
GRANT SELECT ON accounts_session TO xn_audit;
GRANT SELECT, DELETE ON accounts_session TO xn_batch;
GRANT SELECT ON accounts_session TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_session_token TO xn_app;
GRANT SELECT ON accounts_session_token TO xn_audit;
GRANT SELECT ON accounts_session_token TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_sibling_notice TO xn_app;
GRANT SELECT ON accounts_sibling_notice TO xn_audit;
GRANT SELECT ON accounts_sibling_notice TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_sync TO xn_app;
GRANT SELECT ON accounts_sync TO xn_audit;
GRANT SELECT ON accounts_sync TO xn_read;
GRANT SELECT, INSERT ON antifraud_aml_alert TO xn_app;
GRANT SELECT, DELETE ON antifraud_aml_alert TO xn_batch;
GRANT SELECT ON antifraud_aml_alert TO xn_read;
GRANT SELECT, INSERT, UPDATE ON antifraud_aml_day TO xn_app;
GRANT SELECT, DELETE ON antifraud_aml_day TO xn_batch;
GRANT SELECT ON antifraud_aml_day TO xn_read;
GRANT SELECT, INSERT, UPDATE ON antifraud_aml_hit TO xn_app;
GRANT SELECT, DELETE ON antifraud_aml_hit TO xn_batch;
GRANT SELECT ON antifraud_aml_hit TO xn_read;
GRANT SELECT, INSERT ON antifraud_aml_movement TO xn_app;
GRANT SELECT, DELETE ON antifraud_aml_movement TO xn_batch;
GRANT SELECT ON antifraud_aml_movement TO xn_read;
GRANT SELECT, INSERT, UPDATE ON antifraud_aml_profile TO xn_app;
GRANT SELECT, DELETE ON antifraud_aml_profile TO xn_batch;
GRANT SELECT ON antifraud_aml_profile TO xn_read;
GRANT SELECT, INSERT, UPDATE ON antifraud_aml_report TO xn_app;
GRANT SELECT, DELETE ON antifraud_aml_report TO xn_batch;
GRANT SELECT ON antifraud_aml_report TO xn_read;
GRANT SELECT, INSERT, UPDATE ON antifraud_case TO xn_app;
GRANT SELECT, DELETE ON antifraud_case TO xn_batch;
GRANT SELECT ON antifraud_case TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON antifraud_choice TO xn_app;
GRANT SELECT ON antifraud_choice TO xn_read;
GRANT SELECT, INSERT, DELETE ON antifraud_decision TO xn_app;
GRANT SELECT ON antifraud_decision TO xn_batch;
GRANT SELECT ON antifraud_decision TO xn_read;
GRANT SELECT, INSERT, DELETE ON antifraud_entry TO xn_app;
GRANT SELECT ON antifraud_entry TO xn_read;
GRANT SELECT, INSERT, DELETE ON antifraud_event TO xn_app;
GRANT SELECT, DELETE ON antifraud_event TO xn_batch;
GRANT SELECT ON antifraud_event TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON antifraud_list TO xn_app;
GRANT SELECT ON antifraud_list TO xn_read;
GRANT SELECT, INSERT ON antifraud_release TO xn_app;
GRANT SELECT, DELETE ON antifraud_release TO xn_batch;
GRANT SELECT ON antifraud_release TO xn_read;
GRANT SELECT, INSERT ON antifraud_rule_set TO xn_app;
GRANT SELECT ON antifraud_rule_set TO xn_read;
GRANT SELECT, INSERT ON consent_decision TO xn_app;
GRANT SELECT ON consent_decision TO xn_audit;
GRANT SELECT, DELETE ON consent_decision TO xn_batch;
GRANT SELECT ON consent_decision TO xn_read;
GRANT SELECT, INSERT ON evidence_block TO xn_app;
GRANT SELECT ON evidence_block TO xn_audit;
GRANT SELECT ON evidence_block TO xn_read;
GRANT SELECT, INSERT ON evidence_line TO xn_app;
GRANT SELECT ON evidence_line TO xn_audit;
GRANT SELECT ON evidence_line TO xn_batch;
GRANT SELECT, INSERT ON evidence_line TO xn_read;
GRANT SELECT, INSERT, UPDATE ON gate_subject TO xn_app;
GRANT SELECT ON gate_subject TO xn_audit;
GRANT SELECT, DELETE ON gate_subject TO xn_batch;
GRANT SELECT ON gate_subject TO xn_read;
GRANT SELECT, INSERT, UPDATE ON identity_case TO xn_app;
GRANT SELECT, DELETE ON identity_case TO xn_batch;
GRANT SELECT ON identity_case TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity_check TO xn_app;
GRANT SELECT ON identity_check TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity_clock TO xn_app;
GRANT SELECT ON identity_clock TO xn_read;
GRANT SELECT, INSERT, DELETE ON identity_photo_mark TO xn_app;
GRANT SELECT ON identity_photo_mark TO xn_read;
GRANT SELECT, INSERT, UPDATE ON identity_source_audit TO xn_app;
GRANT SELECT ON identity_source_audit TO xn_read;
GRANT SELECT ON ledger_account TO xn_app;
GRANT SELECT ON ledger_account TO xn_audit;
GRANT SELECT, INSERT ON ledger_account TO xn_batch;
GRANT SELECT ON ledger_account TO xn_read;
GRANT SELECT ON ledger_balance TO xn_app;
GRANT SELECT ON ledger_balance TO xn_audit;
GRANT SELECT, INSERT, UPDATE ON ledger_balance TO xn_batch;
GRANT SELECT ON ledger_balance TO xn_read;
GRANT SELECT ON ledger_book TO xn_app;
GRANT SELECT ON ledger_book TO xn_audit;
GRANT SELECT ON ledger_book TO xn_batch;
GRANT SELECT ON ledger_book TO xn_read;
GRANT SELECT ON ledger_dead TO xn_app;
GRANT SELECT ON ledger_dead TO xn_audit;
GRANT SELECT, INSERT ON ledger_dead TO xn_batch;
GRANT SELECT ON ledger_dead TO xn_read;
GRANT SELECT ON ledger_entry TO xn_app;
GRANT SELECT ON ledger_entry TO xn_audit;
GRANT SELECT, INSERT ON ledger_entry TO xn_batch;
GRANT SELECT ON ledger_entry TO xn_read;
GRANT SELECT ON ledger_hold TO xn_app;
GRANT SELECT ON ledger_hold TO xn_audit;
GRANT SELECT, INSERT ON ledger_hold TO xn_batch;
GRANT SELECT ON ledger_hold TO xn_read;
GRANT SELECT ON ledger_hold_end TO xn_app;
GRANT SELECT ON ledger_hold_end TO xn_audit;
GRANT SELECT, INSERT ON ledger_hold_end TO xn_batch;
GRANT SELECT ON ledger_hold_end TO xn_read;
GRANT SELECT, INSERT ON ledger_house TO xn_app;
GRANT SELECT ON ledger_house TO xn_audit;
GRANT SELECT ON ledger_house TO xn_batch;
GRANT SELECT ON ledger_house TO xn_read;
GRANT SELECT ON ledger_mark TO xn_app;
GRANT SELECT ON ledger_mark TO xn_audit;
GRANT SELECT, UPDATE ON ledger_mark TO xn_batch;
GRANT SELECT ON ledger_mark TO xn_read;
GRANT SELECT ON ledger_open_hold TO xn_app;
GRANT SELECT ON ledger_open_hold TO xn_audit;
GRANT SELECT, INSERT, DELETE ON ledger_open_hold TO xn_batch;
GRANT SELECT ON ledger_open_hold TO xn_read;
GRANT SELECT ON ledger_rollup TO xn_app;
GRANT SELECT ON ledger_rollup TO xn_audit;
GRANT SELECT, INSERT, UPDATE ON ledger_rollup TO xn_batch;
GRANT SELECT ON ledger_rollup TO xn_read;
GRANT SELECT ON ledger_seal TO xn_app;
GRANT SELECT ON ledger_seal TO xn_audit;
GRANT SELECT, INSERT ON ledger_seal TO xn_batch;
GRANT SELECT ON ledger_seal TO xn_read;
GRANT SELECT ON ledger_transfer TO xn_app;
GRANT SELECT ON ledger_transfer TO xn_audit;
GRANT SELECT, INSERT ON ledger_transfer TO xn_batch;
GRANT SELECT ON ledger_transfer TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON notices_calendar TO xn_app;
GRANT SELECT ON notices_calendar TO xn_audit;
GRANT SELECT ON notices_calendar TO xn_read;
GRANT SELECT, INSERT, UPDATE ON notices_campaign TO xn_app;
GRANT SELECT ON notices_campaign TO xn_audit;
GRANT SELECT ON notices_campaign TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON notices_message TO xn_app;
GRANT SELECT ON notices_message TO xn_audit;
GRANT SELECT, INSERT ON notices_message TO xn_batch;
GRANT SELECT ON notices_message TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON notices_push TO xn_app;
GRANT SELECT ON notices_push TO xn_audit;
GRANT SELECT ON notices_push TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON notices_taken TO xn_app;
GRANT SELECT ON notices_taken TO xn_audit;
GRANT SELECT ON notices_taken TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON notices_way_out TO xn_app;
GRANT SELECT ON notices_way_out TO xn_audit;
GRANT SELECT ON notices_way_out TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON payments_agreement TO xn_app;
GRANT SELECT ON payments_agreement TO xn_read;
GRANT SELECT, INSERT, UPDATE ON payments_attempt TO xn_app;
GRANT SELECT, DELETE ON payments_attempt TO xn_batch;
GRANT SELECT ON payments_attempt TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON payments_card TO xn_app;
GRANT SELECT ON payments_card TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON payments_card_check TO xn_app;
GRANT SELECT ON payments_card_check TO xn_read;
GRANT SELECT, INSERT, UPDATE ON payments_case TO xn_app;
GRANT SELECT, INSERT, DELETE ON payments_case TO xn_batch;
GRANT SELECT ON payments_case TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON payments_confirmation TO xn_app;
GRANT SELECT, DELETE ON payments_confirmation TO xn_batch;
GRANT SELECT ON payments_confirmation TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON payments_coupon TO xn_app;
GRANT SELECT ON payments_coupon TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON payments_debit TO xn_app;
GRANT SELECT ON payments_debit TO xn_read;
GRANT SELECT, INSERT, UPDATE ON payments_event TO xn_app;
GRANT SELECT, DELETE ON payments_event TO xn_batch;
GRANT SELECT ON payments_event TO xn_read;
GRANT SELECT, INSERT ON payments_inbox TO xn_app;
GRANT SELECT, DELETE ON payments_inbox TO xn_batch;
GRANT SELECT ON payments_inbox TO xn_read;
GRANT SELECT, INSERT, UPDATE ON payments_number TO xn_app;
GRANT SELECT, DELETE ON payments_number TO xn_batch;
GRANT SELECT ON payments_number TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON payments_password TO xn_app;
GRANT SELECT ON payments_password TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON payments_password_reset TO xn_app;
GRANT SELECT ON payments_password_reset TO xn_read;
GRANT SELECT, INSERT, UPDATE ON payments_payment TO xn_app;
GRANT SELECT, DELETE ON payments_payment TO xn_batch;
GRANT SELECT ON payments_payment TO xn_read;
GRANT SELECT, INSERT, UPDATE ON payments_refund TO xn_app;
GRANT SELECT, DELETE ON payments_refund TO xn_batch;
GRANT SELECT ON payments_refund TO xn_read;
GRANT SELECT, INSERT, UPDATE ON permissions_staff TO xn_app;
GRANT SELECT, DELETE ON permissions_staff TO xn_batch;
GRANT SELECT ON permissions_staff TO xn_read;
GRANT SELECT, INSERT ON permissions_staff_breach TO xn_app;
GRANT SELECT, DELETE ON permissions_staff_breach TO xn_batch;
GRANT SELECT ON permissions_staff_breach TO xn_read;
GRANT SELECT, INSERT, DELETE ON permissions_staff_challenge TO xn_app;
GRANT SELECT, DELETE ON permissions_staff_challenge TO xn_batch;
GRANT SELECT ON permissions_staff_challenge TO xn_read;
GRANT SELECT, INSERT, UPDATE ON permissions_staff_code TO xn_app;
GRANT SELECT, DELETE ON permissions_staff_code TO xn_batch;
GRANT SELECT ON permissions_staff_code TO xn_read;
GRANT SELECT, INSERT, UPDATE ON permissions_staff_key TO xn_app;
GRANT SELECT, DELETE ON permissions_staff_key TO xn_batch;
GRANT SELECT ON permissions_staff_key TO xn_read;
GRANT SELECT, INSERT ON permissions_staff_look TO xn_app;
GRANT SELECT, DELETE ON permissions_staff_look TO xn_batch;
GRANT SELECT ON permissions_staff_look TO xn_read;
GRANT SELECT, INSERT, UPDATE ON permissions_staff_release TO xn_app;
GRANT SELECT, DELETE ON permissions_staff_release TO xn_batch;
GRANT SELECT ON permissions_staff_release TO xn_read;
GRANT SELECT, INSERT, UPDATE ON permissions_staff_role TO xn_app;
GRANT SELECT, DELETE ON permissions_staff_role TO xn_batch;
GRANT SELECT ON permissions_staff_role TO xn_read;
GRANT SELECT, INSERT, UPDATE ON permissions_staff_session TO xn_app;
GRANT SELECT, DELETE ON permissions_staff_session TO xn_batch;
GRANT SELECT ON permissions_staff_session TO xn_read;
GRANT SELECT, INSERT ON permissions_staff_training TO xn_app;
GRANT SELECT, DELETE ON permissions_staff_training TO xn_batch;
GRANT SELECT ON permissions_staff_training TO xn_read;
GRANT SELECT, INSERT ON permissions_staff_undertaking TO xn_app;
GRANT SELECT, DELETE ON permissions_staff_undertaking TO xn_batch;
GRANT SELECT ON permissions_staff_undertaking TO xn_read;
GRANT SELECT ON policy_version TO xn_app;
GRANT SELECT ON policy_version TO xn_audit;
GRANT SELECT ON policy_version TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON porch_answered TO xn_app;
GRANT SELECT, DELETE ON porch_answered TO xn_batch;
GRANT SELECT ON porch_answered TO xn_read;
GRANT SELECT, INSERT, UPDATE ON rights_case TO xn_app;
GRANT SELECT ON rights_case TO xn_audit;
GRANT SELECT, DELETE ON rights_case TO xn_batch;
GRANT SELECT ON rights_case TO xn_read;
GRANT SELECT, INSERT ON rights_certificate TO xn_app;
GRANT SELECT ON rights_certificate TO xn_audit;
GRANT SELECT, DELETE ON rights_certificate TO xn_batch;
GRANT SELECT ON rights_certificate TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON support_case TO xn_app;
GRANT SELECT ON support_case TO xn_audit;
GRANT SELECT ON support_case TO xn_read;
GRANT SELECT, INSERT ON support_day TO xn_app;
GRANT SELECT ON support_day TO xn_audit;
GRANT SELECT ON support_day TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON support_handover TO xn_app;
GRANT SELECT ON support_handover TO xn_audit;
GRANT SELECT ON support_handover TO xn_batch;
GRANT SELECT ON support_handover TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON support_message TO xn_app;
GRANT SELECT ON support_message TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON unlock_challenge TO xn_app;
GRANT SELECT, DELETE ON unlock_challenge TO xn_batch;
GRANT SELECT ON unlock_challenge TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON unlock_credential TO xn_app;
GRANT SELECT ON unlock_credential TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON unlock_digest TO xn_app;
GRANT SELECT ON unlock_digest TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON unlock_way TO xn_app;
GRANT SELECT ON unlock_way TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON vault_blob TO xn_app;
GRANT SELECT, DELETE ON vault_blob TO xn_batch;
GRANT SELECT ON vault_blob TO xn_read;
GRANT SELECT, INSERT ON vault_closed TO xn_app;
GRANT SELECT ON vault_closed TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON vault_lookup TO xn_app;
GRANT SELECT ON vault_lookup TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON vault_value TO xn_app;
GRANT SELECT, DELETE ON vault_value TO xn_batch;
GRANT SELECT ON vault_value TO xn_read;

-- Functions
GRANT EXECUTE ON FUNCTION accounts_sweep_sessions(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_day_sums(date) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_dry_run(integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_dry_run(integer) TO xn_read;
GRANT EXECUTE ON FUNCTION antifraud_due_customers(text,date,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_facts_since(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_facts_since(timestamp with time zone,integer) TO xn_read;
GRANT EXECUTE ON FUNCTION antifraud_graph(uuid,timestamp with time zone) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_graph(uuid,timestamp with time zone) TO xn_read;
GRANT EXECUTE ON FUNCTION antifraud_report_subject(uuid) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_reports_waiting(integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_sweep_events(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_sweep_kept(timestamp with time zone,timestamp with time
    zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION antifraud_velocity(uuid,uuid,text,text,text,text,timestamp with time
    zone,jsonb,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION consent_forget_erased(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION evidence_leaves(smallint,xid8,uuid,smallint,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION evidence_prune() TO xn_app;
GRANT EXECUTE ON FUNCTION gate_forget_erased(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION gate_people_after(uuid,text[],integer) TO xn_app;
GRANT EXECUTE ON FUNCTION identity_sweep(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_block_hash(smallint,bigint,bytea,smallint,xid8,integer,timestamp
    with time zone,bytea) TO xn_audit;
GRANT EXECUTE ON FUNCTION ledger_block_hash(smallint,bigint,bytea,smallint,xid8,integer,timestamp
    with time zone,bytea) TO xn_batch;
GRANT EXECUTE ON FUNCTION ledger_end_hold(uuid[],uuid[],smallint[],bigint[],uuid[],interval) TO
    xn_app;
GRANT EXECUTE ON FUNCTION ledger_epoch() TO xn_batch;
GRANT EXECUTE ON FUNCTION ledger_expire(integer,interval) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_fingerprint(uuid,uuid,bigint,text,uuid,uuid,text,uuid,timestamp
    with time zone) TO xn_audit;
GRANT EXECUTE ON FUNCTION ledger_fingerprint(uuid,uuid,bigint,text,uuid,uuid,text,uuid,timestamp
    with time zone) TO xn_batch;
GRANT EXECUTE ON FUNCTION
    ledger_hold(uuid[],uuid[],uuid[],uuid[],integer[],integer[],bigint[],text[],uuid[],text[],uuid[],timestamp
    with time zone[],interval) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_house_days(uuid,date,date) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_house_days(uuid,date,date) TO xn_read;
GRANT EXECUTE ON FUNCTION ledger_leaves(smallint,xid8,smallint,xid8) TO xn_audit;
GRANT EXECUTE ON FUNCTION ledger_leaves(smallint,xid8,smallint,xid8) TO xn_batch;
GRANT EXECUTE ON FUNCTION ledger_lock(uuid[],uuid[]) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_open(uuid,uuid,smallint,text,text,boolean,bigint,interval) TO
    xn_app;
GRANT EXECUTE ON FUNCTION
    ledger_post(uuid[],uuid[],uuid[],uuid[],integer[],integer[],bigint[],text[],integer[],uuid[],uuid[],text[],uuid[],timestamp
    with time zone[],interval) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_prune(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_roll_up(integer,interval) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_seal_next(integer,interval) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_set_ceiling(uuid,uuid,bigint) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_set_state(uuid,uuid,smallint) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_version_at(uuid,uuid,timestamp with time zone) TO xn_app;
GRANT EXECUTE ON FUNCTION ledger_version_at(uuid,uuid,timestamp with time zone) TO xn_read;
GRANT EXECUTE ON FUNCTION notices_tell_version(text,integer,uuid[],uuid[],timestamp with time zone)
    TO xn_app;
GRANT EXECUTE ON FUNCTION notices_whose(uuid) TO xn_app;
GRANT EXECUTE ON FUNCTION payments_prune(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION payments_sweep_confirmations(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION permissions_sweep(timestamp with time zone,timestamp with time
    zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION porch_sweep(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION rights_sweep(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION support_handover_subject(uuid) TO xn_app;
GRANT EXECUTE ON FUNCTION support_handovers_due(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION support_handovers_open(integer) TO xn_app;
GRANT EXECUTE ON FUNCTION support_handovers_open(integer) TO xn_read;
GRANT EXECUTE ON FUNCTION unlock_sweep(timestamp with time zone,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION vault_sweep(text[],timestamp with time zone,integer) TO xn_app;

-- Row policies
-- accounts_device: policy one_subject for xn_app, xn_read
-- accounts_device: policy set_work for xn_audit, xn_owner
-- accounts_session: policy one_subject for xn_app, xn_read
-- accounts_session: policy set_work for xn_audit, xn_batch, xn_owner
-- accounts_sync: policy one_subject for xn_app, xn_read
-- accounts_sync: policy set_work for xn_audit, xn_owner
-- antifraud_aml_alert: policy one_subject for xn_app, xn_read
-- antifraud_aml_alert: policy set_work for xn_batch, xn_owner
-- antifraud_aml_day: policy one_subject for xn_app, xn_read
-- antifraud_aml_day: policy set_work for xn_batch, xn_owner
-- antifraud_aml_hit: policy one_subject for xn_app, xn_read
-- antifraud_aml_hit: policy set_work for xn_batch, xn_owner
-- antifraud_aml_movement: policy one_subject for xn_app, xn_read
-- antifraud_aml_movement: policy set_work for xn_batch, xn_owner
-- antifraud_aml_profile: policy one_subject for xn_app, xn_read
-- antifraud_aml_profile: policy set_work for xn_batch, xn_owner
-- antifraud_aml_report: policy one_subject for xn_app, xn_read
-- antifraud_aml_report: policy set_work for xn_batch, xn_owner
-- antifraud_choice: policy one_subject for xn_app, xn_read
-- antifraud_choice: policy set_work for xn_owner
-- antifraud_decision: policy one_subject for xn_app, xn_read
-- antifraud_decision: policy set_work for xn_batch, xn_owner
-- antifraud_event: policy one_subject for xn_app, xn_read
-- antifraud_event: policy set_work for xn_batch, xn_owner
-- consent_decision: policy one_subject for xn_app, xn_read
-- consent_decision: policy set_work for xn_audit, xn_batch, xn_owner
-- evidence_line: policy codes_only for xn_app, xn_read
-- evidence_line: policy no_tipping_off for xn_app, xn_read
-- evidence_line: policy nobody for xn_app, xn_read
-- evidence_line: policy one_subject for xn_app, xn_read
-- evidence_line: policy set_work for xn_audit, xn_batch, xn_owner
-- gate_subject: policy one_subject for xn_app, xn_read
-- gate_subject: policy set_work for xn_audit, xn_batch, xn_owner
-- identity_check: policy one_subject for xn_app, xn_read
-- identity_check: policy set_work for xn_owner
-- ledger_account: policy one_subject for xn_app, xn_read
-- ledger_account: policy set_work for xn_audit, xn_batch, xn_owner
-- ledger_balance: policy one_subject for xn_app, xn_read
-- ledger_balance: policy set_work for xn_audit, xn_batch, xn_owner
-- ledger_dead: policy one_subject for xn_app, xn_read
-- ledger_dead: policy set_work for xn_audit, xn_batch, xn_owner
-- ledger_entry: policy one_subject for xn_app, xn_read
-- ledger_entry: policy set_work for xn_audit, xn_batch, xn_owner
-- ledger_hold: policy one_subject for xn_app, xn_read
-- ledger_hold: policy set_work for xn_audit, xn_batch, xn_owner
-- ledger_hold_end: policy one_subject for xn_app, xn_read
-- ledger_hold_end: policy set_work for xn_audit, xn_batch, xn_owner
-- ledger_open_hold: policy one_subject for xn_app, xn_read
-- ledger_open_hold: policy set_work for xn_audit, xn_batch, xn_owner
-- ledger_transfer: policy one_subject for xn_app, xn_read
-- ledger_transfer: policy set_work for xn_audit, xn_batch, xn_owner
-- notices_message: policy one_subject for xn_app, xn_read
-- notices_message: policy set_work for xn_audit, xn_batch, xn_owner
-- notices_push: policy one_subject for xn_app, xn_read
-- notices_push: policy set_work for xn_audit, xn_owner
-- payments_agreement: policy one_subject for xn_app, xn_read
-- payments_agreement: policy set_work for xn_owner
-- payments_attempt: policy one_subject for xn_app, xn_read
-- payments_attempt: policy set_work for xn_batch, xn_owner
-- payments_card: policy one_subject for xn_app, xn_read
-- payments_card: policy set_work for xn_owner
-- payments_card_check: policy one_subject for xn_app, xn_read
-- payments_card_check: policy set_work for xn_owner
-- payments_confirmation: policy one_subject for xn_app, xn_read
-- payments_confirmation: policy set_work for xn_batch, xn_owner
-- payments_coupon: policy one_subject for xn_app, xn_read
-- payments_coupon: policy set_work for xn_owner
-- payments_debit: policy one_subject for xn_app, xn_read
-- payments_debit: policy set_work for xn_owner
-- payments_event: policy one_subject for xn_app, xn_read
-- payments_event: policy set_work for xn_batch, xn_owner
-- payments_password: policy one_subject for xn_app, xn_read
-- payments_password: policy set_work for xn_owner
-- payments_password_reset: policy one_subject for xn_app, xn_read
-- payments_password_reset: policy set_work for xn_owner
-- payments_payment: policy one_subject for xn_app, xn_read
-- payments_payment: policy set_work for xn_batch, xn_owner
-- payments_refund: policy one_subject for xn_app, xn_read
-- payments_refund: policy set_work for xn_batch, xn_owner
-- porch_answered: policy one_subject for xn_app, xn_read
-- porch_answered: policy set_work for xn_batch, xn_owner
-- support_handover: policy one_subject for xn_app, xn_read
-- support_handover: policy set_work for xn_audit, xn_batch, xn_owner
-- support_message: policy one_subject for xn_app, xn_read
-- support_message: policy set_work for xn_owner
-- unlock_challenge: policy one_subject for xn_app, xn_read
-- unlock_challenge: policy set_work for xn_batch, xn_owner
-- unlock_credential: policy one_subject for xn_app, xn_read
-- unlock_credential: policy set_work for xn_owner
-- unlock_digest: policy one_subject for xn_app, xn_read
-- unlock_digest: policy set_work for xn_owner
-- unlock_way: policy one_subject for xn_app, xn_read
-- unlock_way: policy set_work for xn_owner
-- vault_blob: policy one_subject for xn_app, xn_read
-- vault_blob: policy set_work for xn_batch, xn_owner
-- vault_closed: policy one_subject for xn_app, xn_read
-- vault_closed: policy set_work for xn_owner
-- vault_value: policy one_subject for xn_app, xn_read
-- vault_value: policy set_work for xn_batch, xn_owner
