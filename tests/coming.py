"""A third version of the policy, published into a folder of its own: told, and not yet in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.trust.policy.remade import entry, remade
from xingnuo.kit import clock
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy import _register, queries
from xingnuo.trust.policy.contracts import Compiled

NUMBER = "3.0"
NOTICE = timedelta(days=30)
type Edit = Callable[[dict[str, Any]], object]


def wider(made: dict[str, Any]) -> None:
    """Let an account's security use the nickname too: a widening of something agreed to."""
    entry(made, "purposes", "accounts.security")["items"].append("nickname")


def wording(made: dict[str, Any]) -> None:
    """Say one plain sentence otherwise, which changes nothing for anybody."""
    plain = next(one for one in made["prose"] if not one["emphasised"])
    plain["text"] += "如有疑问，欢迎来信。"


def publish(
    folder: Path, monkeypatch: pytest.MonkeyPatch, edit: Edit, *, told: date | None = None
) -> Compiled:
    """Write the third version beside copies of the shipped ones; it binds in thirty days."""
    folder.mkdir(exist_ok=True)
    for one in _register.folder().glob("*.json"):
        (folder / one.name).write_bytes(one.read_bytes())
    told = told or clock.today()

    def dated(made: dict[str, Any]) -> None:
        edit(made)
        made.update(
            version=NUMBER,
            published_on=told.isoformat(),
            effective_on=(told + NOTICE).isoformat(),
            summary=["帐号安全多用一项：昵称，用来认出冒充你的人。"],
        )

    version = remade(dated, queries.in_force())
    monkeypatch.setenv("XN_POLICIES_DIR", str(folder))
    _register.write(version)
    assert queries.version(NUMBER).hash == version.hash
    return version


@contextmanager
def binding(version: Compiled) -> Iterator[None]:
    """Move the clock to the version's own day, at the hour it is now."""
    gate.forget_rules()
    with clock.shifted(timedelta(days=(version.effective_on - clock.today()).days)):
        yield
    gate.forget_rules()
