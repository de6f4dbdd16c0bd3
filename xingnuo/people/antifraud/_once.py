"""Ids of findings: the same finding always has the same id, so that what runs twice acts once."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import ids


def id_of(subject_id: UUID, what: str) -> UUID:
    """Give the id of something found about a person."""
    return UUID(ids.digest(f"{subject_id}.{what}")[:32])
