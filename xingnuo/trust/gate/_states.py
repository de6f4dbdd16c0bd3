"""The states a subject may stand in, as a table of allowed steps."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import SubjectState as S

STEPS: dict[S, frozenset[S]] = {
    S.NEW: frozenset({S.ACTIVE, S.MINOR, S.CLOSING, S.ERASING}),
    S.ACTIVE: frozenset({S.FROZEN, S.MINOR, S.WITHDRAWN, S.CLOSING, S.DECEASED}),
    S.FROZEN: frozenset({S.ACTIVE, S.WITHDRAWN, S.CLOSING, S.DECEASED}),
    S.MINOR: frozenset({S.ACTIVE, S.ERASING}),
    S.WITHDRAWN: frozenset({S.ACTIVE, S.CLOSING, S.DECEASED}),
    S.CLOSING: frozenset({S.ACTIVE, S.SEALED, S.ERASING, S.DECEASED}),
    S.DECEASED: frozenset({S.SEALED, S.ERASING}),
    S.SEALED: frozenset({S.ERASING}),
    S.ERASING: frozenset({S.ERASED}),
    S.ERASED: frozenset(),
}


def allowed(before: S, after: S) -> bool:
    """Say whether a subject may go from one state to another."""
    return after in STEPS[before]
