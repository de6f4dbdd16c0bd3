"""What the intake looks at before it gives its receipt."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sandbox.ground import clock
from sandbox.ground.desk import Desk
from sandbox.ground.http import Problem
from sandbox.ground.partner import World

FILE_BYTES_MAX = 1024 * 1024
BODY_BYTES_MAX = 1536 * 1024
FILE_BYTES_MIN = 20
BODIES = ("regulator", "consumer_body")
KINDS = ("large_value", "suspicious", "terrorist")
CORRECTION_DAYS = 5

SCHEMA = """
CREATE TABLE IF NOT EXISTS regulator_file (
    sha256 TEXT PRIMARY KEY, key TEXT NOT NULL
) WITHOUT ROWID;
"""


def complaint(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """Take a complaint that was handed over."""
    found = {
        "body_unknown": asked["body"] not in BODIES,
        "case_missing": not asked["case"].strip(),
        "basis_missing": not asked["law"].strip(),
        "content_missing": not asked["complaint_content"].strip(),
        "person_missing": not asked["name"].strip(),
    }
    return _receipt([reason for reason, wrong in found.items() if wrong])


def report(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """Take a report on movements of money."""
    try:
        content = base64.b64decode(asked["content"], validate=True)
    except ValueError:
        raise Problem(422, "content_malformed", "内容不是 base64。") from None
    sha256 = hashlib.sha256(content).hexdigest()
    known = world.store.row("SELECT key FROM regulator_file WHERE sha256 = ?", sha256)
    reasons = {
        "kind_unknown": asked["kind"] not in KINDS,
        "basis_missing": not asked["law"].strip(),
        "file_empty": len(content) < FILE_BYTES_MIN,
        "file_too_large": len(content) > FILE_BYTES_MAX,
        "hash_wrong": asked["sha256"] != sha256,
        "file_known": known is not None,
    }
    wrong = [reason for reason, holds in reasons.items() if holds]
    if not wrong:
        world.store.run(
            "INSERT INTO regulator_file (sha256, key) VALUES (?, ?)", sha256, asked["key"]
        )
    return _receipt(wrong)


def correction(reasons: list[str]) -> dict[str, Any]:
    """Ask for a correction within five days."""
    today = date.fromisoformat(str(clock.iso(clock.now()))[:10])
    due = (today + timedelta(days=CORRECTION_DAYS)).isoformat()
    return {"outcome": "correction", "reasons": reasons, "due_on": due}


def _receipt(reasons: list[str]) -> dict[str, Any]:
    return {"outcome": "rejected" if reasons else "accepted", "reasons": reasons}


HOOK = "/hooks/regulator/notices"
CONTRARY = {"accepted": "rejected", "rejected": "accepted"}
COMPLAINTS = Desk(
    service="regulator",
    fields={
        "body": 20, "case": 64, "law": 200, "name": 200, "phone": 20, "document_number": 30,
        "complaint_content": 20_000,
    },
    decide=complaint, contrary=CONTRARY, word="outcome", hook=HOOK,
)  # fmt: skip
REPORTS = Desk(
    service="regulator",
    fields={"kind": 20, "law": 200, "sha256": 64, "content": BODY_BYTES_MAX},
    decide=report, contrary=CONTRARY, word="outcome", hook=HOOK,
)  # fmt: skip
