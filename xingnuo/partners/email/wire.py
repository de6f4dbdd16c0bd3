"""The letter gateway's shapes; no network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from xingnuo.partners._signing import IDEMPOTENCY_KEY, NotAuthentic, text
from xingnuo.partners.email.contracts import Event, EventKind, Outcome

SEND_PATH = "/email/send"
STATUS_PATH = "/email/status/"
HOOK_PATH = "/hooks/email/events"
SUBJECT_CHARS_MAX = 200
TEXT_CHARS_MAX = 20_000
UNSUBSCRIBE_CHARS_MAX = 500
_KINDS = {one.value: one for one in EventKind}
_FINAL = frozenset(
    {
        "declined",
        "fields_wrong",
        "field_malformed",
        "key_malformed",
        "key_reused",
        "address_malformed",
        "letter_malformed",
    }
)


def letter(
    *, key: str, address: str, subject: str, body: str, unsubscribe: str
) -> dict[str, object]:
    """Give what is sent: an address, a letter, and nothing else of the person."""
    # One line without a break: a subject can begin no header of its own.
    line = " ".join(subject.split())[:SUBJECT_CHARS_MAX]
    return {
        "key": key,
        "address": address,
        "subject": line,
        "text": body[:TEXT_CHARS_MAX],
        "unsubscribe": unsubscribe,
    }


def is_ours(address: str, *, base: str) -> bool:
    """Say whether an unsubscribe address is one of the house itself."""
    given, own = urlsplit(address), urlsplit(base)
    same = (given.scheme, given.netloc) == (own.scheme, own.netloc)
    printable = address.isprintable() and not set(address) & set(" <>\"'")
    return same and printable and len(address) <= UNSUBSCRIBE_CHARS_MAX


def outcome(status: int, told: Mapping[str, object], *, signed: bool, key: str) -> Outcome:
    """Read an answer: taken only if signed and about this key, refused only by a final code."""
    if 400 <= status < 500 and told.get("code") in _FINAL:
        return Outcome.REFUSED
    ours = signed and status == 200 and told.get("key") == key and told.get("state") == "done"
    taken = ours and told.get("outcome") == Outcome.ACCEPTED.value
    return Outcome.ACCEPTED if taken else Outcome.PENDING


def event(told: Mapping[str, object]) -> Event:
    """Read a call that tells an event; raises `NotAuthentic` for one that tells none."""
    name, key = text(told, "id"), text(told, "key")
    kind = _KINDS.get(text(told, "kind"))
    try:
        at = datetime.fromisoformat(text(told, "at"))
    except ValueError:
        raise NotAuthentic("email") from None
    if not name or kind is None or at.tzinfo is None or not IDEMPOTENCY_KEY.fullmatch(key):
        raise NotAuthentic("email")
    return Event(id=name, key=key, kind=kind, at=at)
