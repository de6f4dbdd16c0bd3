"""What we stand on: pinned, hashed, in step with pyproject, from no named host."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LISTS = {
    "run": PROJECT["project"]["dependencies"],
    "dev": PROJECT["dependency-groups"]["dev"],
}
PIN = re.compile(r"^([A-Za-z0-9._-]+)(\[[\w,]+\])?==(\S+?)(?:\s*;.*)?\s*\\?$")


def plain(name: str) -> str:
    """Spell a package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(which: str) -> dict[str, str]:
    """Read the pins of a list: {package: version}."""
    text = (ROOT / "requirements" / f"{which}.txt").read_text(encoding="utf-8")
    found = (PIN.match(line) for line in text.splitlines())
    return {plain(match[1]): match[3] for match in found if match}


@pytest.mark.parametrize("which", LISTS)
def test_the_list_names_no_host(which: str) -> None:
    """Where packages come from is the machine's business, not the project's."""
    text = (ROOT / "requirements" / f"{which}.txt").read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host|file:", text)


@pytest.mark.parametrize("which", LISTS)
def test_every_pin_carries_hashes(which: str) -> None:
    """What is installed is what was looked at."""
    text = (ROOT / "requirements" / f"{which}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    for block in filter(str.strip, blocks):
        if PIN.match(block.splitlines()[0]):
            assert "--hash=sha256:" in block, block.splitlines()[0]


@pytest.mark.parametrize("which", LISTS)
def test_the_list_is_in_step_with_the_project(which: str) -> None:
    """Each dependency of pyproject stands in the list with the same version."""
    listed = pins(which)
    for wanted in LISTS[which]:
        match = PIN.match(wanted)
        assert match, f"pin it: {wanted}"
        assert listed.get(plain(match[1])) == match[3], wanted


def test_what_runs_is_also_what_is_developed_with() -> None:
    """Tests must not run on other versions than the product."""
    run, dev = pins("run"), pins("dev")
    assert run == {name: version for name, version in dev.items() if name in run} or not (
        set(run) & set(dev)
    )
