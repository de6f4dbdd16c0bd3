"""Errors of the house: a code, a plain message and a remedy, never a personal value."""

from __future__ import annotations

from typing import ClassVar


class XingnuoError(Exception):
    """The base of every fault the house names.

    `status` is the HTTP status a door answers with; `code` is stable for machines;
    `message` and `remedy` are Chinese sentences for people. Arguments never carry
    personal values: `detail` takes declared names only (an item id, a purpose id).
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    message: ClassVar[str] = "这一步没有完成。"
    remedy: ClassVar[str] = "请检查后再试。"

    def __init__(self, detail: str = "", *, message: str = "", remedy: str = "") -> None:
        self.detail = detail
        self.message_text = message or self.message
        self.remedy_text = remedy or self.remedy
        super().__init__(f"{self.code}{f' ({detail})' if detail else ''}")


class BadInput(XingnuoError):
    """What was typed or sent cannot be taken; `fields` names each field and what to do."""

    status = 422
    code = "bad_input"
    message = "填写的内容需要修改。"
    remedy = "请按提示修改后再提交。"

    def __init__(self, fields: dict[str, str] | None = None, detail: str = "") -> None:
        self.fields = dict(fields or {})
        super().__init__(detail or ",".join(sorted(self.fields)))


class NotFound(XingnuoError):
    """There is no such thing, or it is not yours: both look the same."""

    status = 404
    code = "not_found"
    message = "没有找到这项内容。"
    remedy = "请从首页重新进入。"


class Refused(XingnuoError):
    """The house refuses an act by rule."""

    status = 403
    code = "refused"
    message = "这一步现在不能进行。"
    remedy = "请查看原因后再试。"


class Conflict(XingnuoError):
    """The thing changed meanwhile, or the same key came with other content."""

    status = 409
    code = "conflict"
    message = "内容已经变化，或同一请求编号用在了不同内容上。"
    remedy = "请刷新后再试。"


class TooMany(XingnuoError):
    """Too many tries in the time allowed."""

    status = 429
    code = "too_many"
    message = "操作太频繁。"
    remedy = "请稍后再试。"

    def __init__(
        self, detail: str = "", *, retry_after_seconds: int = 60, message: str = ""
    ) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(detail, message=message)


class Unavailable(XingnuoError):
    """A part that is needed does not answer; nothing was done."""

    status = 503
    code = "unavailable"
    message = "服务暂时连不上，没有做任何改动。"
    remedy = "请稍后再试。"
