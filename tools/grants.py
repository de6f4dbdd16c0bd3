"""Write docs/{grants,function_grants,row_policies}.sql: every right of a role of the house.

Run as `python -m tools.grants`; it brings a scratch database of its own.
"""

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WRITE = "XN_WRITE_GRANTS"
HEAD = """\
-- What a role of the house may do, as the migrated database tells it.
-- Made by `python -m tools.grants`; tests/house/test_grants.py compares.
-- The owner's own rights, and the tables of Django and of the job queue, are left out.
"""
TABLE_GRANTS = """
    SELECT format('GRANT %s ON %I TO %I;', string_agg(g.privilege_type, ', ' ORDER BY
            array_position(array['SELECT', 'INSERT', 'UPDATE', 'DELETE'], g.privilege_type::text),
            g.privilege_type), c.relname, coalesce(r.rolname, 'public'))
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g
    LEFT JOIN pg_roles r ON r.oid = g.grantee
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        AND g.grantee <> c.relowner
        AND c.relname !~ '^(django_|procrastinate_)'
    GROUP BY c.relname, r.rolname ORDER BY c.relname, r.rolname
"""
FUNCTION_GRANTS = """
    SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I;', p.oid::regprocedure,
            coalesce(r.rolname, 'public'))
    FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) g
    LEFT JOIN pg_roles r ON r.oid = g.grantee
    WHERE p.pronamespace = 'public'::regnamespace AND g.grantee <> p.proowner
        AND p.proname !~ '^procrastinate_'
    ORDER BY p.oid::regprocedure::text, r.rolname
"""
ROW_POLICIES = """
    SELECT format('-- %I: policy %I for %s', tablename, policyname,
            (SELECT string_agg(role::text, ', ' ORDER BY role::text) FROM unnest(roles) role))
    FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname
"""


DOCUMENTS = {
    ROOT / "docs" / "grants.sql": {"Tables": TABLE_GRANTS},
    ROOT / "docs" / "function_grants.sql": {"Functions": FUNCTION_GRANTS},
    ROOT / "docs" / "row_policies.sql": {"Row policies": ROW_POLICIES},
}


def snapshot(connection: Any) -> dict[Path, str]:
    """Give the documents for the database behind a Django connection."""
    told = {}
    for path, sections in DOCUMENTS.items():
        parts = [HEAD]
        for title, sql in sections.items():
            with connection.cursor() as cursor:
                cursor.execute(sql)
                lines = "".join(f"{_wrapped(row[0])}\n" for row in cursor.fetchall())
            parts.append(f"\n-- {title}\n{lines}")
        told[path] = "".join(parts)
    return told


def _wrapped(line: str) -> str:
    # Only statements are ever that long, and SQL does not mind where a line ends.
    spaced = line.replace(", ", ",").replace(",", ", ")
    return textwrap.fill(spaced, 100, subsequent_indent="    ", break_long_words=False)


def main() -> int:
    """Let the comparing test write the documents from its own scratch database."""
    test = "tests/house/test_grants.py::test_the_grants_are_those_written_down"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", test],
        cwd=ROOT,
        env={**os.environ, WRITE: "1"},
        check=False,
    )
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
