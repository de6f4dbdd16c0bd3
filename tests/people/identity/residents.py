"""Residents of the sandbox for tests: a real person of ours, and the same one at the sources."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw

from tests import cast
from tests.outside import Partners
from xingnuo.kit import clock, ids
from xingnuo.people.identity import _clocks, actions, queries
from xingnuo.people.identity._numbers import check_digit
from xingnuo.people.identity.contracts import Check, Rule, Status
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import ActorKind, Tier

NAME = "欧阳明月"
VALIDITY = "2020-01-01/2040-01-01"
AUTHORITY, CARD = "population_service", "card_check"


@dataclass(frozen=True, slots=True)
class Resident:
    """A person of ours with a name and number that the authority knows."""

    person: cast.Person
    name: str
    number: str
    phone: str
    outside: Partners

    @property
    def subject_id(self) -> UUID:
        """Give the person's id."""
        return self.person.subject_id

    @property
    def actor(self) -> Actor:
        """Give the person as a door finds them, freshly proved."""
        return self.person.with_strength(Strength.REVERIFIED)

    def name_check(self, **told: Any) -> Check:
        """Have name and number confirmed."""
        asked = {"name": self.name, "number": self.number, "rule": Rule.RESIDENT, **told}
        return actions.check_name(self.actor, **{"key": ids.uuid7(), **asked})

    def status(self) -> Status:
        """Give how the person stands."""
        with cast.transaction():
            return queries.status(self.actor)

    @property
    def tier(self) -> Tier:
        """Give the person's tier."""
        return self.status().tier

    def card(self, **told: Any) -> str:
        """Give the person a card at the sandbox's bank."""
        asked = {"document_number": self.number, "phone": self.phone, "name": self.name, **told}
        made: dict[str, str] = self.outside.ask("POST", "/bank/test/cards", asked)
        return made["card_number"]

    def code(self, phone: str = "") -> str:
        """Give the newest code that the bank texted."""
        text = self.outside.inbox(phone or self.phone)[0]["text"]
        return next(part for part in _digit_runs(text) if len(part) == 6)


def _digit_runs(text: str) -> list[str]:
    return "".join(one if one.isdigit() else " " for one in text).split()


def number_of(born: date, *, place: str = "110105") -> str:
    """Make a resident's number of a birth date, with its check digit."""
    body = f"{place}{born:%Y%m%d}{int.from_bytes(ids.random_bytes(2)) % 1000:03d}"
    return body + check_digit(body)


def minor_number(years: int = 17) -> str:
    """Make the number of somebody who is not yet grown up."""
    return number_of(clock.today() - timedelta(days=365 * years))


def resident(
    outside: Partners, *, tier: Tier = Tier.NONE, name: str = NAME, agreed: bool = True, **told: Any
) -> Resident:
    """Make a person who agreed to be named, and register the same at the authority."""
    person = cast.make_person(tier=Tier.NONE)
    number = told.pop("number", "") or cast.document_number()
    phone = cast.phone()
    made = Resident(person, name, number, phone, outside)
    if told.pop("registered", True):
        register(made, **told)
    if agreed:
        cast.agree(person, "identity.real_name")
        cast.agree(person, "identity.real_name", recipient=AUTHORITY)
    if tier >= Tier.NAMED:
        assert made.name_check().is_in_force
    if tier >= Tier.CHECKED:
        agree_card(made)
        assert card_checked(made).is_in_force
    return made


def register(one: Resident, **told: Any) -> None:
    """Let the authority know a person."""
    asked = {"name": one.name, "number": one.number, "phone": one.phone, **told}
    one.outside.ask("POST", "/authority/test/people", asked)


def hand_on(old: Resident, new: Resident) -> None:
    """Let the telecoms give a person's number to another."""
    register(old, phone=cast.phone())
    register(new, phone=old.phone)


def agree_card(one: Resident) -> None:
    """Agree to be checked by card."""
    cast.agree(one.person, "identity.card_check")
    cast.agree(one.person, "identity.card_check", recipient=CARD)


def card_checked(one: Resident, **told: Any) -> Check:
    """Go the whole way by card."""
    begun = actions.begin_card(one.actor, card=one.card(**told), phone=one.phone, key=ids.uuid7())
    return actions.confirm_card(one.actor, check_id=begun.id, code=one.code())


def reviewer(case_id: UUID | None = None, *, staff_id: str = "r-one") -> Actor:
    """Give a reviewer with a signed undertaking, at an open case."""
    return Actor(
        kind=ActorKind.REVIEWER,
        staff_id=staff_id,
        strength=Strength.REVERIFIED,
        channel="console",
        undertaking_until=clock.now() + timedelta(days=1),
        case_id=case_id,
    )


def decided(case_id: UUID, *, approve: bool = True, **told: Any) -> None:
    """Take a case as a reviewer and decide it."""
    who = reviewer(case_id)
    with cast.transaction():
        actions.take(who, case_id=case_id)
    with cast.transaction():
        actions.decide(who, case_id=case_id, approve=approve, **told)


def case_of(one: Resident, kind: str) -> UUID:
    """Give the newest open case of a kind about a person."""
    with cast.transaction():
        found = [case for case in queries.my_cases(one.actor) if case.kind == kind]
    return found[0].id


def photo(seed: int = 1, *, quality: int = 85, edge: int = 640) -> bytes:
    """Draw a picture that looks like a card: every seed another one."""
    image = Image.new("RGB", (edge, edge * 5 // 8), "white")
    draw, step = ImageDraw.Draw(image), edge // 16
    for at in range(160):
        shade = int(ids.digest(f"{seed}.{at}")[:2], 16)
        x, y = at % 16 * step, at // 16 * step
        draw.rectangle((x, y, x + step, y + step), fill=(shade, shade, shade))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def uploaded(one: Resident, *, front: int = 1, back: int = 2) -> Check:
    """Upload both sides of a document."""
    return actions.upload_photos(one.actor, front=photo(front), back=photo(back), key=ids.uuid7())


def take_up(*, after: timedelta = timedelta()) -> int:
    """Let the clocks of checks run, now or later."""
    with clock.shifted(after):
        return _clocks.take_up_due()


def with_case(actor: Actor, case_id: UUID) -> Actor:
    """Give an actor who works on a case."""
    return replace(actor, case_id=case_id)
