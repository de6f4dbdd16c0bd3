"""The one list of partners: a new partner is one folder and one line here."""

from __future__ import annotations

from sandbox import (
    account,
    authority,
    bank,
    channel,
    credit_bureau,
    email,
    face,
    push,
    regulator,
    siblings,
    sms,
    telecom,
    utility,
)
from sandbox.ground.partner import Partner

PARTNERS: tuple[Partner, ...] = (
    account.PARTNER,
    sms.PARTNER,
    email.PARTNER,
    push.PARTNER,
    authority.PARTNER,
    telecom.PARTNER,
    bank.PARTNER,
    *channel.PARTNERS,
    face.PARTNER,
    credit_bureau.PARTNER,
    regulator.PARTNER,
    utility.PARTNER,
    *siblings.PARTNERS,
)
