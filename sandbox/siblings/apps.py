"""The two apps, and a browser's session at one of them."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import Any

from sandbox.ground import chance, clock
from sandbox.ground.http import Problem, Request, Response, cookie_header
from sandbox.ground.partner import World

SECONDS_MAX = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """One sibling app."""

    id: str
    name: str
    pitch: str

    @property
    def cookie(self) -> str:
        """Name the app's cookie: cookies of one host are shared by all its ports."""
        return f"sandbox_{self.id}"

    @property
    def home(self) -> str:
        """Give the path of the app's page."""
        return f"/{self.id}/"

    def callback(self, world: World) -> str:
        """Give the address that xingnuo sends the browser back to."""
        return f"{world.settings.own_url}/{self.id}/callback"

    def secret(self, world: World) -> str:
        """Give the secret that the app and xingnuo share."""
        return world.settings.sibling_secrets[self.id]


APPS = (
    App(id="suixingjie", name="随星借", pitch="同一家公司的借款应用。"),
    App(id="xingnuo_wallet", name="星诺钱包", pitch="同一家公司的手机钱包。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser at one app."""

    app: App
    kept: str
    csrf: str
    state: str = ""
    verifier: str = ""
    account_id: str = ""
    access_token: str = ""
    refusal: str = ""
    fresh: str = ""

    def check(self, given: str) -> None:
        """Believe that a form was ours; raises a 403."""
        if not hmac.compare_digest(given.encode(), self.csrf.encode()):
            raise Problem(403, "form_foreign", "这个页面已失效，请返回后重试。")

    def told_refusal(self) -> dict[str, Any] | None:
        """Give what xingnuo last said no with, if it did."""
        return json.loads(self.refusal) if self.refusal else None

    def carried_by(self, world: World, response: Response) -> Response:
        """Set the cookie of a session that the browser does not have yet."""
        if not self.fresh:
            return response
        secure = world.settings.own_url.startswith("https:")
        return response.plus(
            cookie_header(
                self.app.cookie, self.fresh, path=f"/{self.app.id}", seconds=SECONDS_MAX,
                secure=secure,
            )
        )  # fmt: skip


def session_of(world: World, app: App, request: Request) -> Session:
    """Give the browser's session at an app, a new one where it has none."""
    found = world.store.row(
        "SELECT kept, csrf, state, verifier, account_id, access_token, refusal"
        " FROM sibling_session WHERE kept = ? AND app = ? AND created_at > ?",
        chance.kept(request.cookie(app.cookie)), app.id, clock.now() - SECONDS_MAX,
    )  # fmt: skip
    return Session(app=app, **found) if found else _begin(world, app)


def renew(world: World, session: Session) -> Session:
    """Give the browser another cookie, as it must have after a sign-in."""
    world.store.run("DELETE FROM sibling_session WHERE kept = ?", session.kept)
    return _begin(world, session.app)


def note(world: World, session: Session, **values: str) -> None:
    """Keep values in a session; the names are those of its columns."""
    names = ", ".join(f"{name} = ?" for name in values)
    world.store.run(
        f"UPDATE sibling_session SET {names} WHERE kept = ?", *values.values(), session.kept
    )


def _begin(world: World, app: App) -> Session:
    cookie, now = chance.token(), clock.now()
    session = Session(app=app, kept=chance.kept(cookie), csrf=chance.token(), fresh=cookie)
    with world.store.transaction():
        world.store.run("DELETE FROM sibling_session WHERE created_at < ?", now - SECONDS_MAX)
        world.store.run(
            "INSERT INTO sibling_session (kept, app, csrf, created_at) VALUES (?, ?, ?, ?)",
            session.kept, app.id, session.csrf, now,
        )  # fmt: skip
    return session
