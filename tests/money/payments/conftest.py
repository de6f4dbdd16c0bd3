"""Fixtures of payments: the outside world, and people whose cards it knows."""

from __future__ import annotations

import pytest

from tests.money.payments.holders import Holder, holder
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process

__all__ = ["alice", "outside", "sandbox_process"]


@pytest.fixture
def alice(outside: Outside) -> Holder:
    """Give a person with a confirmed name who agreed to bind cards."""
    return holder(outside)
