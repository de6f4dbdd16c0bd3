"""One sign-in from the client's question to the code that answers it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.account import clients, people
from sandbox.account.sessions import Session
from sandbox.ground import chance, clock
from sandbox.ground.http import Problem, Response, redirect
from sandbox.ground.partner import World

FLOW_SECONDS_MAX = 600
CODE_SECONDS_MAX = 60
SECRET_CHARS = range(8, 513)
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
PROMPTS = {"none", "login", "consent"}


class SentBack(Exception):
    """The client is told an error at its own address (RFC 6749, 4.1.2.1)."""

    def __init__(self, redirect_uri: str, state: str, error: str, why: str) -> None:
        super().__init__(error)
        self.redirect_uri, self.state, self.error, self.why = redirect_uri, state, error, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asks for, checked."""

    client_id: str
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str
    prompts: list[str]
    age_max: int | None
    phone_hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A question on its way to an answer; `proven` when the person signed in within it."""

    id: str
    asked: Asked
    proven: bool

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Give the field that carries the flow through forms."""
        return [("flow", self.id)]


def read(world: World, fields: Mapping[str, str]) -> Asked:
    """Check a client's question.

    Raises a 400 where the client or its address is not registered, since nobody may then be
    sent anywhere; raises `SentBack` for everything else.
    """
    client = clients.find(world.settings, fields.get("client_id", ""))
    redirect_uri, state = fields.get("redirect_uri", ""), fields.get("state", "")
    if client is None:
        raise Problem(400, "client_unknown", "没有登记过这个应用，不能登录。")
    if redirect_uri not in client.redirect_uris:
        raise Problem(400, "redirect_foreign", "返回地址没有登记过，不能登录。")

    def need(holds: bool, error: str, why: str) -> None:
        if not holds:
            raise SentBack(redirect_uri, state if len(state) in SECRET_CHARS else "", error, why)

    scope = fields.get("scope", "").split()
    prompts, age = fields.get("prompt", "").split(), fields.get("max_age", "")
    need("request" not in fields, "request_not_supported", "request objects are not read")
    need("request_uri" not in fields, "request_uri_not_supported", "request_uri is not read")
    need(fields.get("response_type") == "code", "unsupported_response_type", "code only")
    need(fields.get("response_mode", "query") == "query", "invalid_request", "query only")
    need("openid" in scope, "invalid_scope", "openid is needed")
    need(set(scope) <= set(clients.SCOPES), "invalid_scope", "a scope is not known")
    need(len(state) in SECRET_CHARS, "invalid_request", "state of 8 to 512 characters is needed")
    nonce = fields.get("nonce", "")
    need(len(nonce) in SECRET_CHARS, "invalid_request", "nonce of 8 to 512 characters is needed")
    need(fields.get("code_challenge_method") == "S256", "invalid_request", "PKCE with S256 only")
    challenge = fields.get("code_challenge", "")
    need(bool(CHALLENGE.fullmatch(challenge)), "invalid_request", "code_challenge is needed")
    need(set(prompts) <= PROMPTS, "invalid_request", "prompt is not known")
    need("none" not in prompts or prompts == ["none"], "invalid_request", "none stands alone")
    need(not age or (age.isascii() and age.isdigit() and len(age) < 10), "invalid_request", "age")
    return Asked(
        client_id=client.id, redirect_uri=redirect_uri, scope=" ".join(sorted(set(scope))),
        state=state, nonce=nonce, challenge=challenge, prompts=prompts,
        age_max=int(age) if age else None,
        phone_hint=people.normal_phone(fields.get("login_hint", "")),
    )  # fmt: skip


def open_flow(world: World, session: Session, asked: Asked) -> Flow:
    """Keep a question until it is answered; it belongs to one browser."""
    flow = Flow(id=chance.token(), asked=asked, proven=False)
    now = clock.now()
    with world.store.transaction():
        world.store.run("DELETE FROM account_flow WHERE created_at < ?", now - FLOW_SECONDS_MAX)
        world.store.run(
            "INSERT INTO account_flow (id, sid, asked, proven, created_at) VALUES (?, ?, ?, 0, ?)",
            flow.id, session.sid, json.dumps(asdict(asked)), now,
        )  # fmt: skip
    return flow


def find(world: World, session: Session, flow_id: str) -> Flow | None:
    """Give a flow of this browser; None where none is named; raises a 400 where it is gone."""
    if not flow_id:
        return None
    found = world.store.row(
        "SELECT * FROM account_flow WHERE id = ? AND sid = ? AND created_at > ?",
        flow_id, session.sid, clock.now() - FLOW_SECONDS_MAX,
    )  # fmt: skip
    if found is None:
        raise Problem(400, "flow_gone", "这次登录已失效，请回到应用里重新登录。")
    asked: dict[str, Any] = json.loads(found["asked"])
    return Flow(id=flow_id, asked=Asked(**asked), proven=bool(found["proven"]))


def prove(world: World, flow: Flow, session: Session) -> Flow:
    """Note that the person signed in within the flow, which moves to their new session."""
    world.store.run(
        "UPDATE account_flow SET proven = 1, sid = ? WHERE id = ?", session.sid, flow.id
    )
    return Flow(id=flow.id, asked=flow.asked, proven=True)


def lacking(world: World, session: Session, flow: Flow) -> str:
    """Say what the flow still needs: `login`, `consent`, or nothing."""
    asked, person = flow.asked, session.person
    if person is None:
        return "login"
    stale = asked.age_max is not None and clock.now() - session.auth_time >= asked.age_max
    if not flow.proven and (stale or "login" in asked.prompts):
        return "login"
    given = people.granted_scope(world, person["sub"], client_id=asked.client_id)
    covered = set(asked.scope.split()) <= set(given.split())
    return "" if covered and "consent" not in asked.prompts else "consent"


def answer(world: World, session: Session, asked: Asked, *, flow_id: str = "") -> Response:
    """Send the browser back with a code that is good once, within a minute."""
    person, code = session.known(), chance.token()
    with world.store.transaction():
        # A flow is answered once, so that a repeated form makes no second code.
        if flow_id and not world.store.run("DELETE FROM account_flow WHERE id = ?", flow_id):
            raise Problem(400, "flow_gone", "这次登录已失效，请回到应用里重新登录。")
        world.store.run(
            "INSERT INTO account_code (kept, family, sub, client_id, redirect_uri, scope, nonce,"
            " challenge, sid, auth_time, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            chance.kept(code), chance.name("family"), person["sub"], asked.client_id,
            asked.redirect_uri, asked.scope, asked.nonce, asked.challenge, session.sid,
            session.auth_time, clock.now(),
        )  # fmt: skip
    return redirect(asked.redirect_uri, code=code, state=asked.state, iss=issuer(world))


def refused(world: World, back: SentBack) -> Response:
    """Send the browser back with an error."""
    return redirect(
        back.redirect_uri,
        error=back.error, error_description=back.why, state=back.state, iss=issuer(world),
    )  # fmt: skip


def declined(world: World, asked: Asked) -> Response:
    """Send the browser back with the person's no."""
    return refused(world, SentBack(asked.redirect_uri, asked.state, "access_denied", "declined"))


def issuer(world: World) -> str:
    """Give the provider's name, as its tokens carry it."""
    return f"{world.settings.own_url}/account"
