"""The channel that speaks as UnionPay 5.1 does: sorted pairs, a hash in hex, a certificate."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sandbox.channel import bills, books, keys, notices
from sandbox.ground import clock
from sandbox.ground.http import Problem, Request, Response
from sandbox.ground.partner import World

STYLE = "unionpay"
FORM = "application/x-www-form-urlencoded;charset=UTF-8"
TIME = "%Y%m%d%H%M%S"
CODES = {
    "short": "64",
    "card_bad": "63",
    "card_unknown": "61",
    "mismatch": "66",
    "expired": "69",
    "closed": "69",
    "reused": "12",
    "no_order": "34",
    "not_paid": "35",
    "too_much": "36",
}
PAY, REFUND = "01", "04"

SCHEMA = """
CREATE TABLE IF NOT EXISTS channel_time (
    number TEXT PRIMARY KEY, txn_time TEXT NOT NULL
) WITHOUT ROWID;
"""


def is_asked(kind: str) -> Callable[[Request], bool]:
    """Say which requests to the gateway are of one kind of transaction."""

    def fits(request: Request) -> bool:
        try:
            return request.form().get("txnType") == kind
        except Problem:
            return False

    return fits


def handler(answers: Callable[[World, Request, Mapping[str, str]], dict[str, str]]) -> Any:
    """Give what answers one operation."""

    def answer(world: World, request: Request) -> Response:
        form = request.form()
        try:
            told = answers(world, request, form) if _is_ours(world, form) else _said("11")
        except (KeyError, ValueError, TypeError):
            told = _said("10")
        if request.fault.kind == "early":
            world.stopping.wait(request.fault.seconds)
        same = ("version", "encoding", "signMethod", "txnType", "txnSubType", "bizType",
                "accessType", "merId", "orderId", "txnTime")  # fmt: skip
        whole = {name: form[name] for name in same if form.get(name)} | told
        signed = _signed(world, whole, spoil=request.fault.kind == "bad_signature")
        return Response(body=urlencode(signed).encode(), content_type=FORM)

    return answer


def pay(world: World, request: Request, told: Mapping[str, str]) -> dict[str, str]:
    """Take an order in; whether it is paid is told later, or when asked."""
    opened = base64.b64decode(told["customerInfo"]).decode().strip("{}")
    who = dict(part.split("=", 1) for part in opened.split("&"))
    sealed = keys.opened(world, "sealing", who["encryptedInfo"], way="pkcs1")
    asked = books.Asked(
        order_no=_number(told["orderId"]), amount_fen=_fen(told["txnAmt"]),
        expires_at=_instant(told["payTimeout"]),
        card_number=keys.opened(world, "sealing", told["accNo"], way="pkcs1"),
        name=who["customerNm"], document_number=who["certifId"],
        phone=sealed.removeprefix("phoneNo="),
    )  # fmt: skip
    _keep(world, told)
    try:
        row = books.pay(world, STYLE, asked, request.fault)
    except books.Reused:
        return _said("10")
    if row["state"] in ("open", "paid"):
        return {**_said("00"), "queryId": row["channel_no"], "txnAmt": str(row["amount_fen"])}
    return _said(CODES[row["code"]])


def refund(world: World, request: Request, told: Mapping[str, str]) -> dict[str, str]:
    """Take a refund in: an order of its own that names the paid one by our number."""
    _keep(world, told)
    paid = world.store.row(
        "SELECT order_no FROM channel_order WHERE style = ? AND channel_no = ?",
        STYLE, told["origQryId"],
    )  # fmt: skip
    try:
        row, _ = books.refund(
            world, STYLE, order_no=paid["order_no"] if paid else "",
            refund_no=_number(told["orderId"]), amount_fen=_fen(told["txnAmt"]),
            fault=request.fault,
        )  # fmt: skip
    except books.Reused:
        return _said("10")
    except books.NotPayable as why:
        return _said(CODES[str(why)])
    return {**_said("00"), "queryId": row["channel_no"], "txnAmt": str(row["amount_fen"])}


def query(world: World, request: Request, told: Mapping[str, str]) -> dict[str, str]:
    """Say how an order or a refund stands."""
    number = _number(told["orderId"])
    row = books.order(world, STYLE, number) or books.refunded(world, STYLE, number)
    if row is None or request.fault.kind == "lag" or told["txnTime"] != _made(world, number):
        return _said("34")
    wrong = 1 if request.fault.kind == "wrong_amount" else 0
    kind = REFUND if "refund_no" in row else PAY
    code = {"open": "05", "paid": "00", "done": "00"}.get(row["state"], "")
    at = row.get("paid_at") or row.get("done_at") or row["made_at"]
    return {
        **_said("00"), "queryId": row["channel_no"], "txnType": kind, "currencyCode": "156",
        "txnAmt": str(row["amount_fen"] + wrong), "origRespCode": code or CODES[row["code"]],
        "origRespMsg": "成功" if code == "00" else "未成功",
        "traceNo": row["channel_no"][:6], "traceTime": _time(at),
    }  # fmt: skip


def bill(world: World, request: Request, told: Mapping[str, str]) -> dict[str, str]:
    """Say where a settlement day's file is, and its hash."""
    text = told["settleDate"]
    day = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if request.fault.kind == "decline" or not bills.is_ready(day):
        return _said("98")
    made = bills.make(world, STYLE, day, fault=request.fault.kind)
    return {**_said("00"), "settleDate": text, "fileUrl": made.url, "fileDigest": made.sha256}


def write(world: World, payload: Mapping[str, Any]) -> notices.Written:
    """Write and sign a back notice as things are now."""
    spoil, pays = payload["spoil"], payload["kind"] == "pay"
    find = books.order if pays else books.refunded
    row = find(world, STYLE, payload["number"]) or {}
    wrong = 1 if spoil == "wrong_amount" else 0
    number = row["order_no"] if pays else row["refund_no"]
    told = {
        "version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "accessType": "0",
        "txnType": PAY if pays else REFUND, "txnSubType": "01" if pays else "00",
        "bizType": "000301", "currencyCode": "156",
        "merId": "777290000000999" if spoil == "wrong_merchant" else keys.MER_ID,
        "orderId": number, "txnAmt": str(row["amount_fen"] + wrong), "queryId": row["channel_no"],
        "txnTime": "20200101000000" if spoil == "stale" else _made(world, number),
        "traceNo": row["channel_no"][:6],
        "traceTime": _time(row["paid_at"] if pays else row["done_at"]), **_said("00"),
    }  # fmt: skip
    signed = _signed(world, told, spoil=spoil == "bad_signature")
    return urlencode(signed).encode(), {"Content-Type": FORM}


def took(status: int, body: bytes) -> bool:
    """Say whether the merchant has it."""
    return status == 200


def _is_ours(world: World, form: Mapping[str, str]) -> bool:
    ours = (form.get("merId"), form.get("signMethod")) == (keys.MER_ID, "01")
    signature, serial = form.get("signature", ""), form.get("certId", "-")
    return ours and keys.is_merchants(world, STYLE, signature, _hashed(form), serial)


def _signed(world: World, told: Mapping[str, str], *, spoil: bool) -> dict[str, str]:
    whole = {**told, "signPubKeyCert": keys.certificate(world, STYLE)}
    return {**whole, "signature": keys.sign(world, STYLE, _hashed(whole), spoil=spoil)}


def _hashed(fields: Mapping[str, str]) -> bytes:
    pairs = "&".join(f"{k}={v}" for k, v in sorted(fields.items()) if k != "signature" and v)
    return hashlib.sha256(pairs.encode()).hexdigest().encode()


def _said(code: str) -> dict[str, str]:
    return {"respCode": code, "respMsg": "成功" if code == "00" else "没有办成"}


def _number(text: str) -> str:
    if not text.isalnum() or not text.isascii() or not 8 <= len(text) <= 40:
        raise ValueError("number")
    return text


def _fen(text: str) -> int:
    if not text.isdigit() or int(text) <= 0:
        raise ValueError("amount")
    return int(text)


def _keep(world: World, told: Mapping[str, str]) -> None:
    """Remember the time that the merchant gave its number: both together name an order here."""
    world.store.run(
        "INSERT OR IGNORE INTO channel_time (number, txn_time) VALUES (?, ?)",
        told["orderId"], told["txnTime"],
    )  # fmt: skip


def _made(world: World, number: str) -> str:
    found = world.store.row("SELECT txn_time FROM channel_time WHERE number = ?", number)
    return str(found["txn_time"]) if found else ""


def _time(at: float) -> str:
    return datetime.fromtimestamp(int(at), clock.BEIJING).strftime(TIME)


def _instant(text: str) -> float:
    return datetime.strptime(text, TIME).replace(tzinfo=clock.BEIJING).timestamp()
