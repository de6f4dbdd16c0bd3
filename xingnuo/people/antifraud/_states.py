"""The closed lists of the room, and its steps as tables; a step that is not here is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class EventKind(StrEnum):
    """What is about to happen."""

    SIGN_IN = "sign_in"
    BIND_CARD = "bind_card"
    IDENTITY = "identity"
    PAYMENT = "payment"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"
    REDEEM = "redeem"
    BORROW = "borrow"


# Movements of money: for these the law asks for a check (ATF 18), whatever was consented to.
MONEY = (
    EventKind.PAYMENT,
    EventKind.TRANSFER,
    EventKind.WITHDRAW,
    EventKind.REDEEM,
    EventKind.BORROW,
)


class MovementKind(StrEnum):
    """What a movement of money was; of all but cash the law counts transfers (LVT 5)."""

    CASH = "cash"
    TRANSFER = "transfer"
    PAYMENT = "payment"
    TOP_UP = "top_up"
    WITHDRAW = "withdraw"
    REFUND = "refund"
    LOAN = "loan"
    REPAY = "repay"
    SUBSCRIBE = "subscribe"
    REDEEM = "redeem"


class Direction(StrEnum):
    """Which way the money went, as the customer sees it."""

    IN = "in"
    OUT = "out"


class PartyKind(StrEnum):
    """Who stands on a side of a movement."""

    PERSON = "person"
    ENTITY = "entity"
    OWN = "own"  # another account of the same person
    HOUSE = "house"  # one of our own companies


class LimitKind(StrEnum):
    """Which limit of the law a movement counts towards."""

    CASH = "cash"
    ENTITY = "entity"
    DOMESTIC = "domestic"
    ABROAD = "abroad"


class Family(StrEnum):
    """Whose rules: those of the risk officers, or the patterns of compliance."""

    RISK = "risk"
    AML = "aml"


class RuleState(StrEnum):
    """How far a version of the rules has come."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    LIVE = "live"
    RETIRED = "retired"
    REPROPOSED = "reproposed"  # an earlier version is to come back
    WITHDRAWN = "withdrawn"


class ImportState(StrEnum):
    """How far a list has come."""

    PROPOSED = "proposed"
    LIVE = "live"
    REJECTED = "rejected"
    REPLACED = "replaced"


class ListKind(StrEnum):
    """What being on a list means."""

    DENY = "deny"
    WATCH = "watch"
    ALLOW = "allow"
    SANCTIONS = "sanctions"


class ListField(StrEnum):
    """What a list names."""

    NAME = "name"
    PHONE = "phone"
    DEVICE = "device"
    NETWORK = "network"
    CARD = "card"
    COUNTERPARTY = "counterparty"


class CaseKind(StrEnum):
    """What a case is about."""

    RISK_REVIEW = "risk_review"
    OBJECTION = "objection"
    AML_LARGE = "aml_large"
    AML_SUSPICIOUS = "aml_suspicious"
    SANCTIONS_HIT = "sanctions_hit"


# No person ever sees that these exist (AML 35).
CONFIDENTIAL = frozenset({CaseKind.AML_LARGE, CaseKind.AML_SUSPICIOUS, CaseKind.SANCTIONS_HIT})


class CaseState(StrEnum):
    """How far a case has come."""

    OPEN = "open"
    TAKEN = "taken"
    DECIDED = "decided"


class Verdict(StrEnum):
    """What a person of ours decided."""

    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"


class HitState(StrEnum):
    """What became of a hit on a sanctions list."""

    OPEN = "open"
    CLEARED = "cleared"
    CONFIRMED = "confirmed"


class ReportKind(StrEnum):
    """What the AML centre is told of."""

    LARGE = "large"
    SUSPICIOUS = "suspicious"


class ReportState(StrEnum):
    """How far a report has come; unknown is ended by asking the centre, never by a count."""

    WRITTEN = "written"
    APPROVED = "approved"
    UNKNOWN = "unknown"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CORRECTED = "corrected"  # another report took its place


RULE_STEPS: Mapping[RuleState, frozenset[RuleState]] = {
    RuleState.DRAFT: frozenset({RuleState.PROPOSED, RuleState.WITHDRAWN}),
    RuleState.PROPOSED: frozenset({RuleState.LIVE, RuleState.WITHDRAWN}),
    RuleState.LIVE: frozenset({RuleState.RETIRED}),
    RuleState.RETIRED: frozenset({RuleState.REPROPOSED}),
    RuleState.REPROPOSED: frozenset({RuleState.LIVE, RuleState.RETIRED}),
    RuleState.WITHDRAWN: frozenset(),
}
IMPORT_STEPS: Mapping[ImportState, frozenset[ImportState]] = {
    ImportState.PROPOSED: frozenset({ImportState.LIVE, ImportState.REJECTED}),
    ImportState.LIVE: frozenset({ImportState.REPLACED}),
    ImportState.REJECTED: frozenset(),
    ImportState.REPLACED: frozenset(),
}
CASE_STEPS: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.TAKEN}),
    CaseState.TAKEN: frozenset({CaseState.OPEN, CaseState.DECIDED}),
    CaseState.DECIDED: frozenset(),
}
REPORT_STEPS: Mapping[ReportState, frozenset[ReportState]] = {
    ReportState.WRITTEN: frozenset({ReportState.APPROVED}),
    ReportState.APPROVED: frozenset({ReportState.UNKNOWN}),
    ReportState.UNKNOWN: frozenset(
        {ReportState.UNKNOWN, ReportState.SENT, ReportState.ACCEPTED, ReportState.REJECTED}
    ),
    ReportState.SENT: frozenset({ReportState.ACCEPTED, ReportState.REJECTED}),
    ReportState.ACCEPTED: frozenset({ReportState.CORRECTED}),
    ReportState.REJECTED: frozenset({ReportState.CORRECTED}),
    ReportState.CORRECTED: frozenset(),
}


# What a reason of a case means; for reports "approved" means that the authority is told.
VERDICTS: Mapping[CaseKind, Mapping[str, Verdict]] = {
    CaseKind.RISK_REVIEW: {
        "confirmed_self": Verdict.APPROVED,
        "known_pattern": Verdict.APPROVED,
        "not_self": Verdict.DECLINED,
        "scam_signs": Verdict.DECLINED,
        "rule_right": Verdict.DECLINED,
    },
    CaseKind.OBJECTION: {
        "upheld": Verdict.APPROVED,
        "confirmed_self": Verdict.APPROVED,
        "stands": Verdict.DECLINED,
    },
    CaseKind.AML_LARGE: {"reportable": Verdict.APPROVED, "exempt": Verdict.DECLINED},
    CaseKind.AML_SUSPICIOUS: {"reportable": Verdict.APPROVED, "cleared": Verdict.DECLINED},
    CaseKind.SANCTIONS_HIT: {"other_person": Verdict.APPROVED, "same_person": Verdict.DECLINED},
}


def may[S: StrEnum](steps: Mapping[S, frozenset[S]], before: S, after: S) -> bool:
    """Say whether a step stands in its table."""
    return after in steps[before]
