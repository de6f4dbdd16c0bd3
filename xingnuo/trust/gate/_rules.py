"""The published policy made quick to decide on: items as bits, purposes as rules.

Built once per published version; deciding then needs a few integer operations and no I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from xingnuo.trust.gate.contracts import Outcome
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Bound,
    Compiled,
    Form,
    Mask,
    Purpose,
    SubjectState,
    Tier,
)

# From the request to erase on no purpose holds, whatever a published version says of these states.
GONE = frozenset({SubjectState.ERASING, SubjectState.ERASED})
RESTING = frozenset({Form.VALUE, Form.FILE})
_BY_CONSENT = (Basis.CONSENT, Basis.SEPARATE_CONSENT)


@dataclass(slots=True, eq=False)
class Rule:
    """One purpose, ready to decide on. Masks are sets of items as bits."""

    purpose: Purpose
    meaning: str
    needed: int
    optional: int
    own: int  # items that need the purpose's own consent
    accepts: bool  # the rest needs the policy accepted
    bare: bool  # asks for consent though it touches no item
    published: bool  # the code's own declaration is no wider
    actors: frozenset[ActorKind]
    states: frozenset[SubjectState]
    tier: Tier  # real-name tier that the service needs
    bits: Mapping[str, int]
    masks: dict[tuple[str, ...], int] = field(default_factory=dict)
    shapes: dict[tuple[int, int, int], Mapping[str, Outcome]] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)

    @property
    def everything(self) -> int:
        """All items that the purpose may touch."""
        return self.needed | self.optional

    def mask(self, items: tuple[str, ...]) -> int:
        """Turn item ids into bits; -1 when one of them is not declared at all."""
        known = self.masks.get(items)
        if known is None:
            known = 0
            for item in items:
                if item not in self.bits:
                    known = -1
                    break
                known |= self.bits[item]
            if (
                len(self.masks) < 512
            ):  # callers use a handful of tuples; hostile input must not grow it
                self.masks[items] = known
        return known

    def names(self, mask: int) -> tuple[str, ...]:
        """Turn bits back into item ids."""
        return tuple(item for item, bit in self.bits.items() if mask & bit)

    def shape(self, plain: int, masked: int, denied: int) -> Mapping[str, Outcome]:
        """Give the outcome of each item as a read-only mapping, made once per shape."""
        key = (plain, masked, denied)
        known = self.shapes.get(key)
        if known is None:
            outcomes = dict.fromkeys(self.names(plain), Outcome.PLAIN)
            outcomes.update(dict.fromkeys(self.names(masked), Outcome.MASKED))
            outcomes.update(dict.fromkeys(self.names(denied), Outcome.DENY))
            known = MappingProxyType(outcomes)
            if len(self.shapes) < 512:
                self.shapes[key] = known
        return known

    def covered_by_version(self, version: str) -> int:
        """Give the items of this purpose that accepting an earlier version covers."""
        known = self.accepted.get(version)
        if known is None:
            known = _covered(self, version)
            self.accepted[version] = known
        return known


@dataclass(slots=True, eq=False)
class Rules:
    """All rules of one published version."""

    compiled: Compiled
    rules: dict[str, Rule]
    by_permission: dict[str, tuple[str, ...]]  # item → permissions by which it comes
    bounds: dict[str, tuple[Bound, ...]]
    readable: int  # items that rest as a value or file
    bits: Mapping[str, int]
    values: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def showable(self, items: tuple[str, ...]) -> tuple[str, ...]:
        """Leave those items that hold values and are ever shown."""
        known = self.values.get(items)
        if known is None:
            named = [self.compiled.items[item] for item in items]
            known = tuple(
                one.id for one in named if one.form is Form.VALUE and one.mask is not Mask.NEVER
            )
            if len(self.values) < 512:
                self.values[items] = known
        return known

    def bit(self, item: str) -> int:
        """Give an item's bit; nothing for one that the policy no longer knows."""
        return self.bits.get(item, 0)


def _covered(rule: Rule, version: str) -> int:
    try:
        old = policy.version(version)
    except LookupError:
        return 0
    before = old.purposes.get(rule.purpose.id)
    if before is None or old.meaning(rule.purpose.id) != rule.meaning:
        return 0
    items = set(before.items) | set(before.optional)
    return sum(bit for item, bit in rule.bits.items() if item in items)


def build(compiled: Compiled, beyond: frozenset[str] = frozenset()) -> Rules:
    """Build a version's rules; `beyond` names purposes that the code declares wider."""
    bits = {item: 1 << place for place, item in enumerate(compiled.items)}
    sensitive = sum(bits[item.id] for item in compiled.items.values() if item.sensitive)
    rules = {}
    for purpose in compiled.purposes.values():
        needed = sum(bits[item] for item in purpose.items)
        optional = sum(bits[item] for item in purpose.optional if item not in purpose.items)
        own = _own(purpose, needed | optional, sensitive)
        rules[purpose.id] = Rule(
            purpose=purpose,
            meaning=compiled.meaning(purpose.id),
            needed=needed,
            optional=optional,
            own=own,
            accepts=purpose.basis in (*_BY_CONSENT, Basis.CONTRACT),
            bare=not needed | optional
            and (purpose.own_consent or purpose.basis is Basis.SEPARATE_CONSENT),
            published=purpose.id not in beyond,
            actors=frozenset(purpose.actors),
            states=frozenset(purpose.in_states) - GONE,
            tier=_tier(purpose, compiled),
            bits=bits,
        )
    by_permission: dict[str, list[str]] = {}
    for permission in compiled.permissions.values():
        for item in permission.items:
            by_permission.setdefault(item, []).append(permission.id)
    return Rules(
        compiled=compiled,
        rules=rules,
        by_permission={item: tuple(names) for item, names in by_permission.items()},
        bounds={item.id: item.bounds for item in compiled.items.values() if item.bounds},
        readable=sum(bits[item.id] for item in compiled.items.values() if item.form in RESTING),
        bits=bits,
    )


def _tier(purpose: Purpose, compiled: Compiled) -> Tier:
    # A duty or a right of the person never waits for a real name; a service does (1.2.3d).
    if purpose.basis not in (*_BY_CONSENT, Basis.CONTRACT):
        return Tier.NONE
    return compiled.functions[purpose.function].tier


def _own(purpose: Purpose, everything: int, sensitive: int) -> int:
    # PIPL 13 and 29: a legal duty (a person's own rights among them) and the other bases need no
    # consent; a contract or a general consent never covers a sensitive item.
    if purpose.basis is Basis.SEPARATE_CONSENT or purpose.own_consent:
        return everything
    if purpose.basis in (Basis.CONSENT, Basis.CONTRACT):
        return everything & sensitive
    return 0
