"""No pattern of the house takes longer than its text: none repeats what repeats itself.

A pattern that can read the same letters in two ways within a repetition (`(a+)+`, `(a|a)*`) takes
twice as long for each letter more. The patterns are read as trees, so nothing is timed.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CALLS = frozenset({"compile", "match", "fullmatch", "search", "sub", "subn", "findall", "finditer"})
CALLS |= {"split", "_match"}
LONG = 40  # a repetition of at most so many rounds is as good as none
PARSER: Any = re._parser  # type: ignore[attr-defined]
REPEATS = (PARSER.MAX_REPEAT, PARSER.MIN_REPEAT)


def patterns() -> Iterator[tuple[str, str]]:
    """Give every pattern written in the house and the sandbox, with its place."""
    for folder in ("xingnuo", "sandbox", "tools"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and node.args and _named(node.func):
                    pattern = _text(node.args[0])
                    if pattern is not None:
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", pattern


def _named(func: ast.expr) -> bool:
    if isinstance(func, ast.Attribute):
        return func.attr in CALLS and isinstance(func.value, ast.Name) and func.value.id == "re"
    return isinstance(func, ast.Name) and func.id == "_match"


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        told = node.value
        return told if isinstance(told, str) else told.decode("latin-1")
    if isinstance(node, ast.JoinedStr):
        # What is put in stands as a number, often of rounds: the shape around it is looked at.
        parts = [one.value if isinstance(one, ast.Constant) else "99" for one in node.values]
        return "".join(map(str, parts))
    return None


@dataclass
class Machine:
    """The places of a pattern, each with the ASCII letters it takes, and what may follow what."""

    letters: list[int] = field(default_factory=list)  # a bit for each letter
    steps: Counter[tuple[int, int]] = field(default_factory=Counter)
    two_ways_to_nothing: bool = False

    def after(self, place: int) -> list[int]:
        """Give the places that may follow one."""
        return [to for at, to in self.steps if at == place]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a pattern: whether it may be empty, and where it begins and ends."""

    empty: bool
    first: tuple[int, ...]
    last: tuple[int, ...]


def risks(pattern: str) -> list[str]:
    """Name what makes a pattern slow: exponentially, or by the square of the text."""
    machine = Machine()
    _sequence(PARSER.parse(pattern), machine, repeated=False)
    found = ["two ways to take nothing, repeated"] if machine.two_ways_to_nothing else []
    if _doubles(machine) or _splits(machine):
        found.append("two ways through a repetition for the same letters")
    if _shares(machine):
        found.append(SQUARE)
    return found


def _sequence(items: Any, machine: Machine, *, repeated: bool) -> Part:
    whole = Part(True, (), ())
    for op, told in items:
        part = _part(op, told, machine, repeated=repeated)
        machine.steps.update(product(whole.last, part.first))
        whole = Part(
            whole.empty and part.empty,
            whole.first + (part.first if whole.empty else ()),
            part.last + (whole.last if part.empty else ()),
        )
    return whole


def _part(op: Any, told: Any, machine: Machine, *, repeated: bool) -> Part:
    name = str(op)
    if op in REPEATS:
        least, most, inside = told
        is_long = int(most) > LONG
        body = _sequence(inside, machine, repeated=repeated or is_long)
        if is_long:
            machine.steps.update(product(body.last, body.first))
        return Part(body.empty or least == 0, body.first, body.last)
    if name == "SUBPATTERN":
        return _sequence(told[-1], machine, repeated=repeated)
    if name == "BRANCH":
        parts = [_sequence(inner, machine, repeated=repeated) for inner in told[1]]
        empty = sum(part.empty for part in parts)
        machine.two_ways_to_nothing |= repeated and empty > 1
        firsts = tuple(at for part in parts for at in part.first)
        return Part(empty > 0, firsts, tuple(at for part in parts for at in part.last))
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return Part(True, (), ())
    machine.letters.append(_letters(name, told))
    place = len(machine.letters) - 1
    return Part(False, (place,), (place,))


def _letters(name: str, told: Any) -> int:
    take = {
        "LITERAL": lambda code: code == told,
        "NOT_LITERAL": lambda code: code != told,
        "IN": lambda code: _in(told, code),
    }.get(name, lambda code: True)
    return sum(1 << code for code in range(128) if take(code))


def _in(told: Any, code: int) -> bool:
    found, turned = False, False
    letter = chr(code)
    kinds = {"DIGIT": letter.isdigit(), "SPACE": letter.isspace()}
    kinds["WORD"] = letter.isalnum() or letter == "_"
    for op, what in told:
        name = str(op)
        if name == "NEGATE":
            turned = True
        elif name == "LITERAL":
            found |= what == code
        elif name == "RANGE":
            found |= what[0] <= code <= what[1]
        elif name == "CATEGORY":
            kind = str(what).removeprefix("CATEGORY_")
            found |= not kinds[kind[4:]] if kind.startswith("NOT_") else kinds[kind]
    return found != turned


def _reached(start: Any, after: Callable[[Any], list[Any]]) -> set[Any]:
    seen: set[Any] = set()
    waiting = [start]
    while waiting:
        for to in after(waiting.pop()):
            if to not in seen:
                seen.add(to)
                waiting.append(to)
    return seen


def _doubles(machine: Machine) -> bool:
    """Say whether one step of a cycle can be made in two ways, as in `(a+)+`."""
    twice = [step for step, ways in machine.steps.items() if ways > 1]
    return any(at in _reached(to, machine.after) | {to} for at, to in twice)


def _splits(machine: Machine) -> bool:
    """Say whether two ways part and meet again in a cycle on the same letters, as in `(.*a)*`."""

    def after(pair: tuple[int, int]) -> list[tuple[int, int]]:
        return [
            (one, other)
            for one in machine.after(pair[0])
            for other in machine.after(pair[1])
            if machine.letters[one] & machine.letters[other]
        ]

    for start in range(len(machine.letters)):
        reached = _reached((start, start), after)
        parted = [pair for pair in reached if pair[0] != pair[1]]
        if any((start, start) in _reached(pair, after) for pair in parted):
            return True
    return False


def _shares(machine: Machine) -> bool:
    """Say whether a repetition leads on to another over letters that both take, as `.*.*`."""
    loops = [at for at in range(len(machine.letters)) if (at, at) in machine.steps]
    for one, other in product(loops, loops):
        common = machine.letters[one] & machine.letters[other]

        def after(place: int, common: int = common) -> list[int]:
            return [to for to in machine.after(place) if machine.letters[to] & common]

        if one != other and common and other in _reached(one, after):
            return True
    return False


# These read our own files and programs: a square of a short line is soon over.
OWN_TEXT = (
    "tools/",
    "xingnuo/doors/cli/supervisor.py:",
    "xingnuo/proof/checks/leaving.py:",
)
SQUARE = "two repetitions that can share the same letters"
FOUND = dict(patterns())


@pytest.mark.parametrize("place", FOUND)
def test_a_pattern_takes_no_longer_than_its_text(place: str) -> None:
    """No two ways through a repetition; where others write the text, no square of it either."""
    allowed = [SQUARE] if place.startswith(OWN_TEXT) else []
    assert [risk for risk in risks(FOUND[place]) if risk not in allowed] == [], FOUND[place]


def test_the_patterns_are_found() -> None:
    """The reader sees the house's patterns, those of the kinds and of byte strings among them."""
    assert len(FOUND) >= 60
    assert any("_kinds.py" in place for place in FOUND)
    assert any("pictures.py" in place for place in FOUND)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a|a)*b",
        "(a*)*",
        r"(\d+)*x",
        "([a-z]+)*",
        r"\s*\s*x",
        ".*.*x",
        "(.*a)*",
    ],
)
def test_the_check_sees_a_slow_pattern(pattern: str) -> None:
    """The negative control."""
    assert risks(pattern), pattern


@pytest.mark.parametrize(
    "pattern",
    [r"\d+(\.\d+)*", r"([a-z]{1,63}\.)+[a-z]{2,63}", "a+b+c", "(ab)*", "(a|b)*", "(a|ab)*c"],
)
def test_the_check_lets_a_quick_pattern_be(pattern: str) -> None:
    """The other control."""
    assert not risks(pattern), pattern
