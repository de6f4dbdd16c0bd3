"""What leaves the identity room: kinds, states and results of checks, cases, and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import Conflict, NotFound, Refused, Unavailable
from xingnuo.trust.policy.contracts import SubjectState, Tier


class Kind(StrEnum):
    """How a person is checked."""

    NAME_NUMBER = "name_number"  # name and document number, with the authority
    PHONE = "phone"  # these and the phone, with the telecoms
    CARD = "card"  # four elements and the bank's code
    DOCUMENT_PHOTO = "document_photo"  # both sides, looked at by a person
    FACE = "face"
    VIDEO = "video"  # witnessed by a member of staff
    COUNTER = "counter"  # at a counter, by a one-time code
    AGE = "age"  # grown up since: opens the gate again, confirms no tier


PRESENCE = (Kind.FACE, Kind.VIDEO, Kind.COUNTER)
SECOND = (Kind.CARD, Kind.DOCUMENT_PHOTO)


class State(StrEnum):
    """Where a check stands. `unknown` is ended by proof alone."""

    STARTED = "started"
    SENT = "sent"  # on record, with its parcel; the answer is not on record yet
    UNKNOWN = "unknown"
    REVIEWING = "reviewing"
    MATCHED = "matched"
    MISMATCHED = "mismatched"
    REFUSED = "refused"
    EXPIRED = "expired"  # the document's validity is over
    LAPSED = "lapsed"  # given up, taken back, or its ground fell away


OPEN_STATES = (State.STARTED, State.SENT, State.UNKNOWN, State.REVIEWING)


class Rule(StrEnum):
    """By whose rules a document's number is read."""

    RESIDENT = "resident"
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    RESIDENCE_PERMIT = "residence_permit"
    PERMANENT_RESIDENT = "permanent_resident"


class CaseKind(StrEnum):
    """What a member of staff is asked to look at."""

    NAME_MISMATCH = "name_mismatch"
    DOCUMENT_PHOTO = "document_photo"
    VIDEO = "video"
    COUNTER = "counter"
    GUARDIAN = "guardian"
    REUSED_NUMBER = "reused_number"
    CONTRADICTION = "contradiction"  # a source answered twice, and not the same
    UNANSWERED = "unanswered"  # a source never said how it ended; a person asks it
    GROWN_UP = "grown_up"  # whose gate was closed as a minor's is looked at in person
    SOURCE_AUDIT = "source_audit"  # a source's legality must be audited; about no one person


class CaseState(StrEnum):
    """Where a case stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended"  # the person gave it up, or it is about nothing any more


OPEN_CASES = (CaseState.WAITING, CaseState.TAKEN)


class Ground(StrEnum):
    """Why a check or a case ended as it did: declared codes, told to the person in words."""

    NONE = ""
    CONFIRMED = "confirmed"
    NOT_THE_SAME = "not_the_same"
    NOT_FOUND = "not_found"
    DOCUMENT_EXPIRED = "document_expired"
    DOCUMENT_CANCELLED = "document_cancelled"
    DECEASED = "deceased"
    MINOR = "minor"
    NUMBER_TAKEN = "number_taken"
    CARD_LOST = "card_lost"
    CARD_CLOSED = "card_closed"
    CARD_UNSUPPORTED = "card_unsupported"
    CODE_EXPIRED = "code_expired"
    CODE_SPENT = "code_spent"
    NOT_LIVE = "not_live"
    UNCLEAR = "unclear"
    NO_REFERENCE = "no_reference"
    NOT_TAKEN = "not_taken"  # the source did not take the question
    NOT_RECEIVED = "not_received"  # proved: the question never reached the source
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given_up"
    REPLACED = "replaced"
    UNREADABLE = "unreadable"
    FORGED = "forged"
    REUSED_PHOTO = "reused_photo"
    NOT_PROVEN = "not_proven"
    NO_SHOW = "no_show"
    MOVED = "moved"  # the telecoms have the number under another person now
    SPENT = "spent"  # it opened the gate again, and counts for nothing else


class Relation(StrEnum):
    """How a guardian is related to a minor (民法典 27)."""

    FATHER = "father"
    MOTHER = "mother"
    GRANDPARENT = "grandparent"
    OTHER = "other"


class Side(StrEnum):
    """A side of a document."""

    FRONT = "front"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What proves how a check ended: a source's answer or a member of staff's decision."""

    state: State  # matched, mismatched or refused; unknown proves nothing
    ground: Ground
    source: str
    reference: str = ""  # the source's own number, never a personal value
    notice: str = ""  # the id of the callback that brought it, if one did
    is_adult: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check as its person sees it."""

    id: UUID
    kind: Kind
    state: State
    ground: Ground
    source: str
    began_at: datetime
    ended_at: datetime | None
    valid_until: datetime | None
    tries_left: int | None = None
    is_in_force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How far a person's real name is confirmed, and what is open."""

    state: SubjectState
    tier: Tier
    checks: tuple[Check, ...]  # newest first
    valid_until: datetime | None  # when the document must be renewed
    rule: Rule | None

    def open(self, kind: Kind) -> Check | None:
        """Give the open check of a kind."""
        return next((c for c in self.checks if c.kind is kind and c.state in OPEN_STATES), None)

    def in_force(self, kind: Kind) -> Check | None:
        """Give the check of a kind that counts now."""
        return next((c for c in self.checks if c.kind is kind and c.is_in_force), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadValues:
    """What the machine read on the photos: a help for typing, never trusted."""

    is_done: bool
    name: str = ""
    number: str = ""
    validity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterCode:
    """A code to say at a counter; shown once."""

    check_id: UUID
    code: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """How a source's legality audit stands."""

    source: str
    name: str
    basis: str
    audited_on: date
    until: date
    passed: bool
    is_lawful: bool
    is_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """What became of items that a third party sent."""

    source: str
    accepted: tuple[str, ...]
    rejected: tuple[str, ...]


class ForbiddenCheckStep(Conflict):
    """The check's state does not allow this step."""

    code = "forbidden_check_step"
    message = "这次核对已经有结果，不能再改。"
    remedy = "请回到实名认证页看最新状态。"


class NoSuchCheck(NotFound):
    """There is no such check, or it is not this person's."""

    code = "no_such_check"


class NoSuchCase(NotFound):
    """There is no such case, or this member of staff may not see it."""

    code = "no_such_case"


class SourceLapsed(Unavailable):
    """The source's legality audit is over, so it is not asked; nothing left the house."""

    code = "source_lapsed"
    message = "这个核验机构的合规审查已到期，现在不能用它，信息没有送出。"
    remedy = "请换一种核验方式，或过几天再来。"


class IsMinor(Refused):
    """The number shows a minor: what was typed was dropped, and the gate closed."""

    code = "minor"
    message = "证件号码显示你未满 18 岁，我们不能为你提供服务。"
    remedy = "刚才填写的内容没有保存。监护人可以要求删除这个帐号。"


class NumberTaken(Conflict):
    """The number stands confirmed for another account; whose, nobody is told."""

    code = "number_taken"
    message = "这个证件号码不能直接用于这个帐号。"
    remedy = "如果证件是你本人的，请申请人工核对。"


class NamedFirst(Refused):
    """This step needs name and number confirmed first."""

    code = "named_first"
    message = "请先完成姓名和证件号码的核对。"
    remedy = "可在“我的 › 实名认证”里完成。"


class PresentFirst(Refused):
    """The gate opens again only to who was seen, and not to who knows a grown-up's number."""

    code = "present_first"
    message = "还要当面确认是你本人。"
    remedy = "请选择视频或柜台，通过后再重新开启。"


class NotTheDocument(Refused):
    """What was confirmed by hand is not the person who stands confirmed."""

    code = "not_the_document"
    message = "照片上的证件和已认证的姓名、证件号码不一致。"
    remedy = "请上传同一个人的证件，或申请人工核对。"


class StillOpen(Conflict):
    """A check of this kind is still under way."""

    code = "still_open"
    message = "上一次核对还没有结果，不需要重复提交。"
    remedy = "请在实名认证页查看进度。"


class OwnCase(Refused):
    """Nobody decides about themselves, or about a case that another took."""

    code = "own_case"
    message = "这个工单不能由你来办。"
    remedy = "请交给其他同事。"


class ForbiddenCaseStep(Conflict):
    """The case's state does not allow this step."""

    code = "forbidden_case_step"
    message = "这个工单已经有结果，或已由别人领取。"
    remedy = "请刷新队列。"
