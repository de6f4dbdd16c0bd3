"""Every channel against every fault: unknown is never failed, and nothing happens twice."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from tests.partners import outer
from tests.partners.outer import Somebody
from tests.sandbox.outside import Process, get, script
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import Unavailable
from xingnuo.partners.channel import _keys, client
from xingnuo.partners.channel.contracts import RECIPIENTS, Answer, Outcome, Style
from xingnuo.trust.sharing.contracts import WrongRecipient

FEN = 12_345
every = pytest.mark.parametrize("style", list(Style))


@pytest.fixture(scope="module")
def who(running: Process) -> Somebody:
    """Give a person with a card in good order."""
    return outer.somebody(running)


def number() -> str:
    """Give a fresh number."""
    return ids.uuid7().hex


def pay(who: Somebody, style: Style, order_no: str, **changed: Any) -> Answer:
    """Pay an order."""
    told: dict[str, Any] = {
        "amount_fen": FEN, "subject_text": "话费，充值",
        "expires_at": clock.now() + timedelta(minutes=10),
    }  # fmt: skip
    parcel = outer.card(who, RECIPIENTS[style])
    return client.pay(parcel, style=style, order_no=order_no, **{**told, **changed})


def order(sandbox: Process, style: Style, order_no: str) -> dict[str, Any] | None:
    """Give what the channel's own books hold of an order."""
    held = get(sandbox, f"/books/{style}.json")["orders"]
    return next((one for one in held if one["order_no"] == order_no), None)


def refunds(sandbox: Process, style: Style, refund_no: str) -> list[dict[str, Any]]:
    """Give what the books hold of a refund."""
    held = get(sandbox, f"/books/{style}.json")["refunds"]
    return [one for one in held if one["refund_no"] == refund_no]


def first(style: Style) -> Outcome:
    """Give what a payment that went well is answered with: UnionPay tells it only when asked."""
    return Outcome.OPEN if style is Style.UNIONPAY else Outcome.PAID


def refund(style: Style, order_no: str, refund_no: str, fen: int = 345) -> Answer:
    """Give part of an order back."""
    return client.refund(
        style, order_no=order_no, refund_no=refund_no, amount_fen=fen, total_fen=FEN
    )


@every
def test_all_is_well(enrolled: Process, who: Somebody, style: Style) -> None:
    """Paid, asked, paid again in vain, given back in part; the books hold each once."""
    order_no, refund_no = number(), number()
    assert client.query(style, order_no).outcome is Outcome.NOT_FOUND
    assert pay(who, style, order_no).outcome is first(style)
    found = client.query(style, order_no)
    assert (found.outcome, found.amount_fen, found.currency) == (Outcome.PAID, FEN, "CNY")
    assert found.channel_no and found.merchant and found.at is not None
    assert abs(clock.now() - found.at) < timedelta(minutes=1)
    assert pay(who, style, order_no).outcome is first(style)
    unknown = client.query_refund(style, order_no=order_no, refund_no=refund_no)
    assert unknown.outcome is Outcome.NOT_FOUND
    assert refund(style, order_no, refund_no).outcome in (Outcome.REFUNDED, Outcome.OPEN)
    back = client.query_refund(style, order_no=order_no, refund_no=refund_no)
    assert (back.outcome, back.amount_fen) == (Outcome.REFUNDED, 345)
    refund(style, order_no, refund_no)
    assert len(refunds(enrolled, style, refund_no)) == 1
    held = order(enrolled, style, order_no)
    assert held is not None and (held["state"], held["amount_fen"]) == ("paid", FEN)
    assert held["card_tail"] == who.card[-4:] and held["channel_no"] == found.channel_no


@every
@pytest.mark.parametrize("fault", ["reset", "5xx", "timeout_before(2000)"])
def test_what_was_not_done_is_unknown(
    enrolled: Process, hasty: None, who: Somebody, style: Style, fault: str
) -> None:
    """Nothing is in the books; the same number is then paid once."""
    order_no = number()
    script(enrolled, style, "pay", fault, match=order_no)
    assert pay(who, style, order_no).outcome is Outcome.UNKNOWN
    assert order(enrolled, style, order_no) is None
    assert pay(who, style, order_no).outcome is first(style)


@every
@pytest.mark.parametrize("fault", ["timeout_after(2000)", "drip(3000)", "bad_signature"])
def test_what_was_done_but_not_told_is_unknown_until_asked(
    enrolled: Process, hasty: None, who: Somebody, style: Style, fault: str
) -> None:
    """The query decides; paying again with the same number takes nothing twice."""
    order_no = number()
    script(enrolled, style, "pay", fault, match=order_no)
    assert pay(who, style, order_no).outcome is Outcome.UNKNOWN
    assert client.query(style, order_no).outcome is Outcome.PAID
    before = get(enrolled, f"/books/{style}.json")["paid_fen"]
    pay(who, style, order_no)
    assert get(enrolled, f"/books/{style}.json")["paid_fen"] == before


@every
@pytest.mark.parametrize("operation", ["query", "close", "refund", "query_refund"])
@pytest.mark.parametrize("fault", ["reset", "5xx", "timeout_after(2000)", "bad_signature"])
def test_every_other_call_is_unknown_under_faults(
    enrolled: Process, hasty: None, who: Somebody, style: Style, operation: str, fault: str
) -> None:
    """Of any of them; the next time it is known."""
    if style is Style.UNIONPAY and operation == "close":
        assert client.close(style, number()) == Answer(outcome=Outcome.UNKNOWN, code="no_close")
        return
    order_no, refund_no = number(), number()
    ask = {
        "query": lambda: client.query(style, order_no),
        "close": lambda: client.close(style, order_no),
        "refund": lambda: refund(style, order_no, refund_no),
        "query_refund": lambda: client.query_refund(style, order_no=order_no, refund_no=refund_no),
    }[operation]
    pay(who, style, order_no)
    if operation == "query_refund":
        refund(style, order_no, refund_no)
    shown = "query" if style is Style.UNIONPAY and operation == "query_refund" else operation
    # UnionPay's query of the order goes before its refund: the fault is for the refund's number.
    about = refund_no if operation in ("refund", "query_refund") else order_no
    script(enrolled, style, shown, fault, match=about)
    assert ask().outcome is Outcome.UNKNOWN
    assert ask().outcome is not Outcome.UNKNOWN
    if operation == "refund":
        assert len(refunds(enrolled, style, refund_no)) == 1


@every
def test_a_decline_is_final(enrolled: Process, who: Somebody, style: Style) -> None:
    """Nothing was taken; another try may be well, so it is not permanent."""
    order_no = number()
    script(enrolled, style, "pay", "decline", match=order_no)
    answer = pay(who, style, order_no)
    assert (answer.outcome, answer.permanent) == (Outcome.DECLINED, False) and answer.code
    assert client.query(style, order_no).outcome is not Outcome.PAID
    held = order(enrolled, style, order_no)
    assert held is not None and held["paid_at"] is None


@every
@pytest.mark.parametrize("state", ["lost", "closed"])
def test_a_bad_card_is_declined_for_good(enrolled: Process, style: Style, state: str) -> None:
    """The permanent bit says that the same card would fail again."""
    answer = pay(outer.somebody(enrolled, card_state=state), style, number())
    assert (answer.outcome, answer.permanent) == (Outcome.DECLINED, True)


@every
def test_another_persons_card_is_declined(enrolled: Process, who: Somebody, style: Style) -> None:
    """Card, name, document and phone go together."""
    other = outer.somebody(enrolled)
    mixed = Somebody(other.name, other.number, other.phone, who.card)
    assert pay(mixed, style, number()).outcome is Outcome.DECLINED


@every
def test_late_is_open_then_paid(enrolled: Process, who: Somebody, style: Style) -> None:
    """The channel has it, has not decided, and later has."""
    order_no = number()
    script(enrolled, style, "pay", "late(300)", match=order_no)
    assert pay(who, style, order_no).outcome is Outcome.OPEN
    assert client.query(style, order_no).outcome is Outcome.OPEN
    time.sleep(0.6)
    assert client.query(style, order_no).outcome is Outcome.PAID


@every
def test_silence_stays_open_until_the_time_is_over(
    enrolled: Process, who: Somebody, style: Style
) -> None:
    """Then it is closed by the channel itself."""
    order_no = number()
    script(enrolled, style, "pay", "silence", match=order_no)
    soon = clock.now() + timedelta(seconds=3)
    assert pay(who, style, order_no, expires_at=soon).outcome is Outcome.OPEN
    assert client.query(style, order_no).outcome is Outcome.OPEN
    time.sleep(3.2)
    assert client.query(style, order_no).outcome is Outcome.CLOSED
    assert pay(who, style, order_no, expires_at=soon).outcome is Outcome.CLOSED


@every
def test_a_lagging_query_proves_nothing(enrolled: Process, who: Somebody, style: Style) -> None:
    """Not found or open, while the money was taken."""
    order_no = number()
    pay(who, style, order_no)
    script(enrolled, style, "query", "lag", match=order_no)
    assert client.query(style, order_no).outcome in (Outcome.NOT_FOUND, Outcome.OPEN)
    assert client.query(style, order_no).outcome is Outcome.PAID


@every
def test_a_wrong_amount_is_handed_up(enrolled: Process, who: Somebody, style: Style) -> None:
    """As the channel states it: who asked compares."""
    order_no, refund_no = number(), number()
    pay(who, style, order_no)
    script(enrolled, style, "query", "wrong_amount", match=order_no)
    assert client.query(style, order_no).amount_fen == FEN + 1
    refund(style, order_no, refund_no)
    shown = "query" if style is Style.UNIONPAY else "query_refund"
    script(enrolled, style, shown, "wrong_amount", match=refund_no)
    back = client.query_refund(style, order_no=order_no, refund_no=refund_no)
    assert (back.outcome, back.amount_fen) == (Outcome.REFUNDED, 346)


@every
def test_a_number_is_good_for_one_content(enrolled: Process, who: Somebody, style: Style) -> None:
    """Another amount or another card under it is refused, and the order stands."""
    order_no = number()
    pay(who, style, order_no)
    assert pay(who, style, order_no, amount_fen=FEN + 1).outcome is Outcome.REFUSED
    assert pay(outer.somebody(enrolled), style, order_no).outcome is Outcome.REFUSED
    assert client.query(style, order_no).amount_fen == FEN


@pytest.mark.parametrize("style", [Style.ALIPAY, Style.WECHAT])
def test_only_a_close_closes(enrolled: Process, who: Somebody, style: Style) -> None:
    """An open order is closed and pays no more; a paid one is not."""
    order_no, paid = number(), number()
    script(enrolled, style, "pay", "silence", match=order_no)
    pay(who, style, order_no)
    assert client.close(style, order_no).outcome is Outcome.CLOSED
    assert client.query(style, order_no).outcome is Outcome.CLOSED
    assert pay(who, style, order_no).outcome is Outcome.CLOSED
    pay(who, style, paid)
    assert client.close(style, paid).outcome is Outcome.OPEN
    assert client.query(style, paid).outcome is Outcome.PAID


def test_not_found_is_closed_by_wechat_alone(enrolled: Process, who: Somebody) -> None:
    """Alipay does not know the number, and may take it later; WeChat Pay never will."""
    order_no = number()
    assert client.close(Style.ALIPAY, order_no).outcome is Outcome.NOT_FOUND
    assert pay(who, Style.ALIPAY, order_no).outcome is Outcome.PAID
    assert client.close(Style.WECHAT, order_no).outcome is Outcome.CLOSED
    assert pay(who, Style.WECHAT, order_no).outcome is Outcome.CLOSED


@every
def test_no_more_is_given_back_than_was_paid(
    enrolled: Process, who: Somebody, style: Style
) -> None:
    """In parts, each once; the same number with another amount is refused."""
    order_no, refund_no = number(), number()
    pay(who, style, order_no)
    refund(style, order_no, refund_no, fen=10_000)
    assert refund(style, order_no, refund_no, fen=9_000).outcome is Outcome.REFUSED
    assert refund(style, order_no, number(), fen=3_000).outcome is Outcome.DECLINED
    refund(style, order_no, number(), fen=2_345)
    held = get(enrolled, f"/books/{style}.json")["refunds"]
    assert sum(one["amount_fen"] for one in held if one["order_no"] == order_no) == FEN
    # Alipay says closed of a trade that was given back whole; it was paid all the same.
    assert client.query(style, order_no).outcome is Outcome.PAID


@every
def test_nothing_is_given_back_of_what_was_not_paid(enrolled: Process, style: Style) -> None:
    """A definite no, or, where the order itself is not known to be paid, unknown."""
    found = refund(style, number(), number()).outcome
    expected = Outcome.UNKNOWN if style is Style.UNIONPAY else Outcome.DECLINED
    assert found is expected


@every
def test_a_refund_may_come_late(enrolled: Process, who: Somebody, style: Style) -> None:
    """Open, then done."""
    order_no, refund_no = number(), number()
    pay(who, style, order_no)
    script(enrolled, style, "refund", "late(300)", match=refund_no)
    assert refund(style, order_no, refund_no).outcome is Outcome.OPEN
    time.sleep(0.6)
    found = client.query_refund(style, order_no=order_no, refund_no=refund_no)
    assert found.outcome is Outcome.REFUNDED


@every
def test_a_double_tap_takes_once(enrolled: Process, who: Somebody, style: Style) -> None:
    """Eight callers at the same moment with one number."""
    order_no = number()
    gate, answers = threading.Barrier(8), list[Outcome]()

    def tap() -> None:
        gate.wait()
        answers.append(pay(who, style, order_no).outcome)

    threads = [threading.Thread(target=tap) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [first(style)] * 8
    held = get(enrolled, f"/books/{style}.json")["orders"]
    assert len([one for one in held if one["order_no"] == order_no]) == 1


@every
@pytest.mark.parametrize("fen", [-1, 0, 10**11, 10**19])
def test_no_such_amount_leaves_the_house(
    enrolled: Process, who: Somebody, style: Style, fen: int
) -> None:
    """Refused here; the channel never hears of it."""
    order_no = number()
    assert pay(who, style, order_no, amount_fen=fen).outcome is Outcome.REFUSED
    assert order(enrolled, style, order_no) is None


@every
def test_a_malformed_number_leaves_not_either(
    enrolled: Process, who: Somebody, style: Style
) -> None:
    """No number becomes another address."""
    for bad in ("", "../../books", "x" * 32, str(ids.uuid7()), number().upper()):
        assert pay(who, style, bad).outcome is Outcome.REFUSED
        assert client.query(style, bad).outcome is Outcome.UNKNOWN
        assert client.close(style, bad).outcome is Outcome.UNKNOWN
        assert refund(style, bad, number()).outcome is Outcome.REFUSED


@every
def test_another_recipients_parcel_is_not_opened(who: Somebody, style: Style) -> None:
    """Before anything is sent."""
    with pytest.raises(WrongRecipient):
        client.pay(
            outer.card(who, "settlement_bank"), style=style, order_no=number(), amount_fen=1,
            subject_text="", expires_at=clock.now(),
        )  # fmt: skip


def test_a_long_rare_name_goes_through(enrolled: Process) -> None:
    """Fifty characters outside the basic plane fit what is sealed."""
    long = outer.somebody(enrolled, name="𠮷" * 50)
    for style in Style:
        assert pay(long, style, number()).outcome is first(style)


def test_channels_that_are_away_are_unknown(who: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also before any key was exchanged: nothing is raised for what they do."""
    monkeypatch.setenv("XN_CHANNEL_URL", "http://localhost:1")
    for style in Style:
        assert pay(who, style, number()).outcome is Outcome.UNKNOWN
        assert client.query(style, number()).outcome is Outcome.UNKNOWN


def test_production_needs_keys_of_its_own(
    who: Somebody, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    """No key is made or fetched there."""
    settings.ENV, settings.DATA_DIR = "production", tmp_path
    monkeypatch.setattr(_keys, "_rings", {})
    for style in Style:
        with pytest.raises(Unavailable):
            pay(who, style, number())
    assert not list(tmp_path.rglob("*.pem"))


def test_own_keys_are_the_owners_alone(enrolled: Process, settings: Any) -> None:
    """Made once, beside the other secrets."""
    folder = settings.DATA_DIR / "secrets" / "channel"
    names = {file.name for file in folder.iterdir()}
    assert names == {"alipay.pem", "wechat.pem", "unionpay.pem", "wechat.v3key"}
    assert {file.stat().st_mode & 0o077 for file in folder.iterdir()} == {0}
