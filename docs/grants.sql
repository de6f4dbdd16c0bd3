-- Every right that a role of the house has, as the migrated database tells it.
-- Made by `python -m tools.grants`; tests/house/test_grants.py compares.
-- The owner's own rights, and the tables of Django and of the job queue, are left out.

-- Tables
GRANT SELECT, INSERT ON consent_decision TO xn_app;
GRANT SELECT ON consent_decision TO xn_audit;
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
GRANT SELECT ON gate_subject TO xn_read;
GRANT SELECT ON policy_version TO xn_app;
GRANT SELECT ON policy_version TO xn_audit;
GRANT SELECT ON policy_version TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON vault_blob TO xn_app;
GRANT SELECT ON vault_blob TO xn_read;
GRANT SELECT, INSERT ON vault_closed TO xn_app;
GRANT SELECT ON vault_closed TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON vault_lookup TO xn_app;
GRANT SELECT ON vault_lookup TO xn_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON vault_value TO xn_app;
GRANT SELECT ON vault_value TO xn_read;

-- Functions
GRANT EXECUTE ON FUNCTION evidence_leaves(smallint,xid8,uuid,smallint,integer) TO xn_app;
GRANT EXECUTE ON FUNCTION evidence_prune() TO xn_app;

-- Row policies
-- consent_decision: policy one_subject for xn_app, xn_read
-- consent_decision: policy set_work for xn_audit, xn_owner
-- evidence_line: policy no_tipping_off for xn_app, xn_read
-- evidence_line: policy nobody for xn_app, xn_read
-- evidence_line: policy one_subject for xn_app, xn_read
-- evidence_line: policy set_work for xn_audit, xn_batch, xn_owner
-- gate_subject: policy one_subject for xn_app, xn_read
-- gate_subject: policy set_work for xn_audit, xn_owner
-- vault_blob: policy one_subject for xn_app, xn_read
-- vault_blob: policy set_work for xn_owner
-- vault_closed: policy one_subject for xn_app, xn_read
-- vault_closed: policy set_work for xn_owner
-- vault_value: policy one_subject for xn_app, xn_read
-- vault_value: policy set_work for xn_owner
