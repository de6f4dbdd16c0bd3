"""One sandbox process for all tests of this folder, and the clients led to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.outside import SIGNED
from tests.partners.outer import Hooks
from tests.sandbox.outside import Process
from xingnuo.partners import _line
from xingnuo.partners.channel import _keys


@pytest.fixture(scope="session")
def hooks() -> Iterator[Hooks]:
    """Give the place that the sandbox calls back to."""
    place = Hooks()
    yield place
    place.stop()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, hooks: Hooks) -> Iterator[Process]:
    """Give a running sandbox."""
    data = tmp_path_factory.mktemp("partners") / "data"
    process = Process(data, hooks.url, XN_SANDBOX_SPEED="1000")
    try:
        yield process.ready()
    finally:
        process.end()
        _hang_up()


@pytest.fixture
def sandbox(running: Process, monkeypatch: pytest.MonkeyPatch) -> Process:
    """Give the running sandbox with every client led to it."""
    for name in (*SIGNED, "SMS", "PUSH"):
        monkeypatch.setenv(f"XN_{name}_URL", running.url)
        monkeypatch.delenv(f"XN_{name}_SECRET", raising=False)
    return running


@pytest.fixture
def enrolled(sandbox: Process, monkeypatch: pytest.MonkeyPatch) -> Process:
    """Give the running sandbox with the channels' keys exchanged, which takes a while once."""
    with monkeypatch.context() as patient:
        patient.setattr(_line, "ANSWER_SECONDS_MAX", 60.0)
        _hang_up()
        _keys.ring()
    _hang_up()
    return sandbox


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the clients wait half a second at most."""
    _hang_up()
    monkeypatch.setattr(_line, "ANSWER_SECONDS_MAX", 0.5)
    yield
    _hang_up()


def _hang_up() -> None:
    # The next call opens a client of its own, with the limits of then.
    _line._http().close()
    _line._http.cache_clear()
