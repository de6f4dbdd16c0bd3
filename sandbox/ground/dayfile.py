"""A partner's file of a day: JSON lines under a signed head, spoiled where the script says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.ground import chance, clock, signing
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.partner import World

FAULTS = frozenset("bad_signature short altered repeated differ decline".split())


def head(
    world: World, request: Request, service: str, lines: Sequence[Mapping[str, Any]]
) -> Response:
    """Write a day's file and say, signed, where it is, what it comes to, and its hash."""
    secret = world.settings.partner_secrets[service]
    if request.fault.kind == "decline":
        told: Response = Problem(404, "no_file", "还没有这一天的文件。").response()
        return signing.signed(told, request, secret=secret)
    listed = _planted(list(lines), request.fault.kind)
    raw = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in listed)
    token = chance.token()
    (_folder(world) / token).write_bytes(_spoiled(raw, request.fault.kind))
    answer = {
        "day": request.json()["day"], "count": len(listed),
        "total_fen": sum(line["amount_fen"] for line in listed),
        "sha256": hashlib.sha256(raw).hexdigest(), "path": f"/{service}/file/{token}",
    }  # fmt: skip
    return signing.signed(json_response(answer), request, secret=secret)


def give(world: World, request: Request) -> Response:
    """Give a file by its address."""
    file = _folder(world) / Path(request.params["token"]).name
    if not file.is_file():
        raise Problem(404, "file_gone", "没有这个文件。")
    return Response(file=file, content_type="application/jsonl")


def span(request: Request) -> tuple[float, float]:
    """Give where the asked day begins and ends in Beijing; raises a 422."""
    asked = request.json()
    try:
        day = date.fromisoformat(str(asked["day"]))
    except (KeyError, ValueError):
        raise Problem(422, "fields_wrong", "需要 day。") from None
    began = datetime(day.year, day.month, day.day, tzinfo=clock.BEIJING)
    return began.timestamp(), (began + timedelta(days=1)).timestamp()


def _planted(lines: list[Mapping[str, Any]], fault: str) -> list[Mapping[str, Any]]:
    if fault == "repeated":
        return lines + lines[-1:]
    if fault != "differ":
        return lines
    changed = [{**line, "amount_fen": line["amount_fen"] + 1} for line in lines[1:2]]
    at = clock.iso(clock.now())
    stranger = {"key": chance.name("stranger"), "kind": "stranger", "account": "", "amount_fen": 7,
                "reference": chance.name("ref"), "at": at}  # fmt: skip
    # The first is missing, the second one fen more, one is nobody's.
    return [*changed, *lines[2:], stranger]


def _spoiled(raw: bytes, fault: str) -> bytes:
    if fault == "short":
        return raw[: len(raw) * 2 // 3]
    return raw.replace(b'"amount_fen": ', b'"amount_fen": 1', 1) if fault == "altered" else raw


def _folder(world: World) -> Path:
    folder = world.settings.data_dir / "days"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder
