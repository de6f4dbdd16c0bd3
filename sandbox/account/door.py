"""The way through the provider: the client's question, sign-in, registration, consent, answer."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.account import clients, flows, pages, people, sessions
from sandbox.account.clients import Client
from sandbox.account.flows import Asked, Flow, SentBack
from sandbox.account.sessions import Session
from sandbox.ground.http import Request, Response, redirect
from sandbox.ground.partner import World

AUTHORIZE_FAULTS = frozenset({"decline"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a browser: its session, the flow it is in, what it posted."""

    session: Session
    flow: Flow | None
    client: Client | None
    fields: dict[str, str]


def authorize(world: World, request: Request) -> Response:
    """Take a client's question and lead the person to its answer."""
    posted = request.method == "POST"
    fields = request.form() if posted else request.query_fields()
    session = sessions.of(world, request)
    try:
        asked = flows.read(world, fields)
        if request.fault.kind == "decline":
            return flows.declined(world, asked)
        if asked.prompts == ["none"]:
            return _silently(world, session, asked)
    except SentBack as back:
        return flows.refused(world, back)
    flow = flows.open_flow(world, session, asked)
    return session.carried_by(world, _onward(world, session, flow))


def sign_in_page(world: World, request: Request) -> Response:
    """Show the sign-in form."""
    visit = _visit(world, request)
    hint = visit.flow.asked.phone_hint if visit.flow else ""
    shown = pages.sign_in(visit.session, visit.flow, visit.client, phone=hint)
    return visit.session.carried_by(world, shown)


def sign_in(world: World, request: Request) -> Response:
    """Take phone and password."""
    visit = _visit(world, request)
    phone = people.normal_phone(visit.fields.get("phone", ""))
    password = visit.fields.get("password", "")
    found, status = [], 422
    if not phone:
        found.append(("phone", "手机号应是 11 位数字"))
    if not password:
        found.append(("password", "请填写密码"))
    if not found:
        try:
            person = people.checked(world, phone=phone, password=password[:1000])
        except people.TooManyTries:
            person, status = None, 429
            found.append(("password", "试的次数太多，请 15 分钟后再来"))
        if person:
            return _signed_in(world, visit, person["sub"])
        found = found or [("password", "手机号或密码不对")]
    typed = visit.fields.get("phone", "")
    return pages.sign_in(
        visit.session, visit.flow, visit.client, phone=typed, found=found, status=status
    )


def register_page(world: World, request: Request) -> Response:
    """Show the registration form."""
    visit = _visit(world, request)
    shown = pages.register(visit.session, visit.flow, visit.client, typed={})
    return visit.session.carried_by(world, shown)


def register(world: World, request: Request) -> Response:
    """Make an account and sign its person in."""
    visit = _visit(world, request)
    fields = visit.fields
    phone = people.normal_phone(fields.get("phone", ""))
    nickname = fields.get("nickname", "").strip()
    found = [] if phone else [("phone", "手机号应是 11 位数字")]
    if len(nickname) not in people.NICKNAME_CHARS or not nickname.isprintable():
        found.append(("nickname", "昵称应是 1 到 20 个字"))
    found += new_password(fields, "password")
    if not found:
        try:
            sub = people.create(world, phone=phone, nickname=nickname, password=fields["password"])
            return _signed_in(world, visit, sub)
        except people.PhoneTaken:
            found.append(("phone", "这个手机号已有帐号，请直接登录"))
    return pages.register(visit.session, visit.flow, visit.client, typed=fields, found=found)


def consent_page(world: World, request: Request) -> Response:
    """Show what the client asks for."""
    visit = _visit(world, request)
    if visit.flow is None or visit.client is None:
        return redirect("/account/")
    if flows.lacking(world, visit.session, visit.flow) == "login":
        return redirect("/account/sign-in", flow=visit.flow.id)
    return pages.consent(visit.session, visit.flow, visit.client)


def consent(world: World, request: Request) -> Response:
    """Take the person's answer."""
    visit = _visit(world, request)
    if visit.flow is None or visit.client is None:
        return redirect("/account/")
    if flows.lacking(world, visit.session, visit.flow) == "login":
        return redirect("/account/sign-in", flow=visit.flow.id)
    asked, person = visit.flow.asked, visit.session.known()
    # Whatever is not a plain yes is a no.
    if visit.fields.get("decision") != "agree":
        return flows.declined(world, asked)
    people.agree(world, person["sub"], client_id=asked.client_id, scope=asked.scope)
    return flows.answer(world, visit.session, asked, flow_id=visit.flow.id)


def cancel(world: World, request: Request) -> Response:
    """Lead the person back without an answer."""
    visit = _visit(world, request)
    return flows.declined(world, visit.flow.asked) if visit.flow else redirect("/account/")


def new_password(fields: dict[str, str], name: str) -> list[tuple[str, str]]:
    """Say what is wrong with a new password that was typed twice."""
    typed = fields.get(name, "")
    if len(typed) not in people.PASSWORD_CHARS:
        return [(name, "密码应是 8 到 128 位")]
    return [] if typed == fields.get("again") else [("again", "两次输入的密码不一样")]


def _visit(world: World, request: Request) -> Visit:
    session = sessions.of(world, request)
    fields = request.form() if request.method == "POST" else request.query_fields()
    if request.method == "POST":
        session.check(fields.get("csrf", ""))
    flow = flows.find(world, session, fields.get("flow", ""))
    client = clients.find(world.settings, flow.asked.client_id) if flow else None
    return Visit(session=session, flow=flow, client=client, fields=fields)


def _signed_in(world: World, visit: Visit, sub: str) -> Response:
    session = sessions.begin(world, sub, instead_of=visit.session)
    if visit.flow is None:
        return session.carried_by(world, redirect("/account/"))
    flow = flows.prove(world, visit.flow, session)
    return session.carried_by(world, _onward(world, session, flow))


def _onward(world: World, session: Session, flow: Flow) -> Response:
    lacks = flows.lacking(world, session, flow)
    if lacks == "login":
        return redirect("/account/sign-in", flow=flow.id)
    if lacks == "consent":
        return redirect("/account/consent", flow=flow.id)
    return flows.answer(world, session, flow.asked, flow_id=flow.id)


def _silently(world: World, session: Session, asked: Asked) -> Response:
    lacks = flows.lacking(world, session, Flow(id="", asked=asked, proven=False))
    if lacks:
        raise SentBack(asked.redirect_uri, asked.state, f"{lacks}_required", "prompt is none")
    return flows.answer(world, session, asked)
