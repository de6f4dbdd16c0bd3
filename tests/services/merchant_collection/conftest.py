"""Fixtures of collecting money: the outside world, and a merchant whose shop is open."""

from __future__ import annotations

import pytest

from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.services.merchant_collection.shops import Keeper, keeper

__all__ = ["outside", "sandbox_process", "shop"]


@pytest.fixture
def shop(outside: Outside) -> Keeper:
    """Give a merchant whose shop is open."""
    made = keeper(outside)
    made.open()
    return made
