"""Pictures from outside: refused in words, or written anew from nothing but their pixels."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests import pictures as samples
from xingnuo.kit import pictures
from xingnuo.kit.errors import BadInput
from xingnuo.kit.pictures import BadPicture, Picture

GOOD = [samples.picture(kind) for kind in ("JPEG", "PNG", "WEBP")]
QUICK = settings(max_examples=150, deadline=None, derandomize=True)
# What a picture of ours may be made of, and nothing else.
SEGMENTS = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
CHUNKS = {b"IHDR", b"IDAT", b"IEND"}


def opened(picture: Picture) -> Image.Image:
    """Open a cleaned picture."""
    return Image.open(io.BytesIO(picture.content))


@pytest.mark.parametrize("what", samples.REFUSED)
def test_it_is_refused_in_words(what: str) -> None:
    """Each hostile kind, with its status, a remedy, and nothing of the file in the error."""
    make, status = samples.REFUSED[what]
    with pytest.raises(BadPicture) as refused:
        pictures.clean(make())
    told = refused.value
    assert told.status == status
    assert told.fields["picture"] and told.remedy_text and told.message_text
    assert samples.CANARY.decode() not in f"{told}{told.fields}{told.__cause__}"


@pytest.mark.parametrize("keep", ["jpeg", "png"])
@pytest.mark.parametrize("what", samples.CLEANED)
def test_only_pixels_come_through(what: str, keep: pictures.Kept) -> None:
    """No place, camera, text, profile, archive, page or document is in what is kept."""
    content = samples.CLEANED[what]()
    assert samples.CANARY in content or samples.PLACE.encode() in content or zipped(content)
    picture = pictures.clean(content, keep=keep)
    assert samples.CANARY not in picture.content and samples.PLACE.encode() not in picture.content
    assert not zipped(picture.content) and b"%PDF" not in picture.content
    found = opened(picture)
    found.load()
    assert not found.getexif() and not set(found.info) & {"icc_profile", "comment", "exif"}
    assert parts(picture) <= (SEGMENTS if keep == "jpeg" else CHUNKS)
    assert pictures.kind_of(picture.content) == keep


def zipped(content: bytes) -> bool:
    """Say whether an archive program reads the bytes."""
    return zipfile.is_zipfile(io.BytesIO(content))


def parts(picture: Picture) -> set[object]:
    """Name the parts that a picture's file is made of."""
    content, found, place = picture.content, set[object](), 2
    if picture.kind == "png":
        place = 8
        while place < len(content):
            size = int.from_bytes(content[place : place + 4])
            found.add(content[place + 4 : place + 8])
            place += 12 + size
        return found
    while content[place + 1] != 0xDA:
        found.add(content[place + 1])
        place += 2 + int.from_bytes(content[place + 2 : place + 4])
    assert content.endswith(b"\xff\xd9")
    return found


def test_a_picture_on_its_side_stands_up() -> None:
    """The camera's turn is done to the pixels before its note of it goes."""
    assert opened(pictures.clean(samples.with_place())).size == (320, 240)
    assert opened(pictures.clean(samples.with_place(turned=True))).size == (240, 320)


@pytest.mark.parametrize("content", GOOD)
def test_the_same_bytes_give_the_same_picture(content: bytes) -> None:
    """And a cleaned picture cleans to one of the same size."""
    first, second = (pictures.clean(content, edge_px_max=100) for _ in range(2))
    assert first == second and max(first.width_px, first.height_px) == 100
    again = pictures.clean(first.content, edge_px_max=100)
    assert (again.width_px, again.height_px) == (first.width_px, first.height_px)


def test_a_square_is_cut_from_the_middle_and_never_blown_up() -> None:
    """The middle third of a picture in three colours is what is left of it."""
    striped = Image.new("RGB", (300, 100), "red")
    striped.paste("blue", (100, 0, 200, 100))
    out = io.BytesIO()
    striped.save(out, "PNG")
    picture = pictures.clean(out.getvalue(), square=True, edge_px_max=512, keep="png")
    assert (picture.width_px, picture.height_px) == (100, 100)
    found = opened(picture).convert("RGB")
    assert {found.getpixel(at) for at in ((0, 0), (99, 99), (50, 50))} == {(0, 0, 255)}


def test_what_shines_through_is_kept_or_laid_on_white() -> None:
    """A PNG keeps transparency; in a JPEG it becomes paper."""
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(pictures.clean(out.getvalue(), keep="png")).mode == "RGBA"
    assert opened(pictures.clean(out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


def taken_or_refused(content: bytes) -> None:
    """Clean, or be refused by `BadInput`; nothing else may come out."""
    try:
        picture = pictures.clean(content, edge_px_max=64)
    except BadInput as refused:
        assert refused.status in (413, 422)
    else:
        assert parts(picture) <= SEGMENTS and opened(picture).size <= (64, 64)


@QUICK
@given(st.sampled_from([b"", *pictures._MAGIC.values(), b"RIFF\0\0\0\0WEBP"]), st.binary())
def test_any_bytes_are_taken_or_refused(magic: bytes, rest: bytes) -> None:
    """Rubbish behind a right beginning never becomes a fault of ours."""
    taken_or_refused(magic + rest)


@QUICK
@given(
    st.sampled_from([*GOOD, samples.with_place(), samples.with_texts()]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=12),
    st.integers(0, 200),
)
def test_a_spoilt_picture_is_taken_or_refused(
    content: bytes, spoilt: list[tuple[int, int]], cut: int
) -> None:
    """Flipped bytes anywhere, and an end cut off."""
    told = bytearray(content[: max(0, len(content) - cut)])
    for place, byte in spoilt:
        told[place % len(told)] = byte
    taken_or_refused(bytes(told))
