"""From which network address a device last signed in: sealed, shown masked, for spotting misuse.

One value for each device, under the purpose that names it; where that purpose does not hold,
nothing is taken and the person is let in all the same.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from uuid import UUID

from xingnuo.kit.db import session
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal

PURPOSE = "accounts.security"
ITEM = "ip_address"


def keep(actor: Actor, *, subject_id: UUID, device_id: UUID, address: str) -> bool:
    """Keep the address of a sign-in in place of the device's earlier one; says whether it did."""
    try:
        ipaddress.ip_address(address)
        permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE, items=(ITEM,))
    except (ValueError, GateRefusal):
        return False
    gate.collect(permit, {ITEM: address}, slot=str(device_id), source="network")
    return True


def masked(actor: Actor, *, subject_id: UUID) -> Mapping[UUID, str]:
    """Give the masked address of each device; nothing while the purpose does not hold."""
    session.set_subject(subject_id)
    try:
        permit = gate.permit(actor, subject_id=subject_id, purpose=PURPOSE, items=(ITEM,))
    except GateRefusal:
        return {}
    found = gate_queries.read(permit, (ITEM,))
    return {UUID(one.slot): gate_queries.mask(ITEM, one.text) for one in found if one.slot}
