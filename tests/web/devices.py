"""A phone's fingerprint reader in the browser: Chromium's virtual authenticator, driven by a
test.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import CDPSession, Page


class Reader:
    """A built-in authenticator whose owner's finger is accepted until told otherwise."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        self.id = self._add()

    def _add(self) -> str:
        made = self._cdp.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        return str(made["authenticatorId"])

    def accepts(self, yes: bool) -> None:
        """Accept or refuse the finger from now on."""
        told = {"authenticatorId": self.id, "isUserVerified": yes}
        self._cdp.send("WebAuthn.setUserVerified", told)

    def keys(self) -> list[dict[str, Any]]:
        """Give the keys that the device keeps."""
        found = self._cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        keys: list[dict[str, Any]] = found["credentials"]
        return keys

    def become_a_copy(self, sign_count: int) -> None:
        """Go on as another device with the same keys and an older count."""
        keys = self.keys()
        self._cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})
        self.id = self._add()
        for key in keys:
            told = {
                "authenticatorId": self.id,
                "credential": {**key, "signCount": sign_count},
            }
            self._cdp.send("WebAuthn.addCredential", told)
