"""Keep docs/invariants.md in step with the rooms' docstrings.

A room's docstring numbers its invariants; the document adds, for each, the guard in the code and
the test that shows it. `python -m tools.invariants` rewrites the sentences and keeps the guards.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "invariants.md"
NUMBERED = re.compile(r"^\s*(?:[-*]\s*)?([A-Z][A-Z0-9_]*-\d+)[:.]?\s+(\S.*)$")
ROW = re.compile(r"^\| ([A-Z][A-Z0-9_]*-\d+) \| (.*?) \| (.*?) \| (.*?) \|$")
HEAD = """\
# Invariants

Each invariant has an id, a guard in the code or the database, and a test that shows it.
The sentences come from the rooms' docstrings (`python -m tools.invariants` brings them here);
the guards are written here. A row without guards is a promise that is not shown yet, mostly of a
room whose service is still to come. What is named here must exist:
`tests/house/test_invariants.py` looks.
"""


class Invariant(NamedTuple):
    """One numbered sentence of a room."""

    room: str
    id: str
    sentence: str


class Guards(NamedTuple):
    """What keeps an invariant: a guard in the code, and a test."""

    guard: str
    test: str


def main() -> int:
    """Rewrite the document from the docstrings and say what changed."""
    found = invariants(ROOT)
    before = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.is_file() else ""
    DOCUMENT.write_text(document(found, guards(before)), encoding="utf-8")
    print(f"{DOCUMENT.relative_to(ROOT)}: {len(found)} invariants")
    return 0


def invariants(root: Path) -> list[Invariant]:
    """Give the numbered invariants of every room, band by band."""
    found: list[Invariant] = []
    for path in sorted(root.glob("xingnuo/*/**/__init__.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        room = path.parent.relative_to(root / "xingnuo").as_posix()
        found += [Invariant(room, *each) for each in numbered(text)]
    return found


def numbered(text: str) -> Iterator[tuple[str, str]]:
    """Give (id, sentence) of each numbered paragraph, its lines joined, a last (note) dropped."""
    current: list[str] = []
    for line in [*text.splitlines(), ""]:
        match = NUMBERED.match(line)
        if match or not line.strip():
            if current:
                yield current[0], re.sub(r"\s+\([^()]*\)$", "", " ".join(current[1:]))
            current = list(match.groups()) if match else []
        elif current:
            current.append(line.strip())


def guards(text: str) -> dict[str, Guards]:
    """Read the guards that the document names, by id."""
    rows = (ROW.match(line) for line in text.splitlines())
    return {row[1]: Guards(row[3].strip(), row[4].strip()) for row in rows if row}


def document(found: list[Invariant], kept: dict[str, Guards]) -> str:
    """Write the document: a table a room, sentences from the rooms, guards as they were."""
    parts = [HEAD]
    for room in dict.fromkeys(each.room for each in found):
        parts.append(f"\n## {room}\n\n| id | invariant | guard | test |\n|---|---|---|---|\n")
        for each in found:
            if each.room == room:
                guard, test = kept.get(each.id, Guards("", ""))
                sentence = each.sentence.replace("|", "\\|")
                parts.append(f"| {each.id} | {sentence} | {guard} | {test} |\n")
    return "".join(parts)


if __name__ == "__main__":
    sys.exit(main())
