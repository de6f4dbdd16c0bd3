"""What a person does at the provider itself: look, change the password, stop apps, sign out."""

from __future__ import annotations

from sandbox.account import clients, flows, keys, notices, pages, people, sessions
from sandbox.account.door import new_password
from sandbox.account.sessions import Session
from sandbox.ground import clock
from sandbox.ground.http import Request, Response, cookie_header, redirect
from sandbox.ground.partner import World


def home(world: World, request: Request) -> Response:
    """Show the account, or the way to sign in."""
    session = sessions.of(world, request)
    if session.person is None:
        return redirect("/account/sign-in")
    names = {name: client.name for name, client in clients.registered(world.settings).items()}
    return pages.home(session, people.grants(world, session.person["sub"]), names)


def password_page(world: World, request: Request) -> Response:
    """Show the form for a new password."""
    session = sessions.of(world, request)
    return pages.password(session) if session.person else redirect("/account/sign-in")


def password(world: World, request: Request) -> Response:
    """Change the password; every other browser and every client is signed out and told."""
    session, fields = _posted(world, request)
    person = session.known()
    found = new_password(fields, "fresh")
    try:
        right = people.checked(world, phone=person["phone"], password=fields.get("password", ""))
        if right is None:
            found.insert(0, ("password", "现在的密码不对"))
    except people.TooManyTries:
        found.insert(0, ("password", "试的次数太多，请 15 分钟后再来"))
    if found:
        return pages.password(session, found=found)
    people.set_password(world, person["sub"], fields["fresh"])
    sessions.end_all(world, person["sub"])
    notices.tell(world, person["sub"])
    return sessions.begin(world, person["sub"]).carried_by(world, redirect("/account/"))


def stop_app(world: World, request: Request) -> Response:
    """Take back what was agreed for one client, with its tokens."""
    session, fields = _posted(world, request)
    sub, client_id = session.known()["sub"], fields.get("client_id", "")
    with world.store.transaction():
        world.store.run("DELETE FROM account_grant WHERE sub = ? AND client_id = ?", sub, client_id)
        world.store.run(
            "UPDATE account_token SET revoked_at = ? WHERE sub = ? AND client_id = ?"
            " AND revoked_at IS NULL",
            clock.now(), sub, client_id,
        )  # fmt: skip
    return redirect("/account/")


def sign_out(world: World, request: Request) -> Response:
    """Sign this browser out."""
    session, _ = _posted(world, request)
    sessions.end(world, session)
    return _forgotten(pages.gone())


def sign_out_everywhere(world: World, request: Request) -> Response:
    """Sign every browser out, revoke every token, and tell the clients."""
    session, _ = _posted(world, request)
    sub = session.known()["sub"]
    sessions.end_all(world, sub)
    notices.tell(world, sub)
    return _forgotten(pages.gone())


def end_session(world: World, request: Request) -> Response:
    """Sign out for a client (RP-Initiated Logout 1.0); without the client's proof, ask first."""
    posted = request.method == "POST"
    session = sessions.of(world, request)
    fields = request.form() if posted else request.query_fields()
    hint = keys.read_own(world, fields.get("id_token_hint", ""))
    client = clients.find(world.settings, str(hint.get("aud") or fields.get("client_id", "")))
    back = fields.get("post_logout_redirect_uri", "")
    if client is None or back not in client.signed_out_uris:
        back = ""
    state = fields.get("state", "")
    ours = session.person is None or hint.get("sub") == session.person["sub"]
    if posted and "csrf" in fields:
        session.check(fields["csrf"])
    elif not ours:
        hidden = [("post_logout_redirect_uri", back), ("state", state)]
        hidden.append(("client_id", client.id if client else ""))
        return pages.leaving(session, client, hidden)
    sessions.end(world, session)
    return _forgotten(redirect(back, state=state) if back else pages.gone())


def books(world: World) -> dict[str, object]:
    """Say everything that the provider holds, without a password or a secret."""
    people_held = world.store.rows(
        "SELECT sub, phone, nickname, demo, created_at,"
        " (SELECT count(*) FROM account_session s WHERE s.sub = p.sub) AS sessions,"
        " (SELECT count(*) FROM account_token t WHERE t.sub = p.sub AND t.revoked_at IS NULL"
        "   AND t.expires_at > ?) AS tokens"
        " FROM account_person p ORDER BY created_at, sub",
        clock.now(),
    )
    for person in people_held:
        person["created_at"] = clock.iso(person["created_at"])
        person["grants"] = {
            grant["client_id"]: grant["scope"] for grant in people.grants(world, person["sub"])
        }
    notices_told = world.outbox.told(notices.OPERATION)
    return {
        "issuer": flows.issuer(world),
        "accounts": people_held,
        "logout_notices": [{"sub": one.pop("about"), **one} for one in notices_told],
    }


def _posted(world: World, request: Request) -> tuple[Session, dict[str, str]]:
    session, fields = sessions.of(world, request), request.form()
    session.check(fields.get("csrf", ""))
    return session, fields


def _forgotten(response: Response) -> Response:
    return response.plus(cookie_header(sessions.COOKIE, "", path=sessions.PATH, seconds=0))
