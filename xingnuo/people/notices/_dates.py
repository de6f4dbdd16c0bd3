"""Days worth remembering that rooms below this one know of."""

from __future__ import annotations

from uuid import UUID

from xingnuo.people.identity import queries as identity
from xingnuo.people.notices._way_out import bearer
from xingnuo.people.notices.contracts import Reminder


def of_document(subject_id: UUID) -> list[Reminder]:
    """Give the day on which the document of the real name runs out, where one is known."""
    ends = identity.status(bearer(subject_id)).valid_until
    if ends is None:
        return []
    return [
        Reminder(
            uid=f"document-{ends:%Y%m%d}",
            day=ends,
            title="证件到期",
            text="更新证件后，需要实名的业务不会中断。打开星诺，在“我的-实名认证”更新。",
        )
    ]
