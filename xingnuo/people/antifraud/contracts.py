"""What enters and leaves the antifraud room: events, decisions, cases, rule sets, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from xingnuo.kit.cases import Case
from xingnuo.people.antifraud._refusals import (
    BadRules,
    ForbiddenRiskStep,
    MovementDiffers,
    NeedsVerify,
    NoSuchDecision,
    NotReleasable,
    OwnCase,
    SameOfficer,
    Spent,
    StaffOnly,
)
from xingnuo.people.antifraud._states import (
    CaseKind,
    CaseState,
    Direction,
    EventKind,
    Family,
    HitState,
    ImportState,
    LimitKind,
    ListField,
    ListKind,
    MovementKind,
    PartyKind,
    ReportKind,
    ReportState,
    RuleState,
    Verdict,
)

__all__ = [
    "CASE_REASONS",
    "AmlLevel",
    "AmlProfile",
    "AutomatedShown",
    "BackTest",
    "BadRules",
    "CaseKind",
    "CaseShown",
    "CaseState",
    "Decision",
    "DecisionShown",
    "Direction",
    "DryRun",
    "Event",
    "EventKind",
    "Explanation",
    "Family",
    "ForbiddenRiskStep",
    "HitState",
    "ImportState",
    "LimitKind",
    "ListField",
    "ListKind",
    "ListRow",
    "ListShown",
    "Movement",
    "MovementDiffers",
    "MovementKind",
    "NeedsVerify",
    "NoSuchDecision",
    "NotReleasable",
    "Outcome",
    "OwnCase",
    "PartyKind",
    "ReasonShown",
    "ReportKind",
    "ReportShown",
    "ReportState",
    "RuleSetShown",
    "RuleState",
    "SameOfficer",
    "Spent",
    "StaffOnly",
    "Verdict",
]


class Outcome(IntEnum):
    """What is decided of an event; a higher one is stricter."""

    ACCEPT = 0
    STEP_UP = 1  # the person proves anew that it is they, then it goes on
    REVIEW = 2  # a person of ours looks first
    REFUSE = 3

    @property
    def code(self) -> str:
        """Give the word that is stored."""
        return self.name.lower()


class AmlLevel(IntEnum):
    """The risk of a customer under the anti-money-laundering law."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    BARRED = 3  # a confirmed hit on a sanctions list


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What is about to happen. The raw texts become keyed digests at once and are never kept.

    `device` is the door's own random device mark, `address` the network address; both count only
    under the person's consent, the address also under the law's payment check. `counterparty` is
    any steady mark of the other side, `counterparty_name` what the other side is called: a person,
    a firm or a merchant, held against the sanctions lists at once. None means: not known.
    """

    kind: EventKind
    amount_fen: int = 0
    device: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    card: str = field(default="", repr=False)
    counterparty: str = field(default="", repr=False)
    counterparty_name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    device_known: bool | None = None  # the accounts room knows this browser of the person
    place_match: bool | None = None  # terminal and place fit
    ref: UUID | None = None  # the payment, session or card it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money that has moved, as the law on large values counts it: from the customer's side.

    `amount_fen` is in RMB; where the money is foreign, `foreign_usd_cents` says what it is worth in
    US dollars, and that counts instead. `channel` is the short code of the way it took, `ref` the
    movement's own id with the caller, `at` when it was done.
    """

    kind: MovementKind
    amount_fen: int
    direction: Direction
    channel: str
    counterparty_kind: PartyKind
    cross_border: bool
    ref: UUID
    at: datetime
    foreign_usd_cents: int = 0
    customer_kind: PartyKind = PartyKind.PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonShown:
    """A reason in plain words for the person."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided in line, with the words for the person; nothing in it tells of AML."""

    id: UUID
    subject_id: UUID
    outcome: Outcome
    reasons: tuple[ReasonShown, ...]
    message: str
    remedy: str
    rule_version: int
    case_id: UUID | None = None
    rows: tuple[Any, ...] = field(default=(), repr=False, compare=False)

    @property
    def passes(self) -> bool:
        """Say whether it may go on without anything more."""
        return self.outcome is Outcome.ACCEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionShown:
    """A decision as its person sees it."""

    id: UUID
    kind: EventKind
    at: datetime
    outcome: Outcome
    verdict: Verdict | None
    reasons: tuple[ReasonShown, ...]
    asked: bool  # a person of ours was asked to look again
    due_at: datetime | None
    rule_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A decision explained: what was looked at, by which rules, and what can be done (PIPL 24)."""

    decision: DecisionShown
    looked_at: tuple[str, ...]
    how: str
    what_next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomatedShown:
    """The page 自动化决策: the switch, and the decisions, newest first."""

    off: bool
    since: datetime | None
    decisions: tuple[DecisionShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetShown:
    """A version of the rules as staff see it."""

    number: int
    state: RuleState
    document: str
    digest: str
    rules: tuple[Mapping[str, Any], ...]
    drafted_by: str
    drafted_at: datetime | None
    proposed_by: str
    released_by: str
    released_at: datetime | None
    is_rollback: bool = False
    family: Family = Family.RISK


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """How a draft decided beside the live rules, on the same facts."""

    number: int
    live_number: int
    compared: int
    differing: int
    stricter: int
    milder: int
    pairs: Mapping[str, int]  # "accept>review": count


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """How a version would have decided past events; `missing` names facts that were not kept."""

    run: DryRun
    missing: tuple[str, ...]
    fired: Mapping[str, int]  # rule: how often


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One row of a list to be imported; `value` is digested and not kept."""

    value: str = field(repr=False)
    ref: str = ""  # the row's own number in the source
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListShown:
    """A list as staff see it: digests have no names, so only counts and sources are shown."""

    id: UUID
    kind: ListKind
    field: ListField
    source: str
    digest: str
    rows: int
    state: ImportState
    proposed_by: str
    released_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseShown:
    """A case opened by who works on it."""

    case: Case
    opened_by: str
    ref: UUID | None
    facts: Mapping[str, Any]
    reasons: tuple[ReasonShown, ...]  # in words for staff
    choices: tuple[tuple[str, str], ...]  # reason codes for the verdict, with words
    verdict: Verdict | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmlProfile:
    """How risky a customer is, by which factors, and when that is looked at again."""

    level: AmlLevel
    score: int
    factors: tuple[str, ...]
    assessed_at: datetime
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShown:
    """A report to the AML centre, without its text."""

    id: UUID
    case_id: UUID
    subject_id: UUID
    kind: ReportKind
    state: ReportState
    digest: str
    written_by: str
    approved_by: str
    due_at: datetime
    sent_at: datetime | None
    receipt: str


# What a verdict may rest on, per kind of case: code → words for staff.
CASE_REASONS: Mapping[CaseKind, tuple[tuple[str, str], ...]] = {
    CaseKind.RISK_REVIEW: (
        ("confirmed_self", "已与本人核实"),
        ("known_pattern", "符合本人以往习惯"),
        ("not_self", "本人否认或无法核实"),
        ("scam_signs", "有受骗迹象，先拦下"),
        ("rule_right", "规则判断正确"),
    ),
    CaseKind.OBJECTION: (
        ("upheld", "原判断有误，已改正"),
        ("confirmed_self", "已与本人核实"),
        ("stands", "复核后维持原判断"),
    ),
    CaseKind.AML_LARGE: (("reportable", "达到报告标准"), ("exempt", "属于免报情形")),
    CaseKind.AML_SUSPICIOUS: (
        ("reportable", "有合理理由怀疑"),
        ("cleared", "排查后解除怀疑"),
    ),
    CaseKind.SANCTIONS_HIT: (
        ("same_person", "确认为名单上的人"),
        ("other_person", "同名的另一个人"),
    ),
}
