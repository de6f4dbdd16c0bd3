"""Reading 54 sealed items with permit and evidence, against the bare indexed read and decrypt.

`xingnuo bench vault_read [--json]`. Bar: at most 3 times the bare read, the median of paired turns
in the quietest of the run's blocks (the one that took least in all), since other programs disturb
several short turns more than one; the median of all turns is printed too. Bare is the least that
gives the same 54 texts: one SELECT of the same rows and columns
by the primary key of a plain table, through an ordinary cursor of the same pooled connection, with
neither transaction nor row security, and 54 AES-256-GCM openings with one key in hand. In full is
what the page 个人信息 does by `gate.queries.look`: BEGIN, permit decided on the person's newest
state and decisions, evidence of the look, the rows under row security, opening, masking as the
permit says, COMMIT with its line on disk. Each look is by
another session, so that it writes a line of its own; looks that an earlier line of the same hour
covers, and the bare read by a prepared plan with binary results, are printed beside it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, connections, transaction

from bench import report
from xingnuo.kit import ids
from xingnuo.kit.db import planned
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Form, Mask
from xingnuo.trust.vault import actions as vault
from xingnuo.trust.vault.contracts import Sealable

BAR = 3.0
ITEMS = 54
BLOCKS, TURNS = 40, 25
TABLE = """
    DROP TABLE IF EXISTS bench_bare;
    CREATE TABLE bench_bare (
        subject_id uuid, item text, slot text, sealed bytea, key_class text,
        written_at timestamptz, source text, PRIMARY KEY (subject_id, item, slot));
    GRANT SELECT ON bench_bare TO xn_app;
"""
BARE = """
    SELECT item, slot, sealed, key_class, written_at, source FROM bench_bare
    WHERE subject_id = %s ORDER BY item, slot
"""


def make_person() -> Actor:
    """Make a subject who keeps 54 sealed items that may be shown."""
    subject_id = ids.uuid7()
    actor = Actor(
        kind=ActorKind.SELF,
        subject_id=subject_id,
        session_id=ids.uuid7(),
        strength=Strength.REVERIFIED,
    )
    compiled = policy.in_force()
    items = [
        item
        for item in compiled.items.values()
        if item.form is Form.VALUE and item.mask is not Mask.NEVER
    ]
    with transaction.atomic():
        gate.open_subject(subject_id)
        gate.accept_policy(
            actor, subject_id=subject_id, version=compiled.version, text_hash=compiled.hash
        )
    with transaction.atomic():
        permit = gate.permit(actor, subject_id=subject_id, purpose="rights.copy")
        rows = [
            Sealable(
                item=items[n % len(items)].id,
                key_class=items[n % len(items)].key_class.value,
                plain=f"value {n} of a person".encode(),
                slot=str(n // len(items)) if n >= len(items) else "",
            )
            for n in range(ITEMS)
        ]
        vault.put_many(permit, rows)
    return actor


def lay_bare(subject_id: UUID) -> AESGCM:
    """Lay the same 54 rows in a plain table, sealed under one key that stays in hand."""
    key = AESGCM(AESGCM.generate_key(256))
    with connections["owner"].cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute(
            "INSERT INTO bench_bare SELECT subject_id, item, slot, sealed, key_class, written_at,"
            " source FROM vault_value WHERE subject_id = %s",
            [subject_id],
        )
        cursor.execute("SELECT item, slot FROM bench_bare WHERE subject_id = %s", [subject_id])
        for number, place in enumerate(cursor.fetchall()):
            nonce = ids.random_bytes(12)
            sealed = nonce + key.encrypt(nonce, f"value {number} of a person".encode(), b"place")
            cursor.execute(
                "UPDATE bench_bare SET sealed = %s WHERE subject_id = %s AND item = %s"
                " AND slot = %s",
                [sealed, subject_id, *place],
            )
        cursor.execute("VACUUM ANALYZE bench_bare")
    return key


def bare(subject_id: UUID, key: AESGCM, *, is_planned: bool = False) -> int:
    """Read the rows by the index and open them, with nothing asked and nothing left behind."""
    with planned.cursor() if is_planned else connection.cursor() as cursor:
        cursor.execute(BARE, [subject_id])
        rows = cursor.fetchall()
    shown = [
        (item, slot, key.decrypt(sealed[:12], bytes(sealed[12:]), b"place").decode(), at, source)
        for item, slot, sealed, _, at, source in rows
    ]
    return len(shown)


def full(actor: Actor) -> int:
    """Ask for the permit, leave evidence, read and open."""
    assert actor.subject_id is not None
    with transaction.atomic():
        return len(queries.look(actor, subject_id=actor.subject_id, purpose="rights.plain_view"))


def timed(read: Callable[[], int]) -> float:
    """Give the milliseconds of one read of all items."""
    start = time.perf_counter()
    if read() != ITEMS:
        raise SystemExit("not every item was read")
    return (time.perf_counter() - start) * 1000


def block(turns: dict[str, Callable[[], int]]) -> dict[str, list[float]]:
    """Take turns for one block; gives the milliseconds of each."""
    times: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(TURNS):
        for name, read in turns.items():
            times[name].append(timed(read))
    return times


def tell(what: str, times: dict[str, list[float]]) -> dict[str, float]:
    """Print medians and their paired ratios to the bare read; gives the ratios."""
    report.say(what)
    ratios = {}
    for name, taken in times.items():
        pairs = zip(times["bare"], taken, strict=True)
        ratios[name] = statistics.median(full / bare for bare, full in pairs)
        middle, least = statistics.median(taken), min(taken)
        report.say(f"  {name:27} {middle:.3f} ms (least {least:.3f}), {ratios[name]:.2f} x bare")
    return ratios


def main() -> None:
    """Take turns in blocks and print the ratio of the quietest."""
    actor = make_person()
    assert actor.subject_id is not None
    subject_id, key = actor.subject_id, lay_bare(actor.subject_id)
    turns: dict[str, Callable[[], int]] = {
        "bare": lambda: bare(subject_id, key),
        "bare, planned and binary": lambda: bare(subject_id, key, is_planned=True),
        "in full": lambda: full(replace(actor, session_id=ids.uuid7())),
        "in full, line of this hour": lambda: full(actor),
    }
    block(turns)
    blocks = [block(turns) for _ in range(BLOCKS)]
    together = {name: [taken for one in blocks for taken in one[name]] for name in turns}
    tell(f"all {BLOCKS * TURNS} turns:", together)
    quietest = min(blocks, key=lambda one: sum(map(sum, one.values())))
    ratio = tell(f"the quietest {TURNS} turns:", quietest)["in full"]
    report.result(
        name="vault_read",
        value=round(statistics.median(quietest["in full"]), 3),
        unit="ms",
        bar=f"<= {BAR} x bare",
        holds=ratio <= BAR,
        ratio_to="bare indexed read and decrypt",
        ratio=round(ratio, 2),
    )


if __name__ == "__main__":
    main()
