"""Which text governs a question: the product's own, else the platform's, else the group's."""

from __future__ import annotations

from collections.abc import Sequence

from xingnuo.trust.policy.contracts import Governed, Layer

# Highest first: promise 0.2.
ORDER = ("product", "platform", "group")


def govern(clause: str, layers: Sequence[Layer]) -> Governed:
    """Tell which layer answers a clause, and which lower layers it overrules.

    A layer that is silent leaves a gap for the next; where no layer speaks, nothing is allowed.
    """
    ranked = sorted(layers, key=lambda layer: ORDER.index(layer.kind))
    speaking = [layer for layer in ranked if layer.clauses.get(clause, "").strip()]
    if not speaking:
        return Governed(clause=clause, text="", by="", overruled=())
    first = speaking[0]
    text = first.clauses[clause]
    return Governed(
        clause=clause,
        text=text,
        by=first.name,
        overruled=tuple(one.name for one in speaking[1:] if one.clauses[clause] != text),
    )
