"""Fixtures of the change card: the outside world, and clients that do not wait long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.people.conftest import outside, sandbox_process
from xingnuo.partners import _line

__all__ = ["hasty", "outside", "sandbox_process"]


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
