"""Builds HTML from elements; every text is escaped, and no style or script can be written in."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

type Child = Html | str | int | None | Iterable["Child"]
type Attribute = str | int | bool | None

VOID = frozenset("br hr img input link meta path circle rect".split())


class Html:
    """Markup that is safe to send."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class BadElement(Exception):
    """An element would carry a style, a handler or a script."""


def el(name: str, /, *children: Child, **attributes: Attribute) -> Html:
    """Make an element; `class_` is `class`, `aria_label` is `aria-label`, True is a bare name."""
    if name in ("script", "style"):
        raise BadElement(name)
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{told}>")
    return Html(f"<{name}{told}>{join(children).text}</{name}>")


def join(*children: Child) -> Html:
    """Put children beside each other; None is left out."""
    return Html("".join(_parts(children)))


def _parts(child: Child) -> Iterable[str]:
    if child is None:
        return
    if isinstance(child, Html):
        yield child.text
    elif isinstance(child, str | int):
        yield escape(str(child))
    else:
        for one in child:
            yield from _parts(one)


def _attribute(key: str, value: Attribute) -> str:
    name = key.rstrip("_").replace("_", "-")
    if name == "style" or name.startswith("on"):
        raise BadElement(name)
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
