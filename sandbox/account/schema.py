"""The tables of the account provider."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS account_person (
    sub TEXT PRIMARY KEY, phone TEXT NOT NULL UNIQUE, nickname TEXT NOT NULL,
    password_hash TEXT NOT NULL, demo INTEGER NOT NULL, created_at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account_attempt (phone TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS account_attempt_phone ON account_attempt (phone, at);
CREATE TABLE IF NOT EXISTS account_session (
    kept TEXT PRIMARY KEY, sid TEXT NOT NULL UNIQUE, csrf TEXT NOT NULL,
    sub TEXT, auth_time INTEGER, created_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS account_session_sub ON account_session (sub);
CREATE TABLE IF NOT EXISTS account_flow (
    id TEXT PRIMARY KEY, sid TEXT NOT NULL, asked TEXT NOT NULL,
    proven INTEGER NOT NULL, created_at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account_grant (
    sub TEXT NOT NULL, client_id TEXT NOT NULL, scope TEXT NOT NULL, granted_at REAL NOT NULL,
    PRIMARY KEY (sub, client_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account_code (
    kept TEXT PRIMARY KEY, family TEXT NOT NULL, sub TEXT NOT NULL, client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL, scope TEXT NOT NULL, nonce TEXT NOT NULL, challenge TEXT NOT NULL,
    sid TEXT NOT NULL, auth_time INTEGER NOT NULL, made_at REAL NOT NULL, used_at REAL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account_token (
    kept TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
    family TEXT NOT NULL, sub TEXT NOT NULL, client_id TEXT NOT NULL, scope TEXT NOT NULL,
    sid TEXT NOT NULL, auth_time INTEGER NOT NULL, expires_at REAL NOT NULL,
    used_at REAL, revoked_at REAL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS account_token_family ON account_token (family);
CREATE INDEX IF NOT EXISTS account_token_sub ON account_token (sub);
CREATE TABLE IF NOT EXISTS account_key (
    kid TEXT PRIMARY KEY, pem TEXT NOT NULL, made_at REAL NOT NULL, retired_at REAL
) WITHOUT ROWID;
"""
