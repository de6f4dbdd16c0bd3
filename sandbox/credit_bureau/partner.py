"""The bureau's addresses, its reports, and its log of queries."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbox.ground import clock, pages, residents
from sandbox.ground.desk import FAULTS, Desk
from sandbox.ground.http import Request, Response, Route
from sandbox.ground.partner import Partner, World

USES = {"loan_approval": "贷款审批", "loan_review": "贷后管理", "objection": "本人异议核查"}
SHOWN_MAX = 60
NO_RECORD_BELOW = 20  # of 256


def decide(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """Give a small report, where a consent for this use is in force."""
    if not _consented(asked):
        return {"outcome": "no_consent"}
    holder = residents.find(world, asked["document_number"])
    if holder is None or holder["name"] != asked["name"]:
        return {"outcome": "no_record"}
    drawn = hashlib.sha256(holder["number"].encode()).digest()
    if drawn[0] < NO_RECORD_BELOW:
        return {"outcome": "no_record"}
    days = (drawn[3] % 90) if drawn[2] > 200 else 0
    return {
        "outcome": "report",
        "score": 350 + int.from_bytes(drawn[4:6]) % 601,
        "open_loans": drawn[1] % 5,
        "overdue_fen": drawn[6] * 100_00 if days else 0,
        "overdue_days_max": days,
        "queries_6m": drawn[7] % 9,
    }


def _consented(asked: Mapping[str, str]) -> bool:
    today = str(clock.iso(clock.now()))[:10]
    try:
        agreed, until = (date.fromisoformat(asked[name]) for name in ("agreed_on", "until"))
    except ValueError:
        return False
    # A day more on both sides: the consent is dated in Beijing, the bureau's clock is UTC.
    in_force = agreed.toordinal() - 1 <= date.fromisoformat(today).toordinal() <= until.toordinal()
    return bool(asked["consent"].strip()) and asked["use"] in USES and in_force


DESK = Desk(
    service="credit_bureau",
    fields={
        "name": 200, "document_number": 30, "phone": 20, "consent": 64, "use": 20,
        "agreed_on": 10, "until": 10,
    },
    decide=decide,
    contrary={"report": "no_record", "no_record": "report"},
    word="outcome",
)  # fmt: skip


def log(world: World, request: Request) -> Response:
    """Show who asked about whom, newest first."""
    cases = DESK.books(world)["cases"][::-1][:SHOWN_MAX]
    lines = [
        (case["made_at"], case["asked"]["name"][:20], USES.get(case["asked"]["use"], "没有写用途"),
         case["asked"]["consent"] or "没有授权书", case["decided"]["outcome"])
        for case in cases
    ]  # fmt: skip
    table = pages.table(("时间", "姓名", "用途", "授权书", "结果"), lines, caption="查询记录")
    return pages.page("查询记录", pages.card(table), brand="衡信征信", back=("/", "沙盒"))


PARTNER = Partner(
    id="credit_bureau",
    title="衡信征信",
    summary="有书面授权和约定用途才给信用报告；每次查询都有记录。",
    schema="",
    links=(("/credit_bureau/log", "查询记录"),),
    books=DESK.books,
    routes=(
        Route(method="POST", pattern="/credit_bureau/query", handler=DESK.ask, operation="query",
              faults=FAULTS),
        Route(method="GET", pattern="/credit_bureau/status/<key>", handler=DESK.status,
              operation="status", faults=frozenset({"bad_signature"})),
        Route(method="GET", pattern="/credit_bureau/log", handler=log, page=True),
    ),
)  # fmt: skip
