"""Form, consent and reading parts; `xn` hands them out together with its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms import BoundField
from django.template import Context, Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ._fields import CODE_CELLS, as_list, code_attributes, faults, from_form, from_values
from ._text import pick

library = Library()

# The five lines of every consent question, in the order the rules fix.
FIVE_LINES = (
    ("用什么", "file-text", "what"),
    ("为什么", "info", "why"),
    ("给谁", "users", "who"),
    ("多久", "clock", "how_long"),
    ("不同意会怎样", "ban", "if_refused"),
)
PERMISSION_LINES = (
    ("用来做什么", "info", "what"),
    ("拿走什么", "file-text", "taken"),
    ("不允许会怎样", "ban", "if_refused"),
    ("别的办法", "pencil", "otherwise"),
)
DIFF_WORDS = {"insert": ("ins", "增"), "delete": ("del", "删")}
PATTERN_SIDE = 3
PATTERN_STEP = 88


# ---- forms -------------------------------------------------------------------------------


@library.inclusion_tag("porch/parts/field.html")
def field(
    bound: BoundField, *, before: str = "", after: str = "", big: bool = False, group: str = ""
) -> dict[str, Any]:
    """Draw one field of a Django form: label, hint, error, control."""
    return {
        "control": from_form(bound),
        "before": before,
        "after": after,
        "big": big,
        "group": group,
    }


@library.inclusion_tag("porch/parts/field.html")
def text_field(  # noqa: PLR0913 - the options of a part are its keywords
    name: str,
    label: str,
    *,
    value: object = "",
    hint: str = "",
    error: str = "",
    kind: str = "text",
    required: bool = True,
    before: str = "",
    after: str = "",
    big: bool = False,
    group: str = "",
    **extra: object,
) -> dict[str, Any]:
    """Draw one input without a Django form; further keywords become attributes."""
    control = from_values(
        name, label, value=value, hint=hint, error=error, kind=kind, required=required, extra=extra
    )
    return {"control": control, "before": before, "after": after, "big": big, "group": group}


@library.inclusion_tag("porch/parts/choices.html")
def choices(  # noqa: PLR0913 - the options of a part are its keywords
    name: str,
    label: str,
    options: Iterable[tuple[str, str]],
    *,
    value: str = "",
    hint: str = "",
    error: str = "",
    live: str = "",
) -> dict[str, Any]:
    """Draw (value, word) pairs as radio chips without a Django form."""
    control = from_values(name, label, hint=hint, error=error)
    return {"control": control, "options": as_list(options), "value": value, "live": live}


@library.inclusion_tag("porch/parts/code.html")
def code_input(
    name: str, label: str, *, hint: str = "", error: str = "", hidden: bool = False
) -> dict[str, Any]:
    """Draw six cells backed by one real input; `hidden` shows dots, for payment passwords."""
    kind = "password" if hidden else "text"
    control = from_values(
        name, label, hint=hint, error=error, kind=kind, extra=code_attributes(hidden)
    )
    return {"control": control, "cells": range(CODE_CELLS), "hidden": hidden}


@library.inclusion_tag("porch/parts/error_summary.html")
def error_summary(source: Any) -> dict[str, Any]:
    """List every error on top of the page, in focus; takes a form or (id, message) pairs."""
    return {"items": faults(source)}


@library.inclusion_tag("porch/parts/pattern.html")
def pattern(
    name: str = "pattern", *, label: str = "画出解锁图案", error: str = ""
) -> dict[str, Any]:
    """Draw the pattern of nine dots; posts the dots' numbers, 1 to 9 by rows, as digits."""
    middle = PATTERN_STEP // 2
    dots = [
        {
            "number": place + 1,
            "x": place % PATTERN_SIDE * PATTERN_STEP + middle,
            "y": place // PATTERN_SIDE * PATTERN_STEP + middle,
        }
        for place in range(PATTERN_SIDE**2)
    ]
    # Not `required`: the input sits in a closed `<details>`, where a browser cannot focus it.
    control = from_values(
        name,
        "图案编号",
        kind="password",
        error=error,
        required=False,
        extra={
            "inputmode": "numeric",
            "maxlength": 9,
            "autocomplete": "off",
        },
        hint="点的编号从左到右、从上到下依次是 1 到 9，至少 4 个",
    )
    return {"control": control, "dots": dots, "side": PATTERN_SIDE * PATTERN_STEP, "label": label}


# ---- consent -----------------------------------------------------------------------------


def asked(context: Context, sheet: Any, *, dialog: bool) -> dict[str, Any]:
    """Return what both forms of one consent question draw."""
    lines = [(label, picture, pick(sheet, name)) for label, picture, name in FIVE_LINES]
    return {
        "sheet": sheet,
        "lines": lines,
        "dialog": dialog,
        "next": pick(sheet, "next"),
        "csrf_token": context.get("csrf_token"),
    }


@library.inclusion_tag("porch/parts/consent_page.html", takes_context=True)
def consent_page(context: Context, sheet: Any) -> dict[str, Any]:
    """Ask one consent question as a plain page."""
    return asked(context, sheet, dialog=False)


@library.inclusion_tag("porch/parts/consent_dialog.html", takes_context=True)
def consent_dialog(context: Context, sheet: Any) -> dict[str, Any]:
    """Ask the same question in a sheet, opened by a link with `data-sheet`."""
    return asked(context, sheet, dialog=True)


@library.inclusion_tag("porch/parts/permission_page.html", takes_context=True)
def permission_page(context: Context, panel: Any) -> dict[str, Any]:
    """Explain one device permission before the browser asks for it; equal answers."""
    lines = [(label, picture, pick(panel, name)) for label, picture, name in PERMISSION_LINES]
    return {"panel": panel, "lines": lines, "csrf_token": context.get("csrf_token")}


# ---- reading -----------------------------------------------------------------------------


@library.inclusion_tag("porch/parts/pairs.html")
def pairs(items: Iterable[Any], total: bool = False) -> dict[str, Any]:
    """Draw label and value pairs; `total` makes the last one bold."""
    shown = [
        {"label": item[0], "value": item[1]} if isinstance(item, tuple | list) else item
        for item in items
    ]
    return {"items": shown, "total": total}


@library.inclusion_tag("porch/parts/steps.html")
def stepper(names: Iterable[str], current: int) -> dict[str, Any]:
    """Show where a person is in a short run of pages; `current` counts from 1."""
    shown = as_list(names)
    return {"names": shown, "current": current, "total": len(shown)}


@library.inclusion_tag("porch/parts/timeline.html")
def timeline(items: Iterable[Any]) -> dict[str, Any]:
    """List events in time: time, title, sub, mark (short hash), tone, word, href, link."""
    return {"items": as_list(items)}


@library.simple_tag
def diff(parts: Iterable[tuple[str, str]]) -> SafeString:
    """Show (operation, text) pairs; additions and removals carry a word, not colour alone."""
    shown = []
    for operation, text in parts:
        name, word = DIFF_WORDS.get(operation, ("", ""))
        changed = '<{}><span class="op">{}</span>{}</{}>'
        shown.append(format_html(changed, name, word, text, name) if name else text)
    return format_html('<div class="diff">{}</div>', format_html_join("", "{}", zip(shown)))


@library.inclusion_tag("porch/parts/toc.html")
def toc(items: Iterable[Any], title: str = "目录") -> dict[str, Any]:
    """List the contents of a long text: href, title, children."""
    return {"items": as_list(items), "title": title}


@library.inclusion_tag("porch/parts/tabs.html")
def tabs(items: Iterable[Any], current: str, label: str = "分类") -> dict[str, Any]:
    """Draw tabs that are links: (key, title, href) triples."""
    return {"items": as_list(items), "current": current, "label": label}


@library.inclusion_tag("porch/parts/pager.html")
def pager(number: int, total: int, previous: str = "", following: str = "") -> dict[str, Any]:
    """Draw earlier and later links around the page number."""
    return {"number": number, "total": total, "previous": previous, "following": following}
