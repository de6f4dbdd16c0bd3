"""Format 1 by itself: what it is bound to, what it refuses, and that no nonce comes twice."""

import os
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from xingnuo.trust.policy.contracts import KeyClass
from xingnuo.trust.vault import _cipher
from xingnuo.trust.vault._cipher import SubjectKey
from xingnuo.trust.vault._values import place
from xingnuo.trust.vault.contracts import Cipher, UnknownFormat, Unreadable

ALICE, BOB = uuid4(), uuid4()
RAW = os.urandom(32)
CIPHERS = list(Cipher)


def key(subject=ALICE, key_class=KeyClass.CONTACT, version=1, raw=RAW) -> SubjectKey:
    """Give a key over the same bytes, so that only the binding can refuse."""
    return SubjectKey(raw, subject_id=subject, key_class=key_class, version=version)


@given(
    st.sampled_from(CIPHERS), st.binary(max_size=2000), st.text(max_size=60), st.text(max_size=60)
)
def test_what_is_sealed_opens(cipher: Cipher, plain: bytes, item: str, slot: str) -> None:
    """Both ciphers give back every byte, whatever item and slot are called."""
    where = _cipher.bound("value", item.encode("utf-8", "replace"), slot.encode("utf-8", "replace"))
    sealed = key().seal(plain, where, cipher)
    assert key().open(sealed, where) == plain
    assert len(sealed) == len(plain) + 32
    assert sealed[:2] == bytes([1, cipher]) and _cipher.version_of(sealed) == 1


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize(
    ("other", "where"),
    [
        (key(), place("email", "")),
        (key(), place("phone", "x")),
        (key(), place("phon", "e")),
        (key(), _cipher.bound("part", "phone", "")),
        (key(subject=BOB), place("phone", "")),
        (key(key_class=KeyClass.MONEY), place("phone", "")),
        (key(raw=os.urandom(32)), place("phone", "")),
    ],
    ids=["item", "slot", "moved border", "kind", "subject", "class", "key"],
)
def test_a_moved_ciphertext_is_refused(cipher: Cipher, other: SubjectKey, where: bytes) -> None:
    """The same key bytes do not open it elsewhere; another key does not open it at all."""
    sealed = key().seal(b"13800138000", place("phone", ""), cipher)
    assert key().open(sealed, place("phone", "")) == b"13800138000"
    with pytest.raises(Unreadable):
        other.open(sealed, where)


@pytest.mark.parametrize("cipher", CIPHERS)
def test_every_flipped_bit_is_refused(cipher: Cipher) -> None:
    """In the header, the nonce, the text and the tag."""
    where = place("name", "")
    sealed = key().seal("张三".encode(), where, cipher)
    for at in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(Unreadable):
            key().open(bytes(changed), where)


@given(st.binary(max_size=80))
def test_noise_is_refused(noise: bytes) -> None:
    """No bytes at all make anything but the one refusal."""
    with pytest.raises(Unreadable):
        key().open(noise, place("name", ""))


@pytest.mark.parametrize("head", [b"\x00\x01", b"\x02\x01", b"\x01\x00", b"\x01\x03", b"\xff\xff"])
def test_an_unknown_format_or_cipher_is_refused(head: bytes) -> None:
    """Never guessed."""
    sealed = head + key().seal(b"x", place("name", ""), Cipher.AES_256_GCM)[2:]
    with pytest.raises(UnknownFormat):
        _cipher.version_of(sealed)
    with pytest.raises(UnknownFormat):
        key().open(sealed, place("name", ""))


def test_an_unknown_key_version_is_refused() -> None:
    """A key opens what names its own version alone."""
    sealed = key(version=2).seal(b"x", place("name", ""), Cipher.SM4_GCM)
    assert _cipher.version_of(sealed) == 2
    with pytest.raises(UnknownFormat):
        key(version=1).open(sealed, place("name", ""))


def test_no_nonce_comes_twice() -> None:
    """Over 100,000 writes under one key, by both ciphers."""
    mine, where = key(), place("name", "")
    nonces = {mine.seal(b"", where, CIPHERS[n % 2])[4:16] for n in range(100_000)}
    assert len(nonces) == 100_000


def test_the_two_ciphers_have_keys_of_their_own() -> None:
    """SM4 takes 128 bits derived from the subject key, AES 256 others."""
    aes, sm4 = _cipher.derive(RAW, "aes-256-gcm"), _cipher.derive(RAW, "sm4-gcm", length=16)
    assert len(aes) == 32 and len(sm4) == 16
    assert not aes.startswith(sm4) and RAW not in (aes, sm4)


def test_a_wrapped_key_opens_in_its_context_alone() -> None:
    """Bound to subject, class and version; an unknown format is refused."""
    kek = AESGCM(os.urandom(32))
    wrapped = _cipher.wrap(RAW, kek, b"context")
    assert _cipher.unwrap(wrapped, kek, b"context") == RAW
    for changed, context in (
        (wrapped, b"other"),
        (wrapped[:-1], b"context"),
        (b"\x01", b"context"),
    ):
        with pytest.raises(Unreadable):
            _cipher.unwrap(changed, kek, context)
    with pytest.raises(UnknownFormat):
        _cipher.unwrap(b"\x02" + wrapped[1:], kek, b"context")


def test_nothing_secret_is_told() -> None:
    """Neither a key's repr nor a refusal's text holds key, value or ciphertext."""
    mine = key()
    sealed = mine.seal(b"CNRY-name-51ab", place("name", ""), Cipher.AES_256_GCM)
    with pytest.raises(Unreadable) as refused:
        mine.open(sealed[:-1] + b"\x00", place("name", "other"))
    told = repr(mine) + repr(refused.value) + str(refused.value)
    assert refused.value.__cause__ is None
    for secret in (RAW.hex(), repr(RAW), "CNRY", sealed.hex()):
        assert secret not in told
