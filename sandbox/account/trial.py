"""Short ways for tests: make accounts, sign in without pages, cause events, rotate keys.

Only JSON is read, so that no other site's page can post here without asking first.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbox.account import flows, keys, notices, people, sessions
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.partner import World

TEST_PASSWORD = "sandbox-test-2026"
EVENTS = ("signed_out_everywhere", "password_changed")


def make_account(world: World, request: Request) -> Response:
    """Make an account; what is not given is chosen. 409 where the phone is taken."""
    asked = _texts(request, {"phone", "nickname", "password"})
    nickname, password = asked.get("nickname", "测试用户"), asked.get("password", TEST_PASSWORD)
    try:
        if "phone" in asked:
            phone = people.normal_phone(asked["phone"])
            if not phone:
                raise Problem(422, "phone_malformed", "手机号应是 11 位数字。")
            sub = people.create(world, phone=phone, nickname=nickname, password=password)
        else:
            sub, phone = people.create_for_test(world, nickname=nickname, password=password)
    except people.PhoneTaken:
        raise Problem(409, "phone_taken", "这个手机号已有帐号。") from None
    told = {"sub": sub, "phone": phone, "nickname": nickname, "password": password}
    return json_response(told, status=201)


def sign_in(world: World, request: Request) -> Response:
    """Answer an authorization address as a person would who signs in and agrees, or refuses."""
    asked = _texts(request, {"url", "sub", "phone", "decision"})
    person = _person(world, asked)
    try:
        question = flows.read(world, _query(asked.get("url", "")))
    except flows.SentBack as back:
        return json_response({"redirect_to": _location(flows.refused(world, back))})
    if asked.get("decision", "agree") != "agree":
        return json_response({"redirect_to": _location(flows.declined(world, question))})
    people.agree(world, person["sub"], client_id=question.client_id, scope=question.scope)
    session = sessions.begin(world, person["sub"])
    return json_response({"redirect_to": _location(flows.answer(world, session, question))})


def cause(world: World, request: Request) -> Response:
    """Cause an event at the provider, with the notice that follows from it."""
    asked = _texts(request, {"sub", "phone", "event", "password"})
    person, event = _person(world, asked), asked.get("event")
    if event not in EVENTS:
        raise Problem(422, "event_unknown", f"可用的事件：{'、'.join(EVENTS)}。")
    if event == "password_changed":
        people.set_password(world, person["sub"], asked.get("password", TEST_PASSWORD))
    sessions.end_all(world, person["sub"])
    notices.tell(world, person["sub"])
    return json_response({"event": event, "sub": person["sub"]}, status=202)


def rotate_keys(world: World, request: Request) -> Response:
    """Sign with a new key from now on; `retire_old` stops publishing the others at once."""
    retire = request.json().get("retire_old", False)
    return json_response({"kid": keys.rotate(world, retire=retire is True)}, status=201)


def _texts(request: Request, known: set[str]) -> dict[str, str]:
    asked = request.json()
    if not asked.keys() <= known or not all(isinstance(value, str) for value in asked.values()):
        raise Problem(422, "fields_wrong", f"可用的文本字段：{'、'.join(sorted(known))}。")
    return asked


def _person(world: World, asked: dict[str, str]) -> dict[str, Any]:
    phone = people.normal_phone(asked.get("phone", ""))
    person = people.by_phone(world, phone) if phone else people.by_sub(world, asked.get("sub", ""))
    if person is None:
        raise Problem(404, "account_unknown", "没有这个帐号。")
    return person


def _query(address: str) -> dict[str, str]:
    parts = urlsplit(address)
    return Request(method="GET", path=parts.path, query=parts.query, headers={}).query_fields()


def _location(response: Response) -> str:
    return dict(response.headers)["Location"]
