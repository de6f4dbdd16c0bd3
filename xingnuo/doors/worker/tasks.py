"""Every job of the house, found here by the queue."""

from __future__ import annotations

from xingnuo.doors.worker import accounts, identity, notices, rights, upkeep

__all__ = ["accounts", "identity", "notices", "rights", "upkeep"]
