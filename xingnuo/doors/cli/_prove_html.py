"""The officer's report: each clause of the readable policy beside its proof, in one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from xingnuo.kit import clock
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled, Paragraph, Section

_TEMPLATE = Path(__file__).with_name("_prove.html")
_STATES = {"kept": "守住", "not proven": "未证明", "broken": "违背"}
_KINDS = {"static": "声明核对", "dynamic": "实际试过", "mutation": "故意弄坏", "live": "真实数据"}


def render(report: Mapping[str, Any]) -> str:
    """Draw the report of `prove --json` as a page that needs nothing beside it."""
    compiled = policy.version(report["policy"]["version"])
    sections = {section.id: section for section in policy.readable(compiled)}
    clauses: dict[str, dict[str, Any]] = {}
    for proof in report["promises"]:
        place = _place(proof["id"], sections)
        clause = clauses.setdefault(
            place.id, {"title": place.title, "paragraphs": place.paragraphs, "proofs": []}
        )
        clause["proofs"].append(_proof(proof, place, compiled))
    order = list(sections)
    proofs = [one for clause in clauses.values() for one in clause["proofs"]]
    by_state = sorted(proofs, key=lambda one: one["state"] != "broken")  # stable: the list's order
    made_at = clock.beijing(datetime.fromisoformat(report["made_at"]))
    engine = Engine(autoescape=True)
    page = engine.from_string(_TEMPLATE.read_text(encoding="utf8"))
    return str(
        page.render(
            Context(
                {
                    "report": report,
                    "made_at": f"{made_at:%Y-%m-%d %H:%M}（北京时间）",
                    "counts": {key.replace(" ", "_"): n for key, n in report["counts"].items()},
                    "total": len(report["promises"]),
                    "live": report["scope"] == "scratch+live",
                    "unmet": [one for one in by_state if one["state"] != "kept"],
                    "clauses": [clauses[one] for one in sorted(clauses, key=order.index)],
                }
            )
        )
    )


def _place(promise: str, sections: Mapping[str, Section]) -> Section:
    """Give the narrowest section of the readable policy that a promise belongs to."""
    parts = promise.rstrip("abcdefgh").split(".")
    for length in range(len(parts), 0, -1):
        found = sections.get(".".join(parts[:length]))
        if found is not None:
            return found
    return sections["0"]


def _proof(proof: Mapping[str, Any], place: Section, compiled: Compiled) -> dict[str, Any]:
    checks = [
        {
            "kind": _KINDS[one["kind"]],
            "about": one["about"],
            "holds": one["holds"],
            "words": one["words"],
            "name": one["name"],
            "fault": one["kind"] == "mutation",
        }
        for one in proof["checks"]
    ]
    return {
        "id": proof["id"],
        "title": proof["title"],
        "state": proof["state"].replace(" ", "-"),
        "word": _STATES[proof["state"]],
        "missing": "、".join(_KINDS[kind] for kind in proof["missing"]),
        "waits": proof["waits"],
        "found": "；".join(f"{c['kind']}：{c['about']}" for c in checks if not c["holds"]),
        "checks": checks,
        "clause": _own_paragraph(proof["id"], place.paragraphs, compiled),
    }


def _own_paragraph(
    promise: str, paragraphs: Sequence[Paragraph], compiled: Compiled
) -> Paragraph | None:
    """Give the one paragraph that a promise on a list of items or permissions is about."""
    if promise.startswith("1.1."):
        listed = [one for one in paragraphs if one.listed]
        return listed[int(promise.removeprefix("1.1.")) - 1]
    for permission in compiled.permissions.values():
        if permission.section == promise:
            return next((one for one in paragraphs if permission.name in one.text), None)
    return None
