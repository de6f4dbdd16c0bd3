"""Proving that one line stands in a signed block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connections

from xingnuo.trust.evidence import _canonical, _keys, _merkle, _sql
from xingnuo.trust.evidence._verify import block_of
from xingnuo.trust.evidence.contracts import EvidenceFault, NotSealed, Proof


def run(line_id: UUID) -> Proof:
    """Find the line and its block, and give the path from the one to the other."""
    row = _one(_sql.LINE_BY_ID, line_id)
    if row is None:
        raise NotSealed
    line = _canonical.line_of(row)
    found = _one(_sql.BLOCK_OF, line["epoch"], line["txid"], line["id"])
    if found is None:
        raise NotSealed
    block = block_of(found)
    ids = [name for name, _ in block.leaves]
    leaves = [leaf for _, leaf in block.leaves]
    leaf = _canonical.leaf_hash(line)
    if line["id"] not in ids or leaves[ids.index(line["id"])] != leaf:
        raise EvidenceFault("line_differs")
    index = ids.index(line["id"])
    return Proof(
        line=line,
        leaf=leaf.hex(),
        index=index,
        path=tuple((side, sibling.hex()) for side, sibling in _merkle.path(leaves, index)),
        root=block.told["root"],
        block=block.told,
        hash=block.hash.hex(),
        signature=block.signature.hex(),
        public_key=_keys.public_of(block.told["key_id"]),
    )


def holds(proof: Proof) -> bool:
    """Check a proof by itself, without the database; the public key must be one you trust."""
    steps = [(side, bytes.fromhex(sibling)) for side, sibling in proof.path]
    leaf, digest = _canonical.leaf_hash(proof.line), _canonical.block_hash(proof.block)
    return (
        leaf.hex() == proof.leaf
        and _merkle.climb(leaf, steps).hex() == proof.root == proof.block["root"]
        and digest.hex() == proof.hash
        and _keys.signed_by(proof.public_key, digest, proof.signature)
    )


def signed(text: bytes, signature: str, key_id: str) -> bool:
    """Check a statement's signature against the published keys."""
    public = _keys.public_of(key_id)
    return bool(public) and _keys.signed_by(public, _keys.statement(text), signature)


def _one(statement: str, *values: Any) -> Sequence[Any] | None:
    with connections["audit"].cursor() as cursor:
        cursor.execute(statement, values)
        row: Sequence[Any] | None = cursor.fetchone()
    return row
