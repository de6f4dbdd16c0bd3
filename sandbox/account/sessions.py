"""The browser's session at the provider: a cookie of random bits, kept as its hash."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from sandbox.account import people
from sandbox.ground import chance, clock
from sandbox.ground.http import Problem, Request, Response, cookie_header
from sandbox.ground.partner import World

COOKIE = "sandbox_account"
PATH = "/account"
SECONDS_MAX = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser; `person` is who is signed in there. `fresh` is a cookie still to be set."""

    kept: str
    sid: str
    csrf: str
    person: dict[str, Any] | None
    auth_time: int
    fresh: str = ""

    def known(self) -> dict[str, Any]:
        """Give who is signed in; raises a 401 where nobody is."""
        if self.person is None:
            raise Problem(401, "signed_out", "请先登录。")
        return self.person

    def check(self, given: str) -> None:
        """Believe that a form was ours; raises a 403."""
        if not hmac.compare_digest(given.encode(), self.csrf.encode()):
            raise Problem(403, "form_foreign", "这个页面已失效，请返回后重试。")

    def carried_by(self, world: World, response: Response) -> Response:
        """Set the cookie of a session that the browser does not have yet."""
        if not self.fresh:
            return response
        secure = world.settings.own_url.startswith("https:")
        header = cookie_header(COOKIE, self.fresh, path=PATH, seconds=SECONDS_MAX, secure=secure)
        return response.plus(header)


def of(world: World, request: Request) -> Session:
    """Give the browser's session, a new one where it has none."""
    found = world.store.row(
        "SELECT * FROM account_session WHERE kept = ? AND created_at > ?",
        chance.kept(request.cookie(COOKIE)), clock.now() - SECONDS_MAX,
    )  # fmt: skip
    if found is None:
        return begin(world)
    person = people.by_sub(world, found["sub"]) if found["sub"] else None
    return Session(
        kept=found["kept"], sid=found["sid"], csrf=found["csrf"], person=person,
        auth_time=found["auth_time"] or 0,
    )  # fmt: skip


def begin(world: World, sub: str = "", *, instead_of: Session | None = None) -> Session:
    """Make a session; a sign-in never keeps the cookie that was there before it."""
    cookie, now = chance.token(), clock.now()
    session = Session(
        kept=chance.kept(cookie), sid=chance.name("sid"), csrf=chance.token(),
        person=people.by_sub(world, sub) if sub else None, auth_time=int(now), fresh=cookie,
    )  # fmt: skip
    with world.store.transaction():
        world.store.run(
            "DELETE FROM account_session WHERE created_at < ? OR kept = ?",
            now - SECONDS_MAX, instead_of.kept if instead_of else "",
        )  # fmt: skip
        world.store.run(
            "INSERT INTO account_session (kept, sid, csrf, sub, auth_time, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            session.kept, session.sid, session.csrf, sub or None, int(now) if sub else None, now,
        )  # fmt: skip
    return session


def end(world: World, session: Session) -> None:
    """Sign this browser out."""
    world.store.run("DELETE FROM account_session WHERE kept = ?", session.kept)


def end_all(world: World, sub: str) -> None:
    """Sign every browser of an account out and revoke all its tokens and codes."""
    now = clock.now()
    with world.store.transaction():
        world.store.run("DELETE FROM account_session WHERE sub = ?", sub)
        world.store.run(
            "UPDATE account_token SET revoked_at = ? WHERE sub = ? AND revoked_at IS NULL", now, sub
        )
        world.store.run(
            "UPDATE account_code SET used_at = ? WHERE sub = ? AND used_at IS NULL", now, sub
        )
