"""A Merkle tree over leaf hashes, as RFC 9162 section 2.1 draws it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Give the root: levels are paired from the left, an odd last hash goes up as it is."""
    level = list(leaves) or [EMPTY]
    while len(level) > 1:
        level = _up(level)
    return level[0]


def path(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """Give the siblings from a leaf up to the root, each with the side it stands on."""
    level, steps = list(leaves), []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            steps.append(("left" if sibling < index else "right", level[sibling]))
        level, index = _up(level), index // 2
    return steps


def climb(leaf: bytes, steps: Sequence[tuple[str, bytes]]) -> bytes:
    """Give the root that a leaf and its path lead to."""
    for side, sibling in steps:
        leaf = _node(sibling, leaf) if side == "left" else _node(leaf, sibling)
    return leaf


def _up(level: list[bytes]) -> list[bytes]:
    paired = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return paired + level[len(level) & ~1 :]
