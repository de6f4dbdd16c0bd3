"""The channel that speaks as Alipay does: one gateway, RSA2 over sorted pairs, signed nodes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sandbox.channel import bills, books, keys, notices
from sandbox.ground import clock
from sandbox.ground.http import Problem, Request, Response
from sandbox.ground.partner import World

STYLE = "alipay"
METHODS = {
    "alipay.trade.pay": "pay",
    "alipay.trade.query": "query",
    "alipay.trade.close": "close",
    "alipay.trade.refund": "refund",
    "alipay.trade.fastpay.refund.query": "query_refund",
    "alipay.data.dataservice.bill.downloadurl.query": "bill",
}
# What is wrong, in this channel's words.
CODES = {
    "short": "ACQ.BUYER_BALANCE_NOT_ENOUGH", "card_bad": "ACQ.BUYER_ENABLE_STATUS_FORBID",
    "card_unknown": "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "mismatch": "ACQ.USER_INFO_MISMATCH",
    "closed": "ACQ.TRADE_HAS_CLOSE", "expired": "ACQ.TRADE_HAS_CLOSE",
    "reused": "ACQ.CONTEXT_INCONSISTENT", "no_order": "ACQ.TRADE_NOT_EXIST",
    "not_paid": "ACQ.TRADE_STATUS_ERROR", "too_much": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
    "refund_reused": "ACQ.DISCORDANT_REPEAT_REQUEST", "malformed": "ACQ.INVALID_PARAMETER",
}  # fmt: skip

type Node = dict[str, Any]


def is_asked(operation: str) -> Callable[[Request], bool]:
    """Say which requests to the gateway are one operation."""

    def fits(request: Request) -> bool:
        try:
            method = request.form().get("method", "")
        except Problem:
            return False
        return METHODS.get(method) == operation

    return fits


def handler(operation: str) -> Callable[[World, Request], Response]:
    """Give what answers one operation."""

    def answer(world: World, request: Request) -> Response:
        form = request.form()
        method = form["method"]
        node = _refused("isv.invalid-signature", code="40002")
        if _is_ours(world, form):
            content = json.loads(form.get("biz_content", "{}"))
            try:
                node = _ANSWERS[operation](world, request, content)
            except (KeyError, ValueError, TypeError):
                node = _refused(CODES["malformed"])
        if request.fault.kind == "early":
            world.stopping.wait(request.fault.seconds)
        name = f"{method.replace('.', '_')}_response"
        text = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
        sign = keys.sign(world, STYLE, text.encode(), spoil=request.fault.kind == "bad_signature")
        body = f'{{"{name}":{text},"sign":"{sign}"}}'.encode()
        return Response(body=body, content_type="text/html;charset=utf-8")

    return answer


def write(world: World, payload: Mapping[str, Any]) -> notices.Written:
    """Write and sign a notice as things are now."""
    spoil, now = payload["spoil"], clock.now()
    told = _trade(world, payload) if payload["kind"] == "pay" else _back(world, payload)
    told |= {
        "notify_id": payload["id"], "notify_type": "trade_status_sync", "charset": "utf-8",
        "notify_time": _time(now - (3600 if spoil == "stale" else 0)), "version": "1.0",
        "sign_type": "RSA2", "auth_app_id": keys.APP_ID, "app_id": keys.APP_ID,
        "seller_id": "2088000000000999" if spoil == "wrong_merchant" else keys.SELLER_ID,
    }  # fmt: skip
    if spoil == "wrong_amount":
        told["total_amount"] = _more(told["total_amount"])
    text = _pairs(told, without=("sign", "sign_type")).encode()
    told["sign"] = keys.sign(world, STYLE, text, spoil=spoil == "bad_signature")
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return urlencode(told).encode(), headers


def took(status: int, body: bytes) -> bool:
    """Say whether the merchant has it: the plain word alone says so."""
    return status == 200 and body.strip() == b"success"


def _pay(world: World, request: Request, told: Mapping[str, Any]) -> Node:
    payer = told["payer"]
    asked = books.Asked(
        order_no=_number(told, "out_trade_no"), amount_fen=_fen(told["total_amount"]),
        expires_at=_instant(told["time_expire"]), card_number=payer["card_number"],
        name=payer["name"], document_number=payer["document_number"],
        phone=payer["card_reserved_phone"],
    )  # fmt: skip
    try:
        row = books.pay(world, STYLE, asked, request.fault)
    except books.Reused:
        return _refused(CODES["reused"])
    if row["state"] == "paid":
        return {**_done(), **_order(row, request), "gmt_payment": _time(row["paid_at"])}
    if row["state"] == "open":
        return {**_done("10003"), **_order(row, request)}
    return _refused(CODES[row["code"]])


def _query(world: World, request: Request, told: Mapping[str, Any]) -> Node:
    row = books.order(world, STYLE, _number(told, "out_trade_no"))
    if row is None or request.fault.kind == "lag":
        return _refused(CODES["no_order"])
    back = books.refunded_sum(world, STYLE, row["order_no"])
    state = _state_of(row, back)
    node = {**_done(), **_order(row, request), "trade_status": state}
    if row["paid_at"] is not None:
        node["send_pay_date"] = _time(row["paid_at"])
    return node | ({"refund_fee": _yuan(back)} if back else {})


def _close(world: World, request: Request, told: Mapping[str, Any]) -> Node:
    number = _number(told, "out_trade_no")
    if request.fault.kind == "decline":
        return _refused("ACQ.REASON_ILLEGAL_STATUS")
    state = books.close(world, STYLE, number, unknown=False)
    if not state:
        return _refused(CODES["no_order"])
    if state == "paid":
        return _refused(CODES["not_paid"])
    row = books.order(world, STYLE, number) or {}
    return {**_done(), "out_trade_no": number, "trade_no": row.get("channel_no", "")}


def _refund(world: World, request: Request, told: Mapping[str, Any]) -> Node:
    order_no = _number(told, "out_trade_no")
    try:
        row, new = books.refund(
            world, STYLE, order_no=order_no, refund_no=_number(told, "out_request_no"),
            amount_fen=_fen(told["refund_amount"]), fault=request.fault,
        )  # fmt: skip
    except books.Reused:
        return _refused(CODES["refund_reused"])
    except books.NotPayable as why:
        said = "ACQ.SELLER_BALANCE_NOT_ENOUGH" if str(why) == "short" else CODES[str(why)]
        return _refused(said)
    paid = books.order(world, STYLE, order_no) or {}
    moved = new and row["state"] == "done"
    node = {
        **_done(), "out_trade_no": order_no, "trade_no": paid.get("channel_no", ""),
        "fund_change": "Y" if moved else "N",
        "refund_fee": _yuan(books.refunded_sum(world, STYLE, order_no)),
    }  # fmt: skip
    if moved:
        wrong = 1 if request.fault.kind == "wrong_amount" else 0
        node |= {"send_back_fee": _yuan(row["amount_fen"] + wrong),
                 "gmt_refund_pay": _time(row["done_at"])}  # fmt: skip
    return node


def _query_refund(world: World, request: Request, told: Mapping[str, Any]) -> Node:
    row = books.refunded(world, STYLE, _number(told, "out_request_no"))
    if row is None or row["state"] != "done" or request.fault.kind == "lag":
        return _done()
    paid = books.order(world, STYLE, row["order_no"]) or {}
    wrong = 1 if request.fault.kind == "wrong_amount" else 0
    return {
        **_done(), "out_trade_no": row["order_no"], "trade_no": paid.get("channel_no", ""),
        "out_request_no": row["refund_no"], "refund_status": "REFUND_SUCCESS",
        "refund_amount": _yuan(row["amount_fen"] + wrong),
        "total_amount": _yuan(paid.get("amount_fen", 0)),
        "gmt_refund_pay": _time(row["done_at"]),
    }  # fmt: skip


def _bill(world: World, request: Request, told: Mapping[str, Any]) -> Node:
    if request.fault.kind == "decline" or not bills.is_ready(str(told["bill_date"])):
        return _refused("isp.bill_not_exist")
    made = bills.make(world, STYLE, str(told["bill_date"]), fault=request.fault.kind)
    return {**_done(), "bill_download_url": made.url}


_ANSWERS: Mapping[str, Callable[[World, Request, Mapping[str, Any]], Node]] = {
    "pay": _pay, "query": _query, "close": _close, "refund": _refund,
    "query_refund": _query_refund, "bill": _bill,
}  # fmt: skip


def _is_ours(world: World, form: Mapping[str, str]) -> bool:
    text = _pairs(form, without=("sign",)).encode()
    ours = (form.get("app_id"), form.get("sign_type")) == (keys.APP_ID, "RSA2")
    return ours and keys.is_merchants(world, STYLE, form.get("sign", ""), text)


def _trade(world: World, payload: Mapping[str, Any]) -> dict[str, str]:
    row = books.order(world, STYLE, payload["number"]) or {}
    return {
        "out_trade_no": row["order_no"], "trade_no": row["channel_no"],
        "trade_status": "TRADE_SUCCESS", "total_amount": _yuan(row["amount_fen"]),
        "receipt_amount": _yuan(row["amount_fen"]), "gmt_payment": _time(row["paid_at"]),
    }  # fmt: skip


def _back(world: World, payload: Mapping[str, Any]) -> dict[str, str]:
    row = books.refunded(world, STYLE, payload["number"]) or {}
    paid = books.order(world, STYLE, row["order_no"]) or {}
    back = books.refunded_sum(world, STYLE, row["order_no"])
    send_back = row["amount_fen"] + (1 if payload["spoil"] == "wrong_amount" else 0)
    return {
        "out_trade_no": row["order_no"], "trade_no": paid["channel_no"],
        "trade_status": _state_of(paid, back), "total_amount": _yuan(paid["amount_fen"]),
        "gmt_payment": _time(paid["paid_at"]), "gmt_refund": f"{_time(row['done_at'])}.000",
        "out_biz_no": row["refund_no"], "refund_fee": _yuan(back),
        "send_back_fee": _yuan(send_back),
    }  # fmt: skip


def _state_of(row: Mapping[str, Any], back: int) -> str:
    if row["state"] == "paid":
        return "TRADE_CLOSED" if back >= row["amount_fen"] else "TRADE_SUCCESS"
    # A payment that failed leaves its order open until it is closed or its time is over.
    return "TRADE_CLOSED" if row["state"] == "closed" else "WAIT_BUYER_PAY"


def _order(row: Mapping[str, Any], request: Request) -> dict[str, Any]:
    wrong = 1 if request.fault.kind == "wrong_amount" else 0
    return {"out_trade_no": row["order_no"], "trade_no": row["channel_no"],
            "total_amount": _yuan(row["amount_fen"] + wrong)}  # fmt: skip


def _done(code: str = "10000") -> Node:
    return {"code": code, "msg": "Success" if code == "10000" else "order success pay inprocess"}


def _refused(said: str, *, code: str = "40004") -> Node:
    return {"code": code, "msg": "Business Failed", "sub_code": said, "sub_msg": "没有办成。"}


def _pairs(fields: Mapping[str, str], *, without: tuple[str, ...]) -> str:
    return "&".join(f"{k}={v}" for k, v in sorted(fields.items()) if k not in without and v)


def _number(told: Mapping[str, Any], name: str) -> str:
    if not isinstance(told[name], str) or not 0 < len(told[name]) <= 64:
        raise ValueError(name)
    return str(told[name])


def _fen(text: str) -> int:
    whole, _, rest = str(text).partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _more(yuan: str) -> str:
    return _yuan(_fen(yuan) + 1)


def _time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, clock.BEIJING):%Y-%m-%d %H:%M:%S}"


def _instant(text: str) -> float:
    there = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=clock.BEIJING)
    return there.timestamp()
