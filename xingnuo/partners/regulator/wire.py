"""The intake's shapes; no network."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from xingnuo.kit import ids
from xingnuo.partners._signing import IDEMPOTENCY_KEY, NotAuthentic, body_of, text
from xingnuo.partners.regulator.contracts import Notice, Outcome, Receipt, Release, ReportKind

COMPLAINT_PATH = "/regulator/complaints"
REPORT_PATH = "/regulator/reports"
STATUS_PATH = "/regulator/status/"
HOOK_PATH = "/hooks/regulator/notices"
REPORT_BYTES_MAX = 1024 * 1024
REASONS_MAX = 20
COMPLAINT_ITEMS = ("name", "phone", "document_number", "complaint_content")
_SAID = {one.value: one for one in (Outcome.ACCEPTED, Outcome.REJECTED, Outcome.CORRECTION)}
_FINAL = frozenset(
    {
        "declined",
        "fields_wrong",
        "field_malformed",
        "key_malformed",
        "key_reused",
        "content_malformed",
        "too_large",
    }
)


def complaint(
    values: Mapping[str, str], *, key: str, body: str, case: str, law: str
) -> dict[str, object]:
    """Give what is handed over: the complaint, whose it is, and the basis; nothing else."""
    given = {item: values.get(item, "") for item in COMPLAINT_ITEMS}
    return {"key": key, "body": body, "case": case, "law": law, **given}


def report(content: bytes, *, key: str, kind: ReportKind, law: str) -> dict[str, object]:
    """Give what is reported: the file as it is, its hash, its kind and its basis."""
    return {
        "key": key,
        "kind": kind.value,
        "law": law,
        "sha256": ids.digest(content),
        "content": base64.b64encode(content).decode(),
    }


def hash_of(asked: Mapping[str, object]) -> str:
    """Give the hash of what is handed over, in the bytes that leave."""
    return ids.digest(body_of(asked))


def is_released(release: Release) -> bool:
    """Say whether two different people let a report go under a named article."""
    return len(release.by) == 2 and release.by[0] != release.by[1] and bool(release.law.strip())


def receipt(
    status: int, told: Mapping[str, object], *, signed: bool, key: str, sent_hash: str = ""
) -> Receipt:
    """Read an answer: a receipt only if signed and about this key, refused by a final code."""
    if 400 <= status < 500 and told.get("code") in _FINAL:
        return Receipt(outcome=Outcome.REFUSED, sent_hash=sent_hash)
    if not signed or status not in (200, 202):
        return Receipt(outcome=Outcome.PENDING, sent_hash=sent_hash)
    return replace(said(told, key=key), sent_hash=sent_hash)


def said(told: Mapping[str, object], *, key: str) -> Receipt:
    """Read what the intake says; a rejection without a reason is not understood."""
    reference, found = text(told, "reference"), _SAID.get(text(told, "outcome"))
    listed = told.get("reasons")
    reasons = tuple(listed)[:REASONS_MAX] if isinstance(listed, list) else ()
    named = all(isinstance(one, str) and one.isprintable() and len(one) <= 64 for one in reasons)
    if told.get("key") != key or told.get("state") != "done" or not reference or not named:
        return Receipt(outcome=Outcome.PENDING)
    if found is None or bool(reasons) == (found is Outcome.ACCEPTED):
        return Receipt(outcome=Outcome.PENDING)
    try:
        due_on = date.fromisoformat(text(told, "due_on"))
    except ValueError:
        due_on = None
    return Receipt(outcome=found, reference=reference, reasons=reasons, due_on=due_on)


def notice(told: Mapping[str, object]) -> Notice:
    """Read a call that tells a later word; raises `NotAuthentic` for one that tells none."""
    name, key = text(told, "id"), text(told, "key")
    found = said(told, key=key)
    if not name or not IDEMPOTENCY_KEY.fullmatch(key) or found.outcome is Outcome.PENDING:
        raise NotAuthentic("regulator")
    return Notice(id=name, key=key, receipt=found)
