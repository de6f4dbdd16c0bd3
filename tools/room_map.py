"""Print the house, or one room: its promise, drawers, tables, purposes and doors.

Run as `python -m tools.room_map [room]`.
"""

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BANDS = ("services", "duties", "money", "people", "partners", "trust")
DOORS = ("web", "api", "console", "hooks", "worker", "cli")
DRAWERS = ("actions", "queries", "client")


def main(arguments: list[str]) -> int:
    """Print the map of the house or of the rooms named."""
    names = [name for name in arguments if name]
    if not names:
        print("\n".join(house(ROOT)))
        return 0
    for name in names:
        place = find(ROOT, name)
        if place is None:
            print(f"map: there is no room {name!r}; `make map` lists them", file=sys.stderr)
            return 1
        print("\n".join(room(place, root=ROOT)))
    return 0


def find(root: Path, name: str) -> Path | None:
    """Find a room's folder by its name."""
    places = [root / "xingnuo" / band / name for band in BANDS]
    return next((place for place in places if (place / "__init__.py").is_file()), None)


def house(root: Path) -> Iterator[str]:
    """Give a line for each room, band by band, from the top of the house down."""
    for band in ("doors", *BANDS):
        folder = root / "xingnuo" / band
        yield f"{band}: {first_line(folder / '__init__.py')}"
        for place in sorted(folder.iterdir()):
            if (place / "__init__.py").is_file():
                promise = first_line(place / "__init__.py").removeprefix(f"{place.name}: ")
                yield f"  {place.name:20} {promise}"


def room(place: Path, *, root: Path) -> Iterator[str]:
    """Give everything about one room that helps to find one's way."""
    yield docstring(place / "__init__.py")
    for drawer in DRAWERS:
        path = place / f"{drawer}.py"
        if path.is_file():
            yield from ["", f"{drawer}.py", *(f"  {line}" for line in verbs(path))]
    yield from titled("tables", tables(place))
    yield from titled("purposes", purposes(place, root=root))
    yield from titled("doors", doors(place, root=root))


def titled(title: str, lines: Iterator[str]) -> Iterator[str]:
    """Give the lines under a title, or say that there are none."""
    yield from ["", title]
    yield from [f"  {line}" for line in lines] or ["  none"]


def docstring(path: Path) -> str:
    """Give a module's docstring."""
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def first_line(path: Path) -> str:
    """Give the first line of a module's docstring."""
    return docstring(path).partition("\n")[0]


def verbs(path: Path) -> Iterator[str]:
    """Give the public functions of a drawer, each with its first sentence."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            said = (ast.get_docstring(node) or "").partition("\n")[0]
            yield f"{node.name}({ast.unparse(node.args)})\n      {said}"


def tables(place: Path) -> Iterator[str]:
    """Give the tables that a room's models name."""
    for path in sorted(place.glob("*models*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                named = [
                    ast.literal_eval(each.value)
                    for each in ast.walk(node)
                    if isinstance(each, ast.Assign)
                    and ast.unparse(each.targets[0]) == "db_table"
                    and isinstance(each.value, ast.Constant)
                ]
                said = (ast.get_docstring(node) or "").partition("\n")[0]
                if named:
                    yield f"{named[0]:32} {said}"


def purposes(place: Path, *, root: Path) -> Iterator[str]:
    """Give the purposes that a room's policy declares."""
    if not (place / "policy.py").is_file():
        return
    module = importlib.import_module(".".join((*place.relative_to(root).parts, "policy")))
    for declaration in vars(module).values():
        for purpose in declared(declaration):
            yield f"{purpose.id:32} {purpose.title}：{purpose.sentence}"


def declared(value: Any) -> tuple[Any, ...]:
    """Give the purposes of a declaration, and nothing for any other value."""
    if type(value).__name__ != "Declaration":
        return ()
    return tuple(value.purposes)


def doors(place: Path, *, root: Path) -> Iterator[str]:
    """Give the door modules that carry the room's name or call it."""
    dotted = ".".join(place.relative_to(root).parts)
    for path in sorted(root.glob("xingnuo/doors/**/*.py")):
        if path.stem == place.name or dotted in path.read_text(encoding="utf-8"):
            yield path.relative_to(root).as_posix()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
