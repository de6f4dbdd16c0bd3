"""What may be looked at for an event: by the law for money, by consent for device and network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from xingnuo.kit.errors import BadInput
from xingnuo.people.antifraud import _digests
from xingnuo.people.antifraud._limits import AMOUNT_FEN_MAX
from xingnuo.people.antifraud._states import MONEY
from xingnuo.people.antifraud.contracts import Event
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Outcome, Reason
from xingnuo.trust.policy.contracts import ActorKind

DEVICE_CHECK = "antifraud.device_check"
PAYMENT_CHECK = "antifraud.payment_check"
_NETWORK = "ip_address"
# Any of these consented to lets the door's own device mark count.
_DEVICE = frozenset({"imei", "serial_number", "oaid", "idfa", "device_uuid", "device_model"})
_WITHOUT = frozenset({Reason.NO_CONSENT, Reason.DUE_AGAIN, Reason.NOT_ACCEPTED})


@dataclass(frozen=True, slots=True)
class Signals:
    """Keyed digests of what may count, and whether the person lets device signals count."""

    device: str
    network: str
    networks: tuple[str, ...]
    card: str
    counterparty: str
    phone: str
    consented: bool

    @property
    def listed(self) -> list[str]:
        """Give every digest that a list may name."""
        return [self.device, self.card, self.counterparty, self.phone, *self.networks]


def checked(event: Event) -> Event:
    """Refuse an event whose amount is no amount."""
    amount = event.amount_fen
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise BadInput({"amount": "金额要是整数分"})
    if not 0 <= amount <= AMOUNT_FEN_MAX:
        raise BadInput({"amount": "金额超出范围"})
    return event


def signals(actor: Actor, subject_id: UUID, event: Event) -> Signals:
    """Ask the gate what may be looked at, and turn that into digests; the rest is let go.

    Sets the subject. For a movement of money raises `GateRefusal` where its check may not run.
    """
    house = as_house(actor)
    device, network = _consented(house, subject_id)
    if event.kind in MONEY:
        # The law's check covers the network of a payment, whatever was consented to (ATF 18).
        items = ("transaction", _NETWORK) if event.address else ("transaction",)
        gate.permit(house, subject_id=subject_id, purpose=PAYMENT_CHECK, items=items)
        network = True
    address = event.address if network else ""
    return Signals(
        device=_digests.keyed("device", event.device) if device else "",
        network=_digests.network(address),
        networks=tuple(_digests.networks(address)),
        card=_digests.keyed("card", event.card),
        counterparty=_digests.keyed("counterparty", event.counterparty),
        phone=_digests.keyed("phone", event.phone),
        consented=device,
    )


def as_house(actor: Actor) -> Actor:
    """Give the house acting for a door: the check is ours, not the person's own use."""
    return replace(actor, kind=ActorKind.SYSTEM, subject_id=None, staff_id="")


def _consented(house: Actor, subject_id: UUID) -> tuple[bool, bool]:
    try:
        permit = gate.permit(house, subject_id=subject_id, purpose=DEVICE_CHECK)
    except GateRefusal as refusal:
        if refusal.reason in _WITHOUT or refusal.reason is not Reason.UNKNOWN_SUBJECT:
            # Without consent, or for an account that is not simply open, no signal counts.
            return False, False
        raise
    granted = {item for item, outcome in permit.outcomes.items() if outcome is not Outcome.DENY}
    return bool(granted & _DEVICE), _NETWORK in granted


def note_identifiers(actor: Actor, *, subject_id: UUID, identifiers: dict[str, str]) -> str:
    """Take an app's device identifiers through the gate; gives the digest of the device.

    Raises `GateRefusal` without consent or permission, and for an identifier of another platform
    or version (1.2.14).
    """
    permit = gate.permit(
        actor, subject_id=subject_id, purpose=DEVICE_CHECK, items=tuple(sorted(identifiers))
    )
    gate.collect(permit, identifiers)
    strongest = next((identifiers[item] for item in _BY_STRENGTH if item in identifiers), "")
    return _digests.keyed("device", strongest)


_BY_STRENGTH = ("oaid", "idfa", "device_uuid", "imei", "serial_number")
