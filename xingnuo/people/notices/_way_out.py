"""The ways out of promotions that need no sign-in: a link in a letter, a reply to a text."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from django.conf import settings

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import NotFound
from xingnuo.kit.keyed import Keyed
from xingnuo.people.notices.contracts import PROMOTION
from xingnuo.people.notices.models import TakenNotice, WayOut
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import ActorKind

keyed = Keyed("notices")
# What people send: T and TD by custom of the carriers, and the word itself.
STOP_WORDS = frozenset({"t", "td", "tt", "0000", "退订", "取消", "stop"})
CARRIER = Actor(kind=ActorKind.SYSTEM, strength=Strength.SIGNED_IN, channel="hooks")
_SECRET_CHARS = range(40, 65)


def is_secret(text: str) -> bool:
    """Say whether a text may be a secret that we made."""
    plain = text.replace("-", "").replace("_", "")
    return len(text) in _SECRET_CHARS and plain.isascii() and plain.isalnum()


def link(subject_id: UUID) -> str:
    """Make a link by which its holder stops promotions, and nothing else."""
    secret = ids.token()
    WayOut.objects.create(
        digest=keyed("way_out", secret), subject_id=subject_id, created_at=clock.now()
    )
    return f"{settings.BASE_URL}/out/{secret}/"


def find(secret: str) -> UUID:
    """Give whose promotions a link stops; raises `NotFound` for a link that is not ours."""
    if not is_secret(secret):
        raise NotFound
    row = WayOut.objects.filter(digest=keyed("way_out", secret)).first()
    if row is None:
        raise NotFound
    return row.subject_id


def bearer(subject_id: UUID) -> Actor:
    """Give the person as whoever holds their secret address: good for that one purpose."""
    return Actor(
        kind=ActorKind.SELF,
        subject_id=subject_id,
        strength=Strength.SIGNED_IN,
        channel="calendar",
    )


def is_stop(text: str) -> bool:
    """Say whether a reply asks to stop: full-width letters and blanks do not matter."""
    return unicodedata.normalize("NFKC", text).strip().strip("。.!！").lower() in STOP_WORDS


def take_once(use: str, notice: str) -> bool:
    """Take a partner's notice by its id; False when it was taken before."""
    _, is_new = TakenNotice.objects.get_or_create(
        digest=keyed(use, notice), defaults={"at": clock.now()}
    )
    return is_new


def stop(subject_id: UUID, *, channel: str) -> bool:
    """Withdraw the person's consent to promotions for them; False when it does not stand.

    The decision is theirs: a reply from the phone of record, or the link that only they were sent.
    """
    shown = standing.sheet(PROMOTION)
    granted = [
        one
        for one in standing.standing(subject_id).decisions
        if one.purpose == PROMOTION and one.decision == Decision.GRANT.value
    ]
    if not granted:
        return False
    gate.decide(
        Actor(
            kind=ActorKind.SELF,
            subject_id=subject_id,
            strength=Strength.SIGNED_IN,
            channel=channel,
        ),
        subject_id=subject_id,
        scope=Scope(purpose=PROMOTION, items=granted[0].items),
        decision=Decision.WITHDRAW,
        text_hash=shown.text_hash,
    )
    return True
