"""What channels tell by themselves: authentic, of now, about us, or as if it had not come."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from tests.partners import outer
from tests.partners.outer import Call, Hooks, Somebody
from tests.partners.test_channel import FEN, every, number, order, pay, refund
from tests.sandbox.outside import Process, get, post, script
from xingnuo.kit import clock
from xingnuo.partners.channel import _keys, _wechat, client, wire
from xingnuo.partners.channel.contracts import Kind, NotAuthentic, Notice, Outcome, Style

type Told = Callable[..., list[Call]]


@pytest.fixture(scope="module")
def who(running: Process) -> Somebody:
    """Give a person with a card in good order."""
    return outer.somebody(running)


def path(style: Style) -> str:
    """Give our hook's path."""
    return f"/hooks/channel/{style.value}/notify"


@pytest.fixture
def told(enrolled: Process, hooks: Hooks, who: Somebody) -> Iterator[Told]:
    """Give a function that pays an order and gives the notices that came of it."""

    def give(style: Style, order_no: str, *, count: int = 1, fault: str = "ok") -> list[Call]:
        script(enrolled, style, "notify", fault, match=order_no)
        pay(who, style, order_no)
        return about(hooks, style, order_no, count)

    yield give
    hooks.answers.clear()


def said(call: Call) -> str:
    """Give what a call says, opened where it is sealed, whether it is authentic or not."""
    told = wire.object_of(call.body)
    if told is None:
        return call.body.decode()
    return json.dumps(_wechat.opened(_keys.ring().wechat.secret, told["resource"]))


def about(hooks: Hooks, style: Style, text: str, count: int) -> list[Call]:
    """Wait for so many calls at a channel's hook that say a text, and give all there are."""

    def found() -> list[Call]:
        came = [call for call in hooks.calls if call.path == path(style)]
        return [call for call in came if text in said(call)]

    hooks.until(lambda: len(found()) >= count)
    return found()


def read(style: Style, call: Call) -> Notice:
    """Take a call as our hook does."""
    return client.receive(style, call.headers, call.body)


@every
def test_a_payment_is_told(told: Told, style: Style) -> None:
    """With our number, the channel's, the amount that was paid, and the merchant."""
    order_no = number()
    notice = read(style, told(style, order_no)[0])
    assert (notice.style, notice.kind, notice.order_no) == (style, Kind.PAY, order_no)
    assert (notice.answer.outcome, notice.answer.amount_fen) == (Outcome.PAID, FEN)
    found = client.query(style, order_no)
    assert notice.answer.channel_no == found.channel_no and notice.id
    assert notice.answer.merchant == found.merchant


@every
def test_a_refund_is_told(enrolled: Process, hooks: Hooks, who: Somebody, style: Style) -> None:
    """Its own amount, not the sum of all of the order."""
    order_no, first, second = number(), number(), number()
    pay(who, style, order_no)
    refund(style, order_no, first, fen=100)
    refund(style, order_no, second, fen=345)
    notice = read(style, about(hooks, style, second, 1)[0])
    assert (notice.kind, notice.refund_no) == (Kind.REFUND, second)
    assert (notice.answer.outcome, notice.answer.amount_fen) == (Outcome.REFUNDED, 345)
    assert notice.order_no in (order_no, "")


@every
@pytest.mark.parametrize("fault", ["bad_signature", "stale", "wrong_merchant"])
def test_what_is_not_authentic_changes_nothing(told: Told, style: Style, fault: str) -> None:
    """Forged, of another time, or for another merchant."""
    with pytest.raises(NotAuthentic):
        read(style, told(style, number(), fault=fault)[0])


@every
def test_a_wrong_amount_is_handed_up(told: Told, style: Style) -> None:
    """It is signed, so it is the channel's word: who takes it compares."""
    notice = read(style, told(style, number(), fault="wrong_amount")[0])
    assert notice.answer.amount_fen == FEN + 1


@every
def test_any_changed_byte_is_refused(told: Told, style: Style) -> None:
    """All over the body, and in every header that signs it."""
    call = told(style, number())[0]
    for place in range(0, len(call.body), max(1, len(call.body) // 150)):
        spoiled = call.body[:place] + bytes([call.body[place] ^ 1]) + call.body[place + 1 :]
        with pytest.raises(NotAuthentic):
            client.receive(style, call.headers, spoiled)
    for name in [name for name in call.headers if name.lower().startswith("wechatpay-")]:
        with pytest.raises(NotAuthentic):
            client.receive(style, {**call.headers, name: "1"}, call.body)
    assert client.receive(style, {k.upper(): v for k, v in call.headers.items()}, call.body)


@every
def test_an_old_notice_is_not_of_now(
    told: Told, style: Style, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year later the same bytes are refused."""
    # The sandbox would not exchange keys with a clock of another year.
    monkeypatch.setattr(_keys, "RENEW_SECONDS", 3600.0)
    call = told(style, number())[0]
    assert read(style, call)
    with clock.shifted(timedelta(days=365)), pytest.raises(NotAuthentic):
        read(style, call)
    with clock.shifted(timedelta(days=-1)), pytest.raises(NotAuthentic):
        read(style, call)


@every
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"a=1", b"x" * 70_000, b"\xff\x00", b"[" * 9000]
)
def test_what_tells_nothing_is_refused(enrolled: Process, style: Style, body: bytes) -> None:
    """Never an error of another kind."""
    with pytest.raises(NotAuthentic):
        client.receive(style, {}, body)


@every
def test_ten_times_is_one_notice(
    enrolled: Process, hooks: Hooks, who: Somebody, style: Style
) -> None:
    """The same id each time: who takes it does nothing twice."""
    order_no = number()
    script(enrolled, style, "notify", "silence", match=order_no)
    pay(who, style, order_no)
    asked = {"style": style, "number": order_no, "times": 10}
    name = post(enrolled, "/channel/test/notices", asked, status=201)["id"]
    found = [read(style, call) for call in about(hooks, style, order_no, 10)]
    assert len(found) == 10 and len({one.id for one in found}) == 1
    assert style is Style.UNIONPAY or found[0].id == name


@every
def test_a_notice_may_overtake_the_answer(
    enrolled: Process, hooks: Hooks, who: Somebody, style: Style
) -> None:
    """It is there while the payment's own answer is still under way."""
    order_no = number()
    script(enrolled, style, "pay", "early(1500)", match=order_no)
    paying = threading.Thread(target=pay, args=(who, style, order_no))
    paying.start()
    calls = about(hooks, style, order_no, 1)
    assert calls and paying.is_alive(), "the answer came first"
    assert read(style, calls[0]).order_no == order_no
    paying.join()


@every
def test_a_notice_comes_again_until_it_is_taken(
    enrolled: Process, told: Told, hooks: Hooks, style: Style
) -> None:
    """What is not the channel's own word of thanks does not end it; that word does."""
    order_no = number()
    hooks.answers[path(style)] = client.answer(style, taken=False)[:2]
    calls = told(style, order_no, count=3)
    assert len({read(style, call).id for call in calls[:3]}) == 1
    hooks.answers[path(style)] = client.answer(style)[:2]
    hooks.until(lambda: _state(enrolled, style, order_no) == "done")
    assert _state(enrolled, style, order_no) == "done"


def _state(sandbox: Process, style: Style, order_no: str) -> str:
    held = get(sandbox, f"/books/{style}.json")["notices"]
    return next(str(one["state"]) for one in held if one["about"] == order_no)


@every
def test_a_notice_may_never_come(enrolled: Process, told: Told, style: Style) -> None:
    """Then only asking finds out."""
    order_no = number()
    assert told(style, order_no, count=0, fault="silence") == []
    assert _state(enrolled, style, order_no) == "silent"
    assert client.query(style, order_no).outcome is Outcome.PAID
    held = order(enrolled, style, order_no)
    assert held is not None and held["state"] == "paid"


@every
def test_notices_may_be_doubled_late_and_out_of_order(
    told: Told, hooks: Hooks, style: Style
) -> None:
    """Each is right in itself."""
    twice = told(style, number(), count=2, fault="duplicate")
    assert len({read(style, call).id for call in twice[:2]}) == 1
    late, first, second = number(), number(), number()
    assert read(style, told(style, late, fault="late(200)")[0]).order_no == late
    assert told(style, first, count=0, fault="reordered") == []
    told(style, second)
    about(hooks, style, first, 1)
    said_of = [said(call) for call in hooks.calls if call.path == path(style)]
    places = [next(i for i, one in enumerate(said_of) if name in one) for name in (second, first)]
    assert places == sorted(places)


def test_alipays_notice_is_for_our_application_and_seller(told: Told) -> None:
    """A right signature for another of the channel's merchants is none for us."""
    call = told(Style.ALIPAY, number())[0]
    fields: dict[str, Any] = {k: v[0] for k, v in parse_qs(call.body.decode()).items()}
    assert fields["seller_id"] == read(Style.ALIPAY, call).answer.merchant
    for name in ("seller_id", "app_id", "sign", "sign_type", "notify_time", "notify_id"):
        changed = urlencode({k: v for k, v in fields.items() if k != name}).encode()
        with pytest.raises(NotAuthentic):
            client.receive(Style.ALIPAY, {}, changed)


def test_each_channel_is_answered_in_its_own_words() -> None:
    """A word, a status, a status."""
    assert client.answer(Style.ALIPAY)[:2] == (200, b"success")
    assert client.answer(Style.ALIPAY, taken=False)[1] != b"success"
    assert client.answer(Style.WECHAT)[0] == 204
    assert client.answer(Style.WECHAT, taken=False)[0] == 500
    assert client.answer(Style.UNIONPAY)[0] == 200
    assert client.answer(Style.UNIONPAY, taken=False)[0] == 500
