"""What the register knows of a member goes three years after it ended; codes go in a day."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

# table -> what makes a row old
OLD = {
    "permissions_staff": "state = 'left' AND moved_at < handled",
    "permissions_staff_role": "ended_at < handled",
    "permissions_staff_key": "ended_at < handled",
    "permissions_staff_code": "expires_at < codes",
    "permissions_staff_challenge": "expires_at < codes",
    "permissions_staff_session": "least(ended_at, expires_at) < handled",
    "permissions_staff_undertaking": "until_at < handled",
    "permissions_staff_training": "until_at < handled",
    "permissions_staff_breach": "at < handled",
    "permissions_staff_look": "at < handled",
    "permissions_staff_release": "due_at < handled",
}
GOING = ", ".join(
    f"{table[12:]} AS (DELETE FROM {table} WHERE id IN"
    f" (SELECT id FROM {table} WHERE {old} LIMIT most) RETURNING 1)"
    for table, old in OLD.items()
)
COUNTED = " + ".join(f"(SELECT count(*) FROM {table[12:]})" for table in OLD)
SWEEP = f"""
CREATE FUNCTION permissions_sweep(handled timestamptz, codes timestamptz, most integer)
RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH {GOING} SELECT ({COUNTED})::integer
$$
"""


class Migration(migrations.Migration):
    dependencies = [("permissions", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [(f"GRANT SELECT, DELETE ON {table} TO xn_batch", None) for table in OLD],
            migrations.RunSQL.noop,
        ),
        SetFunction("permissions_sweep(timestamptz, timestamptz, integer)", SWEEP),
    ]
