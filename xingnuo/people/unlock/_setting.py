"""Setting ways up and switching them off: after a proof of minutes ago, and as was agreed."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts.contracts import NeedsReverify, WayNews
from xingnuo.people.unlock import _challenges, _digests, _gesture, _proving, _rows, _weak, _webauthn
from xingnuo.people.unlock._limits import CREDENTIALS_MAX, DEVICE_CHARS_MAX, DIGESTS_KEPT_MAX
from xingnuo.people.unlock.contracts import (
    LABELS,
    NAMES,
    Act,
    AnswerRefused,
    NoSuchWay,
    NotAgreed,
    TooManyDevices,
    Way,
)
from xingnuo.people.unlock.models import Challenge, Credential, Digest, WayRow
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Outcome, Permit, Strength
from xingnuo.trust.policy.contracts import ActorKind

_HOUSE = Actor(kind=ActorKind.SYSTEM, strength=Strength.SIGNED_IN)
# The person's own words that a password may not hold, and what they are read for.
_CONTEXT = (("accounts.security", "phone"), ("accounts.sign_in", "nickname"))


def set_password(actor: Actor, *, typed: str) -> None:
    """Set or change the password; raises `BadInput` for one that is weak or was used before.

    Needs a proof of minutes ago and the person's consent (`NeedsReverify`, `NotAgreed`).
    """
    subject_id = _proved(actor)
    secret = _weak.check(typed, _context(actor, subject_id))
    permit = _permit(actor, subject_id, Way.PASSWORD)
    row = _rows.begun(subject_id, Way.PASSWORD)
    before = Digest.objects.of(subject_id).filter(way_id=row.id)
    if any(_digests.fits(one.text, subject_id, Way.PASSWORD, secret) for one in before):
        raise BadInput({"password": "这个密码你最近用过，请换一个新的"})
    _keep(permit, row, secret)


def set_pattern(actor: Actor, *, typed: str) -> None:
    """Set or change the gesture; raises `BadInput` for fewer than four dots."""
    subject_id = _proved(actor)
    secret = _gesture.path(typed)
    permit = _permit(actor, subject_id, Way.PATTERN)
    row = _rows.begun(subject_id, Way.PATTERN)
    # Only passwords are compared with earlier ones; of an old gesture nothing is kept.
    Digest.objects.of(subject_id).filter(way_id=row.id).delete()
    _keep(permit, row, secret)


def _keep(permit: Permit, row: WayRow, secret: str) -> None:
    way = Way(row.way)
    digests = Digest.objects.of(row.subject_id).filter(way_id=row.id)
    digests.update(is_current=False)
    old = list(digests.order_by("-id").values_list("id", flat=True)[DIGESTS_KEPT_MAX - 1 :])
    digests.filter(id__in=old).delete()
    Digest.objects.create(
        subject_id=row.subject_id,
        way_id=row.id,
        text=_digests.make(row.subject_id, way, secret),
        is_current=True,
        made_at=clock.now(),
    )
    _rows.set_now(row)
    gate.note(permit, (_rows.ITEMS[way],), ref=row.id)


def _context(actor: Actor, subject_id: UUID) -> list[str]:
    words = []
    for purpose, item in _CONTEXT:
        permit = gate.permit(actor, subject_id=subject_id, purpose=purpose, items=(item,))
        if permit.outcomes[item] is Outcome.PLAIN:
            words.append(gate_queries.plain(permit, item) or "")
    return [word for word in words if word]


def begin_credential(actor: Actor) -> dict[str, object]:
    """Give the options for letting this device unlock, with a fresh challenge."""
    subject_id = _proved(actor)
    _, session_id = _rows.who(actor)
    _permit(actor, subject_id, Way.BIOMETRIC)
    _rows.begun(subject_id, Way.BIOMETRIC)
    known = list(Credential.objects.of(subject_id).values_list("credential", flat=True))
    if len(known) >= CREDENTIALS_MAX:
        raise TooManyDevices
    challenge = _challenges.make(subject_id, session_id, Act.CREATE)
    return _webauthn.creation_options(subject_id, challenge, known)


def add_credential(actor: Actor, *, answer: str, device: str) -> UUID:
    """Take a device's new key after its user was verified; gives the id of what is kept.

    Opens its own transactions, since the challenge is used up whatever comes of it. Raises
    `AnswerRefused`, and leaves evidence of it. `device` is the coarse name of the browser.
    """
    try:
        fresh = _answered(actor, answer)
    except AnswerRefused as refused:
        with transaction.atomic(durable=True):
            subject_id, _ = _rows.who(actor)
            reason = f"unlock.{refused.detail}"
            way = Way.BIOMETRIC
            _rows.leave(
                actor, subject_id, Kind.ACCESS_DENIED, way=way, outcome="refused", reason=reason
            )
        raise
    with transaction.atomic(durable=True):
        return _added(actor, fresh, device)


def _answered(actor: Actor, answer: str) -> _webauthn.Made:
    with transaction.atomic(durable=True):
        subject_id = _proved(actor)
        _, session_id = _rows.who(actor)
        given = _webauthn.read(answer)
        is_ours = _challenges.claim(subject_id, session_id, Act.CREATE, given.challenge)
    if not is_ours:
        raise AnswerRefused("challenge")
    return _webauthn.made(given)


def _added(actor: Actor, fresh: _webauthn.Made, device: str) -> UUID:
    subject_id = _proved(actor)
    permit = _permit(actor, subject_id, Way.BIOMETRIC)
    # Held before the devices are counted: two at once cannot both be the last that fits.
    row = _rows.begun(subject_id, Way.BIOMETRIC)
    known = set(Credential.objects.of(subject_id).values_list("credential", flat=True))
    if fresh.credential in known:
        raise Conflict("credential")
    if len(known) >= CREDENTIALS_MAX:
        raise TooManyDevices
    kept = Credential.objects.create(
        subject_id=subject_id,
        credential=fresh.credential,
        public_key=fresh.public_key,
        sign_count=fresh.sign_count,
        device=device[:DEVICE_CHARS_MAX],
        made_at=clock.now(),
    )
    _rows.set_now(row)
    kept_id: UUID = kept.id
    gate.note(permit, tuple(permit.outcomes), ref=kept_id)
    return kept_id


def rename_credential(actor: Actor, *, credential_id: UUID, label: str) -> None:
    """Name a device from the closed list; a foreign or missing one looks the same."""
    subject_id, _ = _rows.who(actor)
    if label and label not in LABELS:
        raise BadInput({"label": "请从列出的名字里选一个"})
    if not Credential.objects.of(subject_id).filter(id=credential_id).update(label=label):
        raise NoSuchWay


def remove_credential(actor: Actor, *, credential_id: UUID) -> bool:
    """Take a device out; with the last one the way goes off. Says whether it did."""
    subject_id = _proved(actor)
    row = _rows.held(subject_id, Way.BIOMETRIC)
    kept = Credential.objects.of(subject_id).filter(id=credential_id).first()
    if row is None or kept is None:
        raise NoSuchWay
    if Credential.objects.of(subject_id).count() == 1:
        switch_off(actor, way=Way.BIOMETRIC)
        return True
    kept.delete()
    accounts.tell_of_way(subject_id, news=WayNews.CHANGED, way=NAMES[Way.BIOMETRIC])
    _rows.leave(
        actor,
        subject_id,
        Kind.DROP,
        way=Way.BIOMETRIC,
        items=(_rows.ITEMS[Way.BIOMETRIC],),
        ref=credential_id,
    )
    return False


def choose(actor: Actor, *, way: Way) -> None:
    """Show this way first from now on."""
    subject_id, _ = _rows.who(actor)
    changed = (
        WayRow.objects.of(subject_id)
        .filter(way=way.value, set_at__isnull=False)
        .update(chosen_at=clock.now())
    )
    if not changed:
        raise NoSuchWay


def switch_off(actor: Actor, *, way: Way) -> None:
    """Switch a way off: what was kept of it is deleted now, and the consent is taken back."""
    subject_id = _proved(actor)
    row = _rows.held(subject_id, way)
    if row is None:
        raise NoSuchWay
    _rows.drop(actor, row)
    if _rows.agreed(subject_id, way) is not None:
        gate.decide(
            actor,
            subject_id=subject_id,
            scope=Scope(purpose=way.purpose),
            decision=Decision.WITHDRAW,
            text_hash=gate_queries.sheet(way.purpose).text_hash,
        )


def end(subject_id: UUID, purpose: str) -> int:
    """Delete what is kept of a way whose consent was taken back; gives how many rows went."""
    way = next((one for one in Way if one.purpose == purpose), None)
    row = _rows.held(subject_id, way) if way is not None else None
    return _rows.drop(_HOUSE, row) if row is not None else 0


def erase(subject_id: UUID) -> int:
    """Delete every row of a subject in the caller's transaction."""
    session.set_subject(subject_id)
    gone = 0
    for each in (Challenge, Credential, Digest, WayRow):
        gone += each.objects.of(subject_id).delete()[0]
    return gone


def _proved(actor: Actor) -> UUID:
    subject_id, _ = _rows.who(actor)
    if actor.strength < Strength.REVERIFIED:
        raise NeedsReverify
    return subject_id


def _permit(actor: Actor, subject_id: UUID, way: Way) -> Permit:
    if _rows.agreed(subject_id, way) is None:
        raise NotAgreed(way.value)
    items = _proving.results(actor) if way is Way.BIOMETRIC else (_rows.ITEMS[way],)
    return gate.permit(actor, subject_id=subject_id, purpose=way.purpose, items=items)
