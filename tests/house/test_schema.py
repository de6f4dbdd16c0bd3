"""The schema linter: the data rules, asked of the real migrated database."""

import re

import pytest

from tests.house import schema
from tests.house.schema import Row, ask, ours

RULE = re.compile(
    r"subject_id = \(?NULLIF\(current_setting\('xn\.subject'(?:::text)?, true\), "
    r"''(?:::text)?\)\)?::uuid"
)
SERVING = {"xn_app", "xn_read"}


@pytest.fixture(scope="module")
def columns() -> dict[str, dict[str, Row]]:
    """Give every column of ours, read once."""
    return schema.columns()


@pytest.fixture(scope="module")
def owned() -> set[str]:
    """Name the tables whose rows belong to one subject each, read once."""
    return schema.owned()


def test_there_are_tables_about_people(owned: set[str]) -> None:
    """The linter looks at a migrated database, not at an empty one."""
    assert len(owned) >= 3


def test_rows_about_a_person_are_behind_row_security(owned: set[str]) -> None:
    """Enabled, and forced for the owner too."""
    for row in ask(schema.TABLES):
        if row["table"] in owned:
            assert row["enabled"] and row["forced"], row["table"]


def test_the_serving_roles_see_one_subject_at_a_time(owned: set[str]) -> None:
    """Each table has the one policy text for xn_app and xn_read, and no wider one."""
    # A restrictive policy only narrows.
    policies = [
        policy
        for policy in ask(schema.POLICIES)
        if policy["permissive"] == "PERMISSIVE" and policy["spelled"] not in schema.MORE_POLICIES
    ]
    for table in owned:
        serving = [p for p in policies if p["table"] == table and SERVING & set(p["roles"])]
        assert serving, table
        assert set().union(*(p["roles"] for p in serving)) >= SERVING, table
        for policy in serving:
            for text in (policy["qual"], policy["with_check"]):
                assert text is None or RULE.search(text), (table, policy["name"], text)
        assert not [p for p in policies if p["table"] == table and "public" in p["roles"]], table


def test_vault_rows_also_need_a_permit() -> None:
    """A subject alone opens no vault row."""
    for policy in ask(schema.POLICIES):
        if (
            policy["table"].startswith("vault_")
            and policy["permissive"] == "PERMISSIVE"
            and SERVING & set(policy["roles"])
        ):
            assert "xn.permit" in (policy["qual"] or policy["with_check"]), policy


def test_the_key_starts_with_the_subject(owned: set[str]) -> None:
    """The primary key of every owned table is (subject_id, …)."""
    keys = {row["table"]: row["columns"] for row in ask(schema.UNIQUE) if row["primary"]}
    for table in owned:
        assert keys.get(table, ["none"])[0] == "subject_id", (table, keys.get(table))


def test_every_unique_key_starts_with_the_subject(owned: set[str]) -> None:
    """Uniqueness over all people would tell one person of another; look-ups stand apart."""
    for row in ask(schema.UNIQUE):
        if row["table"] in owned and row["index"] not in schema.FREE_UNIQUE:
            assert row["columns"][0] == "subject_id", row


def test_a_subject_is_never_missing(columns: dict[str, dict[str, Row]], owned: set[str]) -> None:
    """subject_id is a UUID and not null."""
    for table in owned:
        subject = columns[table]["subject_id"]
        assert subject["data_type"] == "uuid", table
        assert subject["is_nullable"] == "NO", table


def test_foreign_keys_between_owned_tables_are_composite(owned: set[str]) -> None:
    """A key into another subject's row cannot even be written down."""
    for row in ours(ask(schema.FOREIGN_KEYS)):
        if row["table"] in owned and row["target"] in owned:
            assert row["columns"][0] == "subject_id", row
        assert row["target"] not in owned or row["table"] in owned, row


def test_foreign_keys_stay_in_their_room() -> None:
    """Plain ids cross rooms; constraints do not."""
    from tests.house.test_hidden_ties import tables

    rooms = tables()
    for row in ours(ask(schema.FOREIGN_KEYS)):
        assert rooms.get(row["table"]) == rooms.get(row["target"]), row


def test_nothing_relies_on_a_trigger() -> None:
    """No table of ours has one, but for guards that refuse what the grants withhold already."""
    found = {row["name"]: row["table"] for row in ours(ask(schema.TRIGGERS))}
    assert set(found) == set(schema.GUARDS)
    assert set(found.values()) <= set(schema.APPEND_ONLY)


def test_ids_are_uuids(columns: dict[str, dict[str, Row]]) -> None:
    """Ids are UUIDv7 made by us, with no default in the database."""
    for table, each in columns.items():
        if "id" in each and f"{table}.id" not in schema.NOT_UUID:
            assert each["id"]["data_type"] == "uuid", table
            assert each["id"]["column_default"] is None, table


def test_money_is_integer_fen(columns: dict[str, dict[str, Row]]) -> None:
    """No column anywhere holds a float, and fen are bigint."""
    for table, each in columns.items():
        for name, column in each.items():
            assert column["data_type"] not in ("real", "double precision", "money"), (table, name)
            if name.endswith("_fen"):
                assert column["data_type"] == "bigint", (table, name)


def test_instants_know_their_zone(columns: dict[str, dict[str, Row]]) -> None:
    """An instant is timestamptz and is named …_at; a date is named …_on."""
    for table, each in columns.items():
        for name, column in each.items():
            assert column["data_type"] != "timestamp without time zone", (table, name)
            if name.endswith("_on"):
                assert column["data_type"] == "date", (table, name)


def test_set_functions_run_as_the_batch_role_with_a_fixed_path() -> None:
    """A definer function that anybody may call, or that follows the caller's path, is a hole."""
    for row in ask(schema.FUNCTIONS):
        if row["name"].startswith("procrastinate_"):
            continue
        if row["definer"]:
            runs_as = "xn_owner" if row["name"] in schema.OWNER_FUNCTIONS else "xn_batch"
            assert row["owner"] == runs_as, row["name"]
            assert any(setting.startswith("search_path=") for setting in row["settings"]), row
            assert not row["public_may"], row["name"]


def test_views_look_with_the_eyes_of_who_asks() -> None:
    """A view that runs as its owner would look past row security."""
    for row in ask(schema.VIEWS):
        assert "security_invoker=true" in row["options"], row["view"]


def test_each_exception_is_still_needed(columns: dict[str, dict[str, Row]]) -> None:
    """An exception for a table or index that is gone may only shrink away."""
    indexes = {row["index"] for row in ask(schema.UNIQUE)}
    names = set(columns)
    assert set(schema.NOT_OWNED) | set(schema.APPEND_ONLY) | set(schema.READ_ADDS) <= names
    assert set(schema.FREE_UNIQUE) <= indexes
    assert set(schema.MORE_POLICIES) <= {row["spelled"] for row in ask(schema.POLICIES)}
    assert {each.split(".")[0] for each in schema.NOT_UUID} <= names
    for table in schema.NOT_OWNED:
        assert "subject_id" in columns[table], table
