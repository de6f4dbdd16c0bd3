"""Reading 54 sealed items with permit and evidence, against the bare indexed read and decrypt.

`xingnuo bench vault_read`. Bar: at most 3 times the bare read, paired in the same run. Bare means
one indexed SELECT of the same 54 rows and 54 AES-GCM openings with the keys in hand.
"""

from __future__ import annotations

import statistics
import time
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, connections, transaction

from bench import report
from xingnuo.kit import ids
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Form
from xingnuo.trust.vault import actions as vault
from xingnuo.trust.vault.contracts import Sealable

BAR = 3.0
ITEMS = 54
ROUNDS = 300


def make_person() -> Actor:
    """Make a subject who keeps 54 sealed items."""
    subject_id = ids.uuid7()
    actor = Actor(
        kind=ActorKind.SELF,
        subject_id=subject_id,
        session_id=ids.uuid7(),
        strength=Strength.REVERIFIED,
    )
    compiled = policy.in_force()
    items = [item for item in compiled.items.values() if item.form is Form.VALUE]
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
    """Lay 54 rows of the same size in a plain table, sealed under one key that stays in hand."""
    key = AESGCM(AESGCM.generate_key(256))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_bare (subject_id uuid, item text, sealed bytea,"
            " PRIMARY KEY (subject_id, item)); GRANT SELECT, INSERT ON bench_bare TO xn_app"
        )
    with connection.cursor() as cursor:
        for n in range(ITEMS):
            nonce = ids.random_bytes(12)
            sealed = nonce + key.encrypt(nonce, f"value {n} of a person".encode(), b"place")
            cursor.execute(
                "INSERT INTO bench_bare VALUES (%s, %s, %s)", [subject_id, f"item_{n}", sealed]
            )
    return key


def bare(subject_id: UUID, key: AESGCM) -> int:
    """Read the rows by the index and open them, with nothing asked and nothing left behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT item, sealed FROM bench_bare WHERE subject_id = %s", [subject_id])
        rows = cursor.fetchall()
    return len([key.decrypt(sealed[:12], bytes(sealed[12:]), b"place") for _, sealed in rows])


def full(actor: Actor) -> int:
    """Ask for the permit, leave evidence, read and open."""
    assert actor.subject_id is not None
    with transaction.atomic():
        permit = gate.permit(actor, subject_id=actor.subject_id, purpose="rights.plain_view")
        return len(queries.read(permit))


def main() -> None:
    """Alternate bare and full reads and print the median ratio."""
    actor = make_person()
    assert actor.subject_id is not None
    key = lay_bare(actor.subject_id)
    report.say(f"items read: bare {bare(actor.subject_id, key)}, full {full(actor)}")
    times: dict[str, list[float]] = {"bare": [], "full": []}
    for _ in range(ROUNDS):
        start = time.perf_counter()
        bare(actor.subject_id, key)
        middle = time.perf_counter()
        full(actor)
        times["bare"].append(middle - start)
        times["full"].append(time.perf_counter() - middle)
    ratio = statistics.median(f / b for b, f in zip(times["bare"], times["full"], strict=True))
    value = statistics.median(times["full"]) * 1000
    report.say(f"bare {statistics.median(times['bare']) * 1000:.3f} ms, full {value:.3f} ms")
    report.result(
        name="vault_read",
        value=round(value, 3),
        unit="ms",
        bar=f"<= {BAR} x bare",
        holds=ratio <= BAR,
        ratio_to="bare indexed read and decrypt",
        ratio=round(ratio, 2),
    )


if __name__ == "__main__":
    main()
