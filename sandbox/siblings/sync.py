"""Signs a person in by xingnuo and fetches what they agreed to give the app."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from sandbox.ground import chance, clock
from sandbox.ground.calls import Answer, Unreachable, call
from sandbox.ground.http import Request, Response, redirect
from sandbox.ground.partner import World
from sandbox.siblings.apps import App, Session, note, renew, session_of

TEXT_CHARS_MAX = 300
# Where a person's name at this app may stand in xingnuo's answers, the surest first.
ACCOUNT_NAMES = ("sub", "pairwise", "account_id")


class Refused(Exception):
    """xingnuo said no, or could not be understood; `told` is what the page shows of it."""

    def __init__(self, status: int, code: str, text: str, remedy: str = "") -> None:
        super().__init__(code)
        cut = slice(TEXT_CHARS_MAX)
        self.told: dict[str, Any] = {
            "status": status, "code": code[cut], "text": text[cut], "remedy": remedy[cut],
        }  # fmt: skip


def begin(world: World, app: App, request: Request) -> Response:
    """Send the browser to xingnuo with a new state and a new verifier."""
    session = session_of(world, app, request)
    state, verifier = chance.token(), chance.token() + chance.token()
    digest = hashlib.sha256(verifier.encode()).digest()
    note(world, session, state=state, verifier=verifier, refusal="")
    onward = redirect(
        f"{world.settings.base_url}/oauth/authorize",
        response_type="code",
        client_id=app.id,
        redirect_uri=app.callback(world),
        scope=world.settings.sibling_scope,
        state=state,
        nonce=chance.token(),
        code_challenge=base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        code_challenge_method="S256",
    )
    return session.carried_by(world, onward)


def callback(world: World, app: App, request: Request) -> Response:
    """Take the browser back from xingnuo: change the code, fetch the copy, show the page."""
    session, fields = session_of(world, app, request), request.query_fields()
    state, verifier = session.state, session.verifier
    # One answer per question: the state is spent whatever comes of it.
    note(world, session, state="", verifier="")
    try:
        right = hmac.compare_digest(fields.get("state", "").encode(), state.encode())
        if not state or not right:
            raise Refused(400, "state_wrong", "这次登录不是从这个页面开始的。", "请重新登录。")
        if fields.get("iss", world.settings.base_url) != world.settings.base_url:
            raise Refused(400, "issuer_wrong", "回答不是星诺给的。", "请重新登录。")
        if "code" not in fields:
            raise _in_words(fields.get("error", "no_code"))
        told = _exchange(world, app, code=fields["code"], verifier=verifier)
    except Refused as refused:
        note(world, session, refusal=json.dumps(refused.told))
        return session.carried_by(world, redirect(app.home))
    session = renew(world, session)
    note(world, session, access_token=told["access_token"], account_id=_account(told))
    _fetch(world, session_now(world, session), told)
    return session.carried_by(world, redirect(app.home))


def again(world: World, app: App, request: Request) -> Response:
    """Fetch the copy anew, with the sign-in that there is."""
    session = session_of(world, app, request)
    session.check(request.form().get("csrf", ""))
    if session.access_token:
        _fetch(world, session, {})
    return redirect(app.home)


def leave(world: World, app: App, request: Request) -> Response:
    """Sign this browser out of the app; its copy stays until a notice erases it."""
    session = session_of(world, app, request)
    session.check(request.form().get("csrf", ""))
    return renew(world, session).carried_by(world, redirect(app.home))


def session_now(world: World, session: Session) -> Session:
    """Give a session as it is kept now."""
    found = world.store.row(
        "SELECT access_token, account_id FROM sibling_session WHERE kept = ?", session.kept
    ) or {"access_token": "", "account_id": ""}
    return Session(app=session.app, kept=session.kept, csrf=session.csrf, **found)


def _exchange(world: World, app: App, *, code: str, verifier: str) -> dict[str, Any]:
    pair = f"{quote_plus(app.id)}:{quote_plus(app.secret(world))}"
    answer = _call(
        f"{world.settings.base_url}/oauth/token",
        form={
            "grant_type": "authorization_code", "code": code, "code_verifier": verifier,
            "redirect_uri": app.callback(world),
        },
        headers={"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"},
    )  # fmt: skip
    told = answer.json()
    if answer.status != 200 or not isinstance(told.get("access_token"), str):
        raise _refusal(answer)
    return told


def _fetch(world: World, session: Session, issued: Mapping[str, Any]) -> None:
    """Fetch and keep the copy, or keep the refusal that came instead."""
    app = session.app
    try:
        answer = _call(
            f"{world.settings.base_url}/api/v1/sync/profile",
            headers={"Authorization": f"Bearer {session.access_token}"},
        )
        profile = answer.json()
        if answer.status != 200:
            raise _refusal(answer)
        account_id = _account(profile) or _account(issued) or session.account_id
        if not account_id:
            raise Refused(502, "no_account", "星诺没有说这是谁。", "请稍后再试。")
    except Refused as refused:
        note(world, session, refusal=json.dumps(refused.told))
        return
    now = clock.now()
    with world.store.transaction():
        world.store.run(
            "INSERT INTO sibling_copy (app, account_id, profile, first_at, synced_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (app, account_id) DO UPDATE"
            " SET profile = excluded.profile, synced_at = excluded.synced_at",
            app.id, account_id, json.dumps(profile, ensure_ascii=False), now, now,
        )  # fmt: skip
        note(world, session, account_id=account_id, refusal="")


def _call(
    address: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str]
) -> Answer:
    try:
        return call(address, form=form, headers=headers)
    except Unreachable:
        raise Refused(504, "unreachable", "没有连上星诺。", "请稍后再试。") from None


def _refusal(answer: Answer) -> Refused:
    """Read a refusal: problem+json (RFC 9457), or an OAuth error whose description is a code."""
    told = {name: value for name, value in answer.json().items() if isinstance(value, str)}
    codes = [told[name] for name in ("code", "error", "error_description") if told.get(name)]
    words = _in_words(codes[0] if codes else "")
    return Refused(
        answer.status,
        " · ".join(codes) or "not_understood",
        told.get("detail") or told.get("title") or words.told["text"],
        told.get("remedy") or words.told["remedy"],
    )


def _in_words(error: str) -> Refused:
    if error == "access_denied":
        return Refused(403, error, "你没有同意把资料同步过来。", "想同步时，再用星诺帐号登录一次。")
    return Refused(400, error, "星诺没有接受这次请求。", "请重新登录。")


def _account(told: Mapping[str, Any]) -> str:
    for name in ACCOUNT_NAMES:
        if isinstance(told.get(name), str) and 0 < len(told[name]) <= TEXT_CHARS_MAX:
            return str(told[name])
    return ""
