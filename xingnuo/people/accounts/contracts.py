"""What leaves the accounts room: sessions, devices, news, sign-in steps, and its refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from xingnuo.kit.errors import Refused
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy.contracts import SubjectState


class Ended(StrEnum):
    """Why a session was ended before its time."""

    SIGNED_OUT = "signed_out"
    OTHERS = "others"
    EVERYWHERE = "everywhere"
    MISUSE = "misuse"
    PROVIDER = "provider"
    REPLACED = "replaced"
    TOO_MANY = "too_many"
    CLOSED = "closed"


class FlowKind(StrEnum):
    """What a trip to the account provider is for."""

    SIGN_IN = "sign_in"
    REVERIFY = "reverify"


class TellState(StrEnum):
    """How far a sibling app has been told to erase."""

    DUE = "due"
    DONE = "done"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Avatar:
    """A person's picture, and whether they chose it themselves."""

    content: bytes
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The policy version and hash that the person agreed to in the form just sent."""

    version: str
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What a door knows of who knocks, before they are anybody."""

    device: str = ""  # the device cookie, if it came
    address: str = ""  # network address: counted as a digest, kept sealed once signed in
    label: str = ""  # "Android · Chrome", see queries.label_of
    channel: str = "h5"
    token: str = ""  # the session cookie, if it came: a new sign-in replaces it


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A trip that has begun: where the browser goes, and the cookie that proves its return."""

    url: str
    cookie: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A live session as the porch sees it."""

    id: UUID
    subject_id: UUID
    label: str
    created_at: datetime
    expires_at: datetime
    strength: Strength
    unlocked_at: datetime | None
    reverified_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A finished trip: the new session, and the cookies to set."""

    token: str = field(repr=False)
    session: Session
    device: str = field(repr=False)
    next_path: str
    is_first: bool  # a new subject was opened
    is_new_device: bool
    state: SubjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionShown:
    """One of the person's own sessions in the list."""

    id: UUID
    device_id: UUID
    label: str
    created_at: datetime
    expires_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceShown:
    """One of the browsers from which the person signed in."""

    id: UUID
    label: str
    first_seen_at: datetime
    last_seen_at: datetime


class WayNews(StrEnum):
    """What became of a way to unlock, as the person is told (ASVS 6.3.7)."""

    ADDED = "way_added"
    CHANGED = "way_changed"
    REMOVED = "way_removed"


class News(StrEnum):
    """What became of an account, as the person is told; each is a text of the register."""

    NEW_DEVICE = "new_device"
    FROZEN = "frozen"
    UNFROZEN = "unfrozen"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    DOCUMENT_ENDS = "document_ends"
    DOCUMENT_OVER = "document_over"
    PHONE_GONE = "phone_gone"
    PHONE_HELD = "phone_held"


class Teller(Protocol):
    """Whoever tells people for the whole house: one text of the register for one event."""

    def __call__(self, subject_id: UUID, code: str, *, key: str, label: str = "") -> int:
        """Tell an event by its text's code; the same key tells nothing again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiblingShown:
    """A sibling app with its own switch."""

    id: str
    name: str
    purpose: str
    is_on: bool
    is_due_again: bool
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """What the page on the account's state shows."""

    state: SubjectState
    since: datetime
    accepted_version: str
    policy_due: bool
    sessions: tuple[SessionShown, ...]
    devices: tuple[DeviceShown, ...]
    may_report: bool
    may_unfreeze: bool  # after re-verification
    siblings: tuple[SiblingShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeRequest:
    """A sibling app's request, checked: the redirect address is one that it registered."""

    client: str
    name: str
    purpose: str
    redirect_uri: str
    state: str
    challenge: str
    query: str  # the request once more, to come back to after signing in


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """An access token for a sibling app, and the pairwise name of the person there."""

    access_token: str = field(repr=False)
    seconds: int
    scope: str
    pairwise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a valid access token stands for."""

    client: str
    subject_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedProfile:
    """What a sibling app is given: items by their ids, as its permit allows."""

    pairwise: str
    items: Mapping[str, str]
    transactions: tuple[str, ...]  # oldest first
    policy_version: str


class FlowRefused(Refused):
    """The trip is unknown, expired, used before, or of another browser: all look the same."""

    status = 401
    code = "flow_refused"
    message = "这次登录已失效，或不是在这个浏览器里开始的。"
    remedy = "请从登录页重新开始。"


class ProviderDeclined(Refused):
    """The person, or the provider, broke the sign-in off."""

    status = 401
    code = "provider_declined"
    message = "没有完成登录，没有取得任何信息。"
    remedy = "可以从登录页再试，或继续浏览不用登录的内容。"


class NotAgreed(Refused):
    """A new person has not agreed to the notice, so nothing of theirs was taken."""

    status = 403
    code = "not_agreed"
    message = "你还没有同意隐私政策，我们没有取得你的任何信息。"
    remedy = "请在登录页阅读并同意后再登录。"


class ClaimsMissing(Refused):
    """The provider gave less than what sign-in needs; `detail` names the items."""

    code = "claims_missing"
    remedy = "请在星号帐号里补全并允许提供后再登录；也可以不登录，只浏览。"


class AccountShut(Refused):
    """The account is being erased, or was stopped for good."""

    status = 403
    code = "account_shut"
    message = "这个帐号正在删除或已停止使用，现在不能登录。"
    remedy = "删除完成后可以重新登录，那会是一个新的帐号；需要帮助请联系客服。"


class NotSamePerson(Refused):
    """Another account proved itself than the one signed in here."""

    status = 403
    code = "not_same_person"
    message = "刚才验证的是另一个帐号，没有通过。"
    remedy = "请用当前登录的星号帐号再验证一次。"


class NeedsReverify(Refused):
    """The act needs a proof of the person within the last minutes."""

    status = 403
    code = "needs_reverify"
    message = "需要先验证是你本人。"
    remedy = "请验证后再试。"


class NotSignedIn(Refused):
    """The act needs a person who is signed in."""

    status = 401
    code = "not_signed_in"
    message = "需要先登录。"
    remedy = "请登录后再试。"


class BadClient(Refused):
    """The sibling app or its redirect address is not registered: nothing is sent there."""

    status = 400
    code = "bad_client"
    message = "请求来自没有登记的应用，已停下，没有提供任何信息。"
    remedy = "请从随星借或星诺钱包里重新开始。"


class OAuthFault(Refused):
    """A fault told to a sibling app in the words of RFC 6749; `detail` is its error code."""

    status = 400
    code = "oauth_fault"
    message = "请求不符合约定，没有提供任何信息。"
    remedy = "请从该应用重新开始。"

    def __init__(self, detail: str, *, location: str = "") -> None:
        self.location = location  # where the app is told, when it may be told by redirect
        super().__init__(detail)


class BadToken(Refused):
    """The access token is unknown, expired or revoked."""

    status = 401
    code = "invalid_token"
    message = "访问凭证无效或已过期。"
    remedy = "请重新发起授权。"
