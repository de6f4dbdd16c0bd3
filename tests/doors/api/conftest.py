"""A machine that calls the API for a person who really signed in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tests.outside import Outside
from tests.people.accounts import walk
from tests.people.conftest import outside, sandbox_process
from xingnuo.kit import ids
from xingnuo.people.accounts import actions as accounts
from xingnuo.trust.gate.contracts import Strength

__all__ = ["outside", "sandbox_process"]


@dataclass(frozen=True, slots=True)
class Machine:
    """A client of the API with one person's token, or none."""

    token: str = ""
    subject_id: Any = None
    actor: Any = None

    def ask(
        self, method: str, path: str, body: object = None, *, key: str = "", **headers: str
    ) -> Any:
        """Call the API; an unsafe call carries a fresh key unless one is given."""
        if method not in ("GET", "HEAD"):
            headers["Idempotency-Key"] = key or str(ids.uuid7())
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
        return Client(headers={"host": "localhost", **headers}).generic(
            method, f"/api/v1{path}", data, content_type="application/json"
        )


def machine_for(world: Outside, *, proved: bool = False) -> Machine:
    """Sign a new person in and give their machine."""
    signed = walk.sign_in(world)
    if proved:
        from django.db import transaction

        with transaction.atomic():
            accounts.raise_strength(signed.entered.session, Strength.REVERIFIED)
    return Machine(signed.entered.token, signed.entered.session.subject_id, signed.actor)


@pytest.fixture
def alice(outside: Outside) -> Machine:
    """Give Alice's machine."""
    return machine_for(outside)


@pytest.fixture
def bob(outside: Outside) -> Machine:
    """Give Bob's machine."""
    return machine_for(outside)
