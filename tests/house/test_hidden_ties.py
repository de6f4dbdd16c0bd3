"""What imports cannot show: ties between rooms by string, key, SQL and late import."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from xingnuo.kit.db.models import SubjectModel

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "xingnuo"
BANDS = ("services", "duties", "money", "people", "trust")
PYTHON = sorted(path for path in HOUSE.rglob("*.py"))
SQL = sorted(HOUSE.rglob("*.sql"))
# The checks of proof and the whole-house works of config and cli look at all rooms on purpose.
SEES_ALL = ("xingnuo/config/", "xingnuo/proof/", "xingnuo/doors/cli/", "xingnuo/kit/db/")
AFTER_SQL = r"(?:from|join|into|update|table|only|references|on|truncate|copy|lock)"


def room_of(path: Path) -> str:
    """Name the room that a file stands in: `loans`, or a door, or an empty string."""
    parts = path.relative_to(HOUSE).parts
    return parts[1] if len(parts) > 2 and parts[0] in (*BANDS, "doors", "partners") else ""


def name_of(path: Path) -> str:
    """Spell a path from the repository root."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> tuple[ast.AST, ...]:
    """Give a file's nodes, parsed once."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def called(path: Path, *names: str) -> Iterator[ast.Call]:
    """Give the calls of a file whose last name is one of the names."""
    for node in tree(path):
        if isinstance(node, ast.Call):
            last = ast.unparse(node.func).rsplit(".", 1)[-1]
            if last in names:
                yield node


def own_models() -> list[type[models.Model]]:
    """Give the models of our rooms and doors."""
    return [each for each in apps.get_models() if each.__module__.startswith("xingnuo.")]


def tables() -> dict[str, str]:
    """Give the room that each table belongs to."""
    found = {each._meta.db_table: room_of_module(each.__module__) for each in own_models()}
    for path in [*PYTHON, *SQL]:
        if "migrations" in path.parts or path.suffix == ".sql":
            text = path.read_text(encoding="utf-8")
            made = r"create\s+(?:unlogged\s+)?table\s+(?:if not exists\s+)?\"?(\w+)"
            for table in re.findall(made, text, re.IGNORECASE):
                found.setdefault(table, room_of(path))
    return found


def room_of_module(module: str) -> str:
    """Name the room of a dotted module."""
    return module.split(".")[2]


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_nobody_looks_a_model_up_by_name(path: Path) -> None:
    """A migration may ask for its own room's model; nothing else may ask at all."""
    if name_of(path).startswith(SEES_ALL):
        return
    for call in called(path, "get_model"):
        assert "migrations" in path.parts, f"{name_of(path)}:{call.lineno}: import your own model"
        first = ast.literal_eval(call.args[0])
        assert first.split(".")[0] == room_of(path), f"{name_of(path)}:{call.lineno}"


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_nobody_imports_a_room_by_name(path: Path) -> None:
    """An import made from a string walks past the import contract."""
    if name_of(path).startswith(SEES_ALL):
        return
    own = ".".join(path.parent.relative_to(ROOT).parts)
    for call in called(path, "import_module", "import_string", "__import__", "find_spec"):
        # A door may gather its own pages; the name must begin with the door's own.
        spelled = ast.unparse(call.args[0]).lstrip("f").strip("'\"")
        assert spelled.startswith(f"{own}."), f"{name_of(path)}:{call.lineno}: import it"


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_relations_are_named_by_class_or_within_the_room(path: Path) -> None:
    """`ForeignKey("other.Model")` would be a wall broken by a string."""
    for call in called(path, "ForeignKey", "OneToOneField", "ManyToManyField", "ForeignObject"):
        target = call.args[0] if call.args else None
        target = next((kw.value for kw in call.keywords if kw.arg == "to"), target)
        if isinstance(target, ast.Constant) and "." in str(target.value):
            label = str(target.value).split(".")[0]
            assert label == room_of(path), f"{name_of(path)}:{call.lineno}: {target.value}"


def test_no_relation_crosses_rooms() -> None:
    """Plain ids cross rooms; a foreign key stays inside its room."""
    for model in own_models():
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if field.is_relation and isinstance(other, type):
                assert other._meta.app_label == model._meta.app_label, field


def test_a_table_carries_its_room_in_its_name() -> None:
    """Label, table prefix, grants and row security agree on one name."""
    for model in own_models():
        room = room_of_module(model.__module__)
        assert model._meta.app_label == room
        assert model._meta.db_table.startswith(f"{room}_"), model._meta.db_table


def test_a_row_about_a_person_has_the_base_of_all_such_rows() -> None:
    """The base names the subject, makes the id, and never writes the subject twice."""
    for model in own_models():
        names = {field.name for field in model._meta.concrete_fields}
        # A row of the books, keyed by several columns, is written by set functions alone.
        by_functions = isinstance(model._meta.pk, models.CompositePrimaryKey)
        if "subject_id" in names and not _is_lookup(model) and not by_functions:
            assert issubclass(model, SubjectModel), model
        if issubclass(model, SubjectModel):
            assert model._meta.pk is not None and model._meta.pk.name == "id", model
            assert isinstance(model._meta.pk, models.UUIDField), model


def _is_lookup(model: type[models.Model]) -> bool:
    # A look-up or a work queue finds the subject; it does not belong to one.
    from tests.house.schema import NOT_OWNED

    return model._meta.db_table in NOT_OWNED


FORBIDDEN_FIELDS = (
    models.FloatField,
    models.FileField,
    models.ImageField,
    models.GenericIPAddressField,
    models.EmailField,
    models.AutoField,
)


def test_fields_are_of_kinds_that_the_house_knows() -> None:
    """Files go to the vault, money is integer fen, and no column holds an address in the clear."""
    for model in own_models():
        for field in model._meta.concrete_fields:
            exact = type(field)
            assert exact not in FORBIDDEN_FIELDS, f"{model.__name__}.{field.name}: {exact.__name__}"
            if "fen" in field.name.split("_"):
                assert isinstance(field, models.BigIntegerField), field


@pytest.mark.parametrize("path", [*PYTHON, *SQL], ids=name_of)
def test_sql_names_only_the_tables_of_its_own_room(path: Path) -> None:
    """A query over another room's table is a wall broken by a string."""
    if name_of(path).startswith(SEES_ALL):
        return
    room = room_of(path)
    texts = [path.read_text(encoding="utf-8")] if path.suffix == ".sql" else list(strings(path))
    for table, owner in tables().items():
        if owner != room:
            pattern = re.compile(rf"\b{AFTER_SQL}\s+\"?{re.escape(table)}\b", re.IGNORECASE)
            for text in texts:
                assert not pattern.search(text), f"{name_of(path)} names {table} of {owner}"


def strings(path: Path) -> Iterator[str]:
    """Give every string constant of a file, the parts of f-strings joined."""
    for node in tree(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield ast.unparse(node)


def test_the_sql_rule_sees_a_table_of_another_room() -> None:
    """The negative control: the pattern finds what it is for."""
    pattern = rf"\b{AFTER_SQL}\s+\"?gate_subject\b"
    assert re.search(pattern, 'SELECT 1 FROM "gate_subject" s', re.IGNORECASE)
    assert re.search(pattern, "update gate_subject set", re.IGNORECASE)
    assert not re.search(pattern, "table gate_subjects", re.IGNORECASE)


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_no_door_or_band_registers_with_signals(path: Path) -> None:
    """`.connect(` on a signal and `@receiver` hide who calls whom."""
    if name_of(path).startswith("xingnuo/kit/db/"):
        return
    for call in called(path, "receiver"):
        pytest.fail(f"{name_of(path)}:{call.lineno}: call the action")
    for call in called(path, "connect"):
        owner = ast.unparse(call.func)
        assert not re.search(r"(signal|pre_|post_|request_\w+|_changed)", owner), owner


def test_migrations_have_one_leaf_a_room_and_are_up_to_date() -> None:
    """Two leaves, or a model ahead of its migration, would show only when it hurts."""
    from django.db import connections
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(connections["owner"])
    assert loader.detect_conflicts() == {}
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(
        graph=loader.graph
    )
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("xingnuo.")}
    assert {label: changes[label] for label in changes if label in ours} == {}


def test_migrations_depend_on_their_own_room_alone() -> None:
    """A migration that waits for another room's would tie the rooms by their history."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    for (label, name), migration in loader.disk_migrations.items():
        if migration.__module__.startswith("xingnuo."):
            others = {app for app, _ in migration.dependencies if app != label}
            assert not others, f"{label}.{name} waits for {others}"
