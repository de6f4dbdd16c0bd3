"""Alipay's convention: RSA2 over sorted pairs, one gateway, nodes signed as they are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from xingnuo.kit import clock
from xingnuo.partners._signing import text
from xingnuo.partners.channel import _gate, _keys, wire
from xingnuo.partners.channel.contracts import (
    UNKNOWN,
    Answer,
    BillBroken,
    BillNotReady,
    Kind,
    NotAuthentic,
    Notice,
    Outcome,
    Style,
)

PATH = "/gateway.do"
TAKEN, NOT_TAKEN = b"success", b"failure"
_NO_SIGN = ("sign", "sign_type")
_NOT_ENOUGH = {
    "ACQ.BUYER_BALANCE_NOT_ENOUGH", "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
    "ACQ.PULL_MOBILE_CASHIER_FAIL", "ACQ.BEYOND_PAY_RESTRICTION",
    "ACQ.BEYOND_PER_RECEIPT_RESTRICTION",
    "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", "ACQ.SELLER_BALANCE_NOT_ENOUGH",
}  # fmt: skip
_NEVER = {
    "ACQ.BUYER_ENABLE_STATUS_FORBID", "ACQ.PAYER_STATUS_ERROR",
    "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE",
    "ACQ.USER_INFO_MISMATCH", "ACQ.REASON_TRADE_REFUND_FEE_ERR", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
    "ACQ.REFUND_FEE_ERROR",
}  # fmt: skip
_REFUSED = {
    "ACQ.INVALID_PARAMETER", "ACQ.CONTEXT_INCONSISTENT", "ACQ.DISCORDANT_REPEAT_REQUEST",
    "isv.invalid-parameter",
}  # fmt: skip
_ELSE = {
    "ACQ.TRADE_NOT_EXIST": Outcome.NOT_FOUND,
    "ACQ.TRADE_HAS_CLOSE": Outcome.CLOSED,
    "ACQ.TRADE_HAS_SUCCESS": Outcome.OPEN,
    "ACQ.TRADE_STATUS_ERROR": Outcome.OPEN,
}
_STATES = {
    "WAIT_BUYER_PAY": Outcome.OPEN,
    "TRADE_SUCCESS": Outcome.PAID,
    "TRADE_FINISHED": Outcome.PAID,
    "TRADE_CLOSED": Outcome.CLOSED,
}


def pay(
    card: Mapping[str, str],
    *,
    order_no: str,
    amount_fen: int,
    subject_text: str,
    expires_at: datetime,
) -> Answer:
    """Take money from a bound card."""
    told = _ask(
        "alipay.trade.pay",
        {
            "out_trade_no": order_no, "total_amount": wire.yuan(amount_fen),
            "subject": subject_text, "product_code": "GENERAL_WITHHOLDING",
            "time_expire": _beijing(expires_at), "payer": dict(card),
        },
        notify=True,
    )  # fmt: skip
    code, found = _code(told), _common(told, order_no)
    if code == "10000" and found and told.get("gmt_payment"):
        return _paid(told, found)
    if code == "10003" and found:
        return Answer(outcome=Outcome.OPEN, code=code, **found)
    return _failed(told, order_no, but={"ACQ.TRADE_NOT_EXIST", "ACQ.TRADE_STATUS_ERROR"})


def query(order_no: str) -> Answer:
    """Ask for an order; a trade closed after it was paid was paid all the same."""
    told = _ask("alipay.trade.query", {"out_trade_no": order_no})
    found = _common(told, order_no)
    if _code(told) != "10000" or not found:
        failed = _failed(told, order_no)
        return failed if failed.outcome is Outcome.NOT_FOUND else UNKNOWN
    return _state(told, found)


def close(order_no: str) -> Answer:
    """Close an unpaid order."""
    told = _ask("alipay.trade.close", {"out_trade_no": order_no})
    found = _common(told, order_no)
    if _code(told) == "10000" and found:
        return Answer(outcome=Outcome.CLOSED, code="10000", **found)
    failed = _failed(told, order_no)
    listed = (Outcome.NOT_FOUND, Outcome.OPEN, Outcome.CLOSED)
    return failed if failed.outcome in listed else UNKNOWN


def refund(*, order_no: str, refund_no: str, amount_fen: int, total_fen: int) -> Answer:
    """Give money back; money that did not move now (`fund_change` N) is to be asked for."""
    told = _ask(
        "alipay.trade.refund",
        {
            "out_trade_no": order_no, "out_request_no": refund_no,
            "refund_amount": wire.yuan(amount_fen),
        },
        notify=True,
    )  # fmt: skip
    found = _common(told, order_no)
    if _code(told) != "10000" or not found:
        failed = _failed(told, order_no)
        # Money cannot go back of an order that is not there or not paid: a no, with its reason.
        gone = failed.outcome in (Outcome.NOT_FOUND, Outcome.CLOSED, Outcome.OPEN)
        return _declined(failed.code) if gone else failed
    # `refund_fee` is the sum of all refunds of the trade; this one's own is `send_back_fee`.
    amount = wire.fen_of_yuan(told.get("send_back_fee"))
    done = told.get("fund_change") == "Y" and amount is not None
    return Answer(
        outcome=Outcome.REFUNDED if done else Outcome.OPEN, code="10000",
        amount_fen=amount if done else None, at=wire.at_beijing(told.get("gmt_refund_pay")),
        refunded_fen=wire.fen_of_yuan(told.get("refund_fee")), **found,
    )  # fmt: skip


def query_refund(*, order_no: str, refund_no: str) -> Answer:
    """Ask for a refund; an answer without a status knows of none."""
    told = _ask(
        "alipay.trade.fastpay.refund.query",
        {"out_trade_no": order_no, "out_request_no": refund_no},
    )
    found, amount = _common(told, order_no), wire.fen_of_yuan(told.get("refund_amount"))
    if _code(told) != "10000":
        failed = _failed(told, order_no)
        return failed if failed.outcome is Outcome.NOT_FOUND else UNKNOWN
    status = text(told, "refund_status")
    if not status:
        return Answer(outcome=Outcome.NOT_FOUND, code="10000")
    if status == "REFUND_SUCCESS" and found and told.get("out_request_no") == refund_no:
        at = wire.at_beijing(told.get("gmt_refund_pay"))
        return UNKNOWN if amount is None else Answer(
            outcome=Outcome.REFUNDED, amount_fen=amount, at=at, code="10000", **found
        )  # fmt: skip
    return UNKNOWN


def bill_address(day: date) -> str:
    """Give where a day's bill can be fetched for half a minute."""
    told = _ask(
        "alipay.data.dataservice.bill.downloadurl.query",
        {"bill_type": "trade", "bill_date": day.isoformat()},
    )
    where = text(told, "bill_download_url", chars_max=500)
    if _code(told) != "10000" or not where:
        raise BillNotReady(Style.ALIPAY.value)
    if not _gate.is_own(Style.ALIPAY, where):
        raise BillBroken("address")
    return where


def receive(headers: Mapping[str, str], body: bytes) -> Notice:
    """Believe a notice that is signed, of now, and about our application and seller."""
    ring = _keys.ring().alipay
    told = wire.fields_of(body)
    if told is None or told.get("sign_type") != "RSA2" or told.get("charset", "utf-8") != "utf-8":
        raise NotAuthentic("alipay")
    signed = wire.pairs(told, without=_NO_SIGN).encode()
    if not wire.holds(ring.theirs, told.get("sign", ""), signed):
        _keys.renew()
        raise NotAuthentic("alipay")
    at = wire.at_beijing(told.get("notify_time"))
    ours = (told.get("app_id"), told.get("seller_id")) == (ring.app_id, ring.seller_id)
    order_no, name = text(told, "out_trade_no"), text(told, "notify_id", chars_max=128)
    if at is None or not wire.is_fresh(at, now=clock.now()) or not ours or not order_no or not name:
        raise NotAuthentic("alipay")
    found: dict[str, Any] = {"channel_no": text(told, "trade_no"), "merchant": ring.seller_id}
    if told.get("gmt_refund"):
        kind, refund_no = Kind.REFUND, text(told, "out_biz_no")
        amount = wire.fen_of_yuan(told.get("send_back_fee"))
        done = amount is not None and refund_no
        answer = Answer(
            outcome=Outcome.REFUNDED, amount_fen=amount,
            refunded_fen=wire.fen_of_yuan(told.get("refund_fee")),
            at=wire.at_beijing(told["gmt_refund"].partition(".")[0]), **found,
        ) if done else UNKNOWN  # fmt: skip
    else:
        kind, refund_no, answer = Kind.PAY, "", _state(told, found)
    return Notice(
        id=name, style=Style.ALIPAY, kind=kind, order_no=order_no, refund_no=refund_no,
        answer=answer, at=at,
    )  # fmt: skip


def answer(*, taken: bool) -> tuple[int, bytes, str]:
    """Give what ends the repeats: the plain word, or the one that keeps them coming."""
    return 200, TAKEN if taken else NOT_TAKEN, "text/plain"


def node_of(body: bytes, name: str) -> tuple[str, dict[str, Any], str]:
    """Give the signed text of an answer's node, its content, and the signature beside it."""
    whole = wire.object_of(body)
    if whole is None or not isinstance(whole.get("sign"), str):
        return "", {}, ""
    told = body.decode()
    for mark in (f'"{name}":', '"error_response":'):
        start = told.find(mark)
        if start >= 0:
            start += len(mark)
            try:
                node, end = json.JSONDecoder().raw_decode(told, start)
            except (ValueError, RecursionError):
                return "", {}, ""
            return (
                (told[start:end], node, whole["sign"]) if isinstance(node, dict) else ("", {}, "")
            )
    return "", {}, ""


def _ask(method: str, content: Mapping[str, object], *, notify: bool = False) -> dict[str, Any]:
    """Give the signed node of the answer; an empty one for anything that is not believed."""
    ring = _keys.ring().alipay
    told = {
        "app_id": ring.app_id, "method": method, "format": "JSON", "charset": "utf-8",
        "sign_type": "RSA2", "timestamp": _beijing(clock.now()), "version": "1.0",
        "biz_content": wire.compact(content),
    }  # fmt: skip
    if notify:
        told["notify_url"] = _gate.hook(Style.ALIPAY)
    told["sign"] = wire.sign(ring.own, wire.pairs(told, without=("sign",)).encode())
    answered = _gate.call(
        "POST", _gate.address(Style.ALIPAY, PATH),
        headers={"Content-Type": "application/x-www-form-urlencoded"}, body=wire.form(told),
    )  # fmt: skip
    if answered.status != 200:
        return {}
    signed, node, signature = node_of(answered.body, f"{method.replace('.', '_')}_response")
    if not signed or not wire.holds(ring.theirs, signature, signed.encode()):
        _keys.renew()
        return {}
    if node.get("sub_code") == "isv.invalid-signature":
        _keys.renew()
    return node


def _code(told: Mapping[str, Any]) -> str:
    return text(told, "code")


def _common(told: Mapping[str, Any], order_no: str) -> dict[str, Any]:
    if told.get("out_trade_no") != order_no:
        return {}
    return {"channel_no": text(told, "trade_no"), "merchant": _keys.ring().alipay.seller_id}


def _paid(told: Mapping[str, Any], found: Mapping[str, Any]) -> Answer:
    amount = wire.fen_of_yuan(told.get("total_amount"))
    if amount is None or not found["channel_no"]:
        return UNKNOWN
    at = wire.at_beijing(told.get("gmt_payment") or told.get("send_pay_date"))
    return Answer(
        outcome=Outcome.PAID, amount_fen=amount, at=at,
        refunded_fen=wire.fen_of_yuan(told.get("refund_fee")), **found,
    )  # fmt: skip


def _state(told: Mapping[str, Any], found: Mapping[str, Any]) -> Answer:
    state = text(told, "trade_status")
    outcome = _STATES.get(state, Outcome.UNKNOWN)
    paid = told.get("send_pay_date") or told.get("gmt_payment")
    if outcome is Outcome.PAID or (outcome is Outcome.CLOSED and paid):
        return _paid(told, found)
    return Answer(outcome=outcome, code=state, **found)


def _failed(told: Mapping[str, Any], order_no: str, *, but: set[str] | None = None) -> Answer:
    """Read a business failure: only codes that are listed say anything."""
    said = text(told, "sub_code")
    if _code(told) not in ("40004", "40002") or said in (but or set()):
        return UNKNOWN
    # A failure about another order is none about this one.
    if told.get("out_trade_no", order_no) != order_no:
        return UNKNOWN
    if said in _NEVER or said in _NOT_ENOUGH:
        return _declined(said)
    if said in _REFUSED:
        return Answer(outcome=Outcome.REFUSED, permanent=True, code=said)
    return Answer(outcome=_ELSE.get(said, Outcome.UNKNOWN), code=said)


def _declined(code: str) -> Answer:
    return Answer(outcome=Outcome.DECLINED, permanent=code in _NEVER, code=code)


def _beijing(at: datetime) -> str:
    return clock.beijing(at).strftime("%Y-%m-%d %H:%M:%S")
