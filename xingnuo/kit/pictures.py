"""Pictures from outside, made harmless: only the pixels come through.

Whatever else a file carries (place and camera in EXIF, colour profile, texts, an archive or a page
hidden behind or inside it) is left behind, because a new file is written from the pixels. Colours
are kept as numbers; a profile is not applied, since reading one means trusting it.
"""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Literal

from xingnuo.kit.errors import BadInput

if TYPE_CHECKING:
    from PIL.Image import Image

type Kept = Literal["jpeg", "png"]

BYTES_MAX = 8 * 1024 * 1024
EDGE_PX_MAX = 2048
# A JPEG is made small while it is read; the others must first stand in memory whole.
PIXELS_MAX = {"JPEG": 64_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
# Each scan of a progressive JPEG is a pass over every pixel; cameras write about ten.
SCANS_MAX = 40
AT_ONCE_MAX = 2
_JPEG_QUALITY = 85
_MARK_PX_MIN = 14
_MARK_WEIGHT = 100  # of 255: seen at a glance, and what lies beneath can still be read
_MID_GREY = 127
_MAGIC = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n"}
_TYPES = {"jpeg": "image/jpeg", "png": "image/png"}
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_decoding = BoundedSemaphore(AT_ONCE_MAX)


class BadPicture(BadInput):
    """The file is no picture that is taken; the words say which one to choose instead."""

    code = "bad_picture"
    message = "这张图片不能用。"
    remedy = "请换一张 JPEG、PNG 或 WebP 图片。"

    def __init__(self, detail: str, remedy: str = "") -> None:
        super().__init__({"picture": remedy or self.remedy}, detail)
        self.remedy_text = remedy or self.remedy


class PictureTooLarge(BadPicture):
    """The file has more bytes or pixels than are taken."""

    status = 413
    code = "picture_too_large"
    message = "这张图片太大。"
    remedy = "请换一张不超过 8 MB 的图片。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of ours: its bytes, what they are, and its size in pixels."""

    content: bytes
    kind: str
    width_px: int
    height_px: int

    @property
    def content_type(self) -> str:
        """Give the media type to serve it with."""
        return _TYPES[self.kind]


def clean(
    content: bytes,
    *,
    bytes_max: int = BYTES_MAX,
    edge_px_max: int = EDGE_PX_MAX,
    square: bool = False,
    keep: Kept = "jpeg",
) -> Picture:
    """Write a new picture from the pixels of one that came from outside, upright and bounded.

    `square` cuts the middle out. The same bytes give the same picture. Raises `BadPicture` for
    anything but one whole still JPEG, PNG or WebP, `PictureTooLarge` (413) beyond the bounds.
    """
    if len(content) > bytes_max:
        raise PictureTooLarge("bytes", f"请换一张不超过 {bytes_max // 1024 // 1024} MB 的图片")
    found = _format_of(content)
    with _decoding:
        try:
            return _written(_pixels(content, found, edge_px_max, square=square), keep)
        except BadInput:
            raise
        except Exception as fault:
            # Decoders fail in many ways on hostile bytes; what they say may repeat the bytes.
            detail = type(fault).__name__
    if detail.startswith("DecompressionBomb"):
        raise PictureTooLarge("pixels", "请换一张小一些的图片")
    raise BadPicture(f"unreadable.{detail}", "图片不完整或已损坏，请重新选择")


def marked(content: bytes, text: str) -> Picture:
    """Draw a text across a picture of ours, in its pixels, light on dark and dark on light.

    `text` is of letters and digits without accents: the font of the house has no others.
    """
    from PIL import Image, ImageDraw, ImageFont

    with _decoding, Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
        canvas = image.convert("RGB")
        edge = max(canvas.size)
        font = ImageFont.load_default(size=max(_MARK_PX_MIN, min(canvas.size) // 18))
        # Drawn on a square that is turned, so that no cut along an edge takes all of it away.
        sheet = Image.new("L", (edge * 2, edge * 2))
        pen = ImageDraw.Draw(sheet)
        left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
        wide, high = int(right - left), int(bottom - top)
        for row, y in enumerate(range(0, edge * 2, high * 5)):
            for x in range(-(row % 2) * wide // 2, edge * 2, wide + high * 2):
                pen.text((x, y), text, fill=_MARK_WEIGHT, font=font)
        turned = sheet.rotate(24, resample=Image.Resampling.BILINEAR)
        corner = ((turned.width - canvas.width) // 2, (turned.height - canvas.height) // 2)
        mask = turned.crop((*corner, corner[0] + canvas.width, corner[1] + canvas.height))
        # Against the brightness beneath it, so that it reads on any picture.
        ink = canvas.convert("L").point(lambda value: 0 if value > _MID_GREY else 255)
        canvas.paste(Image.merge("RGB", (ink, ink, ink)), (0, 0), mask)
        return _written(canvas, "jpeg")


def kind_of(content: bytes) -> str:
    """Tell of a picture of ours whether it is a jpeg or a png, or nothing for other bytes."""
    return next((name.lower() for name, magic in _MAGIC.items() if content.startswith(magic)), "")


def content_type_of(content: bytes) -> str:
    """Give the media type of a picture of ours; other bytes are a download without a type."""
    return _TYPES.get(kind_of(content), "application/octet-stream")


def _format_of(content: bytes) -> str:
    if not content:
        raise BadPicture("empty", "请选择一张图片")
    for name, magic in _MAGIC.items():
        if content.startswith(magic):
            return name
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp":
        raise BadPicture("heic", "请把照片转成 JPEG 再上传，或在相机设置里选“兼容性最佳”")
    raise BadPicture("format")


def _pixels(content: bytes, found: str, edge_px_max: int, *, square: bool) -> Image:
    # Loaded when a picture comes, to keep the doors small at rest.
    from PIL import Image, ImageOps

    if found == "JPEG" and _scans(content) > SCANS_MAX:
        raise BadPicture("scans", "请把图片另存为普通 JPEG 再上传")
    with Image.open(io.BytesIO(content), formats=(found,)) as image:
        width, height = image.size
        if width * height > PIXELS_MAX[found]:
            raise PictureTooLarge("pixels", "请换一张小一些的图片")
        # Two pictures in one JPEG are a camera's (depth, brightness): the first is the picture.
        if found != "JPEG" and getattr(image, "is_animated", False):
            raise BadPicture("animated", "请换一张不会动的图片")
        # While it is read, the short side decides: what a square cuts out must stay sharp.
        if square:
            image.draft("RGB", (edge_px_max, edge_px_max))
        else:
            image.thumbnail((edge_px_max, edge_px_max), Image.Resampling.LANCZOS)
        upright = ImageOps.exif_transpose(image)
        upright.load()
        upright = _deep(upright)
        if square:
            edge = min(edge_px_max, *upright.size)
            return ImageOps.fit(upright, (edge, edge), Image.Resampling.LANCZOS)
        return upright


def _deep(image: Image) -> Image:
    """Give eight bits for each colour, and transparency where the picture has any."""
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _written(image: Image, keep: Kept) -> Picture:
    from PIL import Image as Images

    # A fresh canvas knows nothing of the file that the pixels came from.
    alpha = keep == "png" and image.mode == "RGBA"
    canvas = Images.new("RGBA" if alpha else "RGB", image.size, None if alpha else "white")
    canvas.paste(image, (0, 0), image if image.mode == "RGBA" and not alpha else None)
    out = io.BytesIO()
    if keep == "jpeg":
        canvas.save(out, "JPEG", quality=_JPEG_QUALITY)
    else:
        canvas.save(out, "PNG")
    return Picture(
        content=out.getvalue(), kind=keep, width_px=canvas.width, height_px=canvas.height
    )


def _scans(content: bytes) -> int:
    """Count a JPEG's scans up to its end, walking by the lengths of its segments."""
    place, scans = 2, 0
    while (marker := _MARKER.search(content, place)) is not None:
        code, place = marker.group(1)[0], marker.end()
        if code == 0xD9 or scans > SCANS_MAX:
            break
        if code in (0x01, 0xD8):
            continue
        if place + 2 > len(content):
            break
        scans += code == 0xDA
        place += max(2, struct.unpack_from(">H", content, place)[0])
    return scans
