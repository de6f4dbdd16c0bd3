"""What leaves the sharing room: a parcel for one recipient, and why one cannot be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from xingnuo.kit.errors import BadInput, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Declared items for one recipient and purpose, recorded before they leave.

    Partners' clients open it with `sharing.queries.contents`; a parcel made anywhere else, for
    another recipient, or whose record is not committed yet does not open.
    """

    id: UUID
    recipient: str
    purpose: str
    subject_id: UUID
    items: tuple[str, ...]
    values: Mapping[str, str] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False, default_factory=dict)
    seal: object = field(default=None, repr=False, compare=False)


class NotSealed(Refused):
    """The parcel was not made by the sharing room, or its record is not committed yet."""

    code = "not_sealed"
    message = "这份信息没有登记，不能送出。"
    remedy = "请重新发起。"


class WrongRecipient(Refused):
    """The parcel is for another recipient."""

    code = "wrong_recipient"
    message = "这份信息不是给这一方的。"
    remedy = "请重新发起。"


class TooLarge(BadInput):
    """A file is larger than a parcel carries."""

    code = "too_large"
    message = "文件太大，不能送出。"
    remedy = "请换一份小一些的文件。"

    def __init__(self, detail: str) -> None:
        super().__init__(detail=detail)
