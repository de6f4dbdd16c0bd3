"""Setting up: interpreters are tried, not believed; what is missing is named."""

import sys
from pathlib import Path

import pytest

from tools import bootstrap, browser


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home without any Python, and a PATH that ends there."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def script(path: Path, text: str) -> None:
    """Write a little program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_it_passes_over_a_shim_that_does_not_work(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name on PATH may have no version behind it; the version's own folder is looked into."""
    monkeypatch.setattr(sys, "executable", str(bare / "old"))
    script(bare / "old", "echo 3.8 /old")
    script(bare / "bin" / "python3.13", "echo 'command not found' >&2; exit 127")
    real = bare / "pyenv" / "versions" / "3.12.1" / "bin" / "python3"
    script(real, f"echo 3.12 {real}")
    assert bootstrap.find_interpreter() == str(real)
    script(bare / "bin" / "python3.13", "echo 3.13 /thirteen")
    assert bootstrap.find_interpreter() == "/thirteen"


def test_it_finds_none_rather_than_an_unfit_one(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither too old nor too new counts."""
    monkeypatch.setattr(sys, "executable", str(bare / "old"))
    script(bare / "old", "echo 3.11 /old")
    script(bare / "bin" / "python3", "echo 3.15 /new")
    assert bootstrap.find_interpreter() is None


def test_it_says_what_to_install_when_there_is_no_python(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a fitting Python and without network it stops with a sentence."""
    monkeypatch.setattr(bootstrap, "DONE", bare / "none")
    monkeypatch.setattr(bootstrap, "VENV", bare / "venv")
    monkeypatch.setattr(bootstrap, "find_interpreter", lambda: None)
    monkeypatch.setattr(bootstrap, "make_uv", lambda _: True)
    monkeypatch.setattr(bootstrap, "run_if_it_can", lambda _: False)
    assert bootstrap.main() == 2
    assert "needs Python 3.12 to 3.14" in capsys.readouterr().err


def test_it_does_nothing_when_nothing_changed(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second time costs a comparison and prints nothing."""
    (bare / "ok").write_text(bootstrap.fingerprint())
    monkeypatch.setattr(bootstrap, "DONE", bare / "ok")
    monkeypatch.setattr(bootstrap, "find_interpreter", lambda: pytest.fail("looked again"))
    assert bootstrap.main() == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("in_ci", "status"), [("", 0), ("true", 1)])
def test_a_missing_browser_is_named_and_fails_only_in_ci(
    bare: Path,
    in_ci: str,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where nothing can be installed, one sentence says what is skipped and how to mend it."""
    monkeypatch.setenv("CI", in_ci)
    monkeypatch.setattr(browser, "chromium", lambda: "")
    monkeypatch.setattr(browser, "has_fonts", lambda: False)
    monkeypatch.setattr(browser, "as_root", lambda _: None)
    monkeypatch.setattr(browser, "run_if_it_can", lambda _: False)
    assert browser.main() == status
    said = capsys.readouterr().err
    assert "Chromium and a Chinese font" in said
    assert browser.MEND in said
