"""What leaves the account provider: who signed in there, and why it cannot be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xingnuo.kit.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who signed in, as a verified token says; personal fields are empty where not given."""

    account_id: str
    phone: str
    nickname: str
    avatar: str  # the address of the picture
    provider_session: str  # the provider's own session, for back-channel logout
    authenticated_at: datetime | None  # when the person last proved themselves there, if told
    picture: bytes = b""  # as it came, unread; empty where it could not be had


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOut:
    """A verified logout notice: of one session of the provider's, or of an account."""

    account_id: str
    provider_session: str
    token_id: str
    issued_at: datetime


class TokenRefused(Refused):
    """A token is not the provider's, not for us, not of this attempt, or not of this time."""

    status = 401
    code = "token_refused"
    message = "登录凭证没有通过核对，没有登录。"
    remedy = "请从登录页重新开始。"


class CodeRefused(Refused):
    """The provider does not take the code: used before, too old, or not of this attempt."""

    status = 401
    code = "code_refused"
    message = "这次登录已失效。"
    remedy = "请从登录页重新开始。"
