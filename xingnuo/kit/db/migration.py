"""Migration operations: row security, composite keys and grants, said once.

Grants are the append-only guard: a table is append-only when nobody but its owner may update it.
"""

from __future__ import annotations

from django.db.migrations.operations.special import RunSQL

SUBJECT_IN_FORCE = "nullif(current_setting('xn.subject', true), '')::uuid"
PERMIT_IN_FORCE = "nullif(current_setting('xn.permit', true), '') IS NOT NULL"


def _grants(table: str, grants: dict[str, str]) -> list[str]:
    # One GRANT per table and role: mixed grants are refused by Citus.
    return [f'GRANT {what} ON "{table}" TO {role}' for role, what in grants.items() if what]


class SubjectTable(RunSQL):
    """Make a table subject-owned: key (subject_id, id), forced row security, least grants.

    `append_only` withholds UPDATE and DELETE from the app role; `erasable` gives DELETE back for
    erasure and retention. `written_by_functions` leaves the app role SELECT alone, since set
    functions do all the writing. `needs_permit` opens rows only under a permit (the vault).
    `batch` names what set functions (role xn_batch) may do over all subjects.
    """

    def __init__(
        self,
        table: str,
        *,
        append_only: bool = False,
        erasable: bool = True,
        written_by_functions: bool = False,
        needs_permit: bool = False,
        read_inserts: bool = False,
        batch: str = "",
        audit: bool = False,
        key: tuple[str, ...] = ("subject_id", "id"),
    ) -> None:
        rule = f"subject_id = {SUBJECT_IN_FORCE}" + (
            f" AND {PERMIT_IN_FORCE}" if needs_permit else ""
        )
        app = (
            ["SELECT", "INSERT"]
            + ([] if append_only else ["UPDATE"])
            + (["DELETE"] if erasable else [])
        )
        if written_by_functions:
            app = ["SELECT"]
        sql = [
            f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{table}_pkey"',
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY ({", ".join(key)})',
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY one_subject ON "{table}" TO xn_app, xn_read'
            f" USING ({rule}) WITH CHECK ({rule})",
            *_grants(
                table,
                {
                    "xn_app": ", ".join(app),
                    "xn_read": "SELECT, INSERT" if read_inserts else "SELECT",
                    "xn_batch": batch,
                    "xn_audit": "SELECT" if audit else "",
                },
            ),
        ]
        # The owner restores backups and dumps; it never serves a door.
        everybody = ["xn_owner", *(["xn_batch"] if batch else []), *(["xn_audit"] if audit else [])]
        sql.append(
            f'CREATE POLICY set_work ON "{table}" TO {", ".join(everybody)}'
            " USING (true) WITH CHECK (true)"
        )
        super().__init__(";\n".join(sql), RunSQL.noop)


class PlainTable(RunSQL):
    """Grant the use of a table that is not about one person (look-up, catalogue, queue, local)."""

    def __init__(
        self,
        table: str,
        *,
        app: str = "SELECT, INSERT, UPDATE, DELETE",
        read: str = "SELECT",
        batch: str = "",
        audit: str = "",
    ) -> None:
        grants = {"xn_app": app, "xn_read": read, "xn_batch": batch, "xn_audit": audit}
        super().__init__(";\n".join(_grants(table, grants)), RunSQL.noop)


class SetFunction(RunSQL):
    """Create a set-based function that runs as xn_batch; web and worker may only execute it.

    `sql` holds one CREATE FUNCTION … SECURITY DEFINER with its search_path set.
    """

    def __init__(self, signature: str, sql: str, *, execute: tuple[str, ...] = ("xn_app",)) -> None:
        parts = [
            sql.rstrip().rstrip(";"),
            f"ALTER FUNCTION {signature} OWNER TO xn_batch",
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            *[f"GRANT EXECUTE ON FUNCTION {signature} TO {role}" for role in execute],
        ]
        super().__init__([(part, None) for part in parts], RunSQL.noop)
