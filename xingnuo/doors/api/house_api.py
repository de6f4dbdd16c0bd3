"""The API itself, and what its operations share."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer

from xingnuo.doors.api.shapes import Problem
from xingnuo.doors.porch import errors, forms
from xingnuo.doors.porch.visitor import Visitor
from xingnuo.kit.errors import BadInput, XingnuoError
from xingnuo.trust.gate.contracts import Actor


class SignInFirst(XingnuoError):
    """The call needs a person's session."""

    status = 401
    code = "sign_in_first"
    message = "需要先登录。"
    remedy = "请登录后在 Authorization 头里带上令牌。"


class PersonAuth(HttpBearer):
    """A person's session token; the porch has resolved it already, inside the transaction."""

    def __call__(self, request: HttpRequest) -> Any:
        """Let the person in, or tell to sign in."""
        visitor = cast(Visitor, request.visitor)  # type: ignore[attr-defined]
        if not visitor.signed_in:
            raise SignInFirst
        return visitor

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Unused: `__call__` decides by what the porch found."""
        raise SignInFirst


class StrictParser(Parser):
    """One JSON parser in every door: no duplicate keys, no deep nesting, no odd numbers."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Parse a JSON object."""
        return forms.body(request)


PROBLEMS = {
    frozenset({400, 401, 403, 404, 409, 413, 422, 429, 503}): Problem,
}


class HouseAPI(NinjaAPI):
    """The API, whose document tells each fault in the type in which it goes out."""

    def get_openapi_schema(self, **told: Any) -> Any:
        """Give the document; faults are `application/problem+json` (RFC 9457)."""
        document = super().get_openapi_schema(**told)
        for methods in document["paths"].values():
            for operation in methods.values():
                for status, answer in operation["responses"].items():
                    content = answer.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        content["application/problem+json"] = content.pop("application/json")
        return document


api = HouseAPI(
    title="星诺",
    version="1.0.0",
    description="The same as the H5 app: what a person sees and decides about their data.",
    docs_url=None,
    parser=StrictParser(),
    auth=PersonAuth(),
    urls_namespace="api",
)


@api.exception_handler(ValidationError)
def bad_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Tell which fields need a change; the values sent are never repeated."""
    fields = {
        ".".join(str(part) for part in fault["loc"][1:])[:80]
        or "body": "这一项的格式不对，或没有声明"
        for fault in error.errors
    }
    return errors.page(request, BadInput(fields))


@api.exception_handler(HttpError)
def bad_body(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Tell that the body is no proper JSON object."""
    return errors.page(request, BadInput({"body": "不是有效的 JSON 对象"}))


def visitor(request: HttpRequest) -> Visitor:
    """Give who calls."""
    return cast(Visitor, request.visitor)  # type: ignore[attr-defined]


def me(request: HttpRequest) -> tuple[Actor, UUID]:
    """Give the calling person and their subject."""
    actor = visitor(request).actor
    assert actor.subject_id is not None, "an operation for a person without one"
    return actor, actor.subject_id
