"""A device's yes to one act of another room: that room makes the challenge, and counts it once.

The challenge stands for what is confirmed, so a signature over it can confirm nothing else. Wrong
answers count against the way as they do when unlocking.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.people.unlock import _proving, _rows, _webauthn
from xingnuo.people.unlock.contracts import AnswerRefused, State, Verdict, Way
from xingnuo.people.unlock.models import Credential, WayRow
from xingnuo.trust.gate.contracts import Actor


def act_options(actor: Actor, *, challenge: bytes) -> dict[str, Any]:
    """Give the options for a device's signature over a challenge of the caller's."""
    subject_id, _ = _rows.who(actor)
    known = list(Credential.objects.of(subject_id).values_list("credential", flat=True))
    return _webauthn.request_options(challenge, known)


def may_act(actor: Actor) -> bool:
    """Say whether the person has a device that could answer now."""
    subject_id, _ = _rows.who(actor)
    row = WayRow.objects.of(subject_id).filter(way=Way.BIOMETRIC.value).first()
    is_on = row is not None and _rows.state_of(row) is State.ACTIVE and not _proving.wait_of(row)
    return is_on and _rows.agreed(subject_id, Way.BIOMETRIC) is not None


def act_answered(actor: Actor, *, challenge: bytes, answer: str) -> UUID | None:
    """Check a device's answer to a challenge of the caller's; gives the device, or None.

    Runs in the caller's transaction, which must commit whatever comes of it: the try is counted.
    """
    subject_id, _ = _rows.who(actor)
    ready = _proving.ready(actor, subject_id, Way.BIOMETRIC)
    if isinstance(ready, Verdict):
        return None
    row, _ = ready
    try:
        given = _webauthn.read(answer)
        kept = (
            Credential.objects.of(subject_id)
            .filter(credential=given.credential)
            .select_for_update()
            .first()
        )
        if kept is None or given.challenge != challenge:
            raise AnswerRefused("challenge")
        count = _webauthn.proved(given, public_key=kept.public_key, sign_count=kept.sign_count)
    except AnswerRefused as refused:
        _proving.wrong(actor, row, why=refused.detail)
        return None
    kept.sign_count = count
    kept.used_at = row.used_at = clock.now()
    kept.save(update_fields=["sign_count", "used_at"])
    row.wrong_count, row.wait_until_at = 0, None
    row.save()
    kept_id: UUID = kept.id
    return kept_id
