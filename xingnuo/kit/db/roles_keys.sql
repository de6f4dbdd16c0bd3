-- The keys database: two roles of its own, and nobody of the data database may enter.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['xn_keys_owner', 'xn_keys'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
    END LOOP;
END
$$;

ALTER ROLE xn_keys_owner LOGIN;
ALTER ROLE xn_keys LOGIN;
ALTER ROLE xn_keys SET lock_timeout = '5s';
ALTER ROLE xn_keys SET statement_timeout = '30s';
ALTER ROLE xn_keys SET idle_in_transaction_session_timeout = '30s';
GRANT xn_keys_owner TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
