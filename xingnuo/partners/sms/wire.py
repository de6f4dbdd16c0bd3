"""The gateway's shapes; no network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from xingnuo.partners._signing import NotAuthentic, text
from xingnuo.partners.sms.contracts import Outcome, Reply

SEND_PATH = "/sms/send"
STATUS_PATH = "/sms/status/"
HOOK_PATH = "/hooks/sms/reply"
TEXT_CHARS_MAX = 500
REPLY_CHARS_MAX = 500
PHONE = re.compile(r"1[3-9][0-9]{9}")
_HAS_IT = frozenset({"accepted", "delivered"})
# Refused for good: what was asked is wrong and stays wrong. Anything else may be tried again.
_FINAL = frozenset({"phone_refused", "phone_malformed", "text_malformed", "message_id_reused"})


def message(*, key: str, phone: str, text: str) -> dict[str, object]:
    """Give what is sent: message id, phone, text and nothing else."""
    return {"message_id": key, "phone": phone, "text": text[:TEXT_CHARS_MAX]}


def outcome(status: int, told: Mapping[str, object], *, signed: bool, key: str) -> Outcome:
    """Read an answer: taken only if signed and about this key, refused only by a final code."""
    if status in (409, 422) and told.get("code") in _FINAL:
        return Outcome.REFUSED
    ours = signed and status in (200, 202) and told.get("message_id") == key
    return Outcome.ACCEPTED if ours and told.get("state") in _HAS_IT else Outcome.PENDING


def reply(told: Mapping[str, object]) -> Reply:
    """Read a call that tells a reply; raises `NotAuthentic` for one that tells none."""
    name, phone = text(told, "id"), text(told, "phone")
    said = text(told, "text", chars_max=REPLY_CHARS_MAX)
    try:
        at = datetime.fromisoformat(text(told, "at"))
    except ValueError:
        raise NotAuthentic("sms") from None
    if not name or not said or at.tzinfo is None or not PHONE.fullmatch(phone):
        raise NotAuthentic("sms")
    return Reply(id=name, phone=phone, text=said, at=at)
