"""Which version binds is a pure function of the published versions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trust.policy.remade import dated
from xingnuo.kit import clock
from xingnuo.trust.policy import _register, queries
from xingnuo.trust.policy.contracts import Compiled, NoPolicy

DAYS = st.dates(min_value=date(2021, 1, 1), max_value=date(2030, 1, 1))
ONE = dated("x", date(2024, 1, 1))


def _at(number: int, day: date) -> Compiled:
    """Move a version to a day without compiling anew: only its dates are asked about."""
    return _register.parse(
        json.dumps(
            {
                **json.loads(ONE.document),
                "version": str(number),
                "effective_on": day.isoformat(),
            }
        ).encode()
    )


POOL = tuple(_at(number, date(2022 + number, 1 + number, 15)) for number in range(5))


@pytest.mark.promise("0.1")
@given(published=st.permutations(POOL), day=DAYS)
def test_the_last_effective_version_binds(published: list[Compiled], day: date) -> None:
    """Whatever the order of the register, the newest version that has taken effect is chosen."""
    effective = [one for one in published if one.effective_on <= day]
    if not effective:
        with pytest.raises(NoPolicy):
            _register.choose(published, day)
        return
    chosen = _register.choose(published, day)
    assert chosen.effective_on == max(one.effective_on for one in effective)
    assert chosen == _register.choose(reversed(published), day)


@pytest.mark.promise("0.1")
@given(day=DAYS, later=DAYS)
def test_a_later_version_never_changes_the_past(day: date, later: date) -> None:
    """Publishing what takes effect later leaves every earlier day as it was."""
    published = [one for one in POOL if one.effective_on <= date(2024, 12, 31)]
    coming = [one for one in POOL if one.effective_on > max(day, date(2024, 12, 31))]
    if day < published[0].effective_on:
        return
    assert _register.choose(published, day) == _register.choose([*published, *coming], day)


@pytest.mark.promise("0.1")
def test_the_day_turns_in_beijing() -> None:
    """A version binds from midnight in Beijing, eight hours before midnight UTC."""
    first = queries.versions()[0]
    assert (first.published_on, first.effective_on) == (date(2023, 2, 3), date(2023, 3, 3))
    midnight = datetime(2023, 3, 2, 16, tzinfo=UTC)
    assert queries.in_force(midnight).version == "1.0"
    with pytest.raises(NoPolicy):
        queries.in_force(midnight - timedelta(seconds=1))


def test_both_shipped_versions_bind_in_their_time() -> None:
    """The first version binds until the day before the second one does."""
    first, second = queries.versions()
    assert (first.version, second.version) == ("1.0", "2.0")
    eve = datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC)
    assert queries.in_force(eve).version == "1.0"
    assert queries.in_force(eve + timedelta(seconds=1)).version == "2.0"
    assert queries.in_force().version == queries.in_force(clock.now()).version


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("手机号", "手机", 1),
        lambda text: text[:-40],
        lambda text: text.replace("xingnuo-policy/1", "xingnuo-policy/9"),
        lambda text: text.replace('"hash": "', '"hash": "0', 1),
    ],
)
def test_one_spoiled_file_closes_everything(
    spoil: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A register that cannot be read whole answers nothing: nobody's data is touched."""
    for one in _register.folder().glob("*.json"):
        text = one.read_text(encoding="utf-8")
        (tmp_path / one.name).write_text(
            spoil(text) if one.name == "1.0.json" else text,  # type: ignore[operator]
            encoding="utf-8",
        )
    monkeypatch.setenv("XN_POLICIES_DIR", str(tmp_path))
    with pytest.raises(NoPolicy):
        queries.in_force()


def test_without_a_folder_there_is_no_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing folder refuses, and so does an empty one."""
    monkeypatch.setenv("XN_POLICIES_DIR", str(tmp_path / "none"))
    with pytest.raises(NoPolicy):
        queries.versions()
    monkeypatch.setenv("XN_POLICIES_DIR", str(tmp_path))
    with pytest.raises(NoPolicy):
        queries.in_force()


def test_a_number_never_published_is_no_version() -> None:
    """Asking for it is a look-up that fails."""
    with pytest.raises(LookupError):
        queries.version("9.9")
