-- The keys database: wrapped keys and tombstones, apart from the data and its backups.
-- Run by xn_keys_owner; safe to repeat. xn_keys never changes a tombstone nor makes a legal key.

CREATE TABLE IF NOT EXISTS vault_class_key (
    key_class text NOT NULL,
    version smallint NOT NULL CHECK (version > 0),
    wrapped bytea NOT NULL,
    provider text NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT vault_class_key_pkey PRIMARY KEY (key_class, version)
);

CREATE TABLE IF NOT EXISTS vault_lookup_key (
    version smallint NOT NULL CHECK (version > 0),
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT vault_lookup_key_pkey PRIMARY KEY (version)
);

CREATE TABLE IF NOT EXISTS vault_legal_key (
    version smallint NOT NULL CHECK (version > 0),
    public_key bytea NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT vault_legal_key_pkey PRIMARY KEY (version)
);

CREATE TABLE IF NOT EXISTS vault_subject_key (
    subject_id uuid NOT NULL,
    key_class text NOT NULL,
    version integer NOT NULL CHECK (version BETWEEN 1 AND 65535),
    class_version smallint NOT NULL,
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT vault_subject_key_pkey PRIMARY KEY (subject_id, key_class, version),
    CONSTRAINT vault_subject_key_class FOREIGN KEY (key_class, class_version)
        REFERENCES vault_class_key (key_class, version)
);
-- Rotation walks the keys that still stand under an older class key.
CREATE INDEX IF NOT EXISTS vault_subject_key_by_class
    ON vault_subject_key (key_class, class_version, subject_id);

CREATE TABLE IF NOT EXISTS vault_sealed_key (
    subject_id uuid NOT NULL,
    key_class text NOT NULL,
    version integer NOT NULL CHECK (version BETWEEN 1 AND 65535),
    legal_version smallint NOT NULL REFERENCES vault_legal_key (version),
    sealed bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    CONSTRAINT vault_sealed_key_pkey PRIMARY KEY (subject_id, key_class, version)
);

CREATE TABLE IF NOT EXISTS vault_tombstone (
    subject_id uuid NOT NULL,
    erased_at timestamptz NOT NULL,
    purged_at timestamptz,
    CONSTRAINT vault_tombstone_pkey PRIMARY KEY (subject_id)
);

GRANT SELECT, INSERT ON vault_class_key TO xn_keys;
GRANT SELECT, INSERT ON vault_lookup_key TO xn_keys;
GRANT SELECT ON vault_legal_key TO xn_keys;
GRANT SELECT, INSERT, DELETE, UPDATE (class_version, wrapped) ON vault_subject_key TO xn_keys;
GRANT SELECT, INSERT, DELETE ON vault_sealed_key TO xn_keys;
GRANT SELECT, INSERT, UPDATE (purged_at) ON vault_tombstone TO xn_keys;
