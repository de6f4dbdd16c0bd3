"""The inventory of cryptography: which modules may use it, and that no other does."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = (
    "cryptography",
    "argon2",
    "joserfc",
    "authlib",
    "webauthn",
    "hmac",
    "ssl",
    "nacl",
    "Crypto",
)
# Where it may be used, and what for. A place that no longer uses it must be taken out.
INVENTORY = {
    "xingnuo/trust/vault/": "sealing of values, files, class keys; keyed look-up",
    "xingnuo/trust/evidence/": "signed block heads",
    "xingnuo/people/accounts/": "keyed hashes of session secrets",
    "xingnuo/kit/keyed.py": "keyed digests of secrets, each room and use under its own key",
    "xingnuo/kit/passkeys.py": "WebAuthn, for people's unlocking and for staff at the console",
    "xingnuo/people/unlock/": "Argon2id",
    "xingnuo/people/antifraud/": "keyed digests of signals and listed names; sealed reports",
    "xingnuo/money/payments/_confirm_digest.py": "Argon2id of payment passwords",
    "xingnuo/proof/_device.py": "a pretend fingerprint reader, for the proof of unlocking",
    "xingnuo/partners/": "signatures and tokens on partners' wires",
    "xingnuo/doors/api/": "OAuth tokens for sibling apps",
}
# Weak or home-made: refused everywhere.
REFUSED = ("md5", "sha1", "DES", "TripleDES", "ARC4", "Blowfish", "ECB", "RC4")


def uses(path: Path) -> set[str]:
    """Name the cryptographic libraries that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        found |= {name.split(".")[0] for name in names} & set(LIBRARIES)
    return found


FOUND = {
    path.relative_to(ROOT).as_posix(): used
    for path in sorted((ROOT / "xingnuo").rglob("*.py"))
    if (used := uses(path))
}


@pytest.mark.parametrize("path", FOUND)
def test_cryptography_stays_where_it_is_listed(path: str) -> None:
    """A module outside the inventory asks the vault, evidence, unlock or a partner instead."""
    assert path.startswith(tuple(INVENTORY)), f"{path} imports {FOUND[path]}"


@pytest.mark.parametrize("path", sorted((ROOT / "xingnuo").rglob("*.py")), ids=str)
def test_nothing_weak_is_called(path: Path) -> None:
    """Broken hashes and ciphers have no use here, not even for check sums."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in REFUSED, f"{path}:{node.lineno}: {node.attr}"
