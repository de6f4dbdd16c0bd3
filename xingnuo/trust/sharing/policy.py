"""The sharing room keeps nothing of its own: every parcel is a line of evidence."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import Declaration

PARCEL_ITEMS_MAX = 60

DECLARATION = Declaration(room="sharing")
