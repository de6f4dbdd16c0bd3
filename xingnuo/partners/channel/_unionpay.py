"""UnionPay's convention (5.1): sorted pairs, their hash in hex signed, a certificate beside."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

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

PAY_PATH = "/gateway/api/backTransReq.do"
QUERY_PATH = "/gateway/api/queryTrans.do"
FILE_PATH = "/gateway/api/fileTransfer.do"
HOLDER = "中国银联股份有限公司"
TIME = "%Y%m%d%H%M%S"
# The convention tells no time of sending; an order's own time bounds how old a notice can be.
OLD = timedelta(days=31)
CERT_CHARS_MAX = 8192
_OPEN = {"03", "04", "05", "83"}
_NOT_ENOUGH = {"33", "38", "60", "64", "81"}
_NEVER = {"35", "36", "61", "62", "63", "66", "67", "68", "73", "77"}
_REFUSED = {"10"}
_CLOSED = {"69"}  # not paid within `payTimeout`
_PAY, _REFUND = "01", "04"
# A certificate that somebody else wrote can be wrong in every one of its parts.
_UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.UnsupportedGeneralNameType,
)


def pay(
    card: Mapping[str, str],
    *,
    order_no: str,
    amount_fen: int,
    subject_text: str,
    expires_at: datetime,
) -> Answer:
    """Ask for money from a bound card; only a notice or a query says that it was taken."""
    ring = _keys.ring().unionpay
    phone = _sealed(ring.sealing, f"phoneNo={card['card_reserved_phone']}")
    who = "&".join(
        ("certifTp=01", f"certifId={card['document_number']}", f"customerNm={card['name']}",
         f"encryptedInfo={phone}")
    )  # fmt: skip
    told = _ask(
        PAY_PATH,
        {
            **_head(_PAY, "01", order_no), "txnAmt": str(amount_fen), "currencyCode": "156",
            "accNo": _sealed(ring.sealing, card["card_number"]),
            "customerInfo": base64.b64encode(f"{{{who}}}".encode()).decode(),
            "encryptCertId": ring.sealing_id, "orderDesc": subject_text,
            "payTimeout": _stamp(expires_at), "backUrl": _gate.hook(Style.UNIONPAY),
        },
    )  # fmt: skip
    return _accepted(told, order_no)


def query(order_no: str) -> Answer:
    """Ask for an order by its number and time."""
    told = _ask(QUERY_PATH, _head("00", "00", order_no))
    return _recorded(told, order_no, Outcome.PAID)


def close(order_no: str) -> Answer:
    """Say that this convention cannot close: an order ends by its own time."""
    return Answer(outcome=Outcome.UNKNOWN, code="no_close")


def refund(*, order_no: str, refund_no: str, amount_fen: int, total_fen: int) -> Answer:
    """Give money back of the order that the gateway's own number names, asked for first."""
    paid = query(order_no)
    if paid.outcome in (Outcome.CLOSED, Outcome.DECLINED):
        return Answer(outcome=Outcome.DECLINED, code=paid.code)
    if paid.outcome is not Outcome.PAID:
        return UNKNOWN
    told = _ask(
        PAY_PATH,
        {
            **_head(_REFUND, "00", refund_no), "txnAmt": str(amount_fen),
            "origQryId": paid.channel_no, "backUrl": _gate.hook(Style.UNIONPAY),
        },
    )  # fmt: skip
    return _accepted(told, refund_no)


def query_refund(*, order_no: str, refund_no: str) -> Answer:
    """Ask for a refund, which is an order of its own here."""
    told = _ask(QUERY_PATH, _head("00", "00", refund_no))
    return _recorded(told, refund_no, Outcome.REFUNDED)


def bill_address(day: date) -> tuple[str, str]:
    """Give where a settlement day's file is, with the SHA-256 it must have."""
    told = _ask(
        FILE_PATH,
        {
            **_common(), "txnType": "76", "txnSubType": "01", "bizType": "000000",
            "txnTime": _stamp(clock.now()), "fileType": "00", "settleDate": f"{day:%Y%m%d}",
        },
    )  # fmt: skip
    where = told.get("fileUrl", "")
    if told.get("respCode") != "00" or told.get("settleDate") != f"{day:%Y%m%d}" or not where:
        raise BillNotReady(Style.UNIONPAY.value)
    if not _gate.is_own(Style.UNIONPAY, where):
        raise BillBroken("address")
    return where, told.get("fileDigest", "").lower()


def vouched(
    pem: str, roots: tuple[x509.Certificate, ...], *, now: datetime
) -> rsa.RSAPublicKey | None:
    """Give the key of a certificate that is the gateway's, vouched for, and in force."""
    if len(pem) > CERT_CHARS_MAX:
        return None
    try:
        leaf = x509.load_pem_x509_certificate(pem.encode())
        names = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        basic = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
        key = leaf.public_key()
    except _UNREADABLE:
        return None
    if (
        basic.ca
        or [one.value for one in names] != [HOLDER]
        or not isinstance(key, rsa.RSAPublicKey)
    ):
        return None
    for root in roots:
        try:
            leaf.verify_directly_issued_by(root)
        except (*_UNREADABLE, TypeError, InvalidSignature):
            continue
        whole = (max(leaf.not_valid_before_utc, root.not_valid_before_utc), min(
            leaf.not_valid_after_utc, root.not_valid_after_utc))  # fmt: skip
        return key if whole[0] <= now <= whole[1] else None
    return None


def is_signed(
    told: Mapping[str, str], roots: tuple[x509.Certificate, ...], *, now: datetime
) -> bool:
    """Say whether fields are signed by the gateway: the hash of the pairs, written in hex."""
    if told.get("signMethod") != "01":
        return False
    key = vouched(told.get("signPubKeyCert", ""), roots, now=now)
    hashed = wire.hex_digest(wire.pairs(told, without=("signature",)))
    return key is not None and wire.holds(key, told.get("signature", ""), hashed)


def receive(headers: Mapping[str, str], body: bytes) -> Notice:
    """Believe a notice that is signed, about our merchant, and of an order of these days."""
    ring, now = _keys.ring().unionpay, clock.now()
    told = wire.fields_of(body)
    if told is None or not is_signed(told, ring.roots, now=now):
        _keys.renew()
        raise NotAuthentic("unionpay")
    at = wire.at_beijing(told.get("txnTime"), TIME)
    number, name = text(told, "orderId"), text(told, "queryId")
    kinds = {_PAY: (Kind.PAY, Outcome.PAID), _REFUND: (Kind.REFUND, Outcome.REFUNDED)}
    found = kinds.get(told.get("txnType", ""))
    fresh = wire.is_fresh(at, now=now, within=OLD) and at is not None and at <= now + wire.FRESH
    if told.get("merId") != ring.mer_id or not fresh or not number or not name or found is None:
        raise NotAuthentic("unionpay")
    assert at is not None, "a fresh instant"
    kind, done = found
    amount = wire.fen_of_digits(told.get("txnAmt"))
    said = _result(told.get("respCode", ""), done)
    if said.outcome is done and amount is not None:
        said = Answer(
            outcome=done, amount_fen=amount, channel_no=name, merchant=ring.mer_id, code="00",
            currency=_currency(told), at=wire.at_beijing(told.get("traceTime"), TIME) or at,
        )  # fmt: skip
    elif said.outcome is done:
        said = UNKNOWN
    # A refund is an order of its own; the order it belongs to is known by its number alone.
    return Notice(
        id=f"{name}-{told['txnType']}", style=Style.UNIONPAY, kind=kind,
        order_no=number if kind is Kind.PAY else "",
        refund_no=number if kind is Kind.REFUND else "", answer=said, at=at,
    )  # fmt: skip


def answer(*, taken: bool) -> tuple[int, bytes, str]:
    """Give what ends the repeats, or what keeps them coming."""
    return (200, b"ok", "text/plain") if taken else (500, b"later", "text/plain")


def _common() -> dict[str, str]:
    ring = _keys.ring().unionpay
    return {
        "version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "certId": ring.cert_id,
        "accessType": "0", "channelType": "07", "merId": ring.mer_id,
    }  # fmt: skip


def _head(kind: str, sub: str, number: str) -> dict[str, str]:
    return {
        **_common(), "txnType": kind, "txnSubType": sub,
        "bizType": "000000" if kind == "00" else "000301",
        "orderId": number, "txnTime": _stamp(wire.made_at(number)),
    }  # fmt: skip


def _ask(path: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Give the fields of a signed answer; none for anything that is not believed."""
    ring, told = _keys.ring().unionpay, dict(fields)
    told["signature"] = wire.sign(ring.own, wire.hex_digest(wire.pairs(told, without=())))
    answered = _gate.call(
        "POST", _gate.address(Style.UNIONPAY, path),
        headers={"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"},
        body=wire.form(told),
    )  # fmt: skip
    found = wire.fields_of(answered.body) if answered.status == 200 else None
    if found is None or not is_signed(found, ring.roots, now=clock.now()):
        _keys.renew()
        return {}
    if found.get("respCode") == "11":
        _keys.renew()
    return found if found.get("merId") == ring.mer_id else {}


def _accepted(told: Mapping[str, str], number: str) -> Answer:
    """Read the answer to an order: taken in at most, never done."""
    if told.get("orderId") != number:
        return UNKNOWN
    code = told.get("respCode", "")
    if code in ("00", "05", "12"):
        return Answer(outcome=Outcome.OPEN, code=code, channel_no=text(told, "queryId"))
    return UNKNOWN if code in _OPEN else _result(code, Outcome.UNKNOWN)


def _recorded(told: Mapping[str, str], number: str, done: Outcome) -> Answer:
    code, no = told.get("respCode", ""), text(told, "queryId")
    if code == "34":
        return Answer(outcome=Outcome.NOT_FOUND, code=code)
    if code != "00" or told.get("orderId") != number:
        return UNKNOWN
    kind = {Outcome.PAID: _PAY, Outcome.REFUNDED: _REFUND}[done]
    amount = wire.fen_of_digits(told.get("txnAmt"))
    said = _result(told.get("origRespCode", ""), done)
    if said.outcome is not done:
        return said
    if amount is None or not no or told.get("txnType") not in (kind, "00"):
        return UNKNOWN
    return Answer(
        outcome=done, amount_fen=amount, channel_no=no, merchant=told["merId"], code="00",
        currency=_currency(told), at=wire.at_beijing(told.get("traceTime"), TIME),
    )  # fmt: skip


def _result(code: str, done: Outcome) -> Answer:
    if code in ("00", "A6"):
        return Answer(outcome=done, code=code)
    if code in _NOT_ENOUGH or code in _NEVER:
        return Answer(outcome=Outcome.DECLINED, permanent=code in _NEVER, code=code)
    listed = dict.fromkeys(_OPEN, Outcome.OPEN)
    listed |= dict.fromkeys(_REFUSED, Outcome.REFUSED)
    listed |= dict.fromkeys(_CLOSED, Outcome.CLOSED)
    return Answer(outcome=listed.get(code, Outcome.UNKNOWN), code=code)


def _currency(told: Mapping[str, Any]) -> str:
    code = str(told.get("currencyCode", "156"))
    return "CNY" if code == "156" else code


def _sealed(key: rsa.RSAPublicKey, value: str) -> str:
    return base64.b64encode(key.encrypt(value.encode(), padding.PKCS1v15())).decode()


def _stamp(at: datetime) -> str:
    return clock.beijing(at.astimezone(UTC)).strftime(TIME)
