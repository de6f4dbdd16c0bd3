"""What changed between two versions, and in whose favour, by rule.

A purpose told in another way (controller, basis, automation or sentence) is another purpose to
the person who agreed, so consent is due again for all of it. Otherwise consent is due for
exactly the pairs that were added; taking away asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from xingnuo.trust.policy import _codec
from xingnuo.trust.policy._address import plainly
from xingnuo.trust.policy._scales import scale
from xingnuo.trust.policy.contracts import (
    Basis,
    Change,
    Compiled,
    Diff,
    Direction,
    Pair,
    Purpose,
    Recipient,
)

# Bases under which the person is asked, by accepting the policy or by a sheet of its own.
_ASKED = frozenset({Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT})
_TOLD = frozenset({"function", "basis", "automated", "sentence"})
_PARTS: Mapping[str, str] = {
    "purpose": "purposes",
    "recipient": "recipients",
    "item": "items",
    "permission": "permissions",
    "retention": "retention",
    "controller": "controllers",
    "function": "functions",
    "exception": "exceptions",
    "law": "laws",
}


def diff(old: Compiled, new: Compiled) -> Diff:
    """Tell every difference once, with its direction and the pairs it makes due."""
    changes: list[Change] = []
    for kind, part in _PARTS.items():
        before, after = getattr(old, part), getattr(new, part)
        for one in sorted({*before, *after}):
            changes += _compare(kind, one, before.get(one), after.get(one), old=old, new=new)
    changes += _prose(old, new)
    return Diff(old=old.version, new=new.version, changes=tuple(changes))


def _compare(
    kind: str, one: str, before: Any, after: Any, *, old: Compiled, new: Compiled
) -> Iterator[Change]:
    if before is None or after is None:
        yield from _presence(kind, one, before, after, new=new)
        return
    if kind == "purpose":
        yield from _purpose_items(before, after)
    if kind == "recipient":
        yield from _recipient_pairs(before, after, old, new)
    for name in type(after).__dataclass_fields__:
        was, now = getattr(before, name), getattr(after, name)
        if _alike(was, now) and not (kind == "purpose" and name == "function"):
            continue
        direction = scale(kind, name, was, now, old=old, new=new)
        if direction is None:
            continue
        pairs: tuple[Pair, ...] = ()
        if kind == "purpose" and name in _TOLD and old.meaning(one) != new.meaning(one):
            pairs = _pairs_of(after)
        if kind == "recipient" and old.recipient_meaning(one) != new.recipient_meaning(one):
            pairs = _party_pairs(after, new) if name in ("name", "standing", "method") else ()
        words = (_say(was), _say(now))
        yield _change(kind, one, name, words=words, direction=direction, pairs=pairs)


def _alike(was: Any, now: Any) -> bool:
    # Addressing people otherwise tells them nothing else.
    words = isinstance(was, str) and isinstance(now, str)
    return bool(was == now or (words and plainly(was) == plainly(now)))


def _presence(kind: str, one: str, before: Any, after: Any, *, new: Compiled) -> Iterator[Change]:
    direction = Direction.WIDER if before is None else Direction.NARROWER
    # A definition that nothing uses changes nothing for people; its use is compared elsewhere.
    if kind in ("item", "law", "controller", "function", "retention"):
        direction = Direction.SAME
    if kind == "exception" and not (before or after).usable:
        direction = Direction.SAME
    pairs: tuple[Pair, ...] = ()
    if before is None and kind == "purpose":
        pairs = _pairs_of(after)
    if before is None and kind == "recipient":
        pairs = _party_pairs(after, new)
    words = (_name(before), _name(after))
    yield _change(kind, one, "itself", words=words, direction=direction, pairs=pairs)


def _purpose_items(before: Purpose, after: Purpose) -> Iterator[Change]:
    ranks = [{**dict.fromkeys(p.optional, 1), **dict.fromkeys(p.items, 2)} for p in (before, after)]
    words = ("", "optional", "needed")
    for item in sorted({*ranks[0], *ranks[1]}):
        was, now = ranks[0].get(item, 0), ranks[1].get(item, 0)
        if was == now:
            continue
        direction = Direction.WIDER if now > was else Direction.NARROWER
        added = was == 0 and after.basis in _ASKED
        pairs = (Pair(purpose=after.id, item=item),) if added else ()
        yield _change(
            "purpose",
            after.id,
            f"item {item}",
            words=(words[was], words[now]),
            direction=direction,
            pairs=pairs,
        )


def _recipient_pairs(
    before: Recipient, after: Recipient, old: Compiled, new: Compiled
) -> Iterator[Change]:
    was, now = set(_party_pairs(before, old)), set(_party_pairs(after, new))
    for pair in sorted(was ^ now):
        added = pair in now
        yield _change(
            "recipient",
            after.id,
            f"pair {pair.purpose} {pair.item}",
            words=("", "given") if added else ("given", ""),
            direction=Direction.WIDER if added else Direction.NARROWER,
            pairs=(pair,) if added else (),
        )


def _prose(old: Compiled, new: Compiled) -> Iterator[Change]:
    texts = [{(p.section, p.title): p for p in version.prose} for version in (old, new)]
    for key in sorted({*texts[0], *texts[1]}):
        was, now = texts[0].get(key), texts[1].get(key)
        if was == now or (was and now and replace(was, text=plainly(was.text)) == now):
            continue
        weighty = any(one is not None and one.emphasised for one in (was, now))
        yield Change(
            kind="prose",
            subject=" ".join(key).strip(),
            what="text",
            before=was.text if was else "",
            after=now.text if now else "",
            direction=Direction.SAME,
            material=weighty,
        )


def _change(
    kind: str,
    one: str,
    what: str,
    *,
    words: tuple[str, str],
    direction: Direction,
    pairs: tuple[Pair, ...],
) -> Change:
    return Change(
        kind=kind,
        subject=one,
        what=what,
        before=words[0],
        after=words[1],
        direction=direction,
        pairs=pairs,
        material=bool(pairs) or direction in (Direction.WIDER, Direction.OTHER),
    )


def _pairs_of(purpose: Purpose) -> tuple[Pair, ...]:
    if purpose.basis not in _ASKED:
        return ()
    return tuple(Pair(purpose=purpose.id, item=item) for item in purpose.items + purpose.optional)


def _party_pairs(party: Recipient, policy: Compiled) -> tuple[Pair, ...]:
    found = []
    for purpose_id in party.purposes:
        purpose = policy.purposes.get(purpose_id)
        if purpose is None:
            continue
        for item in purpose.items + purpose.optional:
            if item in party.items:
                found.append(Pair(purpose=purpose_id, item=item, recipient=party.id))
    return tuple(sorted(found))


def _say(value: Any) -> str:
    plain = _codec.encode(value)
    if isinstance(plain, list):
        return ", ".join(_say(one) for one in plain)
    if isinstance(plain, dict):
        return " ".join(str(part) for part in plain.values() if part)
    return str(plain)


def _name(one: Any) -> str:
    return "" if one is None else str(getattr(one, "title", "") or one.name)
