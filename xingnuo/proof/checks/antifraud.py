"""Checks of the safety of movements of money: in line, by declared signals within bounds."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from xingnuo.kit import ids
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import Event, EventKind, Outcome
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate.contracts import Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Basis, Bound

PURPOSE = "antifraud.device_check"
# What the acceptance list says: item → platform and versions, a value, and where it is wrong.
IDENTIFIERS: dict[str, tuple[Bound, tuple[str, str], str, tuple[tuple[str, str], ...]]] = {
    "imei": (
        Bound(os="android", below_version="10"),
        ("android", "9"),
        "490154203237518",
        (("android", "10"), ("ios", "17.1"), ("web", "")),
    ),
    "oaid": (
        Bound(os="android", min_version="10"),
        ("android", "12"),
        "oaid0123456789ab",
        (("android", "9"), ("ios", "17.1"), ("web", "")),
    ),
    "idfa": (
        Bound(os="ios"),
        ("ios", "17.1"),
        "6d92078a-8246-4ba4-ae5b-76104861e7dc",
        (("android", "9"), ("android", "12"), ("web", "")),
    ),
}


@check("1.2.14", kind=CheckKind.STATIC)
def identifiers_stand_in_their_bounds() -> None:
    """IMEI, OAID and IDFA are declared for their platform and versions alone, by consent."""
    for compiled in (policy.in_force(), policy.declared()):
        for item, (bound, *_) in IDENTIFIERS.items():
            must(compiled.items[item].bounds == (bound,), f"{item} has other bounds")
            must(item in compiled.items_of(PURPOSE), f"{item} is for something else")
        must(compiled.purposes[PURPOSE].basis is Basis.SEPARATE_CONSENT, "no separate consent")


@check("1.2.14", kind=CheckKind.DYNAMIC)
def identifiers_of_other_platforms_are_refused() -> None:
    """Each identifier is taken on its platform and refused on every other."""
    who = stage.person()
    stage.decide(who, PURPOSE, optional=tuple(IDENTIFIERS))
    stage.allow(who, "phone_state")
    for item, (_, right, value, wrong) in IDENTIFIERS.items():
        stage.passes(_noted(who.on(*right), item, value), f"{item} on its platform")
        for platform in wrong:
            stage.refused(
                _noted(who.on(*platform), item, value),
                Reason.PLATFORM,
                words=f"{item} on {platform[0]} {platform[1]}",
            )


def _noted(who: stage.Person, item: str, value: str) -> Callable[[], object]:
    def call() -> object:
        return actions.note_identifiers(
            who.actor, subject_id=who.subject_id, identifiers={item: value}
        )

    return call


@check("1.2.14", kind=CheckKind.DYNAMIC)
def movements_are_decided_in_line() -> None:
    """An ordinary payment passes, one too many of a burst does not, and each is on record."""
    who = stage.person()
    outcomes = [_paid(who) for _ in range(15)]
    must(outcomes[0] is Outcome.ACCEPT, "an ordinary payment does not pass")
    must(outcomes[-1] > Outcome.ACCEPT, "a burst passes")
    with stage.as_subject(who):
        found = queries.automated(who.actor).decisions
    must(len(found) == len(outcomes), "a decision is not on record")
    must(found[0].reasons, "a decision gives no reason")
    checked = [x for x in stage.lines(who, Kind.PERMIT) if x.purpose == "antifraud.payment_check"]
    must(len(checked) == len(outcomes), "a check is not on record")


@check("1.2.14", kind=CheckKind.DYNAMIC)
def without_consent_no_device_counts() -> None:
    """Without consent nothing of the device is kept, and it costs one more proof at most."""
    who = stage.person()
    outcome = _paid(who, EventKind.TRANSFER, 200_000)
    must(outcome is Outcome.STEP_UP, "no consent costs something else than one more proof")
    used = {item for line in stage.lines(who) for item in line.items}
    nothing(sorted(used & set(IDENTIFIERS)), "identifiers were used without consent")


def _paid(who: stage.Person, kind: EventKind = EventKind.PAYMENT, amount_fen: int = 100) -> Outcome:
    event = Event(
        kind=kind, amount_fen=amount_fen, device=ids.token(), counterparty="shop", card=ids.token()
    )
    with transaction.atomic():
        return actions.screen(who.actor, subject_id=who.subject_id, event=event).outcome
