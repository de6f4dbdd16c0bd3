"""Codes: what stands on one follows from its id under a key; a digest of it is looked up."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from xingnuo.kit import clock, ids, jobs
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict, TooMany
from xingnuo.services.merchant_collection import _rows as rows
from xingnuo.services.merchant_collection._dated import value
from xingnuo.services.merchant_collection.contracts import (
    CodeKind,
    CodeShown,
    CodeState,
    MerchantState,
    NoSuchCode,
)
from xingnuo.services.merchant_collection.models import CodeRow, LookupRow, MerchantRow
from xingnuo.trust.gate.contracts import Actor

EXPIRE = "merchant_collection.expire"
# Crockford's base 32: no letter that reads as a digit. 16 of them are 80 bits.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARS = 16
_TEXT = re.compile(f"[{_LETTERS}]{{{_CHARS}}}")
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def text_of(code_id: UUID) -> str:
    """Give what stands on a code; nobody without the room's key can make or guess it."""
    number = int(rows.keyed("text", code_id), 16)
    return "".join(_LETTERS[number >> 5 * at & 31] for at in range(_CHARS))


def normal(text: str) -> str:
    """Read a code as a person types it: small letters, gaps and dashes; raises `NoSuchCode`."""
    read = text.strip().upper().translate(_READ_AS) if len(text) <= 40 else ""
    if not _TEXT.fullmatch(read):
        raise NoSuchCode
    return read


def digest_of(text: str) -> str:
    """Give the keyed digest by which a code is found."""
    return rows.keyed("found", text)


def url_of(text: str) -> str:
    """Give the address that a code holds: ours, and nothing of anybody in it."""
    return f"{settings.BASE_URL}/q/{text.lower()}/"


def make(
    merchant: MerchantRow,
    kind: CodeKind,
    *,
    code_id: UUID | None = None,
    amount_fen: int | None = None,
) -> CodeRow:
    """Make a code of a merchant and its look-up; the subject is the merchant."""
    now = clock.now()
    code_id = code_id or ids.uuid7()
    digest = digest_of(text_of(code_id))
    is_dynamic = kind is CodeKind.DYNAMIC
    row: CodeRow = CodeRow.objects.create(
        id=code_id,
        subject_id=merchant.subject_id,
        merchant_id=merchant.id,
        kind=kind.value,
        state=CodeState.ACTIVE.value,
        amount_fen=amount_fen,
        digest=digest,
        made_at=now,
        expires_at=now + timedelta(minutes=value("dynamic.minutes")) if is_dynamic else None,
    )
    LookupRow.objects.create(digest=digest, subject_id=merchant.subject_id, code_id=code_id)
    return row


def charge(actor: Actor, *, code_id: UUID, amount_fen: int) -> CodeShown:
    """Make a dynamic code of one order, once by its id. In the caller's transaction.

    Raises `BadInput`, `Conflict` for the same id with another amount, `NoSuchMerchant`.
    """
    subject_id = rows.who(actor, rows.COLLECT)
    if type(amount_fen) is not int or not 0 < amount_fen <= value("dynamic.once"):
        raise BadInput({"amount": "金额要大于 0，不超过 50,000 元"})
    rows.alone(subject_id, "codes")
    merchant = rows.standing(subject_id, MerchantState.OPEN)
    mine = CodeRow.objects.of(subject_id)
    known = mine.filter(id=code_id).first()
    if known is not None:
        if known.amount_fen != amount_fen:
            raise Conflict("code")
        return shown(known)
    fresh = mine.filter(kind=CodeKind.DYNAMIC.value, expires_at__gt=clock.now())
    if fresh.filter(state=CodeState.ACTIVE.value).count() >= value("dynamic.open"):
        raise TooMany("code", retry_after_seconds=60, message="还没人付的收款码太多了。")
    row = make(merchant, CodeKind.DYNAMIC, code_id=code_id, amount_fen=amount_fen)
    jobs.defer(EXPIRE, queue=rows.QUEUE, at=row.expires_at, subject_id=subject_id)
    return shown(row)


def static_of(merchant: MerchantRow) -> CodeRow | None:
    """Give the static code of a merchant that counts now."""
    row: CodeRow | None = (
        CodeRow.objects.of(merchant.subject_id)
        .filter(merchant_id=merchant.id, kind=CodeKind.STATIC.value, state=CodeState.ACTIVE.value)
        .first()
    )
    return row


def rotate(actor: Actor) -> CodeShown:
    """Replace the static code: the old one opens nothing any more. In the caller's transaction."""
    subject_id = rows.who(actor, rows.COLLECT)
    rows.alone(subject_id, "codes")
    merchant = rows.standing(subject_id, MerchantState.OPEN)
    old = static_of(merchant)
    if old is not None:
        end(old, CodeState.REVOKED)
    return shown(make(merchant, CodeKind.STATIC))


def revoke(actor: Actor, *, code_id: UUID) -> None:
    """Take a code back; one that an order has is left to that order."""
    subject_id = rows.who(actor, rows.COLLECT)
    row = found(subject_id, code_id, hold=True)
    if row.state == CodeState.ACTIVE.value:
        end(row, CodeState.REVOKED)


def revoke_all(subject_id: UUID) -> None:
    """Take every code back that nobody's order has; the subject is set."""
    active = CodeRow.objects.of(subject_id).filter(state=CodeState.ACTIVE.value)
    for row in active.select_for_update():
        end(row, CodeState.REVOKED)


def end(row: CodeRow, to: CodeState) -> None:
    """End a code: nobody finds it by what stands on it any more."""
    row.state, row.ended_at = to.value, clock.now()
    row.save()
    LookupRow.objects.filter(digest=row.digest).delete()


def found(subject_id: UUID, code_id: UUID, *, hold: bool = False) -> CodeRow:
    """Give a code of a merchant; another's and a missing one look the same."""
    mine = CodeRow.objects.of(subject_id).filter(id=code_id)
    row: CodeRow | None = (mine.select_for_update() if hold else mine).first()
    if row is None:
        raise NoSuchCode
    return row


def read(text: str, *, hold: bool = False) -> CodeRow:
    """Give the living code that reads so, and set its merchant as the subject."""
    known = LookupRow.objects.filter(digest=digest_of(normal(text))).first()
    if known is None:
        raise NoSuchCode
    session.set_subject(known.subject_id)
    row = found(known.subject_id, known.code_id, hold=hold)
    over = row.expires_at is not None and row.expires_at <= clock.now()
    if over or row.state not in (CodeState.ACTIVE.value, CodeState.CLAIMED.value):
        raise NoSuchCode
    return row


def claim(row: CodeRow, *, payer_id: UUID, payment_id: UUID) -> None:
    """Give a dynamic code to one payer's order; the row is held."""
    row.state, row.payer_id, row.payment_id = CodeState.CLAIMED.value, payer_id, payment_id
    row.save(update_fields=["state", "payer_id", "payment_id"])


def unclaim(*, subject_id: UUID, code_id: UUID, payment_id: UUID) -> None:
    """Let go of a code whose order was not paid; in the caller's transaction."""
    session.set_subject(subject_id)
    row = CodeRow.objects.of(subject_id).filter(id=code_id).select_for_update().first()
    if row is None or (row.state, row.payment_id) != (CodeState.CLAIMED.value, payment_id):
        return
    row.payment_id = row.payer_id = None
    if row.expires_at > clock.now():
        row.state = CodeState.ACTIVE.value
        row.save(update_fields=["state", "payer_id", "payment_id"])
    else:
        end(row, CodeState.EXPIRED)


def expire(subject_id: UUID) -> int:
    """End dynamic codes of a merchant that nobody paid in time; gives how many.

    In the caller's transaction. One that an order has is left to that order.
    """
    session.set_subject(subject_id)
    over = CodeRow.objects.of(subject_id).filter(
        state=CodeState.ACTIVE.value, expires_at__lte=clock.now()
    )
    gone = list(over.select_for_update())
    for row in gone:
        end(row, CodeState.EXPIRED)
    return len(gone)


def shown(row: CodeRow) -> CodeShown:
    """Give a code to its merchant."""
    text = text_of(row.id)
    state = CodeState(row.state)
    if state is CodeState.ACTIVE and row.expires_at and row.expires_at <= clock.now():
        state = CodeState.EXPIRED
    return CodeShown(
        id=row.id,
        kind=CodeKind(row.kind),
        state=state,
        amount_fen=row.amount_fen,
        text="-".join(text[at : at + 4] for at in range(0, _CHARS, 4)),
        url=url_of(text),
        payment_id=row.payment_id,
        made_at=row.made_at,
        expires_at=row.expires_at,
    )
