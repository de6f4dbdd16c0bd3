"""The population service's shapes; no network."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.partners._signing import IDEMPOTENCY_KEY, NotAuthentic, is_not_known, text
from xingnuo.partners.authority.contracts import PENDING, Answer, DocumentState, Finding, Notice

VERIFY_PATH = "/authority/verify"
STATUS_PATH = "/authority/status/"
HOOK_PATH = "/hooks/authority/result"
_DECIDED = {one.value: one for one in (Finding.MATCH, Finding.MISMATCH, Finding.NOT_FOUND)}
_STATES = {one.value: one for one in DocumentState}
# Refused for good: what was asked is wrong and stays wrong. Anything else may be tried again.
_FINAL = frozenset({"declined", "fields_wrong", "field_malformed", "key_malformed", "key_reused"})


def question(*, key: str, name: str, document_number: str) -> dict[str, object]:
    """Give what is asked: a name and a number, under a key, and nothing else."""
    return {"key": key, "name": name, "document_number": document_number}


def answer(status: int, told: Mapping[str, object], *, signed: bool, key: str) -> Answer:
    """Read an answer: decided only if signed and about this key, refused only by a final code."""
    if 400 <= status < 500 and told.get("code") in _FINAL:
        return Answer(finding=Finding.REFUSED)
    if is_not_known(status, told, signed=signed):
        return Answer(finding=Finding.NOT_KNOWN)
    return decided(told, key=key) if signed and status in (200, 202) else PENDING


def decided(told: Mapping[str, object], *, key: str) -> Answer:
    """Read what the service says of a question."""
    reference = text(told, "reference")
    finding = _DECIDED.get(text(told, "finding"))
    if told.get("key") != key or told.get("state") != "done" or not reference or finding is None:
        return Answer(finding=Finding.PENDING, reference=reference)
    if finding is not Finding.MATCH:
        return Answer(finding=finding, reference=reference)
    deceased, adult = told.get("deceased"), told.get("adult")
    return Answer(
        finding=finding,
        reference=reference,
        document=_STATES.get(text(told, "document"), DocumentState.UNKNOWN),
        deceased=deceased if isinstance(deceased, bool) else None,
        adult=adult if isinstance(adult, bool) else None,
    )


def notice(told: Mapping[str, object]) -> Notice:
    """Read a call that tells a result; raises `NotAuthentic` for one that tells none."""
    name, key = text(told, "id"), text(told, "key")
    found = decided(told, key=key)
    if not name or not IDEMPOTENCY_KEY.fullmatch(key) or found.finding is Finding.PENDING:
        raise NotAuthentic("authority")
    return Notice(id=name, key=key, answer=found)
