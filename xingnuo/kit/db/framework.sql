-- Rights on tables that are not ours: Django's own and the job queue's. Run by xn_owner after
-- migrations; safe to repeat. The queue is used by web and worker alone; a safe HTTP method
-- (xn_read) defers no job. One GRANT per table: mixed grants are refused by Citus.
DO $$
DECLARE
    thing regclass;
    routine regprocedure;
BEGIN
    FOR thing IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
          AND relname LIKE 'procrastinate\_%'
    LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO xn_app', thing);
    END LOOP;
    FOR thing IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
          AND relname LIKE 'procrastinate\_%'
    LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO xn_app', thing);
    END LOOP;
    FOR routine IN
        SELECT oid FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate\_%'
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO xn_app', routine);
    END LOOP;
    -- So that a service can tell whether the schema fits its code.
    IF to_regclass('public.django_migrations') IS NOT NULL THEN
        EXECUTE 'GRANT SELECT ON django_migrations TO xn_app';
        EXECUTE 'GRANT SELECT ON django_migrations TO xn_read';
    END IF;
END
$$;
