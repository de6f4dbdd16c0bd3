"""Keyed digests: what the room keeps of a device, network, card, phone, name or counterparty."""

from __future__ import annotations

import hmac
import ipaddress
import unicodedata

from xingnuo.kit.keyed import Keyed
from xingnuo.people.antifraud._limits import RAW_CHARS_MAX

key = Keyed("antifraud").key
# The prefixes by which a network may be listed, longest first.
_PREFIXES = {4: (32, 28, 24, 20, 16, 12, 8), 6: (128, 64, 56, 48, 32)}
_KEPT = {4: 32, 6: 64}  # an IPv6 household is a /64


def keyed(use: str, text: str) -> str:
    """Give the digest of a text under the key of its use; nothing gives nothing."""
    plain = unicodedata.normalize("NFKC", text).strip()[:RAW_CHARS_MAX]
    return hmac.digest(key(use), plain.encode("utf-8", "replace"), "sha256").hex() if plain else ""


def short(use: bytes, text: str) -> int:
    """Give 63 bits of a keyed digest, as a bigint holds them."""
    return int.from_bytes(hmac.digest(use, text.encode("utf-8", "replace"), "sha256")[:8]) >> 1


def network(address: str) -> str:
    """Give the digest of the network that an address belongs to; nothing for no address."""
    found = _address(address)
    return _prefixed(found, _KEPT[found.version]) if found else ""


def networks(address: str) -> list[str]:
    """Give the digests of every network that holds an address, as a list may name them."""
    found = _address(address)
    return [_prefixed(found, length) for length in _PREFIXES[found.version]] if found else []


def listed_network(text: str) -> str:
    """Give the digest of a listed address or network; nothing where its prefix is not taken."""
    try:
        found = ipaddress.ip_network(text.strip(), strict=True)
    except ValueError:
        return ""
    if found.prefixlen not in _PREFIXES[found.version]:
        return ""
    return _prefixed(found.network_address, found.prefixlen)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _prefixed(address: ipaddress.IPv4Address | ipaddress.IPv6Address, length: int) -> str:
    return keyed("network", str(ipaddress.ip_network(f"{address}/{length}", strict=False)))
