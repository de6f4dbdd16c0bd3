"""What a fake camera sees: a code as a picture, and as the film that Chromium plays."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import segno
from PIL import Image
from playwright.sync_api import Browser, Playwright

WIDE, HIGH, FRAMES = 640, 480, 10


def drawn(text: str) -> Image.Image:
    """Draw a code in the middle of a grey table."""
    png = io.BytesIO()
    segno.make(text, micro=False).save(png, kind="png", scale=8, border=4)
    code = Image.open(png).convert("L")
    table = Image.new("L", (WIDE, HIGH), 120)
    table.paste(code, ((WIDE - code.width) // 2, (HIGH - code.height) // 2))
    return table


def empty() -> Image.Image:
    """Draw the table with nothing on it."""
    return Image.new("L", (WIDE, HIGH), 200)


def png(picture: Image.Image) -> bytes:
    """Give a picture as a file."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def film(picture: Image.Image, at: Path) -> Path:
    """Write a film in which a picture stands still."""
    grey = bytes([128]) * (WIDE // 2 * HIGH // 2 * 2)
    frame = b"FRAME\n" + picture.tobytes() + grey
    at.write_bytes(f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * FRAMES)
    return at


@contextmanager
def camera(playwright: Playwright, told: dict[str, Any], shows: Path) -> Iterator[Browser]:
    """Launch a browser whose camera shows a film; whether it may be used stays to be asked."""
    flags = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={shows}"]
    args = [*told.get("args", ()), *flags]
    browser = playwright.chromium.launch(**{**told, "args": args})
    try:
        yield browser
    finally:
        browser.close()
