"""Linking an identity of the account provider to one subject, and keeping its items fresh."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from xingnuo.kit import ids
from xingnuo.kit.errors import Conflict, NotFound
from xingnuo.partners.account_provider.contracts import Identity
from xingnuo.people.accounts import _avatar, _telling
from xingnuo.people.accounts.contracts import (
    Accepted,
    AccountShut,
    ClaimsMissing,
    News,
    NotAgreed,
)
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit, Strength
from xingnuo.trust.policy.contracts import ActorKind, SubjectState

SIGN_IN = "accounts.sign_in"
RECOGNISE = "accounts.recognise"
SOURCE = "account_provider"
# What became of a person in these states does not come back: who signs in is a new subject.
GONE = frozenset({SubjectState.SEALED, SubjectState.ERASED})
SHUT = frozenset({SubjectState.ERASING, SubjectState.DECEASED})
# They are let in to use their rights; nothing more is taken from them.
NO_LONGER_SERVED = frozenset({SubjectState.MINOR, SubjectState.WITHDRAWN, SubjectState.CLOSING})
_NAMES = {"phone": "手机号", "nickname": "昵称", "avatar": "头像"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Who signed in, as a subject of ours."""

    subject_id: UUID
    actor: Actor
    state: SubjectState
    is_first: bool


def known(account_id: str, *, channel: str) -> UUID | None:
    """Find the subject of an account."""
    house = Actor(kind=ActorKind.SYSTEM, strength=Strength.SIGNED_IN, channel=channel)
    return gate_queries.find(house, purpose=SIGN_IN, item="account_id", value=account_id)


def state_of(subject_id: UUID) -> SubjectState:
    """Give the state in which a subject stands."""
    state = gate_queries.state_of(subject_id)
    if state is None:
        raise NotFound
    return state


def link(
    identity: Identity, accepted: Accepted | None, *, session_id: UUID, channel: str
) -> Linked:
    """Give the subject of an identity, a new one where there is none; runs in a transaction."""
    found = known(identity.account_id, channel=channel)
    state = state_of(found) if found else None
    actor = Actor(
        kind=ActorKind.SELF,
        session_id=session_id,
        strength=Strength.SIGNED_IN,
        channel=channel,
    )
    if found is None or state is None or state in GONE:
        return _first(identity, accepted, actor)
    if state in SHUT:
        raise AccountShut(state.value)
    actor = replace(actor, subject_id=found)
    if state in NO_LONGER_SERVED:
        gate.permit(actor, subject_id=found, purpose=RECOGNISE, items=("account_id",))
        return Linked(subject_id=found, actor=actor, state=state, is_first=False)
    return _again(identity, accepted, actor, state)


def _first(identity: Identity, accepted: Accepted | None, actor: Actor) -> Linked:
    if accepted is None:
        raise NotAgreed
    _complete(identity)
    subject_id = ids.uuid7()
    actor = replace(actor, subject_id=subject_id)
    gate.open_subject(subject_id)
    _accept(actor, subject_id, accepted)
    permit = gate.permit(actor, subject_id=subject_id, purpose=SIGN_IN)
    told = _free(identity, subject_id, actor.channel)
    gate.collect(permit, told, source=SOURCE)
    if "phone" not in told:
        _telling.tell(subject_id, News.PHONE_HELD)
    _avatar.follow(permit, identity.picture, source=SOURCE)
    return Linked(subject_id=subject_id, actor=actor, state=SubjectState.ACTIVE, is_first=True)


def _again(
    identity: Identity, accepted: Accepted | None, actor: Actor, state: SubjectState
) -> Linked:
    subject_id = actor.subject_id
    assert subject_id is not None, "a returning person without a subject"
    if accepted is None:
        if state is SubjectState.NEW:
            raise NotAgreed
        gate.permit(actor, subject_id=subject_id, purpose=SIGN_IN, items=("account_id",))
        return Linked(subject_id=subject_id, actor=actor, state=state, is_first=False)
    _complete(identity)
    if state is SubjectState.NEW or _agreed_to_another(subject_id, accepted, state):
        _accept(actor, subject_id, accepted)
        state = SubjectState.ACTIVE
    _refresh(gate.permit(actor, subject_id=subject_id, purpose=SIGN_IN), identity)
    return Linked(subject_id=subject_id, actor=actor, state=state, is_first=False)


def _agreed_to_another(subject_id: UUID, accepted: Accepted, state: SubjectState) -> bool:
    standing = gate_queries.standing(subject_id)
    return state is SubjectState.ACTIVE and standing.accepted_version != accepted.version


def _accept(actor: Actor, subject_id: UUID, accepted: Accepted) -> None:
    try:
        gate.accept_policy(
            actor, subject_id=subject_id, version=accepted.version, text_hash=accepted.text_hash
        )
    except Conflict:
        # Another version came into force meanwhile: nobody agrees to a text they did not see.
        raise NotAgreed(
            "version", message="隐私政策刚刚换了新版本，你同意的是旧版，没有登录。"
        ) from None


def _complete(identity: Identity) -> None:
    missing = [item for item in _NAMES if not getattr(identity, item)]
    if missing:
        names = "、".join(_NAMES[item] for item in missing)
        raise ClaimsMissing(
            ".".join(missing),
            message=f"星号帐号没有提供{names}，缺少它就不能登录，没有保存任何信息。",
        )


def _values(identity: Identity) -> dict[str, str]:
    return {
        "account_id": identity.account_id,
        "phone": identity.phone,
        "nickname": identity.nickname,
    }


def _free(identity: Identity, subject_id: UUID, channel: str) -> dict[str, str]:
    # Numbers are given out again: one that finds another account comes in once the telecoms say
    # that it is this person's (the identity room), and keeps nobody out meanwhile.
    told = _values(identity)
    house = Actor(kind=ActorKind.SYSTEM, strength=Strength.SIGNED_IN, channel=channel)
    holder = gate_queries.find(house, purpose=SIGN_IN, item="phone", value=told["phone"])
    if holder not in (None, subject_id):
        del told["phone"]
    return told


def _refresh(permit: Permit, identity: Identity) -> None:
    # What the person corrected here themselves is theirs: only what came from there follows it.
    told = _free(identity, permit.subject_id, permit.actor.channel)
    kept = {shown.item: shown for shown in gate_queries.read(permit, tuple(told), slot="")}
    changed = {
        item: value
        for item, value in told.items()
        if item not in kept or (kept[item].source == SOURCE and kept[item].text != value)
    }
    if changed:
        gate.collect(permit, changed, source=SOURCE)
    _avatar.follow(permit, identity.picture, source=SOURCE)
