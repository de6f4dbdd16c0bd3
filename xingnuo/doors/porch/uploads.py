"""Files and bodies from outside: bounded before anything of them is parsed, one file for a field.

UP-1  A body larger than any form of ours is refused by its length, before a byte is parsed.
"""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError

from xingnuo.kit.errors import BadInput, XingnuoError

# A browser that is still sending reads no answer: a little too much is read and thrown away.
DRAIN_BYTES_MAX = 32 * 1024 * 1024
_DRAIN_AT_ONCE = 256 * 1024


class BodyTooLarge(XingnuoError):
    """What was sent is larger than any form of ours."""

    status = 413
    code = "body_too_large"
    message = "提交的内容太大，没有做任何改动。"
    remedy = "请减少内容，或换一个不超过 8 MB 的文件再试。"


def is_too_large(request: HttpRequest) -> bool:
    """Say whether a request announces more than any form of ours has."""
    return _length(request) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def drain(request: HttpRequest) -> None:
    """Read on what a browser is still sending, so that it comes to read the answer."""
    left = _length(request)
    if left > DRAIN_BYTES_MAX:
        return
    try:
        while left > 0 and (part := request.read(min(left, _DRAIN_AT_ONCE))):
            left -= len(part)
    except (OSError, UnreadablePostError, RawPostDataException):
        return  # the other side went away: nobody waits for the answer


def file_of(request: HttpRequest, name: str) -> bytes:
    """Give the bytes of the one file of a field; its name and type are the sender's, and unread.

    Raises `BadInput` naming the field.
    """
    found = request.FILES.getlist(name)
    if len(found) != 1 or len(request.FILES) != 1:
        raise BadInput({name: "请选择一个文件" if not found else "一次只能上传一个文件"})
    one = found[0]
    assert isinstance(one, UploadedFile), "a file that no upload handler made"
    return bytes(one.read())


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
