"""Turns a Django form field, or plain values, into what the field parts draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

SHAPES = {
    "checkbox": "check",
    "radioselect": "chips",
    "checkboxselectmultiple": "chips",
    "select": "select",
    "textarea": "text",
    "password": "password",
}
CODE_CELLS = 6


@dataclass(frozen=True)
class Control:
    """One labelled control, ready to draw."""

    shape: str
    name: str
    html_id: str
    label: str
    hint: str
    errors: list[str]
    html: SafeString
    required: bool = True
    options: list[Any] = field(default_factory=list)


def attributes(html_id: str, hint: str, errors: list[str]) -> dict[str, str | bool]:
    """Return the attributes that tie a control to its hint and its errors."""
    told_by = [f"{html_id}-hint"] * bool(hint) + [f"{html_id}-err"] * bool(errors)
    found: dict[str, str | bool] = {"aria-describedby": " ".join(told_by)} if told_by else {}
    return {**found, "aria-invalid": "true"} if errors else found


def from_form(bound: BoundField) -> Control:
    """Describe a field of a Django form; the widget decides the shape."""
    html_id = bound.id_for_label or bound.auto_id
    hint, errors = str(bound.help_text or ""), [str(text) for text in bound.errors]
    shape = SHAPES.get(bound.widget_type, "text")
    options = list(bound.subwidgets) if shape == "chips" else []
    html = bound.as_widget(attrs=attributes(html_id, hint, errors))
    # Error links point at `#id_name`; a group of chips carries that id itself.
    html_id = bound.auto_id if shape == "chips" else html_id
    return Control(
        shape=shape,
        name=bound.html_name,
        html_id=html_id,
        label=str(bound.label or ""),
        hint=hint,
        errors=errors,
        html=html,
        required=bound.field.required,
        options=options,
    )


def from_values(  # noqa: PLR0913 - the options of a part are its keywords
    name: str,
    label: str,
    *,
    value: object = "",
    hint: str = "",
    error: str = "",
    kind: str = "text",
    required: bool = True,
    extra: dict[str, object] | None = None,
) -> Control:
    """Describe a plain `<input>`; `extra` holds further attributes, `_` stands for `-`."""
    html_id = f"id_{name}"
    errors = [error] if error else []
    attrs: dict[str, object] = {"type": kind, "name": name, "id": html_id}
    # A password is never written back into the page.
    if value not in ("", None) and kind != "password":
        attrs["value"] = value
    attrs |= {key.replace("_", "-"): text for key, text in (extra or {}).items()}
    attrs |= {"required": True} if required else {}
    attrs |= attributes(html_id, hint, errors)
    shape = "password" if kind == "password" else "text"
    return Control(
        shape=shape,
        name=name,
        html_id=html_id,
        label=label,
        hint=hint,
        errors=errors,
        html=format_html("<input{}>", flatatt(attrs)),
        required=required,
    )


def code_attributes(hidden: bool) -> dict[str, object]:
    """Return the attributes of the six-cell input: digits only, paste and auto-fill allowed."""
    return {
        "inputmode": "numeric",
        "pattern": f"[0-9]{{{CODE_CELLS}}}",
        "maxlength": CODE_CELLS,
        "autocomplete": "off" if hidden else "one-time-code",
    }


def faults(source: Any) -> list[tuple[str, str]]:
    """Return (anchor, message) of every error of a form, or of ready `(id, message)` pairs."""
    if not hasattr(source, "errors"):
        return [(str(anchor), str(message)) for anchor, message in source or ()]
    found: list[tuple[str, str]] = []
    for name, messages in source.errors.items():
        anchor = "" if name == "__all__" else anchor_of(source[name])
        found += [(anchor, str(message)) for message in messages]
    return found


def anchor_of(bound: BoundField) -> str:
    """Return the id that an error link of this field points to."""
    return bound.auto_id if SHAPES.get(bound.widget_type) == "chips" else bound.id_for_label


def as_list(items: Iterable[Any] | None) -> list[Any]:
    """Return the items as a list, empty for nothing."""
    return list(items or ())
