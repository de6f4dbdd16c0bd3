"""The channel that speaks as WeChat Pay v3 does: signed headers, sealed resources."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sandbox.channel import bills, books, keys, notices
from sandbox.ground import chance, clock
from sandbox.ground.http import Problem, Request, Response
from sandbox.ground.partner import World

STYLE = "wechat"
SCHEME = "WECHATPAY2-SHA256-RSA2048"
STALE_SECONDS_MAX = 300
CODES = {
    "short": (403, "NOT_ENOUGH"), "card_bad": (403, "USER_ACCOUNT_ABNORMAL"),
    "card_unknown": (403, "CARD_INVALID"), "mismatch": (403, "USER_INFO_MISMATCH"),
    "closed": (400, "ORDER_CLOSED"), "expired": (400, "ORDER_CLOSED"),
    "reused": (400, "OUT_TRADE_NO_USED"), "no_order": (404, "ORDER_NOT_EXIST"),
    "not_paid": (400, "ORDERPAID"), "malformed": (400, "PARAM_ERROR"),
    "too_much": (400, "RULE_LIMIT"), "refund_short": (403, "NOT_ENOUGH"),
    "no_refund": (404, "RESOURCE_NOT_EXISTS"), "no_bill": (400, "NO_STATEMENT_EXIST"),
}  # fmt: skip
_GIVEN = re.compile(r'(\w+)="([^"]*)"')


def pay(world: World, request: Request) -> Response:
    """Take money from the card whose data came sealed."""
    _verify(world, request)
    try:
        told = request.json()
        who = {k: keys.opened(world, STYLE, v, way="oaep") for k, v in told["payer"].items()}
        asked = books.Asked(
            order_no=_number(told["out_trade_no"]), amount_fen=_whole(told["amount"]["total"]),
            expires_at=datetime.fromisoformat(told["time_expire"]).timestamp(),
            card_number=who["card_number"], name=who["name"],
            document_number=who["document_number"], phone=who["card_reserved_phone"],
        )  # fmt: skip
        row = books.pay(world, STYLE, asked, request.fault)
    except books.Reused:
        return _refused(world, request, "reused")
    except (KeyError, ValueError, TypeError, AttributeError):
        return _refused(world, request, "malformed")
    if request.fault.kind == "early":
        world.stopping.wait(request.fault.seconds)
    if row["state"] in ("declined", "closed"):
        return _refused(world, request, row["code"])
    return _signed(world, request, _order(world, row, wrong=request.fault.kind))


def query(world: World, request: Request) -> Response:
    """Say how an order stands."""
    _verify(world, request)
    row = books.order(world, STYLE, request.params["number"])
    if row is None or request.query_fields().get("mchid") != keys.MCHID:
        return _refused(world, request, "no_order")
    if request.fault.kind == "lag":
        row = {**row, "state": "open", "paid_at": None}
    return _signed(world, request, _order(world, row, wrong=request.fault.kind))


def close(world: World, request: Request) -> Response:
    """Close an order, also one that was never seen: its number pays no more."""
    _verify(world, request)
    if request.fault.kind == "decline":
        return _refused(world, request, "not_paid")
    if books.close(world, STYLE, request.params["number"], unknown=True) == "paid":
        return _refused(world, request, "not_paid")
    return _signed(world, request, None)


def refund(world: World, request: Request) -> Response:
    """Give money back."""
    _verify(world, request)
    try:
        told = request.json()
        row, _ = books.refund(
            world, STYLE, order_no=_number(told["out_trade_no"]),
            refund_no=_number(told["out_refund_no"]),
            amount_fen=_whole(told["amount"]["refund"]), fault=request.fault,
        )  # fmt: skip
    except books.Reused:
        return _refused(world, request, "malformed")
    except books.NotPayable as why:
        words = {"short": "refund_short", "not_paid": "closed", "no_order": "no_refund"}
        return _refused(world, request, words.get(str(why), str(why)))
    except (KeyError, ValueError, TypeError):
        return _refused(world, request, "malformed")
    return _signed(world, request, _refund(world, row, wrong=request.fault.kind))


def query_refund(world: World, request: Request) -> Response:
    """Say how a refund stands."""
    _verify(world, request)
    row = books.refunded(world, STYLE, request.params["number"])
    if row is None or request.fault.kind == "lag":
        return _refused(world, request, "no_refund")
    return _signed(world, request, _refund(world, row, wrong=request.fault.kind))


def bill(world: World, request: Request) -> Response:
    """Say where a day's bill is, and its hash."""
    _verify(world, request)
    day = request.query_fields().get("bill_date", "")
    if request.fault.kind == "decline" or not bills.is_ready(day):
        return _refused(world, request, "no_bill")
    made = bills.make(world, STYLE, day, fault=request.fault.kind)
    told = {"hash_type": "SHA256", "hash_value": made.sha256, "download_url": made.url}
    return _signed(world, request, told)


def file(world: World, request: Request) -> Response:
    """Give a bill's file to who signs for it; the file itself is not signed."""
    _verify(world, request)
    return bills.give(world, request)


def write(world: World, payload: Mapping[str, Any]) -> notices.Written:
    """Seal and sign a notice as things are now."""
    spoil, now = payload["spoil"], clock.now()
    if payload["kind"] == "pay":
        row = books.order(world, STYLE, payload["number"]) or {}
        event, told = "TRANSACTION.SUCCESS", _order(world, row, wrong=spoil)
        at = row["paid_at"]
    else:
        row = books.refunded(world, STYLE, payload["number"]) or {}
        event, told = "REFUND.SUCCESS", _refund(world, row, wrong=spoil)
        told["refund_status"] = told.pop("status")
        at = row["done_at"]
    told["mchid"] = "1900000999" if spoil == "wrong_merchant" else keys.MCHID
    nonce, kind = chance.digits(12), event.partition(".")[0].lower()
    plain = json.dumps(told, ensure_ascii=False).encode()
    sealed = AESGCM(keys.secret_of(world)).encrypt(nonce.encode(), plain, kind.encode())
    body = json.dumps(
        {
            "id": payload["id"], "create_time": _time(at), "resource_type": "encrypt-resource",
            "event_type": event, "summary": "支付成功" if kind == "transaction" else "退款成功",
            "resource": {
                "original_type": kind, "algorithm": "AEAD_AES_256_GCM", "nonce": nonce,
                "ciphertext": base64.b64encode(sealed).decode(), "associated_data": kind,
            },
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip
    stamp = int(now) - (3600 if spoil == "stale" else 0)
    headers = _headers(world, body, stamp=stamp, spoil=spoil == "bad_signature")
    return body, {**headers, "Content-Type": "application/json"}


def took(status: int, body: bytes) -> bool:
    """Say whether the merchant has it."""
    return status in (200, 204)


def _order(world: World, row: Mapping[str, Any], *, wrong: str) -> dict[str, Any]:
    back = books.refunded_sum(world, STYLE, row["order_no"])
    states = {"open": "NOTPAY", "declined": "PAYERROR", "closed": "CLOSED"}
    state = states.get(row["state"], "REFUND" if back else "SUCCESS")
    total = row["amount_fen"] + (1 if wrong == "wrong_amount" else 0)
    told = {
        "appid": keys.APPID, "mchid": keys.MCHID, "out_trade_no": row["order_no"],
        "trade_state": state, "trade_state_desc": state, "attach": "",
    }  # fmt: skip
    if row["paid_at"] is not None:
        told |= {
            "transaction_id": row["channel_no"], "trade_type": "MICROPAY",
            "bank_type": "OTHERS", "success_time": _time(row["paid_at"]),
            "amount": {"total": total, "payer_total": total, "currency": "CNY"},
        }  # fmt: skip
    return told


def _refund(world: World, row: Mapping[str, Any], *, wrong: str) -> dict[str, Any]:
    paid = books.order(world, STYLE, row["order_no"]) or {}
    back = row["amount_fen"] + (1 if wrong == "wrong_amount" else 0)
    total = paid.get("amount_fen", 0)
    told = {
        "refund_id": row["channel_no"], "out_refund_no": row["refund_no"],
        "transaction_id": paid.get("channel_no", ""), "out_trade_no": row["order_no"],
        "channel": "ORIGINAL", "user_received_account": "原路退回",
        "status": "SUCCESS" if row["state"] == "done" else "PROCESSING",
        "amount": {"total": total, "refund": back, "payer_refund": back, "currency": "CNY"},
    }  # fmt: skip
    return told | ({"success_time": _time(row["done_at"])} if row["done_at"] else {})


def _verify(world: World, request: Request) -> None:
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    given = dict(_GIVEN.findall(rest))
    stamp, nonce = given.get("timestamp", ""), given.get("nonce_str", "")
    lines = f"{request.method}\n{request.target}\n{stamp}\n{nonce}\n".encode()
    right = (
        scheme == SCHEME
        and given.get("mchid") == keys.MCHID
        and stamp.isdigit()
        and abs(clock.now() - int(stamp)) <= STALE_SECONDS_MAX
        and keys.is_merchants(
            world, STYLE, given.get("signature", ""), lines + request.body + b"\n",
            given.get("serial_no", "-"),
        )
    )  # fmt: skip
    if not right:
        raise Problem(401, "SIGN_ERROR", "签名不对。")


def _signed(
    world: World, request: Request, told: Mapping[str, Any] | None, *, status: int = 200
) -> Response:
    body = b"" if told is None else json.dumps(told, ensure_ascii=False).encode()
    spoil = request.fault.kind == "bad_signature"
    headers = _headers(world, body, stamp=int(clock.now()), spoil=spoil)
    return Response(
        status=204 if told is None else status, body=body, content_type="application/json",
        headers=tuple(headers.items()),
    )  # fmt: skip


def _refused(world: World, request: Request, word: str) -> Response:
    status, code = CODES[word]
    return _signed(world, request, {"code": code, "message": "没有办成。"}, status=status)


def _headers(world: World, body: bytes, *, stamp: int, spoil: bool) -> dict[str, str]:
    nonce = chance.token()
    lines = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
    return {
        "Wechatpay-Timestamp": str(stamp),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": keys.serial(world, STYLE),
        "Wechatpay-Signature": keys.sign(world, STYLE, lines, spoil=spoil),
    }


def _number(told: object) -> str:
    if not isinstance(told, str) or not re.fullmatch(r"[0-9A-Za-z_*|-]{6,64}", told):
        raise ValueError("number")
    return told


def _whole(told: object) -> int:
    if type(told) is not int or told <= 0:
        raise ValueError("amount")
    return told


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, clock.BEIJING).isoformat(timespec="seconds")
