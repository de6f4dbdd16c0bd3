"""Pictures for trying things out: their colour says the outcome, so that recoding does not matter.

Mostly green is a match, red no match, blue not live, yellow decided later; all else is unclear.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

COLOURS = {
    "match": (52, 168, 83),
    "no_match": (217, 48, 37),
    "not_live": (26, 95, 230),
    "pending": (236, 190, 20),
    "unclear": (128, 128, 128),
}
LIVENESS = {"match": 98, "no_match": 96, "not_live": 12, "pending": 90, "unclear": 55}
WIDTH, HEIGHT = 480, 640
GREY_MAX = 60
# Hue in 0 to 255, from and to, as Pillow tells it.
HUES = ((75, 110, "match"), (145, 185, "not_live"), (28, 48, "pending"))
RED_BELOW, RED_FROM = 15, 240
PIXELS_MAX = 12_000_000


def sample(outcome: str) -> bytes:
    """Draw the picture of an outcome: an oval in its colour on a lighter ground. PNG."""
    ink = COLOURS[outcome]
    paper = bytes((3 * part + 255) // 4 for part in ink)
    lines = []
    for row in range(HEIGHT):
        height = (row - HEIGHT / 2) / (HEIGHT * 0.46)
        half = int(WIDTH * 0.46 * max(0.0, 1 - height * height) ** 0.5)
        side = WIDTH // 2 - half
        lines.append(b"\0" + paper * side + bytes(ink) * (2 * half) + paper * side)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def outcome_of(content: bytes) -> str:
    """Say which outcome a picture's colour stands for; what is no picture is unclear."""
    # Imported where it is used: the sandbox stays small where no face is asked about.
    from PIL import Image  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                return "unclear"
            small = picture.convert("RGB").resize((1, 1), Image.Resampling.BOX)
        hue, colour, _ = small.convert("HSV").tobytes()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "unclear"
    if colour < GREY_MAX:
        return "unclear"
    if hue < RED_BELOW or hue >= RED_FROM:
        return "no_match"
    return next((name for low, high, name in HUES if low <= hue < high), "unclear")


def hash_of(content: bytes) -> str:
    """Give a picture's hash in hex."""
    return hashlib.sha256(content).hexdigest()


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
