"""Settlements by the key that the bank has, for the day-end of the bank rail."""

from django.db import migrations, models

from xingnuo.kit.db.migration import SetFunction

# Those of the named keys that are not ended unpaid, and all that ended paid on the day.
PAYOUTS = """
CREATE FUNCTION merchant_collection_payouts(numbers uuid[], the_day date)
RETURNS TABLE (number uuid, fen bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    began timestamptz := the_day::timestamp AT TIME ZONE 'Asia/Shanghai';
BEGIN
    RETURN QUERY
        SELECT s.id, s.net_fen FROM merchant_collection_settlement AS s
        WHERE s.id = ANY (numbers) AND s.state <> 'declined'
        UNION
        SELECT s.id, s.net_fen FROM merchant_collection_settlement AS s
        WHERE s.state = 'done' AND s.ended_at >= began AND s.ended_at < began + interval '1 day';
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("merchant_collection", "0002_amounts")]

    operations = [
        migrations.AddIndex(
            "settlementrow", models.Index(fields=["id"], name="merchant_settlement_by_key")
        ),
        migrations.AddIndex(
            "settlementrow",
            models.Index(
                condition=models.Q(("state", "done")),
                fields=["ended_at"],
                name="merchant_settlement_by_end",
            ),
        ),
        SetFunction("merchant_collection_payouts(uuid[], date)", PAYOUTS),
    ]
