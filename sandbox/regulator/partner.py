"""The intake's addresses, its page, and the correction that a person or a test asks for."""

from __future__ import annotations

from sandbox.ground import pages, telling
from sandbox.ground.desk import HOOK_FAULTS, RESULT
from sandbox.ground.html import Html, el
from sandbox.ground.http import Problem, Request, Response, Route, json_response, redirect
from sandbox.ground.partner import Partner, World
from sandbox.regulator import intake

SHOWN_MAX = 60
REASONS_MAX = 10


def received(world: World, request: Request) -> Response:
    """Show what came in, newest first, with a button that asks for a correction."""
    cases = intake.REPORTS.books(world)["cases"][::-1][:SHOWN_MAX]
    lines = [_line(case) for case in cases]
    return pages.page(
        "报送收件", pages.card(pages.rows(lines, empty="还没有收到报送。")),
        brand="监管报送平台", back=("/", "沙盒"),
    )  # fmt: skip


def ask_again(world: World, request: Request) -> Response:
    """Ask for a correction from the page."""
    _correct(world, request.form().get("key", ""), ["narrative_unclear"])
    return redirect("/regulator/inbox")


def correct(world: World, request: Request) -> Response:
    """Ask for a correction from a test."""
    told = request.json()
    reasons = told.get("reasons", ["narrative_unclear"])
    good = isinstance(reasons, list) and all(isinstance(one, str) for one in reasons)
    if not good or not 0 < len(reasons) <= REASONS_MAX or not isinstance(told.get("key"), str):
        raise Problem(422, "fields_wrong", "需要 key 和 reasons。")
    return json_response(_correct(world, told["key"], reasons), status=201)


def _correct(world: World, key: str, reasons: list[str]) -> dict[str, object]:
    told = intake.REPORTS.change(world, key, intake.correction(reasons))
    intake.REPORTS.tell(world, key)
    return told


def _line(case: dict[str, object]) -> Html:
    asked, decided = case["asked"], case["decided"]
    assert isinstance(asked, dict) and isinstance(decided, dict)
    what = asked.get("kind") or f"投诉 → {asked.get('body')}"
    told = f"{decided['outcome']} {'、'.join(decided['reasons'])}"
    return pages.stacked(
        el("p", f"{what} · {told}", class_="code"),
        el("p", f"{case['reference']} · {asked['law'][:60]}", class_="quiet"),
        pages.form("/regulator/inbox", pages.button("要求补正", kind="plain"),
                   hidden=[("key", str(case["key"]))]),
    )  # fmt: skip


PARTNER = Partner(
    id="regulator",
    title="监管报送平台",
    summary="收投诉移交、大额和可疑交易报告，给回执，也会要求补正。",
    schema=intake.SCHEMA,
    links=(("/regulator/inbox", "报送收件"),),
    start=telling.start,
    books=intake.REPORTS.books,
    routes=(
        Route(method="POST", pattern="/regulator/complaints", handler=intake.COMPLAINTS.ask,
              operation="complaint", faults=HOOK_FAULTS),
        Route(method="POST", pattern="/regulator/reports", handler=intake.REPORTS.ask,
              operation="report", faults=HOOK_FAULTS, body_bytes_max=intake.BODY_BYTES_MAX),
        Route(method="GET", pattern="/regulator/status/<key>", handler=intake.REPORTS.status,
              operation="status", faults=frozenset({"bad_signature"})),
        Route(method="GET", pattern="/regulator/inbox", handler=received, page=True),
        Route(method="POST", pattern="/regulator/inbox", handler=ask_again, page=True),
        Route(method="POST", pattern="/regulator/test/corrections", handler=correct),
    ),
    outgoing={RESULT: telling.FAULTS},
)  # fmt: skip
