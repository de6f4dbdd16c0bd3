"""Letters, replies to texts, and web push: what leaves, what comes back, what is believed."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings

from tests.cast import phone
from tests.partners import outer
from tests.partners.outer import Hooks, call_headers
from tests.sandbox.outside import PLAIN, Process, get, post, script
from xingnuo.kit.errors import Unavailable
from xingnuo.partners.email import client as email
from xingnuo.partners.email import wire as email_wire
from xingnuo.partners.email.contracts import EventKind
from xingnuo.partners.email.contracts import NotAuthentic as NotTheLetterGateway
from xingnuo.partners.email.contracts import Outcome as Letter
from xingnuo.partners.push import client as push
from xingnuo.partners.push import wire as push_wire
from xingnuo.partners.push.contracts import BadSubscription, Subscription
from xingnuo.partners.push.contracts import Outcome as Push
from xingnuo.partners.sms import client as sms
from xingnuo.partners.sms.contracts import NotAuthentic as NotTheGateway

REPLY_PATH = "/hooks/sms/reply"


def send(address: str, key: str, **more: str) -> Letter:
    """Send one letter."""
    told = {"subject": "办理结果", "text": "第一行\n第二行"} | more
    return email.send(outer.parcel("email_gateway", {"email": address}), key=key, **told)


def inbox(sandbox: Process, address: str) -> list[dict[str, Any]]:
    """Give what an address received."""
    found: list[dict[str, Any]] = get(sandbox, f"/email/inbox.json?address={address}")["letters"]
    return found


def test_a_letter_arrives_once(sandbox: Process) -> None:
    """With its unsubscribe headers, and once by its key."""
    address, key = f"{outer.key()}@inbox.example", outer.key()
    stop = f"{django_settings.BASE_URL}/me/settings/benefits/stop"
    for _ in range(2):
        assert send(address, key, unsubscribe=stop) is Letter.ACCEPTED
    (letter,) = inbox(sandbox, address)
    assert (letter["subject"], letter["text"]) == ("办理结果", "第一行\n第二行")
    assert letter["headers"]["List-Unsubscribe"] == f"<{stop}>"
    assert letter["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = httpx.get(f"{sandbox.url}/email/inbox?address={address}", **PLAIN)
    assert "第二行" in page.text and stop in page.text


def test_one_click_unsubscribes(
    sandbox: Process,
    hooks: Hooks,
    settings: Any,
) -> None:
    """A mail program posts what RFC 8058 says, to our own address."""
    settings.BASE_URL, key = hooks.url, outer.key()
    send("a@inbox.example", key, unsubscribe=f"{hooks.url}/stop/{key}")
    told = post(sandbox, "/email/test/unsubscribe", {"key": key}, status=201)
    assert told == {"status": 204}
    (call,) = [call for call in hooks.calls if call.path == f"/stop/{key}"]
    assert call.body == b"List-Unsubscribe=One-Click"


def test_nothing_but_the_letter_travels() -> None:
    """A subject begins no header of its own."""
    asked = email_wire.letter(key="k", address="a", subject="x\r\nBcc: y", body="t", unsubscribe="")
    assert asked == {
        "key": "k", "address": "a", "subject": "x Bcc: y", "text": "t", "unsubscribe": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["http://elsewhere.example/x", "https://localhost:8000/x", "http://localhost:8000.evil/x",
     "javascript:x", "http://localhost:8000/x y", "http://localhost:8000/" + "x" * 600, "/x"],
)  # fmt: skip
def test_an_unsubscribe_address_is_ours(address: str) -> None:
    """Another place is a mistake of the caller."""
    assert not email_wire.is_ours(address, base="http://localhost:8000")
    with pytest.raises(AssertionError):
        send("a@inbox.example", outer.key(), unsubscribe=address)


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a b@c.example", "x" * 300 + "@c.d"])
def test_a_malformed_address_is_refused(sandbox: Process, address: str) -> None:
    """For good."""
    assert send(address, outer.key()) is Letter.REFUSED


@pytest.mark.parametrize(
    ("place", "kind"), [("bounce.example", EventKind.BOUNCED),
                        ("complain.example", EventKind.COMPLAINED)]
)  # fmt: skip
def test_a_letter_bounces_or_is_complained_about(
    sandbox: Process, hooks: Hooks, place: str, kind: EventKind
) -> None:
    """Accepted first; then the event comes by a signed call."""
    key = outer.key()
    assert send(f"{key}@{place}", key) is Letter.ACCEPTED
    call = hooks.wait(key)[0]
    event = email.receive(call.headers, call.body)
    assert (event.key, event.kind) == (key, kind) and event.id
    with pytest.raises(NotTheLetterGateway):
        email.receive(call.headers, call.body.replace(b"ed", b"ing"))


@pytest.mark.parametrize("fault", ["bad_signature", "stale"])
def test_a_forged_event_is_not_believed(sandbox: Process, hooks: Hooks, fault: str) -> None:
    """Nobody unsubscribes or closes an address in the gateway's name."""
    key = outer.key()
    script(sandbox, "email", "event", fault, match=key)
    send(f"{key}@inbox.example", key)
    post(sandbox, "/email/test/events", {"key": key, "kind": "bounced"}, status=201)
    call = hooks.wait(key)[0]
    with pytest.raises(NotTheLetterGateway):
        email.receive(call.headers, call.body)


def test_an_event_that_tells_nothing_is_not_authentic() -> None:
    """Signed well, but without an id, a key, a kind or a time."""
    told = {"id": "n", "key": "k" * 8, "kind": "bounced", "at": "2026-11-23T00:00:00+00:00"}
    assert email_wire.event(told).kind is EventKind.BOUNCED
    for spoiled in ({"id": ""}, {"key": "k"}, {"kind": "?"}, {"at": "soon"},
                    {"at": "2026-11-23T00:00:00"}):  # fmt: skip
        with pytest.raises(NotTheLetterGateway):
            email_wire.event(told | spoiled)


@pytest.mark.promise("1.6.1")
def test_a_reply_comes_back_signed(sandbox: Process, hooks: Hooks) -> None:
    """From the inbox page or a test; the phone, the text, an id."""
    number = phone()
    post(sandbox, "/sms/test/replies", {"phone": number, "text": "T"}, status=201)
    call = hooks.wait(number)[0]
    assert call.path == REPLY_PATH
    reply = sms.verify_reply(call.headers, call.body)
    assert (reply.phone, reply.text) == (number, "T") and reply.id and reply.at.tzinfo
    form = {"phone": number, "text": "退订"}
    page = httpx.post(f"{sandbox.url}/sms/reply", data=form, **PLAIN)
    assert page.status_code == 303
    second = hooks.wait(number, 2)[1]
    assert sms.verify_reply(second.headers, second.body).text == "退订"


@pytest.mark.promise("1.6.1")
@pytest.mark.parametrize("how", ["spoofed", "stale"])
def test_a_spoofed_reply_is_refused(sandbox: Process, hooks: Hooks, how: str) -> None:
    """A wrong signature or one of an hour ago."""
    number = phone()
    post(sandbox, "/sms/test/replies", {"phone": number, "text": "T", "how": how}, status=201)
    call = hooks.wait(number)[0]
    with pytest.raises(NotTheGateway):
        sms.verify_reply(call.headers, call.body)


def test_a_replayed_reply_has_the_same_id(sandbox: Process, hooks: Hooks) -> None:
    """So who takes it does nothing twice; after five minutes it is stale anyway."""
    number = phone()
    told = {"phone": number, "text": "T", "how": "replayed"}
    post(sandbox, "/sms/test/replies", told, status=201)
    calls = hooks.wait(number, 2)
    assert len({sms.verify_reply(call.headers, call.body).id for call in calls}) == 1
    assert len(calls) == 2


def reply(told: object, *, key_id: str = "sms", path: str = REPLY_PATH) -> Any:
    """Verify a reply that we sign ourselves."""
    body = json.dumps(told).encode()
    headers = call_headers("sms", path, body) | {"X-Key-Id": key_id}
    return sms.verify_reply(headers, body)


def test_a_reply_that_tells_nothing_is_refused() -> None:
    """Another partner's, another hook's, without a phone, without a text."""
    told = {"id": "n", "phone": "19900000001", "text": "T", "at": "2026-11-23T00:00:00+00:00"}
    assert reply(told).text == "T"
    for spoiled in ({"phone": "123"}, {"phone": "٣" * 11}, {"text": ""}, {"id": 7}, {"at": ""},
                    {"text": "a\nb"}):  # fmt: skip
        with pytest.raises(NotTheGateway):
            reply(told | spoiled)
    for changed in ({"key_id": "email"}, {"path": "/hooks/email/events"}):
        with pytest.raises(NotTheGateway):
            reply(told, **changed)


def subscription(sandbox: Process, **told: str) -> Subscription:
    """Give a pretend browser's subscription."""
    made = post(sandbox, "/push/test/subscriptions", told, status=201)
    return Subscription(endpoint=made["endpoint"], **made["keys"])


def pushed(sandbox: Process, to: Subscription) -> list[str | None]:
    """Give what a pretend browser received, newest first."""
    name = to.endpoint.rpartition("/")[2]
    told = get(sandbox, "/push/inbox.json")["messages"]
    return [one["content"] for one in told if one["subscription"] == name]


def test_a_push_is_read_by_the_one_browser(sandbox: Process) -> None:
    """Encrypted on the way; only a subscription made with our key takes it."""
    to = subscription(sandbox, sender=push.public_key())
    assert push.send(to, content="你有一条新消息".encode()) is Push.ACCEPTED
    assert pushed(sandbox, to) == ["你有一条新消息"]
    stranger = subscription(sandbox)
    crossed = replace(to, p256dh=stranger.p256dh, auth=stranger.auth)
    assert push.send(crossed, content=b"x") is Push.ACCEPTED
    assert pushed(sandbox, to)[0] is None
    other = subscription(sandbox, sender="A" * 87)
    assert push.send(other, content=b"x") is Push.REFUSED


def test_a_newer_push_of_a_topic_replaces(sandbox: Process) -> None:
    """And a message that is too long does not leave."""
    to = subscription(sandbox)
    for text in (b"old", b"new"):
        assert push.send(to, content=text, topic="bill") is Push.ACCEPTED
    assert pushed(sandbox, to) == ["new"]
    assert push.send(to, content=b"x" * (push_wire.CONTENT_BYTES_MAX + 1)) is Push.REFUSED
    assert push.send(to, content=b"x" * push_wire.CONTENT_BYTES_MAX) is Push.ACCEPTED


def test_a_subscription_that_is_gone_is_told_so(sandbox: Process) -> None:
    """410 for ever; also where the script says so."""
    to = subscription(sandbox)
    script(sandbox, "push", "send", "decline", match=to.endpoint.rpartition("/")[2])
    assert push.send(to, content=b"x") is Push.GONE
    httpx.delete(f"{sandbox.url}/push/test/subscriptions/{to.endpoint.rpartition('/')[2]}", **PLAIN)
    assert push.send(to, content=b"x") is Push.GONE


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [("reset", 0), ("5xx", 0), ("timeout_before(2000)", 0), ("timeout_after(2000)", 1)],
)
def test_a_push_that_is_not_known_is_pending(
    sandbox: Process, hasty: None, fault: str, arrived: int
) -> None:
    """A topic makes the repeat harmless."""
    to = subscription(sandbox)
    script(sandbox, "push", "send", fault, match=to.endpoint.rpartition("/")[2])
    assert push.send(to, content=b"x", topic="t") is Push.PENDING
    assert len(pushed(sandbox, to)) == arrived
    assert push.send(to, content=b"x", topic="t") is Push.ACCEPTED
    assert pushed(sandbox, to) == ["x"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://web.push.apple.com/x",
        "https://web.push.apple.com.evil.example/x",
        "https://evil.example/web.push.apple.com",
        "https://user@web.push.apple.com/x",
        "https://web.push.apple.com@evil.example/x",
        "https://web.push.apple.com:8443/x",
        "https://web.push.apple.com#@evil.example/",
        "https://notify.windows.com.evil.example/",
        "https://evilnotify.windows.com/",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest",
        "http://localhost:1/x",
        "https://[::1]/x",
        "https://[",
        "ftp://web.push.apple.com/x",
        "https://web.push.apple.com/\r\nX: y",
        "https://ｗeb.push.apple.com/x",
        "//web.push.apple.com/x",
        "",
    ],
)
def test_only_push_services_on_the_list_are_called(sandbox: Process, endpoint: str) -> None:
    """An address from a browser's page leads nowhere else."""
    good = subscription(sandbox)
    with pytest.raises(BadSubscription):
        push.send(replace(good, endpoint=endpoint), content=b"x")


@pytest.mark.parametrize("endpoint", [
    "https://updates.push.services.mozilla.com/wpush/x", "https://web.push.apple.com/x",
    "https://wns2-by3p.notify.windows.com/w/?token=x",
])  # fmt: skip
def test_the_browsers_own_push_services_are_on_the_list(sandbox: Process, endpoint: str) -> None:
    """And keys that are none are refused there too."""
    good = replace(subscription(sandbox), endpoint=endpoint)
    push.check(good)
    for bad in ({"p256dh": ""}, {"p256dh": "A" * 87}, {"p256dh": "键"}, {"auth": "AA"},
                {"auth": "?" * 22}):  # fmt: skip
        with pytest.raises(BadSubscription):
            push.check(replace(good, **bad))


def test_a_deployment_names_push_services_besides(
    sandbox: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole names; a bare dot or nothing opens nothing."""
    there = replace(subscription(sandbox), endpoint="https://push.vendor.example/x")
    for named in ("", ".", ",", " ", "vendor.example"):
        monkeypatch.setenv("XN_PUSH_HOSTS", named)
        with pytest.raises(BadSubscription):
            push.check(there)
    for named in ("push.vendor.example", "a.example,.vendor.example"):
        monkeypatch.setenv("XN_PUSH_HOSTS", named)
        push.check(there)


def test_production_calls_no_sandbox(
    sandbox: Process, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And has a key of its own, or sends nothing."""
    to = subscription(sandbox)
    settings.ENV = "production"
    monkeypatch.delenv("XN_PUSH_KEY", raising=False)
    with pytest.raises(Unavailable):
        push.public_key()
    monkeypatch.setenv("XN_PUSH_KEY", "not a key")
    with pytest.raises(Unavailable):
        push.public_key()
    monkeypatch.delenv("XN_PUSH_URL")
    with pytest.raises(BadSubscription):
        push.send(to, content=b"x")


def test_the_encryption_is_that_of_the_standard() -> None:
    """The example of RFC 8291, appendix A, to the byte."""
    example = Subscription(
        endpoint="https://push.example.net/",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkN"
        "toIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
    )
    body = push_wire.encrypted(
        b"When I grow up, I want to be a watermelon",
        example,
        sender=push_wire.private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=push_wire._decoded("DGv6ra1nlYgDCS1FRnbzlw"),
        padded=1,
    )
    assert push_wire.written(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    )


def test_the_length_of_a_push_is_mute() -> None:
    """Short texts all have one length on the wire, and no two look the same."""
    one = push_wire.private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    to = Subscription(
        endpoint="https://push.example.net/",
        p256dh=push_wire.written(push_wire.public_of(one)),
        auth="BTBZMqHH6r4Tts7J_aSIgg",
    )
    made = [
        push_wire.encrypted(text, to, sender=one, salt=bytes([index] * 16))
        for index, text in enumerate((b"", b"a", b"b" * 255))
    ]
    assert len({len(body) for body in made}) == 1 and len(set(made)) == 3


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(201, Push.ACCEPTED), (202, Push.ACCEPTED), (404, Push.GONE), (410, Push.GONE),
     (400, Push.REFUSED), (403, Push.REFUSED), (413, Push.REFUSED), (429, Push.PENDING),
     (302, Push.PENDING), (500, Push.PENDING), (503, Push.PENDING)],
)  # fmt: skip
def test_a_status_of_a_push_service(status: int, outcome: Push) -> None:
    """A redirect is not followed and not understood."""
    assert push_wire.outcome(status) is outcome


def test_a_token_ends_the_same_day() -> None:
    """The audience is the push service's origin alone."""
    now = int(time.time())
    told = push_wire.headers(
        push_wire.development_key(), endpoint="https://a.example:443/b/c", now=now,
        ttl_seconds=-5, topic="no topic", urgent=True,
    )  # fmt: skip
    middle = told["Authorization"].split("t=")[1].split(".")[1]
    claims = json.loads(push_wire._decoded(middle))
    assert (claims["aud"], claims["exp"]) == ("https://a.example:443", now + 12 * 3600)
    assert (told["TTL"], told["Urgency"]) == ("0", "high") and "Topic" not in told
