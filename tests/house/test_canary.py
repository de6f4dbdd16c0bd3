"""No typed value comes to rest in the clear, anywhere; and the sweep would find one that did.

Three people walk through every flow of the real processes, each value of theirs a canary. Then
every table, every file of the database, every log, backup, address and fault is searched for each
canary in every form it could have taken.
"""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house import _canary_sinks as sinks
from tests.house._canary_scan import SHORTEST, Hit, Needles, forms
from tests.house._canary_walk import Walker, mark
from tests.outside import Partners
from xingnuo.doors.cli.scratch import Stack
from xingnuo.kit.db import roles

KEPT_MIN = 6
REFUSED_MIN = 45
CLOSED_SECONDS_MAX = 60
# What may be found, by place and canary, and why.
ALLOWED = {
    ("faults", "undeclared"): "the caller is told the name of the field that nobody declared",
    ("faults", "extra name"): "the caller is told the name of the field that nobody declared",
}
COPY = "copy of another person"
BOB = 1


@dataclass
class Walked:
    """What three people left behind."""

    since: float
    people: list[Walker]
    copy: bytes
    backups: Path
    books: str

    @property
    def canaries(self) -> dict[str, str]:
        """Give every canary by whose it is and what it was."""
        return {
            f"{number}: {name}": value
            for number, walker in enumerate(self.people)
            for name, value in walker.canaries.items()
        }

    def pieces(self) -> Iterator[tuple[str, bytes]]:
        """Give what left the house: addresses, faults, and another person's copy."""
        yield COPY, self.copy
        for walker in self.people:
            yield "faults", b"\n".join(walker.problems)
            # What a person types into an address stands in it; no page of ours writes one.
            typed = [value for name, value in walker.canaries.items() if name in walker.typed_urls]
            led = "\n".join(url for url in walker.urls if not any(one in url for one in typed))
            yield "addresses", led.encode()


@pytest.fixture(scope="module")
def walked(stack: Stack) -> Iterator[Walked]:
    """Walk through everything, once."""
    since = time.time() - 1
    stack.start_worker()
    partners = Partners(stack.sandbox_url)
    people = [Walker(stack.base_url, partners) for _ in range(3)]
    try:
        yield _walk(people, partners, since)
    finally:
        for walker in people:
            walker.leave()


def _walk(people: list[Walker], partners: Partners, since: float) -> Walked:
    alice, bob, charlie = people
    _everything(alice, partners)
    bob.sign_in()
    made = bob.post("/me/personal/download/", {})
    _ends(charlie)
    _wait_until_erased(charlie)
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        copy = b"".join(archive.read(name) for name in archive.namelist())
    backups = sinks.back_up(Path(os.environ["XN_DATA_DIR"]) / "backups")
    texts = partners.ask("GET", f"/sms/inbox.json?phone={alice.phone}")
    return Walked(since, people, copy, backups, str(texts["messages"]))


def _everything(alice: Walker, partners: Partners) -> None:
    partners.script("account", "token", "5xx")
    alice.misuse_the_pages()
    alice.sign_in_after_a_fault()
    alice.consent("profile.manage")
    assert alice.fill() >= KEPT_MIN
    alice.sign_in_api()
    alice.misuse_the_api()
    alice.set_password()
    alice.confirm_name()
    alice.ask_the_desk()
    alice.let_sibling_in("suixingjie")
    for purpose in ("feed.personal", "notices.promotion"):
        alice.consent(purpose, "refuse")
    alice.misuse_the_pages()
    alice.post("/me/personal/download/", {})
    for path in ("/me/personal/", "/me/settings/privacy/looked/?tab=all", "/notices/"):
        assert alice.get(path).status_code == 200
    alice.http.cookies.delete("xn_device")
    alice.post("/me/settings/account/misuse/", {})


def _ends(charlie: Walker) -> None:
    charlie.sign_in()
    charlie.consent("profile.manage")
    charlie.fill()
    charlie.confirm_name()
    charlie.ask_the_desk()
    charlie.close()


def _wait_until_erased(charlie: Walker) -> None:
    deadline = time.monotonic() + CLOSED_SECONDS_MAX
    place = next(url for url in reversed(charlie.urls) if "/receipt/" in url)
    while "已办结" not in (text := charlie.get(place).text) and "证明" not in text:
        assert time.monotonic() < deadline, text[:2000]
        time.sleep(0.5)


@pytest.mark.timeout(280)
@pytest.mark.promise("5.1.2")
def test_no_value_rests_in_the_clear(walked: Walked) -> None:
    """Tables, heap, index, WAL, logs, jobs, backups, addresses, faults, another's copy: nothing."""
    assert sum(walker.refused for walker in walked.people) >= REFUSED_MIN
    needles = Needles(walked.canaries)
    found = sinks.swept(needles, walked.since, walked.pieces())
    left = sorted(hit for hit in found if not _is_allowed(hit))
    assert not left, "\n".join(map(str, left[:40]))


def _is_allowed(hit: Hit) -> bool:
    whose, _, name = hit.canary.partition(": ")
    own = hit.sink == COPY and whose == str(BOB)
    return own or (hit.sink, name) in ALLOWED


def test_a_text_message_says_nothing_of_the_person(walked: Walked) -> None:
    """What the gateway was given names nobody: no value of theirs but the number it goes to."""
    alice = walked.people[0]
    assert "【星诺】" in walked.books
    others = {name: value for name, value in alice.canaries.items() if name != "phone"}
    assert not Needles(others).find("texts", walked.books.encode())


@pytest.mark.parametrize("form", [name for name, _ in forms(mark())])
def test_every_form_is_found_at_every_place(form: str) -> None:
    """A canary in this form is found wherever it stands in the data."""
    value = mark()
    needle = dict(forms(value))[form]
    needles = Needles({"one": value})
    for place in range(17):
        for after in (0, 3, 40):
            data = b"\xa5" * place + needle + b"\x5a" * after
            assert needles.find("here", data), (place, after)
    assert not needles.find("here", needle[: SHORTEST - 1] * 3)


def test_addresses_faults_and_copies_are_looked_at(walked: Walked) -> None:
    """The negative control of what is no file: planted there, it is found there."""
    value = mark()
    walked.people[BOB].urls.append(f"/me/?q={value}")
    walked.people[BOB].problems.append(value.encode())
    spoilt = Walked(walked.since, walked.people, value.encode(), walked.backups, "")
    found = {hit.sink for hit in Needles({"planted": value}).find_all(spoilt.pieces())}
    assert found == {COPY, "faults", "addresses"}
    walked.people[BOB].urls.pop()
    walked.people[BOB].problems.pop()


PLANT = "CREATE TABLE IF NOT EXISTS planted (told text)"


def _plant_in(kind: str, value: str) -> None:
    database = roles.database_names()[0]
    data_dir = Path(os.environ["XN_DATA_DIR"])
    with sinks.owner(database) as connection:
        if kind in ("table", "heap", "WAL"):
            connection.execute(PLANT)
            connection.execute("INSERT INTO planted VALUES (%s)", [value])
        if kind in ("heap", "WAL"):
            connection.execute("DELETE FROM planted")
        if kind == "job":
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
                " VALUES ('planted', 'planted', jsonb_build_object('told', %s::text))",
                [value],
            )
        if kind == "server log":
            connection.execute(f"DO $$ BEGIN RAISE LOG 'told {value}'; END $$")
    if kind == "web log":
        with (data_dir / "logs" / "web.log").open("a") as log:
            log.write(value)
    if kind == "backup":
        (data_dir / "backups").mkdir(exist_ok=True)
        (data_dir / "backups" / "planted").write_text(value)


@pytest.mark.parametrize(
    ("kind", "sink"),
    [
        ("table", "table"), ("heap", "heap"), ("WAL", "WAL"), ("job", "procrastinate_jobs"),
        ("server log", "log"), ("web log", "web.log"), ("backup", "backups/planted"),
    ],
)  # fmt: skip
def test_the_sweep_finds_what_is_planted(stack: Stack, kind: str, sink: str) -> None:
    """The negative control: one value in the clear, in this place, is found there."""
    since = time.time() - 1
    value = mark()
    try:
        _plant_in(kind, value)
        found = sinks.swept(Needles({"planted": value}), since)
        assert any(sink in hit.sink for hit in found), found
    finally:
        with sinks.owner(roles.database_names()[0]) as connection:
            connection.execute("DROP TABLE IF EXISTS planted")
            connection.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'planted'")
        (Path(os.environ["XN_DATA_DIR"]) / "backups" / "planted").unlink(missing_ok=True)
