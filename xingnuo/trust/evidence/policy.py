"""What the evidence room keeps, and its limits."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Declaration, Table

BLOCK_LINES_MAX = 1024  # lines in one block: what a proof must read
BLOCKS_PER_RUN_MAX = 512  # blocks in one run of the sealer, each in a transaction of its own
PRUNED_BLOCKS_MAX = 64  # blocks whose lines one transaction deletes
PAGE_LINES_MAX = 200
LISTED_ROWS_MAX = 2000
USED_ROWS_MAX = 60_000  # every purpose with every item in every way is less
FAULTS_NAMED_MAX = 100
KEEP_DAYS = 1096  # three years with a leap day (PIPL 56; NDR 12)

DECLARATION = Declaration(
    room="evidence",
    tables=(
        Table(
            name="evidence_line",
            about="每一次许可、拒绝、收集、查看、共享和操作的记录，不含个人信息内容",
            retention="handling_record",
            starts=("at",),
            columns={
                "id": Column.KEY,
                "subject_id": Column.KEY,
                "epoch": Column.COUNT,
                "txid": Column.KEY,
                "at": Column.TIME,
                "kind": Column.STATE,
                "outcome": Column.CODE,
                "reason": Column.CODE,
                "actor_kind": Column.CODE,
                "actor_ref": Column.KEY,
                "session_id": Column.KEY,
                "channel": Column.CODE,
                "purpose": Column.CODE,
                "items": Column.CODE,
                "recipient": Column.CODE,
                "policy_version": Column.CODE,
                "permit_id": Column.KEY,
                "ref": Column.KEY,
                "count": Column.COUNT,
                "coalesce_key": Column.DIGEST,
            },
        ),
        Table(
            name="evidence_block",
            about="证据的封存区块：散列与签名",
            retention="catalogue",
            subject=False,
            columns={
                "number": Column.KEY,
                "upto_epoch": Column.COUNT,
                "upto_txid": Column.KEY,
                "upto_id": Column.KEY,
                "count": Column.COUNT,
                "leaves": Column.DIGEST,
                "root": Column.DIGEST,
                "prev": Column.DIGEST,
                "pruned_to": Column.COUNT,
                "key_id": Column.DIGEST,
                "next_key": Column.DIGEST,
                "sealed_at": Column.TIME,
                "hash": Column.DIGEST,
                "signature": Column.DIGEST,
            },
        ),
    ),
)
