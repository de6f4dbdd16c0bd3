"""WeChat Pay v3's convention: signed headers both ways, sealed resources, keys by serial."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xingnuo.kit import clock, ids
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

SCHEME = "WECHATPAY2-SHA256-RSA2048"
PAY_PATH = "/v3/pay/transactions/codepay"
ORDER_PATH = "/v3/pay/transactions/out-trade-no/"
REFUND_PATH = "/v3/refund/domestic/refunds"
BILL_PATH = "/v3/bill/tradebill"
HASHES = {"SHA1": "sha1", "SHA256": "sha256"}  # as the platform names them
# A fixed nonce of GCM is twelve bytes on this wire.
NONCE_BYTES = 12
_STATES = {
    "SUCCESS": Outcome.PAID,
    "REFUND": Outcome.PAID,
    "NOTPAY": Outcome.OPEN,
    "USERPAYING": Outcome.OPEN,
    "ACCEPT": Outcome.OPEN,
    "CLOSED": Outcome.CLOSED,
    "REVOKED": Outcome.CLOSED,
    "PAYERROR": Outcome.DECLINED,
}
_REFUNDS = {
    "SUCCESS": Outcome.REFUNDED,
    "PROCESSING": Outcome.OPEN,
    # Money came back from the card's bank: a person must look, nothing is over.
    "ABNORMAL": Outcome.OPEN,
    "CLOSED": Outcome.DECLINED,
}
_NOT_ENOUGH = {"NOT_ENOUGH", "NOTENOUGH", "RULE_LIMIT"}
_NEVER = {"USER_ACCOUNT_ABNORMAL", "USER_INFO_MISMATCH", "CARD_INVALID"}
_REFUSED = {"PARAM_ERROR", "OUT_TRADE_NO_USED", "MCH_NOT_EXISTS", "APPID_MCHID_NOT_MATCH"}
_ELSE = {
    "ORDER_NOT_EXIST": Outcome.NOT_FOUND,
    "RESOURCE_NOT_EXISTS": Outcome.NOT_FOUND,
    "ORDER_CLOSED": Outcome.CLOSED,
    "ORDERPAID": Outcome.OPEN,
    "USERPAYING": Outcome.OPEN,
}


def pay(
    card: Mapping[str, str],
    *,
    order_no: str,
    amount_fen: int,
    subject_text: str,
    expires_at: datetime,
) -> Answer:
    """Take money from a bound card, whose data go sealed with the platform's key."""
    ring = _keys.ring().wechat
    serial, key = next(iter(ring.theirs.items()))
    status, told = _ask(
        "POST", PAY_PATH,
        {
            "appid": ring.appid, "mchid": ring.mchid, "description": subject_text,
            "out_trade_no": order_no, "time_expire": clock.beijing(expires_at).isoformat(),
            "notify_url": _gate.hook(Style.WECHAT),
            "amount": {"total": amount_fen, "currency": "CNY"},
            "payer": {name: _sealed(key, value) for name, value in card.items()},
        },
        serial=serial,
    )  # fmt: skip
    if status == 200:
        found = _state(told, order_no)
        return found if found.outcome is not Outcome.NOT_FOUND else UNKNOWN
    failed = _failed(status, told)
    return UNKNOWN if failed.outcome is Outcome.NOT_FOUND else failed


def query(order_no: str) -> Answer:
    """Ask for an order by our own number."""
    status, told = _ask("GET", f"{ORDER_PATH}{order_no}?mchid={_keys.ring().wechat.mchid}")
    if status == 200:
        return _state(told, order_no)
    failed = _failed(status, told)
    return failed if failed.outcome is Outcome.NOT_FOUND else UNKNOWN


def close(order_no: str) -> Answer:
    """Close an unpaid order; nothing but a signed 204 closes."""
    mchid = _keys.ring().wechat.mchid
    status, told = _ask("POST", f"{ORDER_PATH}{order_no}/close", {"mchid": mchid})
    if status == 204:
        return Answer(outcome=Outcome.CLOSED, code="204", merchant=mchid)
    failed = _failed(status, told)
    listed = (Outcome.NOT_FOUND, Outcome.OPEN, Outcome.CLOSED)
    return failed if failed.outcome in listed else UNKNOWN


def refund(*, order_no: str, refund_no: str, amount_fen: int, total_fen: int) -> Answer:
    """Give money back."""
    status, told = _ask(
        "POST", REFUND_PATH,
        {
            "out_trade_no": order_no, "out_refund_no": refund_no,
            "notify_url": _gate.hook(Style.WECHAT),
            "amount": {"refund": amount_fen, "total": total_fen, "currency": "CNY"},
        },
    )  # fmt: skip
    if status == 200:
        return _refund(told, order_no=order_no, refund_no=refund_no)
    failed = _failed(status, told)
    gone = failed.outcome in (Outcome.NOT_FOUND, Outcome.CLOSED, Outcome.OPEN)
    return Answer(outcome=Outcome.DECLINED, code=failed.code) if gone else failed


def query_refund(*, order_no: str, refund_no: str) -> Answer:
    """Ask for a refund by our own number."""
    status, told = _ask("GET", f"{REFUND_PATH}/{refund_no}")
    if status == 200:
        return _refund(told, order_no=order_no, refund_no=refund_no)
    failed = _failed(status, told)
    return failed if failed.outcome is Outcome.NOT_FOUND else UNKNOWN


def bill_address(day: date) -> tuple[str, str, str]:
    """Give where a day's bill is, with the name of a hash and the hash it must have."""
    status, told = _ask("GET", f"{BILL_PATH}?bill_date={day.isoformat()}&bill_type=ALL")
    where, kind = text(told, "download_url", chars_max=500), text(told, "hash_type")
    if status != 200 or not where:
        raise BillNotReady(Style.WECHAT.value)
    if not _gate.is_own(Style.WECHAT, where) or kind not in HASHES:
        raise BillBroken("address")
    return where, HASHES[kind], text(told, "hash_value", chars_max=64).lower()


def authorization(method: str, target: str, body: bytes) -> str:
    """Sign a request: five lines, each ended by a line feed."""
    ring = _keys.ring().wechat
    stamp, nonce = str(int(clock.now().timestamp())), ids.token(192)
    lines = f"{method}\n{target}\n{stamp}\n{nonce}\n{body.decode()}\n"
    return (
        f'{SCHEME} mchid="{ring.mchid}",nonce_str="{nonce}",'
        f'signature="{wire.sign(ring.own, lines.encode())}",'
        f'timestamp="{stamp}",serial_no="{ring.serial}"'
    )


def is_signed(
    keys: Mapping[str, rsa.RSAPublicKey], headers: Mapping[str, str], body: bytes, *, now: datetime
) -> bool:
    """Say whether headers sign a body with a key of the platform, and of now."""
    stamp, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
    key = keys.get(headers.get("wechatpay-serial", ""))
    if key is None or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
        return False
    lines = b"%b\n%b\n%b\n" % (stamp.encode(), nonce.encode(errors="replace"), body)
    fresh = wire.is_fresh(datetime.fromtimestamp(int(stamp), UTC), now=now)
    return fresh and wire.holds(key, headers.get("wechatpay-signature", ""), lines)


def opened(secret: bytes, resource: Mapping[str, Any]) -> dict[str, Any] | None:
    """Open a sealed resource; None where it is not ours or was changed."""
    if resource.get("algorithm") != "AEAD_AES_256_GCM":
        return None
    nonce = text(resource, "nonce").encode()
    beside = text(resource, "associated_data").encode()
    try:
        sealed = base64.b64decode(str(resource.get("ciphertext", "")), validate=True)
        plain = AESGCM(secret).decrypt(nonce, sealed, beside)
    except (InvalidTag, binascii.Error, ValueError):
        return None
    return wire.object_of(plain)


def receive(headers: Mapping[str, str], body: bytes) -> Notice:
    """Believe a notice that is signed, of now, opens with our key, and is about our merchant."""
    ring, now = _keys.ring().wechat, clock.now()
    tops = {name.lower(): value for name, value in headers.items()}
    if len(body) > wire.BODY_BYTES_MAX or not is_signed(ring.theirs, tops, body, now=now):
        _keys.renew()
        raise NotAuthentic("wechat")
    told = wire.object_of(body) or {}
    sealed = told.get("resource")
    found = opened(ring.secret, sealed) if isinstance(sealed, dict) else None
    name, event = text(told, "id"), text(told, "event_type")
    at = wire.at_zoned(told.get("create_time"))
    if found is None or not name or at is None or found.get("mchid") != ring.mchid:
        raise NotAuthentic("wechat")
    order_no, refund_no = text(found, "out_trade_no"), text(found, "out_refund_no")
    if event.startswith("REFUND."):
        kind = Kind.REFUND
        answer = _refund(
            {**found, "status": found.get("refund_status")}, order_no=order_no, refund_no=refund_no
        )
    else:
        kind = Kind.PAY
        if event != "TRANSACTION.SUCCESS" or found.get("appid") != ring.appid:
            raise NotAuthentic("wechat")
        answer = _state(found, order_no)
    if not order_no or (kind is Kind.REFUND and not refund_no):
        raise NotAuthentic("wechat")
    return Notice(
        id=name, style=Style.WECHAT, kind=kind, order_no=order_no, refund_no=refund_no,
        answer=answer, at=at,
    )  # fmt: skip


def answer(*, taken: bool) -> tuple[int, bytes, str]:
    """Give what ends the repeats, or what keeps them coming."""
    if taken:
        return 204, b"", "application/json"
    return 500, b'{"code":"FAIL","message":"later"}', "application/json"


def _ask(
    method: str, path: str, content: Mapping[str, object] | None = None, *, serial: str = ""
) -> tuple[int, dict[str, Any]]:
    """Give status and content of an answer; a status of 0 for one that is not believed."""
    where = _gate.address(Style.WECHAT, path)
    parts = urlsplit(where)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    body = b"" if content is None else wire.compact(content).encode()
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Authorization": authorization(method, target, body),
    }
    if serial:
        headers["Wechatpay-Serial"] = serial
    told = _gate.call(method, where, headers=headers, body=body)
    ring = _keys.ring().wechat
    if not is_signed(ring.theirs, told.headers, told.body, now=clock.now()):
        _keys.renew()
        return 0, {}
    if told.status == 401:
        _keys.renew()
    if not told.body:
        return told.status, {}
    found = wire.object_of(told.body)
    return (0, {}) if found is None else (told.status, found)


def _state(told: Mapping[str, Any], order_no: str) -> Answer:
    ring = _keys.ring().wechat
    if told.get("out_trade_no") != order_no or told.get("mchid") != ring.mchid:
        return UNKNOWN
    state = text(told, "trade_state")
    outcome = _STATES.get(state, Outcome.UNKNOWN)
    found: dict[str, Any] = {
        "channel_no": text(told, "transaction_id"),
        "merchant": ring.mchid,
        "code": state,
    }
    if outcome is not Outcome.PAID:
        return Answer(outcome=outcome, **found)
    amount = told.get("amount")
    paid = wire.fen_of_whole(amount.get("total")) if isinstance(amount, dict) else None
    if paid is None or not found["channel_no"]:
        return UNKNOWN
    assert isinstance(amount, dict), "an amount with a total"
    return Answer(
        outcome=outcome, amount_fen=paid, at=wire.at_zoned(told.get("success_time")),
        currency=text(amount, "currency") or "CNY", **found,
    )  # fmt: skip


def _refund(told: Mapping[str, Any], *, order_no: str, refund_no: str) -> Answer:
    if told.get("out_refund_no") != refund_no or told.get("out_trade_no") != order_no:
        return UNKNOWN
    state = text(told, "status")
    outcome = _REFUNDS.get(state, Outcome.UNKNOWN)
    amount = told.get("amount")
    back = wire.fen_of_whole(amount.get("refund")) if isinstance(amount, dict) else None
    if outcome is Outcome.REFUNDED and back is None:
        return UNKNOWN
    return Answer(
        outcome=outcome, amount_fen=back, code=state, channel_no=text(told, "refund_id"),
        at=wire.at_zoned(told.get("success_time")), merchant=_keys.ring().wechat.mchid,
    )  # fmt: skip


def _failed(status: int, told: Mapping[str, Any]) -> Answer:
    """Read a signed refusal: only codes that are listed say anything."""
    said = text(told, "code")
    if not 400 <= status < 500 or status == 429:
        return UNKNOWN
    if said in _NOT_ENOUGH or said in _NEVER:
        return Answer(outcome=Outcome.DECLINED, permanent=said in _NEVER, code=said)
    if said in _REFUSED:
        return Answer(outcome=Outcome.REFUSED, permanent=True, code=said)
    return Answer(outcome=_ELSE.get(said, Outcome.UNKNOWN), code=said)


def _sealed(key: rsa.RSAPublicKey, value: str) -> str:
    # The wire's own padding; OAEP does not rest on the hash being free of collisions.
    way = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303
    return base64.b64encode(key.encrypt(value.encode(), way)).decode()
