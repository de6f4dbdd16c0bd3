"""The map shows every room, and one room from its promise to its doors."""

import re

import pytest

from tools import room_map


def test_the_house_lists_every_room(capsys: pytest.CaptureFixture[str]) -> None:
    """Each folder with a promise stands on the map with that promise."""
    assert room_map.main([]) == 0
    out = capsys.readouterr().out
    for band in room_map.BANDS:
        for place in (room_map.ROOT / "xingnuo" / band).glob("*/__init__.py"):
            assert re.search(rf"^  {place.parent.name} +\S", out, re.MULTILINE), place


def test_a_room_shows_its_promise_verbs_tables_and_doors(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One look at a room tells what it promises and where it is entered."""
    assert room_map.main(["gate"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("gate: ")
    assert "GATE-1" in out
    for title in ("tables", "purposes", "doors"):
        assert f"\n{title}\n" in out


def test_it_says_that_there_is_no_such_room(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong name is answered with what to do."""
    assert room_map.main(["attic"]) == 1
    assert "make map" in capsys.readouterr().err
