-- The roles of a server that holds the data. Run by somebody with CREATEROLE; safe to repeat.
-- Passwords are set apart from this, as SCRAM verifiers.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['xn_owner', 'xn_app', 'xn_read', 'xn_batch', 'xn_audit'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
    END LOOP;
END
$$;

ALTER ROLE xn_owner LOGIN;
ALTER ROLE xn_app LOGIN;
ALTER ROLE xn_audit LOGIN;
ALTER ROLE xn_read NOLOGIN;
ALTER ROLE xn_batch NOLOGIN;

-- A statement or lock that hangs must not hold a pool for ever.
ALTER ROLE xn_owner SET lock_timeout = '10s';
ALTER ROLE xn_app SET lock_timeout = '5s';
ALTER ROLE xn_app SET statement_timeout = '60s';
ALTER ROLE xn_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE xn_audit SET statement_timeout = '300s';
ALTER ROLE xn_audit SET default_transaction_read_only = on;

-- Safe HTTP methods step down to xn_read; xn_app never has its rights without saying so.
GRANT xn_read TO xn_app WITH INHERIT FALSE, SET TRUE;
-- Migrations hand set functions to xn_batch and grant their use.
GRANT xn_batch TO xn_owner WITH INHERIT TRUE, SET TRUE;
GRANT xn_owner TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
