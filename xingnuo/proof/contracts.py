"""What leaves the proof: promises, checks, and how each came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from xingnuo.kit.errors import XingnuoError


class CheckKind(StrEnum):
    """The four ways in which a promise is shown to hold."""

    STATIC = "static"  # declaration and code agree
    DYNAMIC = "dynamic"  # it works, and its contrary is refused, on a scratch database
    MUTATION = "mutation"  # a named fault in the code turns exactly this promise red
    LIVE = "live"  # a query over the real store and evidence


class State(StrEnum):
    """Where a promise stands."""

    KEPT = "kept"
    NOT_PROVEN = "not proven"
    BROKEN = "broken"


class NotSo(XingnuoError):
    """A check found that the promise does not hold; the words name no person."""

    status = 500
    code = "not_so"

    def __init__(self, words: str) -> None:
        super().__init__("", message=words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of one or more promises; it returns, or raises what it found."""

    name: str
    promises: tuple[str, ...]
    kind: CheckKind
    run: Callable[[], None]
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A named fault: while it is switched in, its promises must turn red and no other.

    `faults` gives what stands in whose place: the dotted path of a thing in the code → the
    faulty one.
    """

    name: str
    promises: tuple[str, ...]
    about: str
    faults: Callable[[], Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one check came out."""

    name: str
    kind: CheckKind
    holds: bool
    words: str
    duration_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise of the acceptance list, with the kinds of checks that apply to it.

    `waits` says in Chinese what has to be built before it can be kept; empty when nothing has.
    """

    id: str
    room: str
    text: str
    shown_by: str
    needs: frozenset[CheckKind]
    waits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A promise and how its checks came out."""

    promise: Promise
    state: State
    outcomes: tuple[Outcome, ...]
    missing: tuple[CheckKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole walk."""

    made_at: str
    policy_version: str
    policy_hash: str
    scope: str  # scratch | scratch+live
    proofs: tuple[Proof, ...]

    @property
    def broken(self) -> tuple[Proof, ...]:
        """Give the promises that a check found broken."""
        return tuple(proof for proof in self.proofs if proof.state is State.BROKEN)
