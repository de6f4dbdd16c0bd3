"""How a fault goes out: a page for people, problem+json for machines, the same words in both."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from xingnuo.kit.errors import NotFound, Refused, TooMany, XingnuoError
from xingnuo.trust.gate.contracts import GateRefusal, Reason

_HIDDEN = (Reason.FOREIGN_SUBJECT, Reason.UNKNOWN_SUBJECT)


def wants_json(request: HttpRequest) -> bool:
    """Say whether the caller is a machine."""
    return request.path.startswith(("/api/", "/oauth/token", "/hooks/"))


def shell_of(request: HttpRequest) -> str:
    """Name the door whose pages tell a fault; the porch's own unless a door said otherwise."""
    return getattr(request, "shell", "porch")


def page(request: HttpRequest, error: XingnuoError) -> HttpResponse:
    """Answer a fault of the house by its own status, message and remedy."""
    response = _problem(error) if wants_json(request) else _page(request, error)
    response.fault_code = error.code  # type: ignore[attr-defined]
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after_seconds)
    return response


def refusal(request: HttpRequest, refused: GateRefusal) -> HttpResponse:
    """Answer a gate refusal; what is another person's looks just like what does not exist."""
    return page(request, NotFound() if refused.reason in _HIDDEN else refused)


def _problem(error: XingnuoError) -> JsonResponse:
    body: dict[str, object] = {
        "type": f"urn:xingnuo:{error.code}",
        "title": error.message_text,
        "status": error.status,
        "code": error.code,
        "remedy": error.remedy_text,
    }
    if isinstance(error, GateRefusal):
        body["reason"] = error.reason.value
    fields = getattr(error, "fields", None)
    if fields:
        body["fields"] = fields
    return JsonResponse(body, status=error.status, content_type="application/problem+json")


def _page(request: HttpRequest, error: XingnuoError) -> HttpResponse:
    context = {
        "message": error.message_text,
        "remedy": error.remedy_text,
        "code": error.code,
        "reason": error.reason.value if isinstance(error, GateRefusal) else "",
        "purpose": error.purpose if isinstance(error, GateRefusal) else "",
        "status": error.status,
    }
    name = "404" if error.status == 404 else "error"
    template = f"{shell_of(request)}/{name}.html"
    return render(request, template, context, status=error.status)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that came without its token, or from another site."""
    if wants_json(request):
        return _problem(Refused(message="请求没有带上凭证，没有做任何改动。"))
    return render(request, f"{shell_of(request)}/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a path that does not exist, just as a thing that is not yours."""
    return page(request, NotFound())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what cannot be read at all: too much of it, or not what its headers say."""
    words = "提交的内容太多，或者读不懂，没有做任何改动。"
    return page(request, XingnuoError(message=words, remedy="请减少内容后再试。"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an unforeseen fault: one body for all, nothing of the fault in it."""
    error = XingnuoError(message="出了点问题，没有做任何改动。", remedy="请稍后再试，或联系客服。")
    response = _problem(error) if wants_json(request) else HttpResponse(_LAST_RESORT)
    response.status_code = 500
    return response


_LAST_RESORT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>出了点问题</title>
<h1>出了点问题</h1><p>没有做任何改动。请稍后再试，或联系客服。</p><p><a href="/">回首页</a></p></html>"""
