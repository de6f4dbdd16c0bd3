"""Telling a person what happened to their account, through the room that tells for the house.

That room stands above this one, so it hands its way of telling over at start-up: there is one
register of texts and one way to a phone, and neither is here.
"""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import ids
from xingnuo.people.accounts.contracts import News, Teller, WayNews

_told_by: list[Teller] = []


def through(teller: Teller) -> None:
    """Take in who tells; called at start-up."""
    _told_by[:] = [teller]


def tell(subject_id: UUID, news: News | WayNews, *, label: str = "") -> None:
    """Tell one event once, in the caller's transaction."""
    assert _told_by, "nobody tells people"
    _told_by[0](subject_id, news.value, key=f"{news.value}:{ids.uuid7()}", label=label)
