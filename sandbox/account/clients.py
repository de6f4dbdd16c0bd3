"""The clients that may ask for sign-in: who they are and where the browser may be sent back to."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sandbox.ground.settings import Settings

# What each scope gives, as the consent page names it.
SCOPES = {
    "openid": "帐号号码",
    "profile": "昵称、头像",
    "phone": "手机号",
    "offline_access": "保持登录",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One registered client."""

    id: str
    name: str
    secret: str
    redirect_uris: frozenset[str]
    signed_out_uris: frozenset[str]
    logout_notice_uri: str
    origin: str

    def knows(self, secret: str) -> bool:
        """Say whether this is the client's secret."""
        return hmac.compare_digest(secret.encode(), self.secret.encode())


def find(settings: Settings, client_id: str) -> Client | None:
    """Give a registered client, or None."""
    return registered(settings).get(client_id)


def registered(settings: Settings) -> dict[str, Client]:
    """Give every registered client by its id."""
    base = settings.base_url
    xingnuo = Client(
        id="xingnuo",
        name="星诺",
        secret=settings.account_secret,
        redirect_uris=frozenset({f"{base}/auth/callback"}),
        signed_out_uris=frozenset({base, f"{base}/", f"{base}/auth/signed-out"}),
        logout_notice_uri=f"{base}/hooks/account/logout",
        origin=settings.base_origin,
    )
    return {xingnuo.id: xingnuo}
