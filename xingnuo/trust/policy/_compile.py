"""From what the rooms declare to one canonical document, and from a document to what decides.

The code's wish and a published file take the same road, so that both are judged alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import rfc8785

from xingnuo.kit import ids
from xingnuo.trust.policy import _codec
from xingnuo.trust.policy._address import plainly
from xingnuo.trust.policy.contracts import (
    BadDeclaration,
    Compiled,
    Controller,
    Declaration,
    DevicePermission,
    Form,
    Function,
    Item,
    Law,
    LawfulException,
    Notice,
    Prose,
    Purpose,
    Recipient,
    RetentionRule,
)

FORMAT = "xingnuo-policy/1"
PARTS: Mapping[str, type] = MappingProxyType(
    {
        "controllers": Controller,
        "items": Item,
        "functions": Function,
        "purposes": Purpose,
        "recipients": Recipient,
        "permissions": DevicePermission,
        "retention": RetentionRule,
        "exceptions": LawfulException,
        "laws": Law,
    }
)
# Stand-ins that a declaration may use for many items; the document always lists them out.
EVERY_READABLE = "*"
EVERY_EDITABLE = "*editable"
READABLE_FORMS = frozenset({Form.VALUE, Form.FILE, Form.RESULT})


def document(declarations: Iterable[Declaration], notice: Notice) -> dict[str, Any]:
    """Put all declarations into one document, each part sorted by id; a double id is refused."""
    ordered = sorted(declarations, key=lambda declaration: declaration.room)
    made: dict[str, Any] = {"format": FORMAT, **_codec.encode(notice)}
    for part in PARTS:
        made[part] = _part(part, ordered)
    _expand(made)
    prose = sorted(
        (one for declaration in ordered for one in declaration.prose), key=lambda one: one.section
    )
    made["prose"] = [_codec.encode(one) for one in prose]
    return made


def canonical(made: Mapping[str, Any]) -> bytes:
    """Write a document in the one form that is hashed (RFC 8785)."""
    return rfc8785.dumps(dict(made))


def compiled(made: Mapping[str, Any]) -> Compiled:
    """Read a document into what the house decides by; `Unreadable` if its shape is strange."""
    if made.get("format") != FORMAT:
        raise _codec.Unreadable(f"format {made.get('format')!r} is not {FORMAT}")
    body = canonical(made)
    notice = _codec.decode(
        Notice,
        {name: made[name] for name in ("version", "published_on", "effective_on", "summary")},
    )
    parts = {part: _keyed(kind, made[part]) for part, kind in PARTS.items()}
    functions, purposes = parts["functions"], parts["purposes"]
    return Compiled(
        version=notice.version,
        published_on=notice.published_on,
        effective_on=notice.effective_on,
        summary=notice.summary,
        hash=ids.digest(body),
        prose=tuple(_codec.decode(Prose, one) for one in made["prose"]),
        meanings=MappingProxyType({p.id: _meaning(p, functions) for p in purposes.values()}),
        recipient_meanings=MappingProxyType(
            {r.id: _recipient_meaning(r) for r in parts["recipients"].values()}
        ),
        document=body,
        **parts,
    )


def _part(part: str, declarations: list[Declaration]) -> list[dict[str, Any]]:
    found: dict[str, str] = {}
    entries: list[dict[str, Any]] = []
    for declaration in declarations:
        for one in getattr(declaration, part):
            if one.id in found:
                raise BadDeclaration(
                    (f"{part} {one.id}: declared by {found[one.id]} and {declaration.room}",)
                )
            found[one.id] = declaration.room
            entries.append(_codec.encode(one))
    return sorted(entries, key=lambda entry: str(entry["id"]))


def _expand(made: dict[str, Any]) -> None:
    readable = [one["id"] for one in made["items"] if Form(one["form"]) in READABLE_FORMS]
    editable = [one["id"] for one in made["items"] if one["editable"]]
    stand_ins = {EVERY_READABLE: readable, EVERY_EDITABLE: editable}
    for purpose in made["purposes"]:
        for where in ("items", "optional"):
            names = [name for one in purpose[where] for name in stand_ins.get(one, [one])]
            purpose[where] = list(dict.fromkeys(names))


def _keyed(kind: type, entries: list[dict[str, Any]]) -> Mapping[str, Any]:
    found: list[Any] = [_codec.decode(kind, entry) for entry in entries]
    return MappingProxyType({one.id: one for one in found})


def _meaning(purpose: Purpose, functions: Mapping[str, Function]) -> str:
    function = functions.get(purpose.function)
    return ids.digest(
        rfc8785.dumps(
            {
                "id": purpose.id,
                "controller": function.controller if function else "",
                "basis": purpose.basis.value,
                "automated": purpose.automated,
                "sentence": plainly(purpose.sentence),
            }
        )
    )


def _recipient_meaning(recipient: Recipient) -> str:
    told = {
        "id": recipient.id,
        "name": recipient.name,
        "standing": recipient.standing.value,
        "method": recipient.method,
    }
    return ids.digest(rfc8785.dumps(told))
