"""The named faults, by area: each must turn its promises red, and no other.

A fault is a dotted path and what stands there instead; it is switched into the scratch process
alone.
"""

from __future__ import annotations

from xingnuo.proof.mutations import (  # noqa: F401 - importing is registering
    antifraud,
    bills,
    cards,
    collecting,
    doors,
    gate,
    identity,
    items,
    minors,
    money,
    notices,
    people,
    policy,
    retention,
    rights,
    staff,
    support,
    wallet,
)
