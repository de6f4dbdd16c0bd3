"""The register and the report, for people and for machines."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

from xingnuo.proof._register import checks, mutations, promises
from xingnuo.proof.contracts import Report, State

__all__ = ["as_json", "checks", "counts", "mutations", "promises", "title", "words"]

_HERE = Path(__file__).parent


def counts(report: Report) -> dict[str, int]:
    """Count promises by state."""
    return {state.value: sum(p.state is state for p in report.proofs) for state in State}


def title(promise: str) -> str:
    """Give a promise in a few Chinese words."""
    return _table("titles.tsv")[promise]


def words(name: str) -> str:
    """Say in Chinese what a check shows or a fault breaks; members of a family share their
    words.
    """
    for mutation in mutations():
        if mutation.name == name:
            return mutation.about
    known = _table("words.tsv")
    return known[name] if name in known else known[name.split("_")[0]]


@cache
def _table(name: str) -> dict[str, str]:
    with (_HERE / name).open(encoding="utf8", newline="") as file:
        return {row[0]: row[1] for row in csv.reader(file, delimiter="\t")}


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
                "title": title(proof.promise.id),
                "state": proof.state.value,
                "missing": [kind.value for kind in proof.missing],
                "waits": proof.promise.waits,
                "checks": [
                    {
                        "name": outcome.name,
                        "kind": outcome.kind.value,
                        "about": words(outcome.name),
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
