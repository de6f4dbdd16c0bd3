"""Every room has the same shape: a promise, and the drawers that everybody knows."""

import ast
from pathlib import Path

import pytest

from tools.invariants import numbered

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "xingnuo"
BANDS = ("services", "duties", "money", "people", "trust")
ROOMS = sorted(path.parent for band in BANDS for path in HOUSE.glob(f"{band}/*/__init__.py"))
DOORS = sorted(path.parent for path in HOUSE.glob("doors/*/__init__.py"))
PARTNERS = sorted(path.parent for path in HOUSE.glob("partners/*/__init__.py"))
DRAWERS = {"policy", "contracts", "models", "actions", "queries", "apps", "__init__", "__main__"}
# The rooms of the design, band by band; a room that is missing here is an undeclared room.
DESIGN = {
    "services": "loans wealth insurance wallet_card credit_cards merchant_collection benefits_shop"
    " bill_pay",
    "duties": "rights retention incidents analytics",
    "money": "payments ledger",
    "people": "accounts unlock identity permissions antifraud notices support",
    "partners": "account_provider sms email push authority bank channel face credit_bureau insurer"
    " fund_house card_issuer utility telecom logistics regulator",
    "trust": "sharing gate consent vault evidence policy",
    "doors": "web console api hooks worker cli porch",
}


def name_of(path: Path) -> str:
    """Name a case after its room."""
    return path.relative_to(HOUSE).as_posix()


@pytest.mark.parametrize(("band", "rooms"), DESIGN.items())
def test_the_band_holds_the_rooms_of_the_design(band: str, rooms: str) -> None:
    """No room is missing and none was let in by the window."""
    standing = {path.parent.name for path in HOUSE.glob(f"{band}/*/__init__.py")}
    assert standing == set(rooms.split())


@pytest.mark.parametrize("room", [*ROOMS, *DOORS, *PARTNERS, HOUSE / "proof"], ids=name_of)
def test_it_says_what_it_promises(room: Path) -> None:
    """The docstring opens with the room's name and numbers its invariants from one."""
    text = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert text.startswith(f"{room.name}: ")
    ids = [each for each, _ in numbered(text)]
    assert ids, "number the invariants: ROOM-1  A sentence."
    code = ids[0].rsplit("-", 1)[0]
    assert ids == [f"{code}-{n}" for n in range(1, len(ids) + 1)]


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_it_keeps_its_things_in_the_drawers(room: Path) -> None:
    """What is not one of the five drawers is private, by its underscore."""
    modules = {path.stem for path in room.glob("*.py")}
    loose = {name for name in modules - DRAWERS if not name.startswith("_")}
    assert not loose, f"name them with an underscore: {sorted(loose)}"


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_a_room_with_tables_is_an_app_with_one_line_of_migrations(room: Path) -> None:
    """A model without a migration, or two leaves, would show only on somebody else's machine."""
    if not (room / "models.py").is_file():
        return
    assert (room / "apps.py").is_file()
    assert list((room / "migrations").glob("0001_*.py"))


def test_no_two_invariants_share_an_id() -> None:
    """An id names one sentence in the whole house."""
    seen: dict[str, Path] = {}
    for room in [*ROOMS, *DOORS, *PARTNERS, HOUSE / "proof"]:
        text = (room / "__init__.py").read_text(encoding="utf-8")
        for each, _ in numbered(ast.get_docstring(ast.parse(text)) or ""):
            assert each not in seen, f"{each} in {room} and {seen[each]}"
            seen[each] = room
