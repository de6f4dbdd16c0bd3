"""What a person answers to a text message: carried to xingnuo's hook, signed."""

from __future__ import annotations

from sandbox.ground import pages, telling
from sandbox.ground.faults import OK, Fault
from sandbox.ground.html import Html
from sandbox.ground.http import Problem, Request, Response, json_response, redirect
from sandbox.ground.partner import World
from sandbox.sms import gateway

OPERATION, HOOK = "reply", "/hooks/sms/reply"
TEXT_CHARS_MAX = 70
HOWS = {"right": OK, "spoofed": Fault("bad_signature"), "stale": Fault("stale"),
        "replayed": Fault("duplicate")}  # fmt: skip


def form(phone: str) -> Html:
    """Give the form that answers as a phone's owner."""
    asked = pages.field("text", "回复", hint="例如 T 表示退订")
    return pages.card(
        pages.form("/sms/reply", asked, pages.button("发送回复"), hidden=[("phone", phone)]),
        title="用这个手机回复",
    )


def reply(world: World, request: Request) -> Response:
    """Answer from the inbox page."""
    fields = request.form()
    phone = gateway.normal_phone(fields.get("phone", ""))
    _carry(world, phone=phone, text=fields.get("text", ""))
    return redirect("/sms/inbox", phone=phone)


def cause(world: World, request: Request) -> Response:
    """Answer as a test asks: rightly, spoofed, of an hour ago, or twice."""
    told = request.json()
    how = told.get("how", "right")
    good = told.keys() <= {"phone", "text", "how"} and how in HOWS
    if not good or not all(isinstance(value, str) for value in told.values()):
        raise Problem(422, "fields_wrong", f"需要 phone、text；how：{'、'.join(HOWS)}。")
    phone = gateway.normal_phone(told.get("phone", ""))
    name = _carry(world, phone=phone, text=told.get("text", ""), fault=HOWS[how])
    return json_response({"id": name}, status=201)


def _carry(world: World, *, phone: str, text: str, fault: Fault = OK) -> str:
    if not 0 < len(text) <= TEXT_CHARS_MAX or not text.isprintable():
        raise Problem(422, "text_malformed", f"回复应是 1 到 {TEXT_CHARS_MAX} 个字。")
    if fault is OK:
        fault = world.faults.take("sms", OPERATION, text=f"{phone}\n{text}")
    told = {"phone": phone, "text": text}
    return telling.tell(world, service="sms", hook=HOOK, about=phone, told=told, fault=fault)
