"""What enters and leaves the antifraud room: events, decisions, cases, rule sets, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from xingnuo.kit.cases import Case
from xingnuo.kit.errors import Conflict, NotFound, Refused
from xingnuo.people.antifraud._states import (
    CaseKind,
    CaseState,
    EventKind,
    HitState,
    ImportState,
    ListField,
    ListKind,
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
    "DryRun",
    "Event",
    "EventKind",
    "Explanation",
    "ForbiddenRiskStep",
    "HitState",
    "ImportState",
    "ListField",
    "ListKind",
    "ListRow",
    "ListShown",
    "NeedsVerify",
    "NoSuchDecision",
    "NotReleasable",
    "Outcome",
    "OwnCase",
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
    any steady name of the other side. None means: not known.
    """

    kind: EventKind
    amount_fen: int = 0
    device: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    card: str = field(default="", repr=False)
    counterparty: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    device_known: bool | None = None  # the accounts room knows this browser of the person
    place_match: bool | None = None  # terminal and place fit
    ref: UUID | None = None  # the payment, session or card it is about


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
    rows: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

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


class BadRules(Refused):
    """A rule set says something that cannot be run; `faults` names each place."""

    status = 422
    code = "bad_rules"
    message = "规则有误，没有保存。"
    remedy = "请按列出的位置修改。"

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults[:5])[:300])


class NotReleasable(Conflict):
    """A version or list does not stand where this step may be taken."""

    code = "not_releasable"
    message = "它现在的状态不能走这一步。"
    remedy = "请刷新后查看它的状态。"


class SameOfficer(Refused):
    """What needs two people is not finished by the one who began it."""

    code = "same_officer"
    message = "提出的人不能自己批准。"
    remedy = "请另一位同事来批准。"


class OwnCase(Refused):
    """Nobody decides a case that they opened, or that is about themselves."""

    code = "own_case"
    message = "不能处理自己提出的或与自己有关的事项。"
    remedy = "请交给另一位同事。"


class StaffOnly(NotFound):
    """The actor has no part in this; it looks as if there were nothing."""

    code = "not_found"


class NoSuchDecision(NotFound):
    """There is no such decision, or it is another person's: both look the same."""


class ForbiddenRiskStep(Conflict):
    """A step is not in the state's table."""

    code = "forbidden_risk_step"
    message = "这件事已经不在能这样做的状态。"
    remedy = "请刷新后查看。"


class NeedsVerify(Refused):
    """The session was begun in an unusual way and is verified before it goes on."""

    code = "needs_verify"
    message = "这次登录和平时不一样，先确认是你本人。"
    remedy = "请在星号帐号重新验证一次。"


class Spent(Refused):
    """Too many open requests of one kind."""

    status = 429
    code = "asked_already"
    message = "这件事已经有人在复核。"
    remedy = "请等复核结果，结果会告诉你。"
