"""Tidy: the house's hard limits and small rules, each with the call to use instead.

Run as `python -m tools.tidy [path …]`; exits with 1 when anything is found.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.tidy_dead import dead_modules
from tools.tidy_python import PYTHON_RULES
from tools.tidy_rule import Finding, Rule, Source
from tools.tidy_text import TEXT_RULES

ROOT = Path(__file__).resolve().parents[1]
RULES: tuple[Rule, ...] = (*PYTHON_RULES, *TEXT_RULES)
READ = {".py", ".html", ".js", ".css", ".sql", ".md", ".toml", ".ini", ".txt", ".json", ".svg"}
NAMED = ("Makefile", ".importlinter")
# Files from others, kept as they came; and the rules, whose examples are bad on purpose.
EXEMPT = ("/vendor/", "LICENSE", "tools/tidy_python.py", "tools/tidy_text.py")


def main(arguments: list[str]) -> int:
    """Check the files named, or the whole tree, and print what is found."""
    paths = [Path(name).resolve() for name in arguments] or committed(ROOT)
    found = sorted(check_tree(paths, root=ROOT))
    for finding in found:
        print(finding)
    print(f"tidy: {len(paths)} files, {len(found)} found")
    return 1 if found else 0


def committed(root: Path) -> list[Path]:
    """List the files that git tracks or would track; ignored files are no part of the house."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        check=True,
    )
    names = sorted(set(listed.stdout.decode().split("\0")) - {""})
    return [root / name for name in names if (root / name).is_file()]


def check_tree(paths: Iterable[Path], *, root: Path) -> Iterator[Finding]:
    """Give every finding in the files, then the modules that nobody uses."""
    sources = [source for path in paths if (source := load(path, root=root))]
    for source in sources:
        yield from check(source)
    # Only the whole tree can tell what nobody uses.
    if any(source.path == "pyproject.toml" for source in sources):
        yield from dead_modules(sources)


def load(path: Path, *, root: Path) -> Source | None:
    """Read a file of text; None for pictures and fonts."""
    name = path.relative_to(root).as_posix()
    if not (path.suffix in READ or name.startswith(".ci/") or path.name in NAMED):
        return None
    return Source(name, path.read_text(encoding="utf-8"))


def check(source: Source) -> Iterator[Finding]:
    """Give the findings of every rule that applies to one file."""
    if any(mark in f"/{source.path}" for mark in EXEMPT):
        return
    for rule in RULES:
        if rule.applies(source.path):
            for line in rule.find(source):
                yield Finding(source.path, line, rule.name, rule.message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
