"""Remakes or verifies the vendored front-end files of the H5 app.

`python tools/vendor.py make` fetches four pinned npm packages with `npm pack` and writes
`static/vendor/`; `python tools/vendor.py verify` works offline and compares the checksums.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "xingnuo/doors/porch/static/vendor"
CHECKSUMS = VENDOR / "CHECKSUMS"

HTMX = "htmx.org@4.0.1"
LUCIDE = "lucide-static@1.62.0"
BARLOW = "@fontsource/barlow@5.3.0"
JSQR = "jsqr@1.4.0"

PACKAGES = (HTMX, LUCIDE, BARLOW, JSQR)

# Licence texts travel beside the files they cover.
PLAIN_COPIES = (
    (HTMX, "dist/htmx.min.js", "htmx.min.js"),
    (HTMX, "LICENSE", "htmx.LICENSE"),
    (LUCIDE, "LICENSE", "lucide.LICENSE"),
    (BARLOW, "LICENSE", "barlow.LICENSE"),
    (JSQR, "dist/jsQR.js", "jsqr.js"),
    (JSQR, "LICENSE", "jsqr.LICENSE"),
)
FONT_SOURCE = "files/barlow-latin-600-normal.woff2"
FONT_CHARACTERS = "0123456789¥%,.+\u2212-:/* "

ICONS = tuple(
    """
    activity arrow-right ban bell bluetooth book-open building-2 calendar camera check
    chevron-down chevron-left chevron-right circle-alert circle-check circle-help circle-x
    clipboard clock contact copy credit-card database download external-link eye eye-off
    file-check file-text fingerprint folder gift grid-3x3 grip hand-coins handshake headset
    history home id-card image info key landmark layers link list lock lock-open log-out mail
    map-pin megaphone message-circle mic minus monitor moon pencil phone piggy-bank plus
    qr-code receipt refresh-cw scale scan-face scan-line search settings share-2 shield
    shield-check sliders-horizontal smartphone store sun trash-2 triangle-alert type umbrella
    undo-2 unlock user users wallet wifi-off x zap
    """.split()  # noqa: SIM905 - a block of names is easier to read and to sort
)


class VendorError(Exception):
    """A vendored file is missing, changed or cannot be made."""


def fetch(spec: str, folder: Path) -> Path:
    """Unpack one pinned npm package below `folder` and return its root."""
    # The command and the four pinned names are constants of this file.
    command = ["npm", "pack", "--silent", spec]
    packed = subprocess.run(  # noqa: S603
        command, cwd=folder, check=True, capture_output=True, text=True
    )
    archive = folder / packed.stdout.strip().splitlines()[-1]
    target = folder / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def symbol(name: str, svg: str) -> str:
    """Turn one Lucide file into a `<symbol>`; stroke and fill are inherited from the page."""
    body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if body is None:
        raise VendorError(f"icon {name} is not an SVG")
    shapes = re.sub(r"\s+", " ", body.group(1)).replace("> <", "><").replace(" />", "/>").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def make_sprite(package: Path) -> str:
    """Return the sprite of all icons in `ICONS`, one symbol a line."""
    symbols = [
        symbol(name, (package / "icons" / f"{name}.svg").read_text("utf-8")) for name in ICONS
    ]
    head = "<!-- lucide-static 1.62.0, ISC, see lucide.LICENSE -->\n"
    svg = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    return head + svg


def make_font(package: Path, target: Path) -> None:
    """Write the digit subset with tabular figures kept; needs fonttools (a dev dependency)."""
    # Imported here, so that `verify` runs without the dev dependencies.
    from fontTools import subset  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "tnum"]
    options.hinting = False
    font = TTFont(package / FONT_SOURCE, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=FONT_CHARACTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)


def make() -> None:
    """Fetch the pinned packages and write every vendored file and its checksum."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        packages = {spec: fetch(spec, Path(scratch)) for spec in PACKAGES}
        for spec, source, name in PLAIN_COPIES:
            text = (packages[spec] / source).read_text("utf-8")
            # The source map is not shipped, so the pointer to it would be a 404.
            text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
            (VENDOR / name).write_text(text, "utf-8")
        (VENDOR / "icons.svg").write_text(make_sprite(packages[LUCIDE]), "utf-8")
        make_font(packages[BARLOW], VENDOR / "num600.woff2")
    lines = [f"{digest(path)}  {path.name}" for path in shipped()]
    CHECKSUMS.write_text("\n".join(lines) + "\n", "utf-8")


def shipped() -> list[Path]:
    """Return every file of the vendor folder but the checksum list, by name."""
    return sorted(path for path in VENDOR.iterdir() if path.is_file() and path != CHECKSUMS)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def verify() -> None:
    """Raise `VendorError` when a vendored file is missing, changed, or not on the list."""
    lines = CHECKSUMS.read_text("utf-8").splitlines()
    wanted = {name: checksum for checksum, _, name in (line.partition("  ") for line in lines)}
    found = {path.name: digest(path) for path in shipped()}
    wrong = sorted(
        name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
    )
    if wrong:
        raise VendorError("vendored files differ from CHECKSUMS: " + ", ".join(wrong))
    sprite = (VENDOR / "icons.svg").read_text("utf-8")
    absent = [name for name in ICONS if f'<symbol id="{name}"' not in sprite]
    if absent:
        raise VendorError("icons.svg lacks: " + ", ".join(absent))


def main(arguments: list[str] | None = None) -> int:
    """Run `make` or `verify`; the exit code is 1 when a file is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=("make", "verify"))
    mode = parser.parse_args(arguments).mode
    try:
        if mode == "make":
            make()
        verify()
    except VendorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(shipped())} vendored files match CHECKSUMS\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
