"""What the schema linter asks of the catalogue, and the exceptions it knows by name."""

from collections import defaultdict
from typing import Any

from django.db import connections

Row = dict[str, Any]

# Tables of others, kept as they came: Django's own bookkeeping and the job queue.
FOREIGN_PREFIXES = ("django_", "procrastinate_")
# Tables that find a subject but are no row of one person; table → why.
NOT_OWNED: dict[str, str] = {
    "accounts_access": "found by a token's keyed hash, before anybody knows whose it is",
    "accounts_code": "found by a code's keyed hash, before anybody knows whose it is",
    "accounts_session_token": "found by a token's keyed hash, before anybody knows whose it is",
    "antifraud_case": "a work queue: case, kind, clock and subject id, nothing personal",
    "bill_pay_case": "a work queue: party, number, amounts and subject id, nothing personal",
    "bill_pay_number": "found by an order's number, before anybody knows whose it is",
    "identity_case": "a work queue: case, kind, clock and subject id, nothing personal",
    "identity_clock": "a work queue: check, kind of clock and subject id, nothing personal",
    "identity_photo_mark": "found by a keyed hash, before anybody knows whose picture it is",
    "merchant_collection_case": "a work queue: case, kind, clock and subject id, nothing personal",
    "merchant_collection_lookup": "found by a keyed hash, before anybody knows whose it is",
    "merchant_collection_turn": "a work queue: merchant, days and subject id, nothing personal",
    "notices_calendar": "found by an address's keyed hash, before anybody knows whose it is",
    "notices_way_out": "found by a link's keyed hash, before anybody knows whose it is",
    "payments_billed": "which of our numbers a channel's file named, taken by set functions alone",
    "payments_case": "a work queue: rail, number, amounts and subject id, nothing personal",
    "payments_number": "found by an order's number, before anybody knows whose it is",
    "rights_case": "a work queue: case, kind, clock and subject id, nothing personal",
    "support_case": "a work queue: case, kind, clock and subject id, nothing personal",
    "vault_lookup": "found by a keyed hash, before anybody knows whose row it is",
    "wallet_card_case": "a work queue: number, amounts and subject id, nothing personal",
    "wallet_card_number": "found by a number, before anybody knows whose it is",
    "wallet_card_token": "found by the bank's token, before anybody knows whose it is",
}
# Unique keys that do not start with the subject; index → why no subject stands in front.
FREE_UNIQUE: dict[str, str] = {
    "bill_pay_case_once": "one difference is one case",
    "bill_pay_case_pkey": "a work queue is taken up by its case",
    "bill_pay_number_pkey": "an operator names an order by its number alone",
    "payments_bill_once": "a channel's file of a day is taken once",
    "payments_bill_pkey": "a channel's file is about nobody",
    "payments_billed_pkey": "a channel names an order by its number alone",
    "merchant_collection_case_once": "one thing of one kind is one case",
    "merchant_collection_case_pkey": "a work queue is taken up by its case",
    "merchant_collection_lookup_pkey": "a code is found before anybody knows whose it is",
    "merchant_collection_turn_pkey": "a work queue is taken up by its merchant",
    "payments_case_once": "one difference of a file is one case",
    "payments_case_pkey": "a work queue is taken up by its case",
    "payments_number_pkey": "a channel names an order by its number alone",
    "rights_case_pkey": "a work queue is taken up by its case",
    "support_case_pkey": "a work queue is taken up by its case",
    "wallet_card_case_once": "one difference of a file is one case",
    "wallet_card_case_pkey": "a work queue is taken up by its case",
    "wallet_card_number_pkey": "the bank names a request by its number alone",
    "wallet_card_token_pkey": "the bank names an account by its token alone",
}
# Tables to which lines are only added: the app may never change one.
APPEND_ONLY: tuple[str, ...] = (
    "antifraud_aml_alert",
    "antifraud_aml_movement",
    "antifraud_decision",
    "antifraud_event",
    "antifraud_release",
    "consent_decision",
    "evidence_block",
    "evidence_line",
    "ledger_account",
    "ledger_dead",
    "ledger_entry",
    "ledger_hold",
    "ledger_hold_end",
    "ledger_seal",
    "ledger_transfer",
    "vault_closed",
)
# Where the reading role may add a line: evidence, and nothing else.
READ_ADDS: tuple[str, ...] = ("evidence_line",)
# Row policies beside the one text; "table.policy" → why they open nothing of a person.
MORE_POLICIES: dict[str, str] = {
    "evidence_line.nobody": "lines about no person may be added, and are read by the auditor",
}
# Definer functions that do not run as xn_batch; function → why.
OWNER_FUNCTIONS: dict[str, str] = {
    "evidence_prune()": "deletes lines past their term; no role that works in sets may delete any",
    "ledger_prune(timestamp with time zone,integer)": "as evidence_prune, for transactions",
}
# Triggers refuse, behind the grants, and nothing is right by them alone; name → why.
GUARDS: dict[str, str] = {
    f"ledger_{table}_guard": "not even the owner rewrites the books"
    for table in ("account", "transfer", "entry", "hold", "hold_end", "dead", "seal")
}
# Columns named `id` or `…_id` that hold no UUID, with the reason; "table.column" → why.
NOT_UUID: dict[str, str] = {}

TABLES = """
    SELECT c.relname AS table, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
        r.rolname AS owner
    FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""
COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public'
"""
UNIQUE = """
    SELECT t.relname AS table, i.relname AS index, x.indisprimary AS primary,
        array(SELECT coalesce(a.attname, '(expression)')::text
              FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(n, o)
              LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.n AND k.n > 0
              WHERE k.o <= x.indnkeyatts ORDER BY k.o) AS columns
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    WHERE t.relnamespace = 'public'::regnamespace AND (x.indisunique OR x.indisexclusion)
"""
FOREIGN_KEYS = """
    SELECT k.conname AS name, s.relname AS table, d.relname AS target,
        array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY c(n, o)
              JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.n
              ORDER BY c.o) AS columns
    FROM pg_constraint k
    JOIN pg_class s ON s.oid = k.conrelid JOIN pg_class d ON d.oid = k.confrelid
    WHERE k.contype = 'f' AND s.relnamespace = 'public'::regnamespace
"""
TRIGGERS = """
    SELECT c.relname AS table, t.tgname AS name
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
"""
POLICIES = """
    SELECT tablename AS table, policyname AS name, roles::text[] AS roles, permissive, cmd, qual,
        with_check, tablename || '.' || policyname AS spelled
    FROM pg_policies WHERE schemaname = 'public'
"""
FUNCTIONS = """
    SELECT p.oid::regprocedure::text AS name, r.rolname AS owner, p.prosecdef AS definer,
        coalesce(p.proconfig::text[], '{}') AS settings,
        EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
                WHERE g.grantee = 0 AND g.privilege_type = 'EXECUTE') AS public_may
    FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
    WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
VIEWS = """
    SELECT c.relname AS view, coalesce(c.reloptions::text[], '{}') AS options
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
"""


def ask(sql: str, *, alias: str = "owner") -> list[Row]:
    """Ask the catalogue and give rows by column name."""
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def ours(rows: list[Row]) -> list[Row]:
    """Leave out the tables of others."""
    return [row for row in rows if not row["table"].startswith(FOREIGN_PREFIXES)]


def columns() -> dict[str, dict[str, Row]]:
    """Give every column of every table of ours: {table: {column: row}}."""
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in ask(COLUMNS):
        if not row["table_name"].startswith(FOREIGN_PREFIXES):
            found[row["table_name"]][row["column_name"]] = row
    return dict(found)


def owned() -> set[str]:
    """Name the tables whose rows belong to one subject each."""
    return {table for table, row in columns().items() if "subject_id" in row} - set(NOT_OWNED)
