"""What leaves the rights room: cases with their clocks, copies, certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import Refused
from xingnuo.trust.policy.contracts import Blocker


class CaseKind(StrEnum):
    """What a person asks for."""

    COPY = "copy"
    CORRECT = "correct"
    DELETE = "delete"
    WITHDRAW = "withdraw"
    CLOSE = "close"


class CaseState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    REFUSED = "refused"
    WORKING = "working"
    DONE = "done"


STEPS: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.RECEIVED: frozenset({CaseState.WORKING, CaseState.REFUSED, CaseState.DONE}),
    CaseState.WORKING: frozenset({CaseState.DONE}),
    CaseState.REFUSED: frozenset(),
    CaseState.DONE: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request with its clock; `due_at` is the legal or promised end, whichever is earlier."""

    id: UUID
    kind: CaseKind
    state: CaseState
    made_at: datetime
    due_at: datetime
    done_at: datetime | None
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A person's copy of their data: one ZIP, made for this answer and kept nowhere."""

    filename: str
    content: bytes = field(repr=False)
    tables: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """That a person was erased: what was done, when, and that nothing was found afterwards."""

    case_id: UUID
    body: Mapping[str, object]
    signature: str
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the bearer of a receipt code may see of a closed case."""

    case: Case
    certificate: Certificate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The answer to a closure request: the receipt code is shown once and kept as a digest."""

    case: Case
    receipt_code: str


class OpenBusiness(Refused):
    """The account cannot be closed while business is open; each reason comes with its way out."""

    status = 409
    code = "open_business"
    message = "还有没办完的业务，暂时不能注销。"
    remedy = "办完下面列出的事项后，可以马上再申请。"

    def __init__(self, blockers: tuple[Blocker, ...]) -> None:
        self.blockers = blockers
        super().__init__(",".join(blocker.code for blocker in blockers))


class NeedsProof(Refused):
    """The step needs a fresh proof that it is the person."""

    code = "needs_proof"
    message = "这一步需要先验证是你本人。"
    remedy = "验证后会回到这里继续。"
