"""What changes the policy: rooms declare at start-up, and a version is published."""

from __future__ import annotations

from xingnuo.kit import clock
from xingnuo.trust.policy import _compile, _declarations, _diff, _lint, _register, _rows
from xingnuo.trust.policy.contracts import (
    BadDeclaration,
    Compiled,
    Declaration,
    Holding,
    Notice,
    NotPublishable,
)


def register(declaration: Declaration) -> None:
    """Take in a room's declaration; the same again is harmless, another one is refused."""
    _declarations.register(declaration)


def hold(holding: Holding) -> None:
    """Take in how a room exports, erases and seals what it holds about people."""
    _declarations.hold(holding)


def check() -> None:
    """Refuse to start on declarations that are no policy; `BadDeclaration` names each fault."""
    found = _lint.faults(_declarations.declared(), None)
    if found:
        raise BadDeclaration(found)


def publish(notice: Notice) -> Compiled:
    """Publish what the code declares as a new version; its file is written once and stands.

    Raises `NotPublishable` for a number, date or lack of change that stands against it, and
    `BadDeclaration` for a policy that is not fit to bind on its effective day.
    """
    version = _compile.compiled(_compile.document(_declarations.declarations(), notice))
    _check_notice(version, _register.versions())
    found = (*_lint.faults(version, notice.effective_on), *_lint.manners(version))
    if found:
        raise BadDeclaration(found)
    try:
        _register.write(version)
    except FileExistsError as fault:
        raise NotPublishable(notice.version, message="这个版本号已经发布过，不能改动。") from fault
    return version


def record_versions() -> int:
    """Bring the rows up to the files before doors open; `BadDeclaration` where they disagree."""
    versions = _register.versions()
    added = _rows.add(versions)
    found = _rows.differences(versions, using=_rows.OWNER)
    if found:
        raise BadDeclaration(found)
    return added


def _check_notice(version: Compiled, published: tuple[Compiled, ...]) -> None:
    if version.published_on < clock.today():
        raise NotPublishable(version.version, message="发布日期不能早于今天。")
    if version.effective_on <= version.published_on:
        raise NotPublishable(version.version, message="生效日期必须晚于发布日期，好先告诉大家。")
    if not version.summary:
        raise NotPublishable(version.version, message="请写明这一版改了什么。")
    if not published:
        return
    last = published[-1]
    if any(one.version == version.version for one in published):
        raise NotPublishable(version.version, message="这个版本号已经发布过，不能改动。")
    if version.effective_on <= last.effective_on or version.published_on < last.published_on:
        raise NotPublishable(version.version, message="新版的日期必须在上一版之后。")
    if not _diff.diff(last, version).changes:
        raise NotPublishable(version.version, message="和上一版相比没有任何变化。")
