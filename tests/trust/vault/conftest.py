"""The vault's tests: real databases, a stand-in permit, and processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction

from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.trust.vault import actions
from xingnuo.trust.vault.contracts import Sealable

REPO = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Leave:
    """What the vault sees of a permit; the gate's own tests judge the permits."""

    subject_id: UUID = field(default_factory=ids.uuid7)
    id: UUID = field(default_factory=ids.uuid7)


@contextmanager
def entered(leave: Leave) -> Iterator[Leave]:
    """Open a transaction that names the permit, as the gate does."""
    with transaction.atomic():
        session.set_subject(leave.subject_id, permit_id=leave.id)
        yield leave


def sealable(item: str, text: str, *, slot: str = "", key_class: str = "contact") -> Sealable:
    """Give a value on its way in."""
    return Sealable(item=item, key_class=key_class, plain=text.encode(), slot=slot)


def put(leave: Leave, *values: Sealable) -> None:
    """Write values in a transaction of their own."""
    with entered(leave):
        actions.put_many(leave, values)


NOTHING = {
    "vault_value": 0,
    "vault_blob": 0,
    "vault_lookup": 0,
    "vault_subject_key": 0,
    "vault_sealed_key": 0,
}


def fill(leave: Leave) -> None:
    """Give a subject values, a file and a look-up."""
    put(leave, sealable("name", "CNRY-name"), sealable("card_number", "c", key_class="money"))
    with entered(leave):
        actions.put_file(leave, item="document_photo", key_class="documents", content=b"p" * 99)
        actions.index(leave, kind="phone", value=str(leave.subject_id))


def erase(leave: Leave) -> None:
    """Erase a subject as the gate does."""
    actions.destroy_keys(leave.subject_id)
    actions.purge(leave.subject_id)


@pytest.fixture
def alice() -> Leave:
    """Give a permit for a fresh subject."""
    return Leave()


@pytest.fixture
def bob() -> Leave:
    """Give a permit for another fresh subject."""
    return Leave()


@pytest.fixture
def elsewhere() -> Callable[[str], str]:
    """Give a function that runs Python in another process of the house and gives what it said."""

    def run(program: str) -> str:
        start = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", start + program],
            cwd=REPO,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run
