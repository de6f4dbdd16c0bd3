"""Each person is told of a policy version once, whoever tells them and however often."""

from django.db import migrations, models

from xingnuo.kit.db.migration import SetFunction

TELL_VERSION = """
CREATE FUNCTION accounts_tell_version(
    version text, people uuid[], notices uuid[], told_at timestamptz)
RETURNS TABLE (person uuid, notice uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO accounts_notice AS made
        (subject_id, id, code, label, created_at, sms_state, sms_tries)
    SELECT told.person, told.notice, 'policy_version', version, told_at, 'none', 0
    FROM unnest(people, notices) AS told (person, notice)
    ON CONFLICT (subject_id, label) WHERE code = 'policy_version' DO NOTHING
    RETURNING made.subject_id, made.id
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("subject_id", "label"),
                condition=models.Q(("code", "policy_version")),
                name="accounts_notice_version_once",
            ),
        ),
        migrations.RunSQL(
            [
                ("GRANT SELECT, INSERT ON accounts_notice TO xn_batch", None),
                ("ALTER POLICY set_work ON accounts_notice TO xn_owner, xn_batch, xn_audit", None),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction(
            "accounts_tell_version(text, uuid[], uuid[], timestamptz)",
            TELL_VERSION,
        ),
    ]
