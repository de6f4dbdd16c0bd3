"""The one list of partners: a new partner is one folder and one line here."""

from __future__ import annotations

from sandbox import account, siblings, sms
from sandbox.ground.partner import Partner

PARTNERS: tuple[Partner, ...] = (
    account.PARTNER,
    sms.PARTNER,
    *siblings.PARTNERS,
)
