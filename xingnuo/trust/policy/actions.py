"""What changes the policy: rooms declare at start-up, and a version is published."""

from __future__ import annotations

from xingnuo.trust.policy import _compile, _declarations, _register
from xingnuo.trust.policy.contracts import Compiled, Declaration, Holding, Notice, NotPublishable


def register(declaration: Declaration) -> None:
    """Take in a room's declaration; the same again is harmless, another one is refused."""
    _declarations.register(declaration)


def hold(holding: Holding) -> None:
    """Take in how a room exports, erases and seals what it holds about people."""
    _declarations.hold(holding)


def publish(notice: Notice) -> Compiled:
    """Publish what the code declares as a new version; its file is written once and stands."""
    version = _compile.compiled(_compile.document(_declarations.declarations(), notice))
    try:
        _register.write(version)
    except FileExistsError as fault:
        raise NotPublishable(notice.version) from fault
    return version
