"""What the gate keeps."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Declaration, Table

PERMIT_TTL_SECONDS = 300
ITEMS_MAX = 200
FORGOTTEN_MAX = 1_000  # subjects of one sweep

DECLARATION = Declaration(
    room="gate",
    tables=(
        Table(
            name="gate_subject",
            about="帐号在平台的状态（正常、冻结、撤回、注销等）",
            retention="handling_record",
            starts=("since",),
            only=("state", "erased"),
            columns={
                "id": Column.KEY,
                "subject_id": Column.KEY,
                "state": Column.STATE,
                "since": Column.TIME,
                "tier": Column.STATE,
                "cause": Column.CODE,
            },
        ),
    ),
)
