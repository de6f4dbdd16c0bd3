"""Members of unlock's tests: a person with a real session, who may just have proved themselves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from tests import cast
from xingnuo.kit import ids
from xingnuo.people.accounts import _sessions
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.accounts.contracts import Session
from xingnuo.people.unlock import actions
from xingnuo.people.unlock.contracts import Act, Verdict, Way
from xingnuo.trust.gate.contracts import Actor, Platform, Strength
from xingnuo.trust.policy.contracts import ActorKind

PASSWORD = "tangerine lamp 九月 42"
PATTERN = "1478963"


@dataclass
class Member:
    """A person, their session, and the token that their browser holds."""

    person: cast.Person
    session_id: UUID
    token: str = field(repr=False)
    platform: Platform = field(default_factory=Platform)

    @property
    def subject_id(self) -> UUID:
        """Give the person's id."""
        return self.person.subject_id

    @property
    def session(self) -> Session:
        """Give the session as it stands now, found as a door finds it."""
        with cast.transaction():
            found = accounts.resolve(self.token, seen=accounts.stamp(self.session_id))
        assert found is not None, "the session is gone"
        return found

    @property
    def actor(self) -> Actor:
        """Give the actor that the porch would make."""
        session = self.session
        return Actor(
            kind=ActorKind.SELF,
            subject_id=session.subject_id,
            session_id=session.id,
            strength=session.strength,
            platform=self.platform,
        )

    def prove(self) -> None:
        """Prove oneself, as after a trip to the provider."""
        with cast.transaction():
            _sessions.raise_strength(self.session, Strength.REVERIFIED)

    def lock(self) -> None:
        """Come back later: nothing is proved any more."""
        with cast.transaction():
            _sessions.lock(self.session)

    def agree(self, way: Way, *, optional: tuple[str, ...] = ()) -> None:
        """Agree to a way by its sheet."""
        cast.agree(self.person, way.purpose, optional=optional)

    def set_password(self, typed: str = PASSWORD) -> None:
        """Set a password, agreed to and proved."""
        self.agree(Way.PASSWORD)
        self.prove()
        with cast.transaction():
            actions.set_password(self.actor, typed=typed)

    def set_pattern(self, typed: str = PATTERN) -> None:
        """Set a gesture, agreed to and proved."""
        self.agree(Way.PATTERN)
        self.prove()
        with cast.transaction():
            actions.set_pattern(self.actor, typed=typed)

    def attempt(self, way: Way, typed: str, act: Act = Act.UNLOCK) -> Verdict:
        """Try a secret; a right one leaves the new token with the browser."""
        return self.take(
            actions.try_secret(self.actor, current=self.session, way=way, typed=typed, act=act)
        )

    def take(self, verdict: Verdict) -> Verdict:
        """Keep the new token of a verdict."""
        self.token = verdict.token or self.token
        return verdict


def make_member(*, accepted: bool = True, platform: Platform | None = None) -> Member:
    """Make a fresh person who is signed in, and nothing more."""
    person = cast.make_person(accepted=accepted)
    return Member(person, *begin_session(person), platform=platform or Platform())


def begin_session(person: cast.Person) -> tuple[UUID, str]:
    """Give a person a further session."""
    with cast.transaction():
        token, begun = _sessions.begin(
            person.subject_id,
            session_id=ids.uuid7(),
            device_id=ids.uuid7(),
            label="Android · Chrome",
            provider_session="",
        )
    return begun.id, token


def second_session(member: Member) -> Member:
    """Give the same person in another browser."""
    session_id, token = begin_session(member.person)
    return replace(member, session_id=session_id, token=token)
