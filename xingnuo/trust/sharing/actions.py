"""Making parcels: the one way in which anything about a person leaves the house."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import transaction

from xingnuo.kit import ids
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import GateRefusal, Outcome, Permit, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Form
from xingnuo.trust.sharing._release import Release
from xingnuo.trust.sharing.contracts import Parcel, TooLarge
from xingnuo.trust.sharing.policy import PARCEL_FILE_BYTES_MAX, PARCEL_ITEMS_MAX

# In which forms an item may pass through: what would rest as readable text comes from the vault.
TEXTS = frozenset({Form.TRANSIENT, Form.DIGEST})
FILES = frozenset({Form.TRANSIENT, Form.FILE})


def pack(
    permit: Permit,
    items: tuple[str, ...],
    *,
    slot: str = "",
    slots: Mapping[str, str] | None = None,
    passing: Mapping[str, str] | None = None,
    passing_files: Mapping[str, bytes] | None = None,
) -> Parcel:
    """Pack declared items for the permit's recipient and record it; it opens after the commit.

    Values come from the vault, from `slot` or from the one that `slots` names for an item;
    `passing` carries items that pass through to their own institution and are never kept as text,
    `passing_files` pictures and files that pass through. Items the person never gave are left out.
    Raises `GateRefusal` for an item that recipient and purpose do
    not declare, `TooLarge` for a file over `PARCEL_FILE_BYTES_MAX`.
    """
    extra, files = dict(passing or {}), dict(passing_files or {})
    if any(len(content) > PARCEL_FILE_BYTES_MAX for content in files.values()):
        raise TooLarge(",".join(sorted(files)))
    kept = _declared(permit, items, {**dict.fromkeys(extra, TEXTS), **dict.fromkeys(files, FILES)})
    places = {**dict.fromkeys(kept, slot), **(slots or {})}
    values = {
        item: text
        for item in kept
        if (text := gate.plain(permit, item, slot=places[item])) is not None
    }
    values.update(extra)
    parcel = Parcel(
        id=ids.uuid7(),
        recipient=permit.recipient,
        purpose=permit.purpose,
        subject_id=permit.subject_id,
        items=tuple(sorted((*values, *files))),
        values=MappingProxyType(values),
        files=MappingProxyType(files),
        seal=Release(),
    )
    _record(permit, parcel)
    return parcel


def _declared(
    permit: Permit, items: tuple[str, ...], passing: Mapping[str, frozenset[Form]]
) -> list[str]:
    """Give the items that come from the vault; refuse what recipient or permit does not name."""
    known = policy.in_force().items
    recipient = policy.in_force().recipients.get(permit.recipient)
    wanted = (*items, *passing)
    named = recipient is not None and all(
        item in recipient.items and permit.outcomes.get(item) is Outcome.PLAIN for item in wanted
    )
    through = named and all(known[item].form in forms for item, forms in passing.items())
    if not through or len(wanted) > PARCEL_ITEMS_MAX:
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
    return [item for item in items if known[item].form is Form.VALUE]


def _record(permit: Permit, parcel: Parcel) -> None:
    # On record before it leaves; the commit of the record is what opens the parcel.
    evidence.record(
        Line(
            kind=Kind.SHARE,
            id=parcel.id,
            subject_id=permit.subject_id,
            outcome="done",
            actor_kind=permit.actor.kind.value,
            actor_ref=permit.actor.staff_id,
            session_id=permit.actor.session_id,
            channel=permit.actor.channel,
            purpose=permit.purpose,
            items=parcel.items,
            recipient=permit.recipient,
            policy_version=permit.policy_version,
            permit_id=permit.id,
        )
    )
    assert isinstance(parcel.seal, Release), "a parcel without its release"
    transaction.on_commit(parcel.seal.let_go)
