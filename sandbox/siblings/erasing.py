"""Erases an account's copy when xingnuo says so, and keeps the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.ground import chance, clock, signing
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.outbox import Outcome
from sandbox.ground.partner import World
from sandbox.siblings.apps import App

KEY_ID = "xingnuo"
WORK = "sibling_erase"
ID_CHARS = range(1, 201)
FAULTS = frozenset("bad_signature late silence".split())


def start(world: World) -> None:
    """Say who carries erasures that were put off."""
    world.outbox.carry(WORK, lambda payload: _later(world, payload))


def erase(world: World, app: App, request: Request) -> Response:
    """Take a signed notice: 200 with the receipt, or 202 while it is still to be done."""
    secret = app.secret(world)
    signing.verify(world.store, request, key_id=KEY_ID, secret=secret)
    notice_id, account_id = _asked(request)
    with world.store.transaction():
        if not _receipt(world, app, notice_id):
            _take(world, app, notice_id=notice_id, account_id=account_id)
            _carry_out(world, app, request, notice_id=notice_id)
        receipt = _receipt(world, app, notice_id)
    if receipt["account_id"] != account_id:
        raise Problem(409, "notice_id_reused", "同一个编号已用于另一个帐号。")
    if receipt["state"] == "erased":
        world.store.sweep()
    status = 200 if receipt["state"] == "erased" else 202
    return signing.signed(json_response(receipt, status=status), request, secret=secret)


def status(world: World, app: App, request: Request) -> Response:
    """Give the receipt of a notice."""
    receipt = _receipt(world, app, request.params["notice_id"])
    if not receipt:
        raise Problem(404, "notice_unknown", "没有收到过这个通知。")
    return signing.signed(json_response(receipt), request, secret=app.secret(world))


def receipts(world: World, app: App) -> list[dict[str, Any]]:
    """List every receipt of an app, oldest first."""
    found = world.store.rows(
        "SELECT * FROM sibling_receipt WHERE app = ? ORDER BY asked_at, notice_id", app.id
    )
    return [_told(receipt) for receipt in found]


def _asked(request: Request) -> tuple[str, str]:
    asked = request.json()
    ids = asked.get("notice_id"), asked.get("account_id")
    if asked.keys() != {"notice_id", "account_id"} or not all(
        isinstance(value, str) and len(value) in ID_CHARS for value in ids
    ):
        raise Problem(422, "fields_wrong", "需要 notice_id 和 account_id 两项文本。")
    return str(ids[0]), str(ids[1])


def _take(world: World, app: App, *, notice_id: str, account_id: str) -> None:
    world.store.run(
        "INSERT INTO sibling_receipt (app, notice_id, account_id, receipt_id, state, copies,"
        " asked_at) VALUES (?, ?, ?, ?, 'pending', 0, ?)",
        app.id, notice_id, account_id, chance.name("receipt"), clock.now(),
    )  # fmt: skip


def _carry_out(world: World, app: App, request: Request, *, notice_id: str) -> None:
    fault, payload = request.fault, {"app": app.id, "notice_id": notice_id}
    if fault.kind == "late":
        world.outbox.put(WORK, about=notice_id, payload=payload, delay=fault.seconds)
    elif fault.kind == "silence":
        world.outbox.put(WORK, about=notice_id, payload=payload, state="silent")
    else:
        _erase_now(world, app.id, notice_id)


def _later(world: World, payload: Mapping[str, Any]) -> tuple[Outcome, str]:
    with world.store.transaction():
        _erase_now(world, payload["app"], payload["notice_id"])
    world.store.sweep()
    return "done", "erased"


def _erase_now(world: World, app_id: str, notice_id: str) -> None:
    found = world.store.row(
        "SELECT account_id FROM sibling_receipt WHERE app = ? AND notice_id = ?", app_id, notice_id
    )
    if found is None:
        return
    account_id = found["account_id"]
    copies = world.store.run(
        "DELETE FROM sibling_copy WHERE app = ? AND account_id = ?", app_id, account_id
    )
    world.store.run(
        "DELETE FROM sibling_session WHERE app = ? AND account_id = ?", app_id, account_id
    )
    world.store.run(
        "UPDATE sibling_receipt SET state = 'erased', copies = ?, erased_at = ?"
        " WHERE app = ? AND notice_id = ?",
        copies, clock.now(), app_id, notice_id,
    )  # fmt: skip


def _receipt(world: World, app: App, notice_id: str) -> dict[str, Any]:
    found = world.store.row(
        "SELECT * FROM sibling_receipt WHERE app = ? AND notice_id = ?", app.id, notice_id
    )
    return _told(found) if found else {}


def _told(receipt: dict[str, Any]) -> dict[str, Any]:
    asked_at, erased_at = clock.iso(receipt["asked_at"]), clock.iso(receipt["erased_at"])
    return {**receipt, "asked_at": asked_at, "erased_at": erased_at}
