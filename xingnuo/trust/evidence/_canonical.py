"""The canonical form of lines and blocks (RFC 8785), and the hashes over it.

The sealer's leaf hashes are made in the database (`evidence_leaves`, in the migration), so that
the app role never sees other people's lines; the verifier makes them again here, from the columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

LEAF_PREFIX: Final = b"\x00"
_ISO = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

# Column → how it is read as text, so that no tampered value can fail to load.
LINE_AS_TEXT: Final[Mapping[str, str]] = {
    "actor_kind": "actor_kind",
    "actor_ref": "actor_ref",
    "at": _ISO.format("at"),
    "channel": "channel",
    "coalesce_key": "coalesce_key",
    "count": "count",
    "epoch": "epoch",
    "id": "id::text",
    "items": "items",
    "kind": "kind",
    "outcome": "outcome",
    "permit_id": "permit_id::text",
    "policy_version": "policy_version",
    "purpose": "purpose",
    "reason": "reason",
    "recipient": "recipient",
    "ref": "ref::text",
    "session_id": "session_id::text",
    "subject_id": "subject_id::text",
    "txid": "txid::text",
}
BLOCK_AS_TEXT: Final[Mapping[str, str]] = {
    "count": "count",
    "key_id": "key_id",
    "leaves": "encode(sha256(leaves), 'hex')",
    "next_key": "next_key",
    "number": "number::text",
    "prev": "encode(prev, 'hex')",
    "pruned_to": "pruned_to::text",
    "root": "encode(root, 'hex')",
    "sealed_at": _ISO.format("sealed_at"),
    "upto_epoch": "upto_epoch",
    "upto_id": "upto_id::text",
    "upto_txid": "upto_txid::text",
}


def canonical(value: Mapping[str, Any]) -> bytes:
    """Write strings, small integers, lists and nulls as RFC 8785 JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf_hash(line: Mapping[str, Any]) -> bytes:
    """Hash a line of columns as `LINE_AS_TEXT` reads them."""
    return sha256(LEAF_PREFIX + canonical(line)).digest()


def line_of(row: Sequence[Any]) -> dict[str, Any]:
    """Name the columns of a row read by `LINE_AS_TEXT`."""
    return dict(zip(LINE_AS_TEXT, row, strict=True))


def block_hash(block: Mapping[str, Any]) -> bytes:
    """Hash a block of columns as `BLOCK_AS_TEXT` reads them; it covers the one before by `prev`."""
    return sha256(canonical(block)).digest()
