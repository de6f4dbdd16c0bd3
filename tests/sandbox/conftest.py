"""One sandbox process and one stand-in for xingnuo for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.sandbox.house import House
from tests.sandbox.outside import Person, Process


@pytest.fixture(scope="session")
def running_house() -> Iterator[House]:
    """Give the stand-in for xingnuo."""
    house = House()
    yield house
    house.stop()


@pytest.fixture
def house(running_house: House) -> House:
    """Give the stand-in, fresh."""
    running_house.reset()
    return running_house


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory, running_house: House) -> Iterator[Process]:
    """Give a running sandbox."""
    process = Process(tmp_path_factory.mktemp("sandbox") / "data", running_house.url)
    try:
        yield process.ready()
    finally:
        process.end()


@pytest.fixture
def another(sandbox: Process) -> Iterator[Callable[[], Person]]:
    """Give a function that gives a fresh browser each time."""
    with ExitStack() as opened:

        def give() -> Person:
            fresh = Person(sandbox)
            opened.callback(fresh.http.close)
            return fresh

        yield give


@pytest.fixture
def person(another: Callable[[], Person]) -> Person:
    """Give a fresh browser."""
    return another()
