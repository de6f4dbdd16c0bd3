"""Keys, row security, grants and guards: the functions alone write, and nobody rewrites."""

from typing import Any

from django.db import migrations

from xingnuo.kit.db.migration import PlainTable, SubjectTable
from xingnuo.money.ledger.contracts import HouseKind, house

RULES = """
ALTER TABLE ledger_balance SET (fillfactor = 50);
ALTER TABLE ledger_balance ADD CONSTRAINT ledger_balance_account_fkey
    FOREIGN KEY (subject_id, account_id) REFERENCES ledger_account (subject_id, id);
-- Hashes do not compress.
ALTER TABLE ledger_transfer ALTER fingerprint SET STORAGE PLAIN;
INSERT INTO ledger_book (number, currency, scale) VALUES (1, 'CNY', 2);
INSERT INTO ledger_mark (what, epoch, xid, at)
    SELECT what, 0, '0', now() FROM unnest(ARRAY['rollup', 'seal', 'prune']) AS what;
"""
# The second line behind the grants, on a single node: not even the owner rewrites the books.
GUARD = """
CREATE FUNCTION ledger_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('ledger.pruning', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the books are only added to' USING ERRCODE = 'restrict_violation';
END
$$
"""
GUARDED = ("account", "transfer", "entry", "hold", "hold_end", "dead", "seal")
CHANNELS = ("", "alipay", "wechat", "unionpay", "bank")
PER_CHANNEL = (
    HouseKind.RECEIVABLE,
    HouseKind.SUSPENSE,
    HouseKind.FEE,
    HouseKind.REFUND_PAYABLE,
)


def seed_house(apps: Any, schema_editor: Any) -> None:
    """Write down the accounts that the house has from the start."""
    row = apps.get_model("ledger", "HouseRow")
    named = [(kind, "") for kind in HouseKind if kind not in PER_CHANNEL]
    named += [(kind, channel) for kind in PER_CHANNEL for channel in CHANNELS]
    row.objects.using(schema_editor.connection.alias).bulk_create(
        row(id=house(kind, name), book=1, kind=kind.value, name=name) for kind, name in named
    )


def guard(table: str) -> migrations.RunSQL:
    """Refuse change and removal of a table's rows, whoever asks."""
    return migrations.RunSQL(
        f"CREATE TRIGGER ledger_{table}_guard BEFORE UPDATE OR DELETE OR TRUNCATE"
        f" ON ledger_{table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
        migrations.RunSQL.noop,
    )


def people(table: str, key: tuple[str, ...], *, batch: str) -> SubjectTable:
    """Make a table of the books about a person: functions alone write it."""
    return SubjectTable(
        f"ledger_{table}", key=key, written_by_functions=True, batch=batch, audit=True
    )


ADDED = "SELECT, INSERT"


class Migration(migrations.Migration):
    """Give each table its rights, and the house its accounts."""

    dependencies = [("ledger", "0001_initial")]

    operations = [
        people("account", ("subject_id", "id"), batch=ADDED),
        people("balance", ("subject_id", "account_id"), batch="SELECT, INSERT, UPDATE"),
        people("transfer", ("subject_id", "id"), batch=ADDED),
        people("entry", ("subject_id", "transfer_id", "leg"), batch=ADDED),
        people("hold", ("subject_id", "id"), batch=ADDED),
        people("hold_end", ("subject_id", "hold_id"), batch=ADDED),
        people("open_hold", ("subject_id", "hold_id"), batch="SELECT, INSERT, DELETE"),
        people("dead", ("subject_id", "id", "about"), batch=ADDED),
        *(
            PlainTable(f"ledger_{table}", app=app, batch=batch, audit="SELECT")
            for table, app, batch in (
                ("book", "SELECT", "SELECT"),
                ("house", "SELECT, INSERT", "SELECT"),
                ("rollup", "SELECT", "SELECT, INSERT, UPDATE"),
                ("mark", "SELECT", "SELECT, UPDATE"),
                ("seal", "SELECT", "SELECT, INSERT"),
            )
        ),
        migrations.RunPython(seed_house, migrations.RunPython.noop),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
        migrations.RunSQL([(GUARD, None)], migrations.RunSQL.noop),
        *(guard(table) for table in GUARDED),
    ]
