"""The linters are not blind: each finds what was planted in a scratch table or file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from tests.house import schema, test_hidden_ties
from xingnuo.kit import ids

PLANT = """
    CREATE TABLE {name} (
        id bigint PRIMARY KEY, subject_id uuid, price_fen real, at timestamp, UNIQUE (price_fen)
    );
    GRANT UPDATE ON {name} TO xn_read;
    CREATE FUNCTION {name}_f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
    CREATE VIEW {name}_v AS SELECT * FROM {name}
"""


@pytest.fixture
def planted() -> Iterator[str]:
    """Plant a table that breaks every rule, seen in one transaction that is rolled back."""
    name = f"bad_{ids.uuid7().hex[-12:]}"
    owner = connections["owner"]
    owner.set_autocommit(False)
    try:
        with owner.cursor() as cursor:
            for statement in PLANT.format(name=name).split(";\n"):
                cursor.execute(statement)
        yield name
    finally:
        owner.rollback()
        owner.set_autocommit(True)


def test_the_schema_linter_sees_a_bad_table(planted: str) -> None:
    """Row security, keys, kinds, grants, functions and views are all read from the catalogue."""
    assert planted in schema.owned()
    tables = {row["table"]: row for row in schema.ask(schema.TABLES)}
    assert not tables[planted]["enabled"]
    unique = [row["columns"] for row in schema.ask(schema.UNIQUE) if row["table"] == planted]
    assert sorted(unique) == [["id"], ["price_fen"]]
    columns = schema.columns()[planted]
    assert columns["id"]["data_type"] == "bigint"
    assert columns["price_fen"]["data_type"] == "real"
    assert columns["at"]["data_type"] == "timestamp without time zone"
    assert columns["subject_id"]["is_nullable"] == "YES"
    [function] = [row for row in schema.ask(schema.FUNCTIONS) if row["name"] == f"{planted}_f()"]
    assert function["definer"] and function["settings"] == []
    [view] = [row for row in schema.ask(schema.VIEWS) if row["view"] == f"{planted}_v"]
    assert "security_invoker=true" not in view["options"]


def test_the_grants_document_would_show_a_new_right(planted: str) -> None:
    """A right that nobody wrote down changes the snapshot."""
    from tools import grants

    told = "".join(grants.snapshot(connections["owner"]).values())
    assert f"GRANT UPDATE ON {planted} TO xn_read;" in told


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('apps.get_model("loans", "Loan")', {"get_model"}),
        ('django.apps.apps.get_model("loans.Loan")', {"get_model"}),
        ('models.ForeignKey("loans.Loan", on_delete=CASCADE)', {"ForeignKey"}),
        ('importlib.import_module("xingnuo.services.loans.models")', {"import_module"}),
        ("@receiver(post_save)\ndef f(): pass", {"receiver"}),
    ],
)
def test_the_source_linter_sees_a_hidden_tie(tmp_path: Path, line: str, names: set[str]) -> None:
    """Calls are found however they are spelled."""
    path = tmp_path / "a.py"
    path.write_text(line, encoding="utf-8")
    found = list(test_hidden_ties.called(path, *names))
    assert len(found) == 1 and isinstance(found[0], ast.Call)
