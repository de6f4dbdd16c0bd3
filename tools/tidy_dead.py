"""Modules that nobody imports, names or starts."""

import re
from collections.abc import Iterator, Sequence

from tools.tidy_rule import Finding, Source, imported

# Django and the registry load these by their names; people start the others.
LOADED = (
    "__init__",
    "__main__",
    "apps",
    "models",
    "policy",
    "conftest",
    "settings",
    "wsgi",
    "asgi",
)
MESSAGE = "no module imports, names or starts it; take it out"


def dead_modules(sources: Sequence[Source]) -> Iterator[Finding]:
    """Find modules of the house and the sandbox that are never reached."""
    python = [source for source in sources if source.path.endswith(".py")]
    used = {name for source in python for name in _used(source)}
    named = "\n".join(source.text for source in sources if not source.path.startswith("docs/"))
    for source in python:
        name = source.path.removesuffix(".py").replace("/", ".")
        if not source.path.startswith(("xingnuo/", "sandbox/", "tools/")) or _is_loaded(source):
            continue
        if name not in used and not re.search(rf"(?<![\w.]){re.escape(name)}(?![\w])", named):
            yield Finding(source.path, 1, "dead-module", MESSAGE)


def _is_loaded(source: Source) -> bool:
    stem = source.path.rsplit("/", 1)[-1].removesuffix(".py")
    starts = '__name__ == "__main__"' in source.text
    by_folder = "/migrations/" in source.path or "/management/" in source.path
    return stem in LOADED or starts or by_folder or "/templatetags/" in source.path


def _used(source: Source) -> Iterator[str]:
    package = source.path.removesuffix(".py").split("/")[:-1]
    for node in source.nodes:
        yield from imported(node)
        level = getattr(node, "level", 0)
        if level:
            base = ".".join(package[: len(package) - level + 1])
            module = getattr(node, "module", None)
            base = f"{base}.{module}" if module else base
            yield base
            yield from (f"{base}.{alias.name}" for alias in getattr(node, "names", ()))
