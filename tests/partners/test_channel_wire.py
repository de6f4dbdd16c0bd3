"""The three conventions without a network: what is signed holds, and one flipped byte does not."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xingnuo.partners.channel import _alipay, _unionpay, _wechat, wire

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
FIELDS = st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), WORDS, max_size=8)


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """Give a key of a name."""
    return rsa.generate_private_key(65537, 2048)


def by_hand(private: rsa.RSAPrivateKey, text: bytes) -> str:
    """Sign, written apart from the code under test."""
    return base64.b64encode(private.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()


def flipped(data: bytes, place: int) -> bytes:
    """Give the same bytes with one bit of one of them turned."""
    place %= len(data)
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@few
@given(text=st.binary(min_size=1, max_size=200), place=st.integers(0, 10_000))
def test_a_signature_is_of_one_text_and_one_key(text: bytes, place: int) -> None:
    """Any content; a flipped byte of the text or of the signature is seen."""
    signature = wire.sign(key("a"), text)
    public = key("a").public_key()
    assert signature == by_hand(key("a"), text) and wire.holds(public, signature, text)
    assert not wire.holds(public, signature, flipped(text, place))
    spoiled = flipped(base64.b64decode(signature), place)
    assert not wire.holds(public, base64.b64encode(spoiled).decode(), text)
    assert not wire.holds(key("b").public_key(), signature, text)
    assert not wire.holds(public, f"{signature}\n", text) and not wire.holds(public, "", text)


@few
@given(fields=FIELDS)
def test_pairs_are_sorted_and_empty_ones_are_left_out(fields: dict[str, str]) -> None:
    """As both conventions sign them, and without changing the caller's fields."""
    before = dict(fields)
    told = wire.pairs({**fields, "sign": "x"}, without=("sign",))
    kept = [f"{k}={fields[k]}" for k in sorted(fields) if fields[k] and k != "sign"]
    assert told == "&".join(kept) and fields == before
    assert wire.fields_of(wire.form(fields)) == (fields or None)


@few
@given(fen=st.integers(0, 10**11 - 1))
def test_amounts_go_over_every_wire_and_back(fen: int) -> None:
    """No float is in between."""
    assert wire.fen_of_yuan(wire.yuan(fen)) == fen
    assert wire.fen_of_digits(str(fen)) == fen and wire.fen_of_whole(fen) == fen


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1.", ".5", "1.001", "1e3", "１.00", "1,000.00", " 1", "1 ", "0x1", "NaN",
     "1" * 12, None, 1, 1.5, True],
)  # fmt: skip
def test_what_is_no_amount_in_yuan_is_none(text: Any) -> None:
    """Nothing is guessed."""
    assert wire.fen_of_yuan(text) is None


@pytest.mark.parametrize("told", [-1, 1.0, "1", True, None, 10**13])
def test_what_is_no_whole_fen_is_none(told: Any) -> None:
    """A float, a text or a truth is no amount."""
    assert wire.fen_of_whole(told) is None


@pytest.mark.parametrize("fen", [-1, 0, 10**19, 1.0, True, "1"])
def test_no_such_amount_is_paid(fen: Any) -> None:
    """Refused before anything is sent."""
    assert not wire.is_amount(fen)


def test_numbers_carry_their_time() -> None:
    """The hex of a UUIDv7 and nothing else."""
    good = "01a20a30eda17acdb171dc2acdd764d2"
    assert wire.is_number(good) and wire.made_at(good).tzinfo is UTC
    for bad in (
        "",
        good[:-1],
        good.upper(),
        good[:12] + "4" + good[13:],
        f"{good}\n",
        "../" + good,
    ):
        assert not wire.is_number(bad)


@few
@given(node=st.dictionaries(WORDS, WORDS | st.integers() | st.none(), max_size=6))
def test_alipays_node_is_signed_as_it_is_written(node: dict[str, Any]) -> None:
    """The very text between the marks, whatever stands in it."""
    for told in (json.dumps(node), json.dumps(node, ensure_ascii=False, indent=1)):
        body = f'{{"alipay_trade_query_response":{told},"sign":"S"}}'.encode()
        assert _alipay.node_of(body, "alipay_trade_query_response") == (told, node, "S")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"a_response":1,"sign":"S"}', b'{"sign":"S"}', b"[" * 9000,
             b'{"a_response":{"x":1}}', b"\xff"],
)  # fmt: skip
def test_an_unreadable_answer_of_alipay_says_nothing(body: bytes) -> None:
    """No node, no content."""
    assert _alipay.node_of(body, "a_response")[1] == {}


def wechat_headers(body: bytes, *, at: datetime = NOW, serial: str = "S1") -> dict[str, str]:
    """Sign a body as the platform does."""
    stamp = str(int(at.timestamp()))
    lines = f"{stamp}\nnonce\n".encode() + body + b"\n"
    return {
        "wechatpay-timestamp": stamp,
        "wechatpay-nonce": "nonce",
        "wechatpay-serial": serial,
        "wechatpay-signature": by_hand(key("platform"), lines),
    }


@few
@given(body=st.binary(max_size=300), place=st.integers(0, 10_000))
def test_wechats_headers_sign_any_body(body: bytes, place: int) -> None:
    """By the key of the serial; a flipped byte, another nonce or another time is seen."""
    keys, headers = {"S1": key("platform").public_key()}, wechat_headers(body)
    assert _wechat.is_signed(keys, headers, body, now=NOW)
    if body:
        assert not _wechat.is_signed(keys, headers, flipped(body, place), now=NOW)
    assert not _wechat.is_signed(keys, headers, body + b"\n", now=NOW)
    for name in headers:
        assert not _wechat.is_signed(keys, {**headers, name: "1"}, body, now=NOW)
        assert not _wechat.is_signed(
            keys, {k: v for k, v in headers.items() if k != name}, body, now=NOW
        )


@pytest.mark.parametrize("seconds", [-301, 301, -3 * 365 * 86400])
def test_wechats_old_headers_are_not_of_now(seconds: int) -> None:
    """A right signature of another time, years ago above all, is none."""
    headers = wechat_headers(b"{}", at=NOW + timedelta(seconds=seconds))
    assert not _wechat.is_signed({"S1": key("platform").public_key()}, headers, b"{}", now=NOW)


@few
@given(told=st.dictionaries(WORDS, WORDS, max_size=5), place=st.integers(0, 10_000))
def test_wechats_resource_opens_with_our_key_alone(told: dict[str, str], place: int) -> None:
    """And whole: a flipped byte, another key or another label opens nothing."""
    secret, nonce = b"k" * 32, "123456789012"
    sealed = AESGCM(secret).encrypt(nonce.encode(), json.dumps(told).encode(), b"transaction")
    resource = {
        "algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": "transaction",
        "ciphertext": base64.b64encode(sealed).decode(),
    }  # fmt: skip
    assert _wechat.opened(secret, resource) == told
    spoiled = base64.b64encode(flipped(sealed, place)).decode()
    for changed in ({"ciphertext": spoiled}, {"associated_data": "refund"}, {"algorithm": "none"},
                    {"nonce": "1"}, {"ciphertext": "!"}):  # fmt: skip
        assert _wechat.opened(secret, {**resource, **changed}) is None
    assert _wechat.opened(b"x" * 32, resource) is None


def certificate(
    name: str, signer: str, *, holder: str = _unionpay.HOLDER, ca: bool = False,
    until: datetime = NOW + timedelta(days=9),
) -> x509.Certificate:  # fmt: skip
    """Make a certificate of a key, signed by another's."""

    def named(common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

    return (
        x509.CertificateBuilder()
        .subject_name(named(holder)).issuer_name(named(f"root {signer}"))
        .public_key(key(name).public_key()).serial_number(7)
        .not_valid_before(NOW - timedelta(days=9)).not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(key(signer), hashes.SHA256())
    )  # fmt: skip


def root(name: str) -> x509.Certificate:
    """Make a root."""
    return certificate(name, name, holder=f"root {name}", ca=True)


def pem(one: x509.Certificate) -> str:
    """Write a certificate."""
    return one.public_bytes(serialization.Encoding.PEM).decode()


def union(fields: dict[str, str], leaf: x509.Certificate, signer: str = "gate") -> dict[str, str]:
    """Sign fields as the gateway does."""
    told = {**fields, "signMethod": "01", "signPubKeyCert": pem(leaf)}
    text = "&".join(f"{k}={told[k]}" for k in sorted(told) if told[k])
    hashed = hashlib.sha256(text.encode()).hexdigest().encode()
    return {**told, "signature": by_hand(key(signer), hashed)}


@few
@given(fields=FIELDS.filter(bool), more=WORDS.filter(bool))
def test_unionpays_fields_are_signed_as_a_whole(fields: dict[str, str], more: str) -> None:
    """A changed, added or missing field is seen."""
    roots = (root("ca"),)
    told = union(fields, certificate("gate", "ca"))
    assert _unionpay.is_signed(told, roots, now=NOW)
    name = next(iter(fields))
    assert not _unionpay.is_signed({**told, name: f"{fields[name]}x"}, roots, now=NOW)
    assert not _unionpay.is_signed({**told, "Zzz": more}, roots, now=NOW)
    for left in ("signature", "signPubKeyCert", "signMethod"):
        assert not _unionpay.is_signed({**told, left: ""}, roots, now=NOW)


def test_unionpays_certificate_must_be_the_gateways_own() -> None:
    """Vouched for by a pinned root, in force, no authority itself, and the holder's name."""
    roots = (root("ca"),)

    def believed(leaf: x509.Certificate, now: datetime = NOW) -> bool:
        return _unionpay.is_signed(union({"a": "1"}, leaf), roots, now=now)

    assert believed(certificate("gate", "ca"))
    assert not believed(certificate("gate", "gate"))
    assert not believed(certificate("gate", "other"))
    assert not believed(certificate("gate", "ca", holder="另一家公司"))
    assert not believed(certificate("gate", "ca", ca=True))
    assert not believed(certificate("gate", "ca"), now=NOW + timedelta(days=10))
    assert not believed(certificate("gate", "ca"), now=NOW - timedelta(days=10))
    other = union({"a": "1"}, certificate("gate", "ca"), signer="other")
    assert not _unionpay.is_signed(other, roots, now=NOW)
    for bad in ("", "no certificate", "x" * 9000):
        assert _unionpay.vouched(bad, roots, now=NOW) is None


@pytest.mark.parametrize("body", [b"", b"a", b"a=1&a=2", b"a=%ff", b"a=1&" * 200 + b"b=1",
                                  b"a=" + b"x" * 70_000])  # fmt: skip
def test_a_form_is_read_whole_or_not_at_all(body: bytes) -> None:
    """No field twice, nothing too large."""
    assert wire.fields_of(body) is None


def test_what_is_not_listed_is_unknown() -> None:
    """Of any channel's codes and states."""
    assert _unionpay._result("98765", _unionpay.Outcome.PAID).outcome == "unknown"
    assert _wechat._failed(400, {"code": "SOMETHING_NEW"}).outcome == "unknown"
    assert _wechat._failed(500, {"code": "NOT_ENOUGH"}).outcome == "unknown"
    assert _wechat._failed(429, {"code": "NOT_ENOUGH"}).outcome == "unknown"
    said = {"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}
    assert _alipay._failed(said, "n").outcome == "unknown"
    assert _alipay._failed({**said, "code": "20000"}, "n").outcome == "unknown"
