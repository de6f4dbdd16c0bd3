"""What sources answer, as verdicts: anything not understood proves nothing. No transaction here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from xingnuo.partners.authority import client as authority
from xingnuo.partners.authority.contracts import Answer as AuthorityAnswer
from xingnuo.partners.authority.contracts import DocumentState
from xingnuo.partners.authority.contracts import Finding as AuthorityFinding
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import Answer as BankAnswer
from xingnuo.partners.bank.contracts import Outcome as BankOutcome
from xingnuo.partners.face import client as face
from xingnuo.partners.face.contracts import Answer as FaceAnswer
from xingnuo.partners.face.contracts import Outcome as FaceOutcome
from xingnuo.partners.telecom import client as telecom
from xingnuo.partners.telecom.contracts import Answer as TelecomAnswer
from xingnuo.people.identity._sources import CARD, FACE, POPULATION, TELECOM
from xingnuo.people.identity.contracts import Ground, Kind, State, Verdict
from xingnuo.trust.sharing.contracts import Parcel

_FINDINGS: Mapping[str, tuple[State, Ground]] = MappingProxyType(
    {
        "match": (State.MATCHED, Ground.CONFIRMED),
        "mismatch": (State.MISMATCHED, Ground.NOT_THE_SAME),
        "not_found": (State.MISMATCHED, Ground.NOT_FOUND),
        "refused": (State.REFUSED, Ground.NOT_TAKEN),
        "not_known": (State.UNKNOWN, Ground.NOT_RECEIVED),
    }
)
_DOCUMENTS: Mapping[DocumentState, Ground] = MappingProxyType(
    {
        DocumentState.EXPIRED: Ground.DOCUMENT_EXPIRED,
        DocumentState.CANCELLED: Ground.DOCUMENT_CANCELLED,
    }
)
_CARDS: Mapping[BankOutcome, tuple[State, Ground]] = MappingProxyType(
    {
        # The code is out, or was typed wrongly: the person's step again, and no end.
        BankOutcome.CODE_SENT: (State.STARTED, Ground.NONE),
        BankOutcome.CODE_WRONG: (State.STARTED, Ground.NONE),
        BankOutcome.CONFIRMED: (State.MATCHED, Ground.CONFIRMED),
        BankOutcome.MISMATCH: (State.MISMATCHED, Ground.NOT_THE_SAME),
        BankOutcome.CARD_LOST: (State.REFUSED, Ground.CARD_LOST),
        BankOutcome.CARD_CLOSED: (State.REFUSED, Ground.CARD_CLOSED),
        BankOutcome.UNSUPPORTED: (State.REFUSED, Ground.CARD_UNSUPPORTED),
        BankOutcome.CODE_EXPIRED: (State.REFUSED, Ground.CODE_EXPIRED),
        BankOutcome.TOO_MANY: (State.REFUSED, Ground.CODE_SPENT),
        BankOutcome.REFUSED: (State.REFUSED, Ground.NOT_TAKEN),
        BankOutcome.NOT_KNOWN: (State.UNKNOWN, Ground.NOT_RECEIVED),
    }
)
_FACES: Mapping[FaceOutcome, tuple[State, Ground]] = MappingProxyType(
    {
        FaceOutcome.MATCH: (State.MATCHED, Ground.CONFIRMED),
        FaceOutcome.NO_MATCH: (State.MISMATCHED, Ground.NOT_THE_SAME),
        FaceOutcome.NOT_LIVE: (State.REFUSED, Ground.NOT_LIVE),
        FaceOutcome.UNCLEAR: (State.REFUSED, Ground.UNCLEAR),
        FaceOutcome.NO_REFERENCE: (State.REFUSED, Ground.NO_REFERENCE),
        FaceOutcome.REFUSED: (State.REFUSED, Ground.NOT_TAKEN),
        FaceOutcome.NOT_KNOWN: (State.UNKNOWN, Ground.NOT_RECEIVED),
    }
)
_NOTHING = (State.UNKNOWN, Ground.NONE)


def named(parcel: Parcel, *, key: UUID) -> Verdict:
    """Ask the authority whether name and number belong together."""
    return of_authority(authority.verify(parcel, key=str(key)))


def phoned(parcel: Parcel, *, key: UUID) -> Verdict:
    """Ask the telecoms whether name, number and phone belong together."""
    return _of_telecom(telecom.verify(parcel, key=str(key)))


def card_begun(parcel: Parcel, *, key: UUID) -> tuple[Verdict, int | None]:
    """Ask the bank whether card, document, name and reserved phone are one; it texts a code."""
    return _of_bank(bank.begin(parcel, key=str(key)))


def card_confirmed(parcel: Parcel, *, key: UUID) -> tuple[Verdict, int | None]:
    """Hand the bank the code that it texted; gives how many tries are left, where it says so."""
    return _of_bank(bank.confirm(parcel, key=str(key)))


def faced(parcel: Parcel, *, key: UUID) -> Verdict:
    """Ask the face service whether the picture is the document's person, and alive."""
    return of_face(face.compare(parcel, key=str(key)))


def asked_again(kind: Kind, key: UUID) -> Verdict:
    """Ask a source what became of a question, by its key alone."""
    if kind in (Kind.NAME_NUMBER, Kind.AGE):
        return of_authority(authority.status(str(key)))
    if kind is Kind.PHONE:
        return _of_telecom(telecom.status(str(key)))
    if kind is Kind.CARD:
        return _of_bank(bank.status(str(key)))[0]
    assert kind is Kind.FACE, "a check without a source to ask"
    return of_face(face.status(str(key)))


def of_authority(answer: AuthorityAnswer, *, notice: str = "") -> Verdict:
    """Read the authority's answer: a match of a lapsed document or of the dead is a refusal."""
    state, ground = _FINDINGS.get(answer.finding.value, _NOTHING)
    if answer.finding is AuthorityFinding.MATCH:
        ground = _DOCUMENTS.get(answer.document, ground)
        ground = Ground.DECEASED if answer.deceased else ground
        state = State.MATCHED if ground is Ground.CONFIRMED else State.REFUSED
    return Verdict(
        state=state,
        ground=ground,
        source=POPULATION,
        reference=answer.reference,
        notice=notice,
        is_adult=answer.adult,
    )


def of_face(answer: FaceAnswer, *, notice: str = "") -> Verdict:
    """Read the face service's answer."""
    state, ground = _FACES.get(answer.outcome, _NOTHING)
    return Verdict(
        state=state, ground=ground, source=FACE, reference=answer.reference, notice=notice
    )


def _of_telecom(answer: TelecomAnswer) -> Verdict:
    state, ground = _FINDINGS.get(answer.finding.value, _NOTHING)
    return Verdict(state=state, ground=ground, source=TELECOM, reference=answer.reference)


def _of_bank(answer: BankAnswer) -> tuple[Verdict, int | None]:
    state, ground = _CARDS.get(answer.outcome, _NOTHING)
    found = Verdict(state=state, ground=ground, source=CARD, reference=answer.reference)
    return found, answer.tries_left
