"""Every column of every table is declared by its room: classified, with a retention rule."""

from typing import Any

import pytest

from tests.house import schema
from xingnuo.config.wiring import declarations
from xingnuo.duties.retention import queries
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Column, Table


def declared() -> dict[str, Table]:
    """Give every declared table of the data database by its name."""
    tables = [table for each in declarations() for table in each.tables]
    return {table.name: table for table in tables if table.database == "default"}


@pytest.fixture(scope="module")
def columns() -> dict[str, dict[str, Any]]:
    """Give every column of ours, read once."""
    return schema.columns()


def test_every_table_is_declared(columns: dict[str, dict[str, Any]]) -> None:
    """A table without a declaration would be outside export, erasure and retention."""
    assert set(columns) == set(declared())


def test_every_column_is_declared(columns: dict[str, dict[str, Any]]) -> None:
    """A column without a class would be outside masking and the residue search."""
    for name, table in declared().items():
        assert set(columns.get(name, {})) == set(table.columns), name


def test_a_table_of_a_room_is_declared_by_that_room() -> None:
    """Nobody accounts for somebody else's table."""
    for each in declarations():
        for table in each.tables:
            assert table.name.startswith(f"{each.room}_"), (each.room, table.name)


def test_who_finds_a_subject_without_being_owned_says_so(
    columns: dict[str, dict[str, Any]],
) -> None:
    """A table with subjects that says it is about nobody is an exception known by name."""
    for name, table in declared().items():
        if "subject_id" in columns.get(name, {}) and not table.subject:
            assert name in schema.NOT_OWNED, name


def test_a_personal_column_names_its_item() -> None:
    """A personal value in the clear needs its item's name, and so its reason in review."""
    for name, table in declared().items():
        clear = {column for column, kind in table.columns.items() if kind == Column.PERSONAL}
        assert clear == set(table.personal), name


def test_a_column_is_of_the_kind_that_it_declares(columns: dict[str, dict[str, Any]]) -> None:
    """Keys are UUIDs or codes, instants know their zone, money is bigint, sealed is bytes."""
    kinds = {
        Column.TIME: {"timestamp with time zone", "date"},
        Column.MONEY: {"bigint"},
        Column.SEALED: {"bytea"},
        Column.COUNT: {"integer", "bigint", "smallint", "boolean"},
    }
    for name, table in declared().items():
        for column, kind in table.columns.items():
            there = columns.get(name, {}).get(column)
            if there is not None and kind in kinds:
                assert there["data_type"] in kinds[kind], (name, column, there["data_type"])


@pytest.mark.promise("4.3.1")
def test_a_table_with_an_age_says_what_starts_it_and_its_room_sweeps() -> None:
    """Every table whose rule has days names its start, or goes with one that does."""
    assert queries.unscheduled() == ()
    sweeping = {one.room for one in policy.holdings() if one.sweep is not None}
    named = declared()
    for name, table in named.items():
        assert set(table.starts) <= set(table.columns), name
        assert not table.goes_with or named[table.goes_with].starts, name
        if table.starts:
            assert any(name.startswith(f"{room}_") for room in sweeping), name
