"""Verifying: two streams in the sealed order, blocks and lines, walked side by side.

Everything is read as text in one snapshot, so that no tampered value can stop the walk. What is
kept in memory is one block, its lines, and the faults named so far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from xingnuo.trust.evidence import _canonical, _heads, _keys, _merkle, _sql
from xingnuo.trust.evidence.contracts import Fault, FaultKind, Report
from xingnuo.trust.evidence.policy import BLOCK_LINES_MAX, FAULTS_NAMED_MAX

_LINES_PER_FETCH = 2000
_BLOCKS_PER_FETCH = 16
_START = (0, "0", str(UUID(int=0)))
Place = tuple[int, int, str]


@dataclass(slots=True)
class Findings:
    """What is wrong, by order of finding; only the first are named, all are counted."""

    faults: list[Fault] = field(default_factory=list)
    total: int = 0
    remarks: list[str] = field(default_factory=list)

    def add(self, kind: FaultKind, block: int, line_id: str = "", *, times: int = 1) -> None:
        """Note a fault, or several of which the first is named."""
        self.total += times
        if len(self.faults) < FAULTS_NAMED_MAX:
            named = UUID(line_id) if line_id else None
            self.faults.append(Fault(kind=kind, block=block, line_id=named))


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it stands in the table."""

    told: dict[str, Any]  # the hashed columns
    packed: bytes
    hash: bytes
    signature: bytes

    @property
    def number(self) -> int:
        """Give its number."""
        return int(self.told["number"])

    @property
    def upto(self) -> Place:
        """Give the place of the last line it can cover."""
        return self.told["upto_epoch"], int(self.told["upto_txid"]), self.told["upto_id"]

    @property
    def leaves(self) -> list[tuple[str, bytes]]:
        """Give (line id, leaf hash) of each line it sealed."""
        packed = self.packed
        return [
            (str(UUID(bytes=packed[at : at + 16])), packed[at + 16 : at + 48])
            for at in range(0, len(packed) // 48 * 48, 48)
        ]


def block_of(row: Sequence[Any]) -> Block:
    """Read a block's row."""
    told = dict(zip(_canonical.BLOCK_AS_TEXT, row, strict=False))
    return Block(told, bytes(row[-3]), bytes(row[-2]), bytes(row[-1]))


class Chain:
    """Checks each block by itself and against the one before, its key and its anchored head."""

    def __init__(self, findings: Findings, extent: int) -> None:
        known = _keys.published()
        self._findings = findings
        # The first key is trusted; each later one is announced in a block the one before signed.
        self._key = known[0] if known else ""
        self._before: Block | None = None
        self._heads = _heads.heads(extent, _restored(findings, extent))
        self._head = next(self._heads, None)
        self.anchored = 0

    def check(self, block: Block) -> bool:
        """Check a block; tells whether its own columns are what was signed."""
        add, number, before = self._findings.add, block.number, self._before
        expected = before.number + 1 if before else 1
        if number != expected:
            add(FaultKind.BLOCK_MISSING, expected, times=max(1, number - expected))
        elif block.told["prev"] != (before.hash.hex() if before else bytes(32).hex()):
            add(FaultKind.CHAIN_BROKEN, number)
        root = _merkle.root([leaf for _, leaf in block.leaves]).hex()
        digest = _canonical.block_hash(block.told)
        whole = digest == block.hash and root == block.told["root"]
        if not whole:
            add(FaultKind.BLOCK_CHANGED, number)
        elif block.told["key_id"] != (_keys.key_id(self._key) if self._key else ""):
            add(FaultKind.UNKNOWN_KEY, number)
        elif not _keys.signed_by(self._key, digest, block.signature.hex()):
            add(FaultKind.BAD_SIGNATURE, number)
        if block.told["next_key"] and whole:
            self._key = block.told["next_key"]
        self._check_head(block)
        self._before = block
        return whole

    def _check_head(self, block: Block) -> None:
        while self._head is not None and self._head.get("number", 0) <= block.number:
            head, self._head = self._head, next(self._heads, None)
            self.anchored += 1
            same = head == {
                "epoch": block.told["upto_epoch"],
                "hash": block.hash.hex(),
                "key": block.told["key_id"],
                "number": block.number,
                "signature": block.signature.hex(),
            }
            if not same:
                self._findings.add(FaultKind.HEAD_DIFFERS, block.number)

    def end(self) -> None:
        """Check that nothing was anchored beyond the last block, and that heads are anchored."""
        last = self._before.number if self._before else 0
        if last and not _heads.path().exists():
            self._findings.add(FaultKind.NO_HEADS, last)
        beyond = 0
        while self._head is not None:
            self._head, beyond = next(self._heads, None), beyond + 1
        if beyond:
            self._findings.add(FaultKind.TRUNCATED, last + 1, times=beyond)
        elif self.anchored < last:
            self._findings.remarks.append(f"{last - self.anchored} blocks are not anchored yet")


class Lines:
    """The stream of lines, with the next one in sight."""

    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self._rows = rows
        self.next: dict[str, Any] | None = None
        self.seen = 0
        self.step()

    def step(self) -> None:
        """Go on to the next line."""
        row = next(self._rows, None)
        self.next = None if row is None else _canonical.line_of(row)

    def upto(self, place: Place) -> Iterator[tuple[str, bytes]]:
        """Give (id, leaf hash) of the lines up to a place."""
        while self.next is not None and _place(self.next) <= place:
            self.seen += 1
            yield self.next["id"], _canonical.leaf_hash(self.next)
            self.step()


def run(progress: Callable[[int, int], None] | None) -> Report:
    """Walk all blocks and lines once."""
    findings = Findings()
    anchored = _heads.extent()  # before the snapshot: what is anchored by now is in it
    with transaction.atomic(using="audit"):
        with connections["audit"].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        (blocks_total, pruned_to), *_ = _rows(_sql.EXTENT)
        start = next(iter(_rows(_sql.PRUNED_PLACE, pruned_to)), _START) if pruned_to else _START
        for row in _rows(_sql.BEFORE, *start):
            findings.add(FaultKind.ADDED, pruned_to, str(row[0]))
        lines = Lines(_stream(_sql.ALL_LINES, _LINES_PER_FETCH, *start))
        chain, last, done = Chain(findings, anchored), None, 0
        for row in _stream(_sql.ALL_BLOCKS, _BLOCKS_PER_FETCH):
            block = block_of(row)
            gap = block.number != (last.number + 1 if last else 1)
            whole = chain.check(block)
            if block.number > pruned_to:
                _compare(block, lines, findings, whole=whole, gap=gap)
            last, done = block, done + 1
            if progress:
                progress(done, blocks_total)
        chain.end()
        sealed = lines.seen
        unsealed = _unsealed(lines, last, findings)
    return Report(
        blocks=done,
        lines=sealed,
        unsealed=unsealed,
        pruned_blocks=pruned_to,
        anchored=chain.anchored,
        head=last.hash.hex() if last else "",
        faults=tuple(findings.faults),
        faults_total=findings.total,
        remarks=tuple(findings.remarks),
    )


def _compare(block: Block, lines: Lines, findings: Findings, *, whole: bool, gap: bool) -> None:
    expected = block.leaves
    found: list[tuple[str, bytes]] = []
    more = 0
    for line in lines.upto(block.upto):
        if gap and not found and expected and line[0] != expected[0][0]:
            continue  # these stood in the block that is missing
        if len(found) < 2 * BLOCK_LINES_MAX:
            found.append(line)
        else:
            more += 1
    if found == expected and not more:
        return
    if not whole and _merkle.root([leaf for _, leaf in found]).hex() == block.told["root"]:
        return  # the lines are what they were; the block's own change is named already
    _name(block.number, expected, found, findings)
    if more:
        findings.add(FaultKind.ADDED, block.number, times=more)


def _name(
    number: int,
    expected: list[tuple[str, bytes]],
    found: list[tuple[str, bytes]],
    findings: Findings,
) -> None:
    sealed, standing, before = dict(expected), dict(found), findings.total
    for line_id, leaf in expected:
        if line_id not in standing:
            findings.add(FaultKind.MISSING, number, line_id)
        elif standing[line_id] != leaf:
            findings.add(FaultKind.CHANGED, number, line_id)
    for line_id, _ in found:
        if line_id not in sealed:
            findings.add(FaultKind.ADDED, number, line_id)
    if findings.total == before:
        moved = [a[0] for a, b in zip(found, expected, strict=False) if a != b]
        if moved:
            findings.add(FaultKind.REORDERED, number, moved[0])
        else:
            findings.add(FaultKind.ADDED, number, found[-1][0])


def _unsealed(lines: Lines, last: Block | None, findings: Findings) -> int:
    (epoch_now,), *_ = _rows(_sql.EPOCH_NOW)
    epoch_max = max(epoch_now, last.upto[0] if last else 0)
    count = 0
    while lines.next is not None:
        if lines.next["epoch"] > epoch_max:
            findings.add(FaultKind.AHEAD, last.number if last else 0, lines.next["id"])
        count += 1
        lines.step()
    return count


def _restored(findings: Findings, extent: int) -> list[tuple[int, int]]:
    restored = []
    for place, note in _heads.notes(extent):
        told = {name: value for name, value in note.items() if name != "signature"}
        public = _keys.public_of(str(note.get("key")))
        signed = str(note.get("signature", ""))
        if public and _keys.signed_by(public, _canonical.block_hash(told), signed):
            restored.append((place, note["restored_to"]))
            findings.remarks.append(f"a backup was restored to block {note['restored_to']}")
        else:
            findings.add(FaultKind.HEAD_DIFFERS, 0)
    return restored


def _place(line: dict[str, Any]) -> Place:
    return line["epoch"], int(line["txid"]), line["id"]


def _rows(statement: str, *values: Any) -> list[Any]:
    with connections["audit"].cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def _stream(statement: str, per_fetch: int, *values: Any) -> Iterator[Sequence[Any]]:
    # A cursor of the server's: rows come in portions, however many there are.
    with connections["audit"].chunked_cursor() as cursor:
        cursor.execute(statement, values or None)
        while rows := cursor.fetchmany(per_fetch):
            yield from rows
