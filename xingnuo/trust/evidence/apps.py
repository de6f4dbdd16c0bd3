"""The evidence room as an app."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """One append-only record of what was done with people's data."""

    name = "xingnuo.trust.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Hand the holding to the registry: the person's own lines are exported, never erased."""
        from xingnuo.trust.evidence import actions as evidence
        from xingnuo.trust.evidence import queries
        from xingnuo.trust.policy import actions
        from xingnuo.trust.policy.contracts import Holding

        # Kept after erasure: handling records by law (PIPL 56, NDR 12), without personal values.
        actions.hold(
            Holding(room="evidence", export=queries.export, erase=lambda _: 0, sweep=evidence.prune)
        )
