"""The register and the report, for people and for machines."""

from __future__ import annotations

from typing import Any

from xingnuo.proof._register import checks, mutations, promises
from xingnuo.proof.contracts import Report, State

__all__ = ["as_json", "checks", "counts", "mutations", "promises"]


def counts(report: Report) -> dict[str, int]:
    """Count promises by state."""
    return {state.value: sum(p.state is state for p in report.proofs) for state in State}


def as_json(report: Report) -> dict[str, Any]:
    """Give the report in the form that machines read."""
    return {
        "made_at": report.made_at,
        "policy": {"version": report.policy_version, "hash": report.policy_hash},
        "scope": report.scope,
        "counts": counts(report),
        "promises": [
            {
                "id": proof.promise.id,
                "room": proof.promise.room,
                "state": proof.state.value,
                "missing": [kind.value for kind in proof.missing],
                "checks": [
                    {
                        "name": outcome.name,
                        "kind": outcome.kind.value,
                        "holds": outcome.holds,
                        "words": outcome.words,
                        "duration_ms": outcome.duration_ms,
                    }
                    for outcome in proof.outcomes
                ],
            }
            for proof in report.proofs
        ],
    }
