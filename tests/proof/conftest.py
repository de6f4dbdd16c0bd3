"""One walk over all checks, as `prove` makes it, beside a real provider process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import override_settings

from tests.outside import Outside
from xingnuo.partners.account_provider import client
from xingnuo.proof import actions, queries
from xingnuo.proof._reach import Reach
from xingnuo.proof.contracts import Check, CheckKind, Outcome


@dataclass(frozen=True)
class Walk:
    """How every check came out without a fault, and what it entered."""

    checks: tuple[Check, ...]
    outcomes: dict[str, Outcome]
    reach: Reach


@pytest.fixture(scope="session")
def provider(data_dir: Path) -> Iterator[Outside]:
    """Give one sandbox of its own port, with the house led to it."""
    with (
        Outside(data_dir) as outside,
        patch.dict("os.environ", outside.variables),
        override_settings(SANDBOX_URL=outside.url),
    ):
        client.forget()
        yield outside
        client.forget()


@pytest.fixture(scope="session")
def walk(provider: Outside) -> Walk:
    """Run every check but the live ones once."""
    checks = tuple(c for c in queries.checks() if c.kind is not CheckKind.LIVE)
    reach, outcomes = Reach(), {}
    for check in checks:
        with reach.of(check.name):
            outcomes[check.name] = actions.run_check(check)
    return Walk(checks, outcomes, reach)
