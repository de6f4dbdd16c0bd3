"""Fixtures of bills: the outside world, and a payer with money who agreed to bills."""

from __future__ import annotations

import pytest

from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.services.bill_pay.customers import Customer, customer

__all__ = ["alice", "outside", "sandbox_process"]


@pytest.fixture
def alice(outside: Outside) -> Customer:
    """Give a payer with a hundred thousand fen who agreed to bills and top-ups."""
    return customer(outside)
