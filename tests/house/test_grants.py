"""Who may do what in the database: roles, grants, and the snapshot in docs/grants.sql."""

import os

import pytest
from django.db import connections

from tests.house import schema
from tests.house.schema import ask
from tools import grants

ROLES = """
    SELECT rolname AS role, rolsuper AS super, rolbypassrls AS bypasses, rolcreatedb AS makes,
        rolcreaterole AS appoints, rolcanlogin AS enters, rolreplication AS copies
    FROM pg_roles WHERE rolname LIKE 'xn\\_%'
"""
MEMBERS = """
    SELECT m.rolname AS member, g.rolname AS role, a.inherit_option AS inherits, a.set_option AS set
    FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
    WHERE m.rolname LIKE 'xn\\_%' AND a.admin_option IS FALSE
"""


def may(role: str, privilege: str) -> set[str]:
    """Name the tables of ours on which a role has a privilege."""
    sql = f"""
        SELECT c.relname AS table FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND has_table_privilege('{role}', c.oid, '{privilege}')
    """
    return {row["table"] for row in schema.ours(ask(sql))}


def test_the_suite_itself_connects_as_the_app() -> None:
    """What these tests see is what web and worker see."""
    row = ask(
        "SELECT current_user AS me, rolsuper OR rolbypassrls AS above FROM pg_roles"
        " WHERE rolname = current_user",
        alias="default",
    )
    assert row == [{"me": "xn_app", "above": False}]


def test_no_role_of_the_house_stands_above_row_security() -> None:
    """None is a superuser, bypasses row security, makes databases or appoints roles."""
    for row in ask(ROLES):
        powers = ("super", "bypasses", "makes", "appoints", "copies")
        assert not any(row[power] for power in powers), row


def test_the_serving_roles_own_nothing() -> None:
    """An owner could switch row security off."""
    owners = {row["owner"] for row in ask(schema.TABLES)}
    assert owners == {"xn_owner"}


def test_roles_without_login_cannot_be_entered_from_outside() -> None:
    """xn_read and xn_batch are put on, never signed in to."""
    enters = {row["role"]: row["enters"] for row in ask(ROLES)}
    assert enters["xn_app"] and enters["xn_audit"]
    assert not enters["xn_read"] and not enters["xn_batch"]


def test_the_app_may_put_on_the_reading_role_and_no_other() -> None:
    """Dropping rights is free; gaining them is impossible."""
    roles = {row["role"]: row for row in ask(MEMBERS) if row["member"] == "xn_app"}
    assert set(roles) == {"xn_read"}
    assert not roles["xn_read"]["inherits"]


@pytest.mark.parametrize("role", ["xn_app", "xn_read", "xn_audit"])
def test_serving_roles_make_no_tables(role: str) -> None:
    """No role that serves anybody may change the schema."""
    sql = f"SELECT has_schema_privilege('{role}', 'public', 'CREATE') AS may"
    assert ask(sql) == [{"may": False}]
    for privilege in ("TRUNCATE", "REFERENCES", "TRIGGER"):
        assert may(role, privilege) == set()


def test_lines_once_written_cannot_be_changed_by_the_app() -> None:
    """Append-only tables have no UPDATE for any serving role."""
    for role in ("xn_app", "xn_read", "xn_audit"):
        assert not may(role, "UPDATE") & set(schema.APPEND_ONLY), role


def test_evidence_cannot_be_taken_away_by_the_app() -> None:
    """Evidence outlives erasure, so nobody who serves may delete a line of it."""
    evidence = {table for table in schema.columns() if table.startswith("evidence_")}
    for role in ("xn_app", "xn_read", "xn_audit"):
        assert not may(role, "DELETE") & evidence, role


def test_the_reading_role_reads_and_adds_evidence_and_nothing_else() -> None:
    """A safe HTTP method cannot change anything, whatever its code tries."""
    assert may("xn_read", "INSERT") == set(schema.READ_ADDS)
    assert may("xn_read", "UPDATE") == set()
    assert may("xn_read", "DELETE") == set()


def test_the_auditor_writes_nothing() -> None:
    """Live checks cannot mend what they find."""
    for privilege in ("INSERT", "UPDATE", "DELETE"):
        assert may("xn_audit", privilege) == set()


def test_the_public_may_do_nothing() -> None:
    """No grant to everybody."""
    sql = """
        SELECT c.relname AS table FROM pg_class c, aclexplode(c.relacl) g
        WHERE c.relnamespace = 'public'::regnamespace AND g.grantee = 0
    """
    assert ask(sql) == []


def test_nobody_of_the_data_database_enters_the_keys_database() -> None:
    """Keys and data have no role in common."""
    name = connections["keys"].settings_dict["NAME"]
    for role in ("xn_app", "xn_read", "xn_batch", "xn_audit", "xn_owner"):
        sql = f"SELECT has_database_privilege('{role}', '{name}', 'CONNECT') AS may"
        assert ask(sql) == [{"may": False}], role


def test_the_grants_are_those_written_down() -> None:
    """The documents are what the database says; a change of rights shows in review."""
    for path, now in grants.snapshot(connections["owner"]).items():
        if os.environ.get(grants.WRITE):
            path.write_text(now, encoding="utf-8")
        assert now == path.read_text(encoding="utf-8"), "run: python -m tools.grants"
