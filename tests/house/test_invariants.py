"""docs/invariants.md says what the rooms say, and names guards and tests that exist."""

import ast
import re
from pathlib import Path

import pytest

from tools import invariants
from tools.invariants import Guards, Invariant

ROOT = invariants.ROOT
FOUND = invariants.invariants(ROOT)
NAMED = invariants.guards(invariants.DOCUMENT.read_text(encoding="utf-8"))
# A test is named as `tests/file.py::test_name`; several are parted by a comma.
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
PLACE = re.compile(r"`((?:xingnuo|tools|docs)/[\w/.]+|\.importlinter)(?:::(\w+))?`")


def test_the_document_is_in_step_with_the_rooms() -> None:
    """The sentences come from the docstrings, so that they are written once."""
    written = invariants.DOCUMENT.read_text(encoding="utf-8")
    assert invariants.document(FOUND, NAMED) == written, "run: python -m tools.invariants"


@pytest.mark.parametrize("each", sorted(NAMED))
def test_guards_come_in_pairs(each: str) -> None:
    """A guard without a test is a hope, a test without a guard a coincidence."""
    assert bool(NAMED[each].guard) == bool(NAMED[each].test), each


@pytest.mark.parametrize("each", sorted(NAMED))
def test_a_named_guard_exists(each: str) -> None:
    """What the document points at is there, by file and by name."""
    guard, test = NAMED[each]
    assert bool(test) == bool(TEST.findall(test)), f"{each}: name it as `tests/file.py::test`"
    for path, name in [*TEST.findall(test), *PLACE.findall(guard)]:
        assert (ROOT / path).exists(), f"{each}: {path}"
        if name:
            assert name in defined(ROOT / path), f"{each}: {path}::{name}"


def defined(path: Path) -> set[str]:
    """Name every function and class that a module defines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def test_the_reader_joins_lines_and_drops_the_note() -> None:
    """A docstring's invariant may run over lines and end in a note on its guards."""
    text = "loans: lends.\n\nLOAN-1  A loan is\n        paid out once.  (key + drill)\nLOAN-2  B.\n"
    assert list(invariants.numbered(text)) == [
        ("LOAN-1", "A loan is paid out once."),
        ("LOAN-2", "B."),
    ]


def test_the_writer_keeps_what_people_wrote() -> None:
    """A new sentence keeps its guards; a new invariant starts without."""
    found = [Invariant("money/ledger", "LEDGER-1", "Sums to zero."), Invariant("a/b", "B-1", "B.")]
    text = invariants.document(found, {"LEDGER-1": Guards("`tools/rooms.py`", "`tests/a.py`")})
    kept = invariants.guards(text)
    assert kept["LEDGER-1"] == Guards("`tools/rooms.py`", "`tests/a.py`")
    assert kept["B-1"] == Guards("", "")
