"""The tables of the sibling apps; every row names its app."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS sibling_session (
    kept TEXT PRIMARY KEY, app TEXT NOT NULL, csrf TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT '', verifier TEXT NOT NULL DEFAULT '',
    account_id TEXT NOT NULL DEFAULT '', access_token TEXT NOT NULL DEFAULT '',
    refusal TEXT NOT NULL DEFAULT '', created_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sibling_session_account ON sibling_session (app, account_id);
CREATE TABLE IF NOT EXISTS sibling_copy (
    app TEXT NOT NULL, account_id TEXT NOT NULL, profile TEXT NOT NULL,
    first_at REAL NOT NULL, synced_at REAL NOT NULL,
    PRIMARY KEY (app, account_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sibling_receipt (
    app TEXT NOT NULL, notice_id TEXT NOT NULL, account_id TEXT NOT NULL,
    receipt_id TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('pending', 'erased')),
    copies INTEGER NOT NULL, asked_at REAL NOT NULL, erased_at REAL,
    PRIMARY KEY (app, notice_id)
) WITHOUT ROWID;
"""
