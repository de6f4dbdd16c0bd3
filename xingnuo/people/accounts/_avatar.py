"""A person's picture: the one that the account provider shows, or one of their own instead.

Both are sealed as files under one item. Their own stands in a slot of its own, so that the next
sign-in, which brings the provider's, never overwrites it.
"""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import pictures
from xingnuo.kit.pictures import BadPicture, Picture
from xingnuo.people.accounts.contracts import Avatar
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit

ITEM = "avatar"
PROVIDERS, OWN = "", "own"
EDGE_PX = 512


def keep(actor: Actor, *, subject_id: UUID, content: bytes) -> Picture:
    """Keep a picture that the person chose, cut square and made anew from its pixels.

    Needs the consent of `profile.manage`. Raises `BadPicture`; then nothing is kept.
    """
    permit = gate.permit(actor, subject_id=subject_id, purpose="profile.manage", items=(ITEM,))
    picture = _cleaned(content)
    gate.collect_file(permit, ITEM, content=picture.content, slot=OWN)
    return picture


def follow(permit: Permit, content: bytes, *, source: str) -> None:
    """Keep the provider's picture where it is new; one that cannot be read is not kept."""
    if not content:
        return
    try:
        picture = _cleaned(content)
    except BadPicture:
        return
    if gate_queries.read_file(permit, ITEM, slot=PROVIDERS) != picture.content:
        gate.collect_file(permit, ITEM, content=picture.content, slot=PROVIDERS, source=source)


def remove(actor: Actor, *, subject_id: UUID) -> int:
    """Delete every picture of the person's; gives how many went."""
    permit = gate.permit(actor, subject_id=subject_id, purpose="rights.erase", items=(ITEM,))
    return gate.drop(permit, (ITEM,), slot=None)


def shown(actor: Actor, *, subject_id: UUID) -> Avatar | None:
    """Give the picture that stands for the person: their own, else the provider's, or none."""
    permit = _looking(actor, subject_id)
    for slot in (OWN, PROVIDERS):
        content = gate_queries.read_file(permit, ITEM, slot=slot)
        if content is not None:
            return Avatar(content=content, is_own=slot == OWN)
    return None


def held(actor: Actor, *, subject_id: UUID) -> str:
    """Say whose picture is kept, without opening it: `own`, `provider` or nothing."""
    slots = {one.slot for one in gate_queries.files(_looking(actor, subject_id))}
    return "own" if OWN in slots else "provider" if PROVIDERS in slots else ""


def _looking(actor: Actor, subject_id: UUID) -> Permit:
    return gate.permit(actor, subject_id=subject_id, purpose="rights.plain_view", items=(ITEM,))


def _cleaned(content: bytes) -> Picture:
    return pictures.clean(content, edge_px_max=EDGE_PX, square=True)
