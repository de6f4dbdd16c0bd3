"""The room maker makes rooms that keep the house's rules, and refuses what it must."""

import ast
import itertools
from pathlib import Path

import pytest

from tools import new_room, tidy
from tools.invariants import numbered

FIVE = {"policy.py", "contracts.py", "models.py", "actions.py", "queries.py"}


@pytest.mark.parametrize("band", new_room.BANDS)
def test_it_makes_a_tidy_room(tmp_path: Path, band: str) -> None:
    """A new room passes every tidy rule as it is made."""
    made = new_room.make(tmp_path, band=band, room="pet_cards", promise="keeps pets")
    sources = [source for path in made if (source := tidy.load(path, root=tmp_path))]
    found = list(itertools.chain.from_iterable(map(tidy.check, sources)))
    assert not found, "\n".join(map(str, found))
    assert len(sources) == len(made)


def test_it_makes_the_five_drawers_and_a_test(tmp_path: Path) -> None:
    """Who knows one room knows them all."""
    made = new_room.make(tmp_path, band="services", room="pets", promise="keeps pets")
    names = {path.name for path in made if path.parent.name == "pets"}
    assert {*FIVE, "apps.py", "__init__.py", "test_promise.py"} <= names
    assert (tmp_path / "tests/services/pets/test_promise.py").is_file()


def test_a_partner_gets_a_wire_and_a_client(tmp_path: Path) -> None:
    """Partners are stateless: they have no tables and no drawers."""
    made = new_room.make(tmp_path, band="partners", room="vet", promise="mends pets")
    names = {path.name for path in made if path.parent.name == "vet"}
    assert names == {"__init__.py", "wire.py", "client.py", "test_promise.py"}


def test_a_new_room_numbers_an_invariant(tmp_path: Path) -> None:
    """The promise can be read by the invariants tool from the first day."""
    new_room.make(tmp_path, band="duties", room="pets", promise="keeps pets")
    text = (tmp_path / "xingnuo/duties/pets/__init__.py").read_text(encoding="utf-8")
    assert [name for name, _ in numbered(ast.get_docstring(ast.parse(text)) or "")] == ["PETS-1"]


@pytest.mark.parametrize("name", ["Pets", "a", "pets/../loans", "pets.x", "1pets", ""])
def test_it_refuses_a_bad_name(tmp_path: Path, name: str) -> None:
    """A name that is no module name makes nothing."""
    with pytest.raises(ValueError, match="room name"):
        new_room.make(tmp_path, band="services", room=name, promise="keeps pets")
    assert not list(tmp_path.iterdir())


def test_it_never_writes_over_a_room(tmp_path: Path) -> None:
    """A second call leaves the first room as it is."""
    new_room.make(tmp_path, band="services", room="pets", promise="keeps pets")
    promise = tmp_path / "xingnuo/services/pets/__init__.py"
    promise.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        new_room.make(tmp_path, band="services", room="pets", promise="keeps cats")
    assert promise.read_text(encoding="utf-8") == "mine"


def test_it_says_what_only_a_person_can_decide() -> None:
    """Ordered bands need their place in the contract; partners need no app."""
    assert any(".importlinter" in line for line in new_room.left_to_do(band="people", room="x"))
    assert not any("config/rooms" in s for s in new_room.left_to_do(band="partners", room="x"))
