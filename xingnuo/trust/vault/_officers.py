"""The legal key in the hands of officers: any two of them together open it, and none alone.

Each officer holds a random secret under a passphrase of their own. For every pair there is one
file with the key, which the secrets of both open. Running services hold neither passphrase.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from xingnuo.trust.vault import _legal, _locked_file
from xingnuo.trust.vault._legal import LegalKey
from xingnuo.trust.vault.contracts import LegalKeyRefused, Officer, TwoOfficers

OFFICERS_MIN, OFFICERS_MAX = 2, 8
PASSPHRASE_CHARS_MIN = 12
_CODE = re.compile(r"[a-z][a-z0-9.-]{1,39}")
_SHARE = "xingnuo officer's share 1 "
_SHARE_BYTES = 32


def appoint(key: LegalKey, passphrases: Mapping[str, str], folder: Path) -> int:
    """Hand the key to officers, each with a passphrase of their own; gives how many pairs.

    Officers are appointed together and once: raises TwoOfficers for fewer than two, for names or
    passphrases that are not apart or too short, and where officers were appointed before.
    """
    codes = sorted(passphrases)
    apart = len(set(passphrases.values())) == len(codes)
    fit = all(
        _CODE.fullmatch(code) and len(passphrases[code]) >= PASSPHRASE_CHARS_MIN for code in codes
    )
    if not (OFFICERS_MIN <= len(codes) <= OFFICERS_MAX and apart and fit) or folder.exists():
        raise TwoOfficers("appoint", remedy="请为二到八位负责人各设一个不同的、至少 12 位的口令。")
    shares = {code: secrets.token_bytes(_SHARE_BYTES) for code in codes}
    pairs = list(combinations(codes, 2))
    for one, other in pairs:
        key.lock_in(_pair(folder, one, other), _joined(shares[one], shares[other]))
    for code in codes:
        _locked_file.write(
            _share(folder, code), shares[code], passphrase=passphrases[code], label=_SHARE + code
        )
    return len(pairs)


def open_together(first: Officer, second: Officer, folder: Path) -> LegalKey:
    """Open the key by two officers; TwoOfficers for one person twice, else LegalKeyRefused."""
    if first.code == second.code or first.passphrase == second.passphrase:
        raise TwoOfficers("same")
    one, other = sorted((first, second), key=lambda officer: officer.code)
    secret = _joined(_own(folder, one), _own(folder, other))
    return _legal.unlock(_pair(folder, one.code, other.code), secret)


def _own(folder: Path, officer: Officer) -> bytes:
    if not _CODE.fullmatch(officer.code):
        raise LegalKeyRefused
    try:
        return _locked_file.read(
            _share(folder, officer.code),
            passphrase=officer.passphrase,
            label=_SHARE + officer.code,
        )
    except (_locked_file.WrongPassphrase, OSError):
        raise LegalKeyRefused from None


def _share(folder: Path, code: str) -> Path:
    return folder / f"{code}.share"


def _pair(folder: Path, one: str, other: str) -> Path:
    return folder / f"{one}+{other}.key"


def _joined(one: bytes, other: bytes) -> str:
    return one.hex() + other.hex()
