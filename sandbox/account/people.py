"""The people who have an account, their passwords, and how often a password may be tried."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from sandbox.ground import chance, clock
from sandbox.ground.partner import World
from sandbox.ground.residents import RESIDENTS

DEMO_PASSWORD = "xingnuo-demo-2026"
# The documented people of the outside world, each with an account.
DEMO = tuple(
    (f"10{index:08d}", one.phone, one.nickname) for index, one in enumerate(RESIDENTS, start=1)
)
PHONE = re.compile(r"1[3-9]\d{9}")
PASSWORD_CHARS = range(8, 129)
NICKNAME_CHARS = range(1, 21)
TRIES_MAX, TRIES_SECONDS = 5, 900
TEST_PHONES_TRIED_MAX = 20

# 7 MiB and five rounds: an accepted Argon2id setting that keeps the sandbox small in memory.
_hasher = PasswordHasher(time_cost=5, memory_cost=7168, parallelism=1)
_nobody = _hasher.hash(chance.token())


class PhoneTaken(Exception):
    """The phone already has an account."""


class TooManyTries(Exception):
    """The password of this phone was tried wrongly too often."""


def start(world: World) -> None:
    """Make the demo accounts where they are not there yet."""
    for sub, phone, nickname in DEMO:
        if by_sub(world, sub) is None:
            create(world, phone=phone, nickname=nickname, password=DEMO_PASSWORD, sub=sub)


def demo_accounts(world: World) -> list[dict[str, Any]]:
    """List the accounts whose password is known to all."""
    return world.store.rows(
        "SELECT phone, nickname FROM account_person WHERE demo = 1 ORDER BY sub"
    )


def normal_phone(text: str) -> str:
    """Give the eleven digits of a mainland mobile number, or nothing."""
    digits = re.sub(r"[\s-]", "", text).removeprefix("+86")
    return digits if PHONE.fullmatch(digits) and digits.isascii() else ""


def create(world: World, *, phone: str, nickname: str, password: str, sub: str = "") -> str:
    """Make an account and give its id; raises `PhoneTaken`."""
    hashed = _hasher.hash(password)
    demo, name = int(bool(sub)), sub or chance.digits(12)
    try:
        world.store.run(
            "INSERT INTO account_person (sub, phone, nickname, password_hash, demo, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            name, phone, nickname, hashed, demo, clock.now(),
        )  # fmt: skip
    except sqlite3.IntegrityError:
        raise PhoneTaken from None
    return name


def create_for_test(world: World, *, nickname: str, password: str) -> tuple[str, str]:
    """Make an account on a free phone of the 199 range; give its id and its phone."""
    for _ in range(TEST_PHONES_TRIED_MAX):
        # The demo accounts' phones begin with 1990.
        phone = f"199{chance.digits(8)}"
        try:
            return create(world, phone=phone, nickname=nickname, password=password), phone
        except PhoneTaken:
            continue
    raise PhoneTaken


def by_sub(world: World, sub: str) -> dict[str, Any] | None:
    """Give an account by its id."""
    return world.store.row("SELECT * FROM account_person WHERE sub = ?", sub)


def by_phone(world: World, phone: str) -> dict[str, Any] | None:
    """Give an account by its phone."""
    return world.store.row("SELECT * FROM account_person WHERE phone = ?", phone)


def checked(world: World, *, phone: str, password: str) -> dict[str, Any] | None:
    """Give the account whose phone and password these are; raises `TooManyTries`.

    An unknown phone costs the same time and is counted the same way as a wrong password.
    """
    since = clock.now() - TRIES_SECONDS
    with world.store.transaction():
        world.store.run("DELETE FROM account_attempt WHERE at < ?", since)
        tried = world.store.row(
            "SELECT count(*) AS n FROM account_attempt WHERE phone = ?", phone
        ) or {"n": 0}
        if tried["n"] >= TRIES_MAX:
            raise TooManyTries
        # Counted before it is looked at, so that tries at the same time cannot pass the limit.
        world.store.run("INSERT INTO account_attempt (phone, at) VALUES (?, ?)", phone, clock.now())
    person = by_phone(world, phone)
    try:
        _hasher.verify(person["password_hash"] if person else _nobody, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    world.store.run("DELETE FROM account_attempt WHERE phone = ?", phone)
    return person


def set_password(world: World, sub: str, password: str) -> None:
    """Give an account another password."""
    world.store.run(
        "UPDATE account_person SET password_hash = ? WHERE sub = ?", _hasher.hash(password), sub
    )


def grants(world: World, sub: str) -> list[dict[str, Any]]:
    """List which clients an account has agreed to, and to what."""
    return world.store.rows(
        "SELECT client_id, scope, granted_at FROM account_grant WHERE sub = ?", sub
    )


def agree(world: World, sub: str, *, client_id: str, scope: str) -> None:
    """Keep that an account agrees to give a client these scopes, besides earlier ones."""
    with world.store.transaction():
        earlier = granted_scope(world, sub, client_id=client_id)
        joint = " ".join(sorted({*earlier.split(), *scope.split()}))
        world.store.run(
            "INSERT OR REPLACE INTO account_grant (sub, client_id, scope, granted_at)"
            " VALUES (?, ?, ?, ?)",
            sub, client_id, joint, clock.now(),
        )  # fmt: skip


def granted_scope(world: World, sub: str, *, client_id: str) -> str:
    """Give the scopes that an account has agreed to for a client."""
    found = world.store.row(
        "SELECT scope FROM account_grant WHERE sub = ? AND client_id = ?", sub, client_id
    )
    return str(found["scope"]) if found else ""
