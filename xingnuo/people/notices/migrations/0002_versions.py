"""Each person is told of a policy version once, whoever tells them and however often."""

from django.db import migrations

from xingnuo.kit.db.migration import SetFunction

TELL_VERSION = """
CREATE FUNCTION notices_tell_version(
    policy text, wording integer, people uuid[], messages uuid[], told_at timestamptz)
RETURNS TABLE (person uuid, message uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO notices_message AS made
        (subject_id, id, key, code, version, kind, channel, label, state, why, tries,
         created_at, due_at)
    SELECT told.person, told.message, 'policy:' || policy, 'policy_version', wording, 'duty',
           'app', policy, 'sent', '', 0, told_at, told_at
    FROM unnest(people, messages) AS told (person, message)
    ON CONFLICT (subject_id, key, channel) DO NOTHING
    RETURNING made.subject_id, made.id
$$
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT, INSERT ON notices_message TO xn_batch", migrations.RunSQL.noop
        ),
        SetFunction(
            "notices_tell_version(text, integer, uuid[], uuid[], timestamptz)", TELL_VERSION
        ),
    ]
