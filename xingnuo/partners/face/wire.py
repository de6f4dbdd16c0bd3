"""The face service's shapes; no network."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from xingnuo.partners._signing import IDEMPOTENCY_KEY, NotAuthentic, is_not_known, text, whole
from xingnuo.partners.face.contracts import LIVENESS_MAX, PENDING, Answer, Notice, Outcome

COMPARE_PATH = "/face/compare"
STATUS_PATH = "/face/status/"
HOOK_PATH = "/hooks/face/result"
# Below this a match is doubt: the picture may be of a picture.
LIVENESS_MIN = 60
_UNDECIDED = (Outcome.PENDING, Outcome.NOT_KNOWN, Outcome.REFUSED)
_DECIDED = {one.value: one for one in Outcome if one not in _UNDECIDED}
_FINAL = frozenset(
    {
        "declined",
        "fields_wrong",
        "field_malformed",
        "key_malformed",
        "key_reused",
        "image_malformed",
        "too_large",
    }
)


def question(*, key: str, name: str, document_number: str, image: bytes) -> dict[str, object]:
    """Give what is asked: a picture and whose it should be, under a key, and nothing else."""
    return {
        "key": key,
        "name": name,
        "document_number": document_number,
        "image": base64.b64encode(image).decode(),
    }


def answer(status: int, told: Mapping[str, object], *, signed: bool, key: str) -> Answer:
    """Read an answer: decided only if signed and about this key, refused only by a final code."""
    if 400 <= status < 500 and told.get("code") in _FINAL:
        return Answer(outcome=Outcome.REFUSED)
    if is_not_known(status, told, signed=signed):
        return Answer(outcome=Outcome.NOT_KNOWN)
    return decided(told, key=key) if signed and status in (200, 202) else PENDING


def decided(told: Mapping[str, object], *, key: str) -> Answer:
    """Read what the service says; a match that does not look alive is none."""
    reference, found = text(told, "reference"), _DECIDED.get(text(told, "outcome"))
    if told.get("key") != key or told.get("state") != "done" or not reference or found is None:
        return Answer(outcome=Outcome.PENDING, reference=reference)
    liveness = whole(told, "liveness", most=LIVENESS_MAX)
    if found is Outcome.MATCH and (liveness is None or liveness < LIVENESS_MIN):
        found = Outcome.UNCLEAR
    return Answer(outcome=found, reference=reference, liveness=liveness)


def notice(told: Mapping[str, object]) -> Notice:
    """Read a call that tells a result; raises `NotAuthentic` for one that tells none."""
    name, key = text(told, "id"), text(told, "key")
    found = decided(told, key=key)
    if not name or not IDEMPOTENCY_KEY.fullmatch(key) or found.outcome is Outcome.PENDING:
        raise NotAuthentic("face")
    return Notice(id=name, key=key, answer=found)
