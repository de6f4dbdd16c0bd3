"""What the porch keeps."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Declaration, Table

KEY_CHARS_MIN = 8
KEY_CHARS_MAX = 64
KEPT_DAYS = 30
SWEEP_ROWS_MAX = 5_000

DECLARATION = Declaration(
    room="porch",
    tables=(
        Table(
            name="porch_answered",
            about="防止重复提交的记录",
            retention="repeat_guard",
            starts=("at",),
            columns={
                "id": Column.KEY,
                "subject_id": Column.KEY,
                "key": Column.KEY,
                "route": Column.CODE,
                "fingerprint": Column.DIGEST,
                "status": Column.COUNT,
                "body": Column.TEXT,
                "at": Column.TIME,
            },
        ),
    ),
)
