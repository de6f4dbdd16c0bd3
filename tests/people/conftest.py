"""Fixtures of people's rooms: the outside world, and people who sign in to it for real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outside import Outside
from xingnuo.partners.account_provider import client


@pytest.fixture(scope="session")
def sandbox_process(data_dir: Path) -> Iterator[Outside]:
    """Give one sandbox process for all tests of this worker."""
    with Outside(data_dir) as outside:
        yield outside


@pytest.fixture
def outside(sandbox_process: Outside, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """Give the sandbox, with xingnuo's clients led to it."""
    for name, value in sandbox_process.variables.items():
        monkeypatch.setenv(name, value)
    client.forget()
    yield sandbox_process
    client.forget()
