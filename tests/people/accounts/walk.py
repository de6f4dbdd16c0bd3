"""Short ways through the accounts room: a whole sign-in, and a person who is in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from tests.outside import Partners
from xingnuo.kit import ids
from xingnuo.people.accounts import actions, queries
from xingnuo.people.accounts.contracts import Accepted, Caller, Session, SignedIn, Started
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind


def accepted() -> Accepted:
    """Give the agreement to the version in force."""
    compiled = policy.in_force()
    return Accepted(version=compiled.version, text_hash=compiled.hash)


def caller(device: str = "", token: str = "", label: str = "Android · Chrome") -> Caller:
    """Give somebody at the door, from an address of their own."""
    return Caller(device=device, address=ids.token(), label=label, token=token)


@dataclass(frozen=True, slots=True)
class Signed:
    """A person who signed in: their account at the provider, and what they got."""

    sub: str
    phone: str
    entered: SignedIn

    @property
    def actor(self) -> Actor:
        """Give the actor that the porch would make."""
        return actor_of(self.entered.session)


def actor_of(session: Session) -> Actor:
    """Give the actor that the porch would make of a session."""
    return Actor(
        kind=ActorKind.SELF,
        subject_id=session.subject_id,
        session_id=session.id,
        strength=session.strength,
    )


def begin(who: Caller | None = None, *, agreed: bool = True, next_path: str = "/") -> Started:
    """Begin a trip to sign in."""
    told = accepted() if agreed else None
    return actions.begin_sign_in(accepted=told, caller=who or caller(), next_path=next_path)


def finish(back: dict[str, str], cookie: str, who: Caller | None = None) -> SignedIn:
    """Finish a trip with what the provider sent back."""
    return actions.finish_sign_in(
        code=back.get("code", ""),
        state=back.get("state", ""),
        cookie=cookie,
        caller=who or caller(),
        fault=back.get("error", ""),
        issuer=back.get("iss", ""),
    )


def sign_in(outside: Partners, *, sub: str = "", phone: str = "", device: str = "") -> Signed:
    """Sign a person in, a new one unless told otherwise."""
    if not sub:
        made = outside.make_account()
        sub, phone = made["sub"], made["phone"]
    who = caller(device)
    started = begin(who)
    return Signed(sub, phone, finish(outside.sign_in(started.url, sub), started.cookie, who))


def resolve(token: str, seen: str = "") -> Session | None:
    """Resolve a session token in a transaction, as the porch does."""
    with transaction.atomic():
        return queries.resolve(token, seen=seen)
