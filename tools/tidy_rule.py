"""What a tidy rule is: a name, the right call, where it applies, and examples that are run."""

import ast
import fnmatch
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple


class Finding(NamedTuple):
    """One place that breaks one rule."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True)
class Source:
    """One file as the rules see it."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Give the lines without their ends."""
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """Parse a Python file."""
        return ast.parse(self.text, filename=self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Give every node of a Python file, walked once for all rules."""
        return list(ast.walk(self.tree))


@dataclass(frozen=True)
class Rule:
    """A rule with the right call in its message; `good` and `bad` are (path, text) examples."""

    name: str
    message: str
    find: Callable[[Source], Iterator[int]]
    where: tuple[str, ...] = ("*.py",)
    unless: tuple[str, ...] = ()
    good: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    bad: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)

    def applies(self, path: str) -> bool:
        """Tell whether the rule reads a file at this path; `*` also crosses folders."""
        return matches(path, self.where) and not matches(path, self.unless)


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether any pattern matches the path."""
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def dotted(node: ast.AST) -> str:
    """Spell `a.b.c` for a name or attribute; an empty string for anything else at its root."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def imported(node: ast.AST) -> list[str]:
    """Name what an import statement brings in, dotted."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []
