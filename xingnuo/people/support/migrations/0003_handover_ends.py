"""How a hand-over ends: asked about by age, corrected, or proven by two."""

from django.db import migrations, models

from xingnuo.kit.db.migration import SetFunction

HEAD = "SECURITY DEFINER SET search_path = public, pg_temp AS $$"
DUE = f"""
CREATE FUNCTION support_handovers_due(p_now timestamptz, p_most integer)
RETURNS TABLE(subject_id uuid, id uuid) LANGUAGE sql STABLE {HEAD}
    SELECT h.subject_id, h.id FROM support_handover h
    WHERE h.state IN ('released', 'unknown') AND h.next_at <= p_now
    ORDER BY h.next_at LIMIT p_most
$$
"""
OPEN = f"""
CREATE FUNCTION support_handovers_open(p_most integer)
RETURNS SETOF support_handover LANGUAGE sql STABLE {HEAD}
    SELECT h.* FROM support_handover h
    WHERE h.state IN ('released', 'unknown', 'correction')
    ORDER BY h.sent_at NULLS LAST, h.id LIMIT p_most
$$
"""
WHOSE = f"""
CREATE FUNCTION support_handover_subject(p_handover uuid)
RETURNS uuid LANGUAGE sql STABLE {HEAD}
    SELECT subject_id FROM support_handover WHERE id = p_handover
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0002_calls"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="handoverrow",
            name="support_handover_state_known",
        ),
        migrations.AddField(
            model_name="handoverrow",
            name="alarmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="handoverrow",
            name="answer_by",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="handoverrow",
            name="next_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="handoverrow",
            name="proof_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="handoverrow",
            name="proof_by",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddField(
            model_name="handoverrow",
            name="proof_kind",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddField(
            model_name="handoverrow",
            name="proof_outcome",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddField(
            model_name="handoverrow",
            name="proof_reference",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="handoverrow",
            name="reasons",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="handoverrow",
            name="settled_by",
            field=models.CharField(blank=True, default="", max_length=24),
        ),
        migrations.AddIndex(
            model_name="handoverrow",
            index=models.Index(
                condition=models.Q(("state__in", ["released", "unknown"])),
                fields=["next_at"],
                name="support_handover_next",
            ),
        ),
        migrations.AddIndex(
            model_name="handoverrow",
            index=models.Index(
                condition=models.Q(("state__in", ["released", "unknown", "correction"])),
                fields=["sent_at"],
                name="support_handover_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "proposed",
                            "declined",
                            "released",
                            "unknown",
                            "accepted",
                            "correction",
                            "corrected",
                            "rejected",
                        ],
                    )
                ),
                name="support_handover_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_by", ""),
                    models.Q(("settled_by", models.F("proof_by")), _negated=True),
                    _connector="OR",
                ),
                name="support_handover_proof_by_two",
            ),
        ),
        migrations.RunSQL(
            [
                ("GRANT SELECT ON support_handover TO xn_batch", None),
                ("ALTER POLICY set_work ON support_handover TO xn_owner, xn_batch, xn_audit", None),
            ],
            migrations.RunSQL.noop,
        ),
        SetFunction("support_handovers_due(timestamptz, integer)", DUE),
        SetFunction("support_handovers_open(integer)", OPEN, execute=("xn_app", "xn_read")),
        SetFunction("support_handover_subject(uuid)", WHOSE),
    ]
