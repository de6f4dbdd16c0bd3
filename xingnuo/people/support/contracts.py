"""What leaves the support room: tickets with their clocks, messages, hand-overs, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType
from uuid import UUID

from xingnuo.kit.errors import BadInput, Conflict, Refused


class Kind(StrEnum):
    """What a person brings."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    RIGHTS_REQUEST = "rights_request"
    REPORT = "report"


class Desk(StrEnum):
    """Whose queue a case is in."""

    TICKETS = "tickets"
    COMPLAINTS = "complaints"
    REQUESTS = "requests"  # the professional team of 9.1


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    WAITING_PERSON = "waiting_person"
    WAITING_AGENT = "waiting_agent"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


class Act(StrEnum):
    """What moves a case on."""

    SAY = "say"  # the person writes
    ASK = "ask"  # staff need to know more
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"


_O, _P, _A = State.OPEN, State.WAITING_PERSON, State.WAITING_AGENT
_D, _C, _R = State.ANSWERED, State.CLOSED, State.REOPENED
# What is not written here is refused.
STEPS: Mapping[tuple[State, Act], State] = MappingProxyType(
    {
        (_O, Act.SAY): _O,
        (_O, Act.ASK): _P,
        (_O, Act.ANSWER): _D,
        (_O, Act.CLOSE): _C,
        (_P, Act.SAY): _A,
        (_P, Act.ANSWER): _D,
        (_P, Act.CLOSE): _C,
        (_A, Act.SAY): _A,
        (_A, Act.ASK): _P,
        (_A, Act.ANSWER): _D,
        (_A, Act.CLOSE): _C,
        (_D, Act.SAY): _R,
        (_D, Act.CLOSE): _C,
        (_D, Act.REOPEN): _R,
        (_C, Act.REOPEN): _R,
        (_R, Act.SAY): _R,
        (_R, Act.ASK): _P,
        (_R, Act.ANSWER): _D,
        (_R, Act.CLOSE): _C,
    }
)
# The clock of the answer runs: also while more was asked for, so that asking never buys time.
RUNNING = (State.OPEN, State.WAITING_PERSON, State.WAITING_AGENT, State.REOPENED)


class Level(IntEnum):
    """How much of who the person is a topic needs (1.2.15a)."""

    NONE = 0  # nothing: the words alone
    ACCOUNT = 1  # which account
    VERIFIED = 2  # the person proved again who they are


class Urgency(IntEnum):
    """How near a case is to its end."""

    CALM = 0
    WARNED = 1
    ESCALATED = 2
    LATE = 3


class Author(StrEnum):
    """Who wrote a message."""

    PERSON = "person"
    STAFF = "staff"


class Form(StrEnum):
    """What a message is made of."""

    TEXT = "text"
    PHOTO = "photo"
    VOICE = "voice"
    CANNED = "canned"


class Proof(StrEnum):
    """Whether one person may act for another (5.2.1c)."""

    NONE = "none"  # for oneself
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class HandState(StrEnum):
    """Where a hand-over stands."""

    PROPOSED = "proposed"
    DECLINED = "declined"  # the second person said no
    RELEASED = "released"
    UNKNOWN = "unknown"  # sent, and nothing certain is known
    ACCEPTED = "accepted"
    CORRECTION = "correction"  # taken in; the body wants it corrected, by a day
    CORRECTED = "corrected"  # another hand-over took its place
    REJECTED = "rejected"


HAND_STEPS: Mapping[HandState, frozenset[HandState]] = MappingProxyType(
    {
        HandState.PROPOSED: frozenset({HandState.RELEASED, HandState.DECLINED}),
        HandState.RELEASED: frozenset({HandState.UNKNOWN}),
        HandState.UNKNOWN: frozenset(
            {HandState.ACCEPTED, HandState.CORRECTION, HandState.REJECTED}
        ),
        # A later word of the body counts; an acceptance that comes late undoes neither.
        HandState.ACCEPTED: frozenset({HandState.CORRECTION, HandState.REJECTED}),
        HandState.CORRECTION: frozenset({HandState.CORRECTED, HandState.REJECTED}),
        HandState.DECLINED: frozenset(),
        HandState.CORRECTED: frozenset(),
        HandState.REJECTED: frozenset(),
    }
)
ON_THE_WAY = (HandState.PROPOSED, HandState.RELEASED, HandState.UNKNOWN, HandState.ACCEPTED)
# What staff have still to see to: sent without an answer, or wanted back corrected.
UNSETTLED = (HandState.RELEASED, HandState.UNKNOWN, HandState.CORRECTION)
# By what the end of a hand-over is proven where the line stays silent.
HAND_PROOFS: Mapping[str, str] = MappingProxyType(
    {
        "letter": "对方的书面答复",
        "portal": "对方报送系统里的记录",
        "call": "对方工作人员电话确认",
    }
)
BODIES: Mapping[str, str] = MappingProxyType(
    {"consumer_body": "金融消费者权益保护部门", "regulator": "金融监督管理部门"}
)
# Why a complaint may go there, each with the law that is told to the person.
GROUNDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "person_asked": (
            "你要求转交主管机构处理",
            "《银行保险机构消费者权益保护管理办法》第四十条",
        ),
        "body_demands": (
            "主管机构依法调取",
            "《银行保险机构消费者权益保护管理办法》第四十四条",
        ),
        "mediation": ("进入纠纷调解", "《中国人民银行金融消费者权益保护实施办法》第三十五条"),
    }
)
# Why a complaint may not go there.
FORBIDDEN: Mapping[str, str] = MappingProxyType(
    {
        "aml": "反洗钱调查保密，法律不允许提供。",
        "court": "已由法院或仲裁机构受理，按诉讼程序提供。",
        "state_secret": "涉及国家秘密，法律不允许提供。",
        "third_person": "内容主要是他人的隐私，法律不允许提供。",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What people ask about, and the least that answering needs."""

    id: str
    title: str
    kind: Kind
    level: Level
    clocks: tuple[str, ...]  # the earliest wins
    transactions: bool = False
    for_another: bool = False  # may be brought for somebody else, with authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page of the help centre."""

    id: str
    topic: str
    title: str
    answer: tuple[str, ...]
    words: tuple[str, ...] = ()  # further words by which it is found


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call about a case as the desk sees it: what to say, and whether the person is proven."""

    said_code: str
    until_at: datetime
    is_proven: bool
    tries_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCall:
    """A call about a case as its person sees it: what the desk says, and what to read aloud."""

    said_code: str
    own_code: str
    until_at: datetime
    is_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A person's own case as their page shows it."""

    id: UUID
    kind: Kind
    topic: Topic
    state: State
    proof: Proof
    opened_at: datetime
    due_at: datetime
    days_left: int  # working days; negative when late
    answered_at: datetime | None
    closed_at: datetime | None
    ground: str

    @property
    def is_running(self) -> bool:
        """Say whether the clock of the answer runs."""
        return self.state in RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a thread, open for whoever may read it."""

    id: UUID
    author: Author
    form: Form
    sent_at: datetime
    staff_id: str
    text: str = field(default="", repr=False)
    is_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandProof:
    """What one member of staff says became of a hand-over, and by what it is proven."""

    outcome: HandState
    kind: str
    reference: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A complaint on its way to a body, as the person and the desk see it."""

    id: UUID
    case_id: UUID
    subject_id: UUID
    body: str
    body_name: str
    ground: str
    why: str
    law: str
    state: HandState
    proposed_by: str
    proposed_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    reference: str
    reasons: tuple[str, ...]  # the body's codes for what it wants otherwise
    answer_by: date | None  # until when the body wants the correction
    is_late: bool  # without an answer for longer than is right
    proof: HandProof | None  # waits for a second person


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day that compliance entered, with where it is from."""

    day: date
    is_worked: bool
    source: str
    entered_by: str
    entered_at: datetime


class ForbiddenStep(Conflict):
    """A case or hand-over does not move that way."""

    code = "support_step"
    message = "这件事现在不能这样做。"
    remedy = "请回到这件事的页面，看看现在到了哪一步。"


class NeedsProof(Refused):
    """The topic needs a fresh proof that it is the person."""

    code = "needs_proof"
    message = "这类问题要先验证是你本人。"
    remedy = "验证后会回到这里；不想验证也可以先问一般问题。"


class BeyondLaw(Refused):
    """The law forbids the hand-over; the message names why."""

    code = "beyond_law"
    message = "法律不允许转交这件投诉。"
    remedy = "请选择别的办法，并把原因告诉客户。"


class TooLong(BadInput):
    """A message is longer than is taken."""

    code = "too_long"


class BadVoice(BadInput):
    """The recording is no sound that is taken."""

    code = "bad_voice"
    message = "这段录音不能用。"
    remedy = "请再录一次，或者打字。"

    def __init__(self, remedy: str = "") -> None:
        super().__init__({"voice": remedy or self.remedy}, "voice")


class VoiceTooLarge(BadVoice):
    """The recording is too large."""

    status = 413
    code = "voice_too_large"
    message = "录音太长。"
    remedy = "请录 60 秒以内。"
