"""Making parcels: the one way in which anything about a person leaves the house."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import transaction

from xingnuo.kit import ids
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import GateRefusal, Permit, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Form
from xingnuo.trust.sharing._release import Release
from xingnuo.trust.sharing.contracts import Parcel
from xingnuo.trust.sharing.policy import PARCEL_ITEMS_MAX


def pack(
    permit: Permit,
    items: tuple[str, ...],
    *,
    slot: str = "",
    passing: Mapping[str, str] | None = None,
) -> Parcel:
    """Pack declared items for the permit's recipient and record it; it opens after the commit.

    Values come from the vault; `passing` carries items that pass through to their own institution
    and are never kept. Items the person never gave are left out. Raises `GateRefusal` for an item
    that recipient and purpose do not declare.
    """
    compiled = policy.in_force()
    recipient = compiled.recipients.get(permit.recipient)
    extra = dict(passing or {})
    wanted = (*items, *extra)
    kept = [item for item in items if compiled.items[item].form is Form.VALUE] if recipient else []
    undeclared = recipient is None or any(item not in recipient.items for item in wanted)
    kept_through = any(
        compiled.items[item].form is not Form.TRANSIENT for item in extra if item in compiled.items
    )
    if undeclared or kept_through or len(wanted) > PARCEL_ITEMS_MAX:
        raise GateRefusal(
            Reason.UNDECLARED_ITEM,
            purpose=permit.purpose,
            items=wanted,
            recipient=permit.recipient,
            subject_id=permit.subject_id,
            actor=permit.actor,
            message="接收方没有声明要用这项信息。",
            remedy="不会送出任何内容。",
        )
    values = {
        item: text for item in kept if (text := gate.plain(permit, item, slot=slot)) is not None
    }
    values.update(extra)
    parcel_id, release = ids.uuid7(), Release()
    evidence.record(
        Line(
            kind=Kind.SHARE,
            id=parcel_id,
            subject_id=permit.subject_id,
            outcome="done",
            actor_kind=permit.actor.kind.value,
            actor_ref=permit.actor.staff_id,
            session_id=permit.actor.session_id,
            channel=permit.actor.channel,
            purpose=permit.purpose,
            items=tuple(sorted(values)),
            recipient=permit.recipient,
            policy_version=permit.policy_version,
            permit_id=permit.id,
        )
    )
    transaction.on_commit(release.let_go)
    return Parcel(
        id=parcel_id,
        recipient=permit.recipient,
        purpose=permit.purpose,
        subject_id=permit.subject_id,
        items=tuple(sorted(values)),
        values=MappingProxyType(values),
        seal=release,
    )
