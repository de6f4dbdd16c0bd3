"""A desk that answers signed questions: once by a key, later or twice or wrongly by the script.

A question has fields of text, among them `key`. The same key with the same content is answered
from the desk's record, with other content refused. What is asked is `done` or `pending`; a result
that comes late is told at xingnuo's hook, where the desk has one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.ground import chance, clock, signing, telling
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.partner import World

KEY_ID = "xingnuo"
RESULT = "result"
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
SHOWN_CHARS_MAX = 200
FAULTS = frozenset("bad_signature late silence contradiction".split())
HOOK_FAULTS = FAULTS | {"duplicate", "reordered"}
_LATER = frozenset({"duplicate", "reordered"})
_SOON_SECONDS = 0.05

# `settled_at` is when the desk has decided: later than now while it is at it, null for never.
SCHEMA = """
CREATE TABLE IF NOT EXISTS desk_case (
    service TEXT NOT NULL, key TEXT NOT NULL, asked_hash TEXT NOT NULL, asked TEXT NOT NULL,
    answer TEXT NOT NULL, reference TEXT NOT NULL, fault TEXT NOT NULL,
    made_at REAL NOT NULL, settled_at REAL,
    PRIMARY KEY (service, key)
) WITHOUT ROWID;
"""

type Decide = Callable[[World, Mapping[str, str]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One partner's desk: which fields it asks for, how it decides, where it tells results."""

    service: str
    fields: Mapping[str, int]  # name → characters at most, besides `key`
    decide: Decide
    contrary: Mapping[str, str]  # what is told instead, where the desk contradicts itself
    word: str = "finding"  # the field of the answer that holds the result
    hook: str = ""
    # What a desk of money says where it declines: signed as any answer, for it is one.
    declined: Mapping[str, Any] = field(default_factory=dict)

    def ask(self, world: World, request: Request) -> Response:
        """Answer a question; 200 when it is decided, 202 while it is not."""
        self.verify(world, request)
        try:
            asked = self._asked(request)
            with world.store.transaction():
                case = self.case(world, asked["key"])
                if case is None:
                    case = self._open(world, request, asked)
                elif case["asked_hash"] != _hash(asked):
                    raise Problem(409, "key_reused", "同一个编号已用于另一次请求。")
        except Problem as refusal:
            # Signed too: where money moves, only what the desk itself says is a no.
            return self._signed(world, request, refusal.response())
        told = self.told(case)
        if request.fault.kind == "contradiction":
            told[self.word] = self.contrary.get(told.get(self.word, ""), "")
        return self.sign(world, request, told)

    def status(self, world: World, request: Request) -> Response:
        """Say what is on record for a key."""
        self.verify(world, request)
        case = self.case(world, request.params["key"])
        if case is None:
            # Signed as any answer: that nothing came is proof too.
            told = Problem(404, "key_unknown", "没有这次请求。").response()
            return self._signed(world, request, told)
        return self.sign(world, request, self.told(case))

    def verify(self, world: World, request: Request) -> None:
        """Believe a request or raise a 401."""
        secret = world.settings.partner_secrets[self.service]
        signing.verify(world.store, request, key_id=KEY_ID, secret=secret)

    def sign(self, world: World, request: Request, told: Mapping[str, Any]) -> Response:
        """Give a signed answer."""
        answer = json_response(told, status=202 if told["state"] == "pending" else 200)
        return self._signed(world, request, answer)

    def _signed(self, world: World, request: Request, answer: Response) -> Response:
        return signing.signed(answer, request, secret=world.settings.partner_secrets[self.service])

    def case(self, world: World, key: str) -> dict[str, Any] | None:
        """Give what is on record for a key."""
        return world.store.row(
            "SELECT * FROM desk_case WHERE service = ? AND key = ?", self.service, key
        )

    def told(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """Say of a case what the desk says now."""
        head = {"key": case["key"], "reference": case["reference"]}
        if case["settled_at"] is None or case["settled_at"] > clock.now():
            return {**head, "state": "pending"}
        return {**head, "state": "done", **json.loads(case["answer"])}

    def change(self, world: World, key: str, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Put another answer on record and give what the desk says now; raises a 404."""
        found = world.store.run(
            "UPDATE desk_case SET answer = ?, settled_at = ? WHERE service = ? AND key = ?",
            json.dumps(answer, ensure_ascii=False), clock.now(), self.service, key,
        )  # fmt: skip
        case = self.case(world, key)
        if not found or case is None:
            raise Problem(404, "key_unknown", "没有这次请求。")
        return self.told(case)

    def books(self, world: World) -> dict[str, Any]:
        """Say every question, oldest first, and what became of each call to xingnuo."""
        cases = world.store.rows(
            "SELECT * FROM desk_case WHERE service = ? ORDER BY made_at, key", self.service
        )
        told = [
            {
                **self.told(case),
                "asked": json.loads(case["asked"]),
                "decided": json.loads(case["answer"]),
                "fault": case["fault"],
                "made_at": clock.iso(case["made_at"]),
            }
            for case in cases
        ]
        return {"cases": told, "calls": telling.told(world, self.service)}

    def tell(self, world: World, key: str, *, delay: float = 0.0) -> None:
        """Tell xingnuo what is on record for a key, when the delay is over."""
        case = self.case(world, key)
        if case is None:
            raise Problem(404, "key_unknown", "没有这次请求。")
        told = {"state": "done", "key": key, "reference": case["reference"]}
        told |= json.loads(case["answer"])
        fault = world.faults.take(self.service, RESULT, text=f"{key}\n{case['asked']}")
        if case["fault"] in _LATER and fault.kind == "ok":
            fault = type(fault)(case["fault"])
        telling.tell(
            world, service=self.service, hook=self.hook, about=key, told=told, delay=delay,
            fault=fault,
        )  # fmt: skip

    def _asked(self, request: Request) -> dict[str, str]:
        asked = request.json()
        if asked.keys() != {"key", *self.fields}:
            raise Problem(422, "fields_wrong", f"需要这些项：key、{'、'.join(self.fields)}。")
        if not isinstance(asked["key"], str) or not KEY.fullmatch(asked["key"]):
            raise Problem(422, "key_malformed", "编号应是 8 到 64 位字母、数字、- 或 _。")
        for name, most in self.fields.items():
            if not isinstance(asked[name], str) or len(asked[name]) > most:
                raise Problem(422, "field_malformed", f"{name} 应是至多 {most} 个字的文本。")
        return asked

    def _open(self, world: World, request: Request, asked: Mapping[str, str]) -> dict[str, Any]:
        fault, now = request.fault, clock.now()
        refused = self.declined if fault.kind == "decline" else {}
        answer = dict(refused) or self.decide(world, asked)
        later = answer.pop("seconds", _SOON_SECONDS if fault.kind in _LATER else 0.0)
        later = fault.seconds if fault.kind == "late" else later
        shown = {name: _shown(value) for name, value in asked.items()}
        world.store.run(
            "INSERT INTO desk_case (service, key, asked_hash, asked, answer, reference, fault,"
            " made_at, settled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.service, asked["key"], _hash(asked), json.dumps(shown, ensure_ascii=False),
            json.dumps(answer, ensure_ascii=False), chance.name(self.service[:4]), fault.kind,
            now, None if fault.kind == "silence" else now + later,
        )  # fmt: skip
        if self.hook and (later or fault.kind == "contradiction") and fault.kind != "silence":
            self.tell(world, asked["key"], delay=later)
        case = self.case(world, asked["key"])
        assert case is not None, "a case that was just opened"
        return case


def _shown(value: str) -> str:
    # A picture or a file is remembered by its hash alone.
    if len(value) <= SHOWN_CHARS_MAX:
        return value
    return f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"


def _hash(asked: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
