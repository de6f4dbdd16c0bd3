"""The provider's addresses."""

from __future__ import annotations

from sandbox.account import discovery, door, home, keys, notices, people, tokens, trial
from sandbox.account.schema import SCHEMA
from sandbox.account.tokens import ID_TOKEN_FAULTS, BearerError, OAuthError
from sandbox.ground.http import Route
from sandbox.ground.partner import Partner, World

REFUSED_GRANT = OAuthError("invalid_grant", "declined")
REFUSED_TOKEN = BearerError(401, "invalid_token", "令牌无效。")


def _start(world: World) -> None:
    keys.start(world)
    tokens.start(world)
    people.start(world)
    notices.start(world)


MACHINE = (
    Route(method="GET", pattern="/account/.well-known/openid-configuration",
          handler=discovery.document, operation="discovery"),
    Route(method="GET", pattern="/account/jwks.json", handler=discovery.jwks, operation="jwks"),
    Route(method="POST", pattern="/account/token", handler=tokens.token, operation="token",
          faults=ID_TOKEN_FAULTS, declined=REFUSED_GRANT),
    Route(method="GET", pattern="/account/userinfo", handler=tokens.userinfo,
          operation="userinfo", declined=REFUSED_TOKEN),
    Route(method="POST", pattern="/account/userinfo", handler=tokens.userinfo,
          operation="userinfo", declined=REFUSED_TOKEN),
    Route(method="POST", pattern="/account/revoke", handler=tokens.revoke, operation="revoke"),
    Route(method="GET", pattern="/account/pictures/<file>", handler=discovery.picture,
          operation="picture"),
)  # fmt: skip

PAGES = (
    Route(method="GET", pattern="/account/authorize", handler=door.authorize, page=True,
          operation="authorize", faults=door.AUTHORIZE_FAULTS),
    Route(method="POST", pattern="/account/authorize", handler=door.authorize, page=True,
          operation="authorize", faults=door.AUTHORIZE_FAULTS),
    Route(method="GET", pattern="/account/sign-in", handler=door.sign_in_page, page=True),
    Route(method="POST", pattern="/account/sign-in", handler=door.sign_in, page=True),
    Route(method="GET", pattern="/account/register", handler=door.register_page, page=True),
    Route(method="POST", pattern="/account/register", handler=door.register, page=True),
    Route(method="GET", pattern="/account/consent", handler=door.consent_page, page=True),
    Route(method="POST", pattern="/account/consent", handler=door.consent, page=True),
    Route(method="GET", pattern="/account/cancel", handler=door.cancel, page=True),
    Route(method="GET", pattern="/account/", handler=home.home, page=True),
    Route(method="GET", pattern="/account/password", handler=home.password_page, page=True),
    Route(method="POST", pattern="/account/password", handler=home.password, page=True),
    Route(method="POST", pattern="/account/links", handler=home.stop_app, page=True),
    Route(method="POST", pattern="/account/sign-out", handler=home.sign_out, page=True),
    Route(method="POST", pattern="/account/sign-out-everywhere", page=True,
          handler=home.sign_out_everywhere),
    Route(method="GET", pattern="/account/end_session", handler=home.end_session, page=True),
    Route(method="POST", pattern="/account/end_session", handler=home.end_session, page=True),
)  # fmt: skip

TRIAL = (
    Route(method="POST", pattern="/account/test/accounts", handler=trial.make_account),
    Route(method="POST", pattern="/account/test/sign-in", handler=trial.sign_in),
    Route(method="POST", pattern="/account/test/events", handler=trial.cause),
    Route(method="POST", pattern="/account/test/keys", handler=trial.rotate_keys),
)

PARTNER = Partner(
    id="account",
    title="星号帐号",
    summary="帮人登录的帐号服务（OpenID Connect）。",
    schema=SCHEMA,
    links=(
        ("/account/", "我的星号帐号"),
        ("/account/.well-known/openid-configuration", "接口说明"),
    ),
    start=_start,
    books=home.books,
    routes=(*MACHINE, *PAGES, *TRIAL),
    outgoing={notices.OPERATION: notices.FAULTS},
)
