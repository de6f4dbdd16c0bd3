"""Values of a check: kept in the check's own place until it is proved, dropped if it is not."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from xingnuo.kit.errors import Conflict
from xingnuo.people.identity._house import HOUSE
from xingnuo.people.identity._numbers import words
from xingnuo.people.identity.contracts import Kind, NumberTaken, Rule, Side
from xingnuo.people.identity.models import CheckRow, PhotoMark
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit

NAMED = ("name", "document_number")
CARD = ("card_number", "card_reserved_phone")
PURPOSE: Mapping[Kind, str] = {
    Kind.NAME_NUMBER: "identity.real_name",
    Kind.AGE: "identity.age_gate",
    Kind.PHONE: "identity.phone_check",
    Kind.CARD: "identity.card_check",
    Kind.FACE: "identity.face_check",
    Kind.DOCUMENT_PHOTO: "identity.document_photo",
    Kind.VIDEO: "identity.review",
    Kind.COUNTER: "identity.review",
}
_TAKEN = "vault_lookup_taken"


def slot(check_id: UUID, part: str = "") -> str:
    """Give the place of a check's values, or of one file of it."""
    return f"{check_id}:{part}" if part else str(check_id)


def ensure_free(actor: Actor, subject_id: UUID, number: str) -> None:
    """Refuse a number that stands for another account, without a word about whose it is."""
    holder = gate_queries.find(
        actor, purpose="identity.real_name", item="document_number", value=number
    )
    if holder not in (None, subject_id):
        raise NumberTaken


def keep(permit: Permit, values: Mapping[str, str], place: str, *, source: str = "self") -> None:
    """Collect values into a place; a number that another took meanwhile is `NumberTaken`."""
    try:
        gate.collect(permit, values, slot=place, source=source)
    except Conflict as taken:
        if taken.code != _TAKEN:
            raise
        raise NumberTaken from None


def plain(permit: Permit, items: tuple[str, ...], place: str = "") -> dict[str, str]:
    """Give values for processing; items never given are left out."""
    found = {item: gate_queries.plain(permit, item, slot=place) for item in items}
    return {item: text for item, text in found.items() if text is not None}


def promote(row: CheckRow) -> bool:
    """Make a proved name and number the person's own; says whether the number is another now.

    Raises `GateRefusal` where the consent was withdrawn meanwhile, `NumberTaken` where the number
    stands for another account.
    """
    permit = gate.permit(
        HOUSE, subject_id=row.subject_id, purpose="identity.real_name", items=NAMED
    )
    given = plain(permit, NAMED, slot(row.id))
    before = gate_queries.plain(permit, "document_number")
    keep(permit, given, "")
    gate.drop(permit, NAMED, slot=slot(row.id))
    _keep_kind(row)
    return before is not None and before != given.get("document_number")


def _keep_kind(row: CheckRow) -> None:
    legal = gate.permit(
        HOUSE, subject_id=row.subject_id, purpose="identity.keep", items=("document_kind",)
    )
    gate.collect(legal, {"document_kind": words()[Rule(row.rule)]}, source=row.source)


def promote_validity(row: CheckRow) -> None:
    """Make the validity that was confirmed with the photos the person's own."""
    permit = gate.permit(
        HOUSE, subject_id=row.subject_id, purpose="identity.keep", items=("document_validity",)
    )
    given = plain(permit, ("document_validity",), slot(row.id))
    if given:
        gate.collect(permit, given, source=row.source)
        gate.drop(permit, ("document_validity",), slot=slot(row.id))


def drop_typed(row: CheckRow) -> None:
    """Drop what was typed for a check; deleting is a duty, so it holds in every state."""
    kind = Kind(row.kind)
    if kind in (Kind.NAME_NUMBER, Kind.AGE, Kind.CARD):
        _drop(row, NAMED, slot(row.id))
    if kind is Kind.CARD:
        _drop(row, CARD, slot(row.id))
    if kind is Kind.PHONE:
        _drop(row, ("phone",), slot(row.id))
    if kind is Kind.DOCUMENT_PHOTO:
        drop_photos(row)


def drop_photos(row: CheckRow) -> None:
    """Drop a check's photos, what was read on them, and their marks."""
    for part in (*(side.value for side in Side), "read"):
        _drop(row, ("document_photo",), slot(row.id, part))
    _drop(row, ("document_validity",), slot(row.id))
    PhotoMark.objects.filter(check_id=row.id).delete()


def _drop(row: CheckRow, items: tuple[str, ...], place: str) -> None:
    permit = gate.permit(HOUSE, subject_id=row.subject_id, purpose="identity.discard", items=items)
    gate.drop(permit, items, slot=place)
