-- Rights in the data database: nothing for everybody, the least for each role. Safe to repeat.
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO xn_app, xn_audit;
GRANT TEMPORARY ON DATABASE {database} TO xn_batch;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO xn_app, xn_read, xn_batch, xn_audit;
-- A function may only be handed to a role that could have made it.
GRANT CREATE ON SCHEMA public TO xn_batch;

SET ROLE xn_owner;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
RESET ROLE;
