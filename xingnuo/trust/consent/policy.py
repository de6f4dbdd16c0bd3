"""What the consent room keeps."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Column, Declaration, Table

DECLARATION = Declaration(
    room="consent",
    tables=(
        Table(
            name="consent_decision",
            about="每一次同意、拒绝和撤回的记录",
            retention="handling_record",
            goes_with="gate_subject",
            columns={
                "id": Column.KEY,
                "subject_id": Column.KEY,
                "scope": Column.CODE,
                "items": Column.CODE,
                "item_set_hash": Column.DIGEST,
                "recipient": Column.CODE,
                "decision": Column.STATE,
                "meaning": Column.DIGEST,
                "version": Column.CODE,
                "text_hash": Column.DIGEST,
                "channel": Column.CODE,
                "actor_kind": Column.CODE,
                "at": Column.TIME,
            },
        ),
    ),
)
