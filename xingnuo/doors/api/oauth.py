"""xingnuo as authorization server of its sibling apps, and what they read with their tokens."""

from __future__ import annotations

import base64
import binascii
from typing import cast
from urllib.parse import unquote_plus, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch import forms
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.porch.visitor import Visitor
from xingnuo.kit.errors import BadInput, TooMany, XingnuoError
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts import queries
from xingnuo.people.accounts.contracts import AuthorizeRequest, BadToken, OAuthFault
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal, Sheet

REQUEST_CHARS_MAX = 1500
SECRET_CHARS_MAX = 300
OPTIONAL_MAX = 20


@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Ask the person whether a sibling app may be let in, or take the answer."""
    is_answer = request.method == "POST"
    if is_answer:
        query = forms.text(request, "request", limit=REQUEST_CHARS_MAX)
    else:
        query = request.META.get("QUERY_STRING", "")
    try:
        asked = queries.authorize_request(query)
    except OAuthFault as fault:
        return see_other(fault.location)
    if not _visitor(request).signed_in:
        here = f"{reverse('oauth_authorize')}?{query}"
        return see_other(f"{reverse('sign_in')}?{urlencode({'next': here})}")
    return see_other(_answered(request, asked)) if is_answer else _question(request, asked)


def _question(request: HttpRequest, asked: AuthorizeRequest) -> HttpResponse:
    apps = {app.id: app for app in queries.siblings(_visitor(request).actor)}
    app, sheet = apps[asked.client], queries.sync_sheet(asked)
    context = {
        "app": app,
        "is_live": app.is_on and not app.is_due_again,
        "sheet": _drawn(asked, sheet),
        "hidden": {"request": asked.query, "text_hash": sheet.text_hash},
    }
    return render(request, "web/oauth_authorize.html", context)


def _drawn(asked: AuthorizeRequest, sheet: Sheet) -> dict[str, object]:
    return {
        "id": "sync",
        "ask": sheet.title,
        "lead": f"{asked.name}想用你的星诺帐号登录，并读取下面的资料。",
        "what": "、".join(item.name for item in sheet.needed),
        "why": sheet.why,
        "who": "、".join(sheet.who),
        "how_long": "；".join(sheet.how_long),
        "if_refused": sheet.cost,
        "agree": sheet.accept_verb,
        "action": reverse("oauth_authorize"),
        "hidden": {"request": asked.query, "text_hash": sheet.text_hash},
        "later": "/",
        "optional": [
            {"name": item.id, "title": item.name, "sub": item.necessity or "可不提供"}
            for item in sheet.optional
        ],
    }


def _answered(request: HttpRequest, asked: AuthorizeRequest) -> str:
    actor = _visitor(request).actor
    answer = forms.text(request, "answer", limit=20)
    text_hash = forms.text(request, "text_hash", limit=64)
    if answer == "agree":
        chosen = tuple(request.POST.getlist("optional")[:OPTIONAL_MAX])
        return accounts.agree_sync(actor, asked, optional=chosen, text_hash=text_hash)
    if answer == "continue":
        return accounts.continue_sync(actor, asked)
    if answer == "refuse":
        return accounts.refuse_sync(actor, asked, text_hash=text_hash)
    raise BadInput({"answer": "请选择同意或不同意"})


@own_transactions
@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Change a code for an access token (RFC 6749, 4.1.3)."""
    try:
        client = accounts.client_of(*_credentials(request))
        if _one(request, "grant_type") != "authorization_code":
            raise OAuthFault("unsupported_grant_type")
        issued = accounts.exchange(
            client,
            code=_one(request, "code"),
            redirect_uri=_one(request, "redirect_uri"),
            verifier=_one(request, "code_verifier"),
        )
    except GateRefusal as refusal:
        # The person switched the app off within the minute: to the app the code is worth nothing.
        gate.refused(refusal)
        return _fault("invalid_grant", refusal)
    except XingnuoError as error:
        return _fault(error.detail if isinstance(error, OAuthFault) else error.code, error)
    told = {
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.seconds,
        "scope": issued.scope,
        "sub": issued.pairwise,
    }
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


@own_transactions
@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Take back an app's own access token (RFC 7009); an unknown token is answered the same."""
    try:
        client = accounts.client_of(*_credentials(request))
        accounts.revoke(client, _one(request, "token"))
    except XingnuoError as error:
        return _fault(error.detail if isinstance(error, OAuthFault) else error.code, error)
    return JsonResponse({})


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """Tell what this authorization server speaks (RFC 8414)."""
    here = settings.BASE_URL
    return JsonResponse(
        {
            "issuer": here,
            "authorization_endpoint": f"{here}{reverse('oauth_authorize')}",
            "token_endpoint": f"{here}{reverse('oauth_token')}",
            "revocation_endpoint": f"{here}{reverse('oauth_revoke')}",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "scopes_supported": ["openid", "sync"],
            "subject_types_supported": ["pairwise"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
    )


@require_GET
def sync_profile(request: HttpRequest) -> HttpResponse:
    """Give a sibling app what the person agreed to; a refusal names reason and remedy."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise BadToken("scheme")
        given = queries.profile_for(secret.strip())
    except BadToken as error:
        answer = _problem(error)
        answer["WWW-Authenticate"] = 'Bearer realm="xingnuo", error="invalid_token"'
        return answer
    told = {
        "sub": given.pairwise,
        "items": dict(given.items),
        "transactions": list(given.transactions),
        "policy_version": given.policy_version,
    }
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def _visitor(request: HttpRequest) -> Visitor:
    return cast(Visitor, request.visitor)  # type: ignore[attr-defined]


def _credentials(request: HttpRequest) -> tuple[str, str]:
    scheme, _, packed = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return _one(request, "client_id"), _one(request, "client_secret")
    try:
        text = base64.b64decode(packed.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthFault("invalid_client") from None
    name, mark, secret = text.partition(":")
    if scheme.lower() != "basic" or not mark:
        raise OAuthFault("invalid_client")
    return unquote_plus(name), unquote_plus(secret)


def _one(request: HttpRequest, name: str) -> str:
    values = request.POST.getlist(name)
    if len(values) > 1 or any(len(value) > SECRET_CHARS_MAX for value in values):
        raise OAuthFault("invalid_request")
    return values[0] if values else ""


def _fault(code: str, error: XingnuoError) -> JsonResponse:
    status = {"invalid_client": 401}.get(code, 400 if error.status < 429 else error.status)
    answer = JsonResponse(
        {"error": code, "error_description": error.code, "remedy": error.remedy_text},
        status=status,
        headers={"Cache-Control": "no-store"},
    )
    if status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="xingnuo"'
    if isinstance(error, TooMany):
        answer["Retry-After"] = str(error.retry_after_seconds)
    return answer


def _problem(error: XingnuoError) -> JsonResponse:
    told = {
        "type": f"urn:xingnuo:{error.code}",
        "title": error.message_text,
        "status": error.status,
        "code": error.code,
        "remedy": error.remedy_text,
    }
    return JsonResponse(told, status=error.status, content_type="application/problem+json")
