"""What may be published, and that what was published stands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.trust.policy.remade import remade, setting
from xingnuo.kit import clock
from xingnuo.trust.policy import _declarations, _register, actions, queries
from xingnuo.trust.policy.contracts import (
    BadDeclaration,
    Compiled,
    Declaration,
    Notice,
    NotPublishable,
)

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SUMMARY = ("只为试验。",)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish into a folder that holds a copy of the shipped versions but the last."""
    first = _register.folder() / "1.0.json"
    (tmp_path / first.name).write_bytes(first.read_bytes())
    monkeypatch.setenv("XN_POLICIES_DIR", str(tmp_path))


def _publish(number: str = "3.0", told: date = TODAY, binds: date = date(2026, 12, 23)) -> Compiled:
    notice = Notice(version=number, published_on=told, effective_on=binds, summary=SUMMARY)
    with clock.frozen(NOW):
        return actions.publish(notice)


@pytest.mark.promise("0.1")
@pytest.mark.parametrize("binds", [TODAY, date(2026, 11, 22), date(2020, 1, 1)])
def test_nobody_is_bound_before_being_told(binds: date) -> None:
    """An effective day on or before the day of notice is refused, and nothing is written."""
    with pytest.raises(NotPublishable):
        _publish(binds=binds)
    assert [one.version for one in queries.versions()] == ["1.0"]


def test_a_notice_is_not_dated_back() -> None:
    """The day of notice is today or later."""
    with pytest.raises(NotPublishable):
        _publish(told=date(2026, 11, 1))


def test_a_published_version_is_frozen() -> None:
    """The same number is refused, whatever the content; the file stays byte for byte."""
    made = _publish()
    before = (_register.folder() / "3.0.json").read_bytes()
    with pytest.raises(NotPublishable):
        _publish(binds=date(2027, 1, 1))
    assert (_register.folder() / "3.0.json").read_bytes() == before
    assert queries.version("3.0") == made


def test_what_is_published_is_what_is_declared() -> None:
    """The published version reads back equal, and nothing stays unpublished once it binds."""
    made = _publish()
    assert _register.read(_register.folder() / "3.0.json").hash == made.hash
    with clock.frozen(datetime(2026, 12, 24, tzinfo=UTC)):
        assert queries.in_force().version == "3.0"
        assert queries.unpublished() == frozenset()


def test_nothing_new_is_not_published() -> None:
    """A version without any change to the last one is refused."""
    _publish()
    with pytest.raises(NotPublishable):
        _publish("3.1", binds=date(2027, 1, 1))


def test_versions_follow_one_another() -> None:
    """A version that would take effect before the last one is refused."""
    _publish(binds=date(2027, 6, 1))
    with pytest.raises(NotPublishable):
        _publish("3.1", binds=date(2027, 5, 1))


def test_a_faulty_policy_is_not_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """The linter stands before the register."""
    found = _declarations.declarations()
    bad = [d for d in found if d.room != "accounts"]
    monkeypatch.setattr(_declarations, "declarations", lambda: tuple(bad))
    with pytest.raises(BadDeclaration):
        _publish()
    assert [one.version for one in queries.versions()] == ["1.0"]


@pytest.mark.promise("1.0.2", "1.6.3")
def test_code_that_declares_more_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A purpose that grew, or is new, in code alone is unpublished; a narrowed one is not."""
    published = queries.version("1.0")
    wider = remade(setting("purposes", "rights.copy", marketing=True, own_consent=True), published)
    monkeypatch.setattr(queries, "in_force", lambda at=None: published)
    monkeypatch.setattr(_declarations, "declared", lambda: wider)
    assert queries.unpublished() == {"rights.copy"}
    narrower = remade(setting("purposes", "notices.service", optional=[]), published)
    monkeypatch.setattr(_declarations, "declared", lambda: narrower)
    assert queries.unpublished() == frozenset()


def test_a_room_declares_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same declaration twice is harmless; a second, different one is refused."""
    monkeypatch.setattr(_declarations, "_declarations", dict(_declarations._declarations))
    for declaration in _declarations.declarations():
        actions.register(declaration)
    with pytest.raises(BadDeclaration):
        actions.register(Declaration(room="accounts"))
