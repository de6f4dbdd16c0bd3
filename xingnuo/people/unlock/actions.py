"""What the unlock room does: ways set, tried, named and switched off; sessions locked again."""

from __future__ import annotations

from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts.contracts import Session
from xingnuo.people.unlock._acts import act_answered, act_options, may_act
from xingnuo.people.unlock._challenges import sweep
from xingnuo.people.unlock._proving import begin_answer, try_answer, try_secret
from xingnuo.people.unlock._setting import (
    add_credential,
    begin_credential,
    choose,
    end,
    erase,
    remove_credential,
    rename_credential,
    set_password,
    set_pattern,
    switch_off,
)

__all__ = [
    "act_answered",
    "act_options",
    "add_credential",
    "begin_answer",
    "begin_credential",
    "choose",
    "end",
    "erase",
    "lock",
    "may_act",
    "remove_credential",
    "rename_credential",
    "set_password",
    "set_pattern",
    "sweep",
    "switch_off",
    "try_answer",
    "try_secret",
]


def lock(current: Session) -> None:
    """Lock a session that went unused: a fresh request must not count as use."""
    if current.unlocked_at is not None:
        accounts.lock(current)
