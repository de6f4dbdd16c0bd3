"""Pictures for tests: good ones, and every hostile kind that a door may be sent."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import ExifTags, Image, PngImagePlugin

CANARY = b"cnry-picture-4711"
PLACE = "Hangzhou West Lake"


def picture(kind: str = "JPEG", colour: str = "teal", size: tuple[int, int] = (320, 240)) -> bytes:
    """Make a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def with_place(*, turned: bool = False) -> bytes:
    """Make a JPEG that tells place, time and camera, maybe lying on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = CANARY.decode()
    exif[ExifTags.Base.ImageDescription] = PLACE
    if turned:
        exif[ExifTags.Base.Orientation] = 6
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitude] = (30.0, 14.0, 24.5)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    out = io.BytesIO()
    canvas = Image.new("RGB", (320, 240), "teal")
    canvas.save(out, "JPEG", exif=exif, comment=CANARY, icc_profile=CANARY * 20)
    return out.getvalue()


def with_texts() -> bytes:
    """Make a PNG with text chunks."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", CANARY.decode())
    told.add_itxt("Comment", CANARY.decode(), zip=True)
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "PNG", pnginfo=told)
    return out.getvalue()


def zipped_behind(content: bytes) -> bytes:
    """Put an archive behind a picture: both programs read the same file."""
    out = io.BytesIO(content)
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../../evil.html", b"<script>" + CANARY + b"</script>")
    return out.getvalue()


def page_inside() -> bytes:
    """Make a JPEG whose comment is a page with a script."""
    out = io.BytesIO()
    script = b"<html><script>/*" + CANARY + b"*/</script>"
    Image.new("RGB", (64, 64), "teal").save(out, "JPEG", comment=script)
    return out.getvalue()


def document_behind() -> bytes:
    """Put a PDF behind a JPEG."""
    return picture() + b"\n%PDF-1.7\n1 0 obj<</JS(" + CANARY + b")>>endobj\n%%EOF"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Make a small PNG that says it is enormous."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000), 9)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def text_bomb() -> bytes:
    """Make a small PNG whose text unpacks to a hundred megabytes."""
    told = b"a\0\0" + zlib.compress(bytes(100_000_000), 9)
    whole = picture("PNG")
    return whole[:33] + _chunk(b"zTXt", told) + whole[33:]


def jpeg_bomb() -> bytes:
    """Make a JPEG that says it is enormous."""
    content = bytearray(picture())
    place = content.index(b"\xff\xc0") + 5
    content[place : place + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(content)


def many_scans() -> bytes:
    """Make a progressive JPEG with a thousand scans, each a pass over all pixels."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "JPEG", progressive=True)
    content = out.getvalue()
    start = content.rindex(b"\xff\xda")
    scan = content[start:-2]
    return content[:start] + scan * 1000 + b"\xff\xd9"


def moving(kind: str) -> bytes:
    """Make a picture that moves: GIF, PNG or WEBP."""
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], int]] = {
    "nothing": (lambda: b"", 422),
    "no picture": (lambda: CANARY, 422),
    "a program": (lambda: b"MZ" + bytes(200), 422),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 422),
    "a page": (lambda: b"<!doctype html><script>alert(1)</script>", 422),
    "PDF": (lambda: b"%PDF-1.7\n%%EOF", 422),
    "GIF and archive": (lambda: zipped_behind(b"GIF89a" + bytes(32)), 422),
    "a bare GIF": (lambda: picture("GIF"), 422),
    "TIFF": (lambda: picture("TIFF"), 422),
    "HEIC": (lambda: b"\0\0\0\x18ftypheic" + bytes(200), 422),
    "half a JPEG": (lambda: picture(size=(900, 900))[:3000], 422),
    "half a PNG": (lambda: picture("PNG")[:-40], 422),
    "half a WEBP": (lambda: picture("WEBP")[:-20], 422),
    "a JPEG's head": (lambda: b"\xff\xd8\xff", 422),
    "a PNG's head and rubbish": (lambda: b"\x89PNG\r\n\x1a\n" + CANARY * 9, 422),
    "a moving PNG": (lambda: moving("PNG"), 422),
    "a moving WEBP": (lambda: moving("WEBP"), 422),
    "a PNG bomb": (bomb, 413),
    "a PNG just too large": (lambda: bomb(5_000, 5_000), 413),
    "a JPEG bomb": (jpeg_bomb, 413),
    "a text bomb": (text_bomb, 422),
    "a thousand scans": (many_scans, 422),
    "8 MB and a byte": (lambda: picture() + bytes(8 * 1024 * 1024), 413),
}
CLEANED: dict[str, Callable[[], bytes]] = {
    "place and camera": with_place,
    "place, on its side": lambda: with_place(turned=True),
    "texts": with_texts,
    "JPEG and archive": lambda: zipped_behind(picture()),
    "PNG and archive": lambda: zipped_behind(picture("PNG")),
    "JPEG and page": page_inside,
    "JPEG and PDF": document_behind,
}
