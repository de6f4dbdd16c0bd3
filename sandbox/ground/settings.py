"""What the sandbox is told from outside: its address, its store, its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

# Known to every developer on purpose; production has other partners and other secrets.
DEV_ACCOUNT_SECRET = "dev-account-client-secret"
DEV_SMS_SECRET = "dev-sms-secret"
DEV_PARTNER_SECRET = "dev-{partner}-secret"
# Partners whose messages are signed both ways, each with a secret of its own.
SIGNING = tuple(
    "authority telecom bank face credit_bureau email regulator sms channel utility".split()
)
DEV_SIBLING_SECRET = "dev-{app}-secret"


class SettingsRefused(Exception):
    """The sandbox cannot start with these settings; its text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One sandbox's settings, read once when it starts."""

    port: int
    data_dir: Path
    own_url: str  # where people and xingnuo reach the sandbox
    base_url: str  # where xingnuo answers
    account_secret: str
    sms_secret: str
    partner_secrets: Mapping[str, str]
    sibling_secrets: Mapping[str, str]
    sibling_scope: str
    speed: float  # how many times faster than in life the channels repeat their notices

    @property
    def base_origin(self) -> str:
        """Give the origin of xingnuo, for content security policies."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def hosts(self) -> frozenset[str]:
        """Give the host names that the sandbox answers to."""
        names = {f"{name}:{self.port}" for name in ("localhost", "127.0.0.1", "[::1]")}
        return frozenset(names | {urlsplit(self.own_url).netloc})


def read(environ: Mapping[str, str], *, port: int, data_dir: Path) -> Settings:
    """Read the settings; raises `SettingsRefused` where the sandbox must not run."""
    if environ.get("XN_ENV") == "production":
        raise SettingsRefused("the sandbox is no partner for production (XN_ENV=production)")
    apps = ("suixingjie", "xingnuo_wallet")
    base = environ.get("XN_BASE_URL") or f"http://localhost:{environ.get('XN_PORT') or 8000}"
    return Settings(
        port=port,
        data_dir=data_dir,
        own_url=(environ.get("XN_SANDBOX_URL") or f"http://localhost:{port}").rstrip("/"),
        base_url=base.rstrip("/"),
        account_secret=environ.get("XN_ACCOUNT_CLIENT_SECRET") or DEV_ACCOUNT_SECRET,
        sms_secret=environ.get("XN_SMS_SECRET") or DEV_SMS_SECRET,
        partner_secrets={
            partner: environ.get(f"XN_{partner.upper()}_SECRET")
            or DEV_PARTNER_SECRET.format(partner=partner)
            for partner in SIGNING
        },
        sibling_secrets={
            app: environ.get(f"XN_SIBLING_SECRET_{app.upper()}")
            or DEV_SIBLING_SECRET.format(app=app)
            for app in apps
        },
        sibling_scope=environ.get("XN_SIBLING_SCOPE") or "openid sync",
        speed=_speed(environ.get("XN_SANDBOX_SPEED") or "1"),
    )


def _speed(text: str) -> float:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise SettingsRefused("XN_SANDBOX_SPEED is a whole number from 1 to 100000")
    return float(text)
