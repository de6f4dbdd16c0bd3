"""Make a new room: its promise, the five drawers, its registration and a first test.

Run as `python -m tools.new_room services pets "keeps the pets that a person told us of"`.
"""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BANDS = ("services", "duties", "money", "people", "trust", "partners")
# Rooms of these bands stand in a declared order, which only a person can decide.
ORDERED = ("money", "people", "trust")

PROMISE = '''"""{room}: {promise}.

{code}-1  No permit, no step: every act about a person names its purpose.
"""
'''
POLICY = '''"""{room}: what is held here, why, how long, and its limits. Data, no logic."""

from xingnuo.trust.policy.contracts import Column, Declaration, Table

PAGE_ROWS_MAX = 50

DECLARATION = Declaration(
    room="{room}",
    tables=(
        Table(
            name="{room}_{thing}",
            about="{promise}",
            retention="purpose_end",
            columns={{"id": Column.KEY, "subject_id": Column.KEY}},
        ),
    ),
)
'''
CONTRACTS = '''"""{room}: what may leave this room: frozen facts, enums and errors."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class {name}:
    """One {thing}, as other rooms may see it."""

    id: UUID
    subject_id: UUID
'''
MODELS = '''"""{room}: its tables. No personal value stands here; values are vault references."""

from xingnuo.kit.db.models import SubjectModel


class {name}(SubjectModel):
    """One {thing} of a subject."""

    class Meta(SubjectModel.Meta):
        db_table = "{room}_{thing}"
'''
ACTIONS = '''"""{room}: the verbs that change things, each one transaction under one permit."""

from uuid import UUID

from django.db import transaction

from xingnuo.{band}.{room} import models
from xingnuo.{band}.{room}.contracts import {name}
from xingnuo.trust.gate.contracts import Permit


def open_{thing}(permit: Permit) -> {name}:
    """Open a {thing} for the permit's subject."""
    with transaction.atomic():
        row = models.{name}(subject_id=permit.subject_id)
        row.save(force_insert=True)
    return {name}(id=row.id, subject_id=row.subject_id)


def erase(subject_id: UUID) -> int:
    """Delete the subject's rows in the caller's transaction, and say how many."""
    return models.{name}.objects.of(subject_id).delete()[0]
'''
QUERIES = '''"""{room}: the reads. They change nothing and run on a role that cannot."""

from typing import Any
from uuid import UUID

from xingnuo.{band}.{room} import models
from xingnuo.{band}.{room}.contracts import {name}
from xingnuo.{band}.{room}.policy import PAGE_ROWS_MAX
from xingnuo.trust.gate.contracts import Permit


def {thing}s(permit: Permit) -> tuple[{name}, ...]:
    """Give the subject's {thing}s, oldest first, at most one page."""
    rows = models.{name}.objects.of(permit.subject_id)[:PAGE_ROWS_MAX]
    return tuple({name}(id=row.id, subject_id=row.subject_id) for row in rows)


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give every row of a person for the copy of their data."""
    return {{"{room}_{thing}": list(models.{name}.objects.of(subject_id).values())}}
'''
APPS = '''"""{room}: hands its holdings to the registry at start-up."""

from django.apps import AppConfig


class {camel}Config(AppConfig):
    """The room as Django knows it."""

    name = "xingnuo.{band}.{room}"
    label = "{room}"

    def ready(self) -> None:
        """Say how the room's rows are exported and erased."""
        from xingnuo.{band}.{room} import actions as own, queries
        from xingnuo.trust.policy import actions
        from xingnuo.trust.policy.contracts import Holding

        actions.hold(Holding(room="{room}", export=queries.export, erase=own.erase))
'''
TEST = '''"""{room}: {promise}."""

import xingnuo.{band}.{room} as room


def test_it_says_what_it_promises() -> None:
    """The room's docstring opens with its name and numbers its invariants."""
    assert room.__doc__ is not None
    assert room.__doc__.startswith("{room}: ")
    assert "{code}-1" in room.__doc__
'''
WIRE = '''"""{room}: the shapes on their wire, both ways. No Django, no network."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What they say of a request; a status that we do not know is pending."""

    reference: str
    status: str
'''
CLIENT = '''"""{room}: calls them with time-outs, and carries only what a parcel names."""

import httpx

from xingnuo.partners.{room}.wire import Answer

CONNECT_SECONDS_MAX = 3
ANSWER_SECONDS_MAX = 10


def status_of(reference: str, *, base_url: str) -> Answer:
    """Ask what became of a request that we made; silence is pending."""
    limits = httpx.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX)
    with httpx.Client(base_url=base_url, timeout=limits, follow_redirects=False) as http:
        try:
            said = http.get("/status", params={{"reference": reference}}).raise_for_status().json()
        except httpx.HTTPError:
            return Answer(reference=reference, status="pending")
    return Answer(reference=reference, status=str(said["status"]))
'''
ROOM = {
    "__init__.py": PROMISE,
    "policy.py": POLICY,
    "contracts.py": CONTRACTS,
    "models.py": MODELS,
    "actions.py": ACTIONS,
    "queries.py": QUERIES,
    "apps.py": APPS,
    "migrations/__init__.py": "",
}
PARTNER = {"__init__.py": PROMISE, "wire.py": WIRE, "client.py": CLIENT}


def main(arguments: list[str]) -> int:
    """Make the room and say what is left to a person."""
    parser = argparse.ArgumentParser(prog="new-room", description=__doc__)
    parser.add_argument("band", choices=BANDS)
    parser.add_argument("room", help="one name in small letters, as in merchant_collection")
    parser.add_argument("promise", help="what it promises, as one clause")
    given = parser.parse_args(arguments)
    try:
        made = make(ROOT, band=given.band, room=given.room, promise=given.promise)
    except (ValueError, FileExistsError) as error:
        print(f"new-room: {error}", file=sys.stderr)
        return 1
    for path in made:
        print(path.relative_to(ROOT))
    for line in left_to_do(band=given.band, room=given.room):
        print(line)
    return 0


def make(root: Path, *, band: str, room: str, promise: str) -> list[Path]:
    """Write the room's files under the root; refuse a bad name or a room that stands."""
    if not re.fullmatch(r"[a-z][a-z_]{2,30}", room):
        raise ValueError(f"{room!r} is no room name: small letters and _, 3 to 31 of them")
    folder = root / "xingnuo" / band / room
    if folder.exists():
        raise FileExistsError(f"the room {band}/{room} stands already")
    words = words_for(band=band, room=room, promise=promise)
    drawers = PARTNER if band == "partners" else ROOM
    files = {folder / name: text for name, text in drawers.items()}
    files[root / "tests" / band / room / "test_promise.py"] = TEST
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(**words), encoding="utf-8")
    return list(files)


def words_for(*, band: str, room: str, promise: str) -> dict[str, str]:
    """Derive the names that the drawers use from the room's name."""
    thing = room.removesuffix("s")
    camel = "".join(part.capitalize() for part in room.split("_"))
    return {
        "band": band,
        "room": room,
        "promise": promise.rstrip("."),
        "code": room.split("_")[0].upper(),
        "thing": thing,
        "name": "".join(part.capitalize() for part in thing.split("_")),
        "camel": camel,
    }


def left_to_do(*, band: str, room: str) -> list[str]:
    """Say what only a person can decide."""
    steps = [f"next: list the invariants in docs/invariants.md (python -m tools.invariants {room})"]
    if band in ORDERED:
        steps.append(f"next: place {room} in the [{band}] layers of .importlinter")
    if band != "partners":
        steps.append(f"next: name {room} in xingnuo/config/rooms.py, then make its migration")
    return steps


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
