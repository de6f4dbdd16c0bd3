"""Browsers that may be pushed to: their addresses lie in the vault, one slot for each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import TooMany
from xingnuo.partners.push import client
from xingnuo.partners.push.contracts import Subscription
from xingnuo.people.notices._limits import PUSH_MAX
from xingnuo.people.notices._way_out import keyed
from xingnuo.people.notices.models import PushEnd
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.gate.contracts import Actor

PURPOSE = "notices.push"
ITEM = "push_subscription"


def subscribe(actor: Actor, *, subject_id: UUID, endpoint: str, p256dh: str, auth: str) -> UUID:
    """Keep where a browser may be pushed to; the same browser again changes nothing.

    Raises `BadSubscription` for an address that is no push service's, `GateRefusal` without the
    person's consent, `TooMany` beyond five browsers.
    """
    subscription = Subscription(endpoint=endpoint, p256dh=p256dh, auth=auth)
    client.check(subscription)
    permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE)
    digest = keyed("push", subscription.endpoint)
    known = PushEnd.objects.of(subject_id)
    same = known.filter(digest=digest).first()
    if same is not None:
        return UUID(str(same.id))
    if known.count() >= PUSH_MAX:
        raise TooMany("push")
    row = PushEnd.objects.create(
        id=ids.uuid7(), subject_id=subject_id, digest=digest, created_at=clock.now()
    )
    told = {
        "endpoint": subscription.endpoint,
        "p256dh": subscription.p256dh,
        "auth": subscription.auth,
    }
    gate.collect(permit, {ITEM: json.dumps(told, sort_keys=True)}, slot=str(row.id))
    return UUID(str(row.id))


def has_any(subject_id: UUID) -> bool:
    """Say whether a person has a browser that may be pushed to."""
    session.set_subject(subject_id)
    return bool(PushEnd.objects.of(subject_id).exists())


def count(subject_id: UUID) -> int:
    """Count the browsers that may be pushed to."""
    session.set_subject(subject_id)
    return int(PushEnd.objects.of(subject_id).count())


def ends(actor: Actor, subject_id: UUID) -> tuple[tuple[UUID, Subscription], ...]:
    """Give the browsers to push to, by the ids of their rows; must run inside a transaction."""
    permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE)
    return tuple(
        (UUID(one.slot), Subscription(**json.loads(one.text)))
        for one in standing.read(permit, (ITEM,))
    )


def gone(actor: Actor, subject_id: UUID, rows: Iterable[UUID]) -> None:
    """Forget browsers whose push service says that they are gone."""
    permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE)
    for one in rows:
        gate.drop(permit, (ITEM,), slot=str(one))
        PushEnd.objects.of(subject_id).filter(id=one).delete()


def forget(subject_id: UUID) -> int:
    """Delete the rows of every browser; the addresses go with the consent. Gives how many."""
    session.set_subject(subject_id)
    gone, _ = PushEnd.objects.of(subject_id).delete()
    return int(gone)
