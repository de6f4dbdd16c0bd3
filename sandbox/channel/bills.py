"""A day's file of each channel: made from the books, spoiled where the script says so."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path

from sandbox.channel import formats
from sandbox.channel.formats import Line
from sandbox.ground import chance, clock
from sandbox.ground.http import Problem, Request, Response
from sandbox.ground.partner import World

GOOD_SECONDS = 30
KEPT_SECONDS = 600
LINES_MAX = 2_000_000
FAULTS = frozenset("short altered repeated differ decline bad_signature".split())
TYPES = {"alipay": "application/zip", "wechat": "text/csv", "unionpay": "application/zip"}

SCHEMA = """
CREATE TABLE IF NOT EXISTS channel_file (
    token TEXT PRIMARY KEY, style TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,
    made_at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS channel_filled (
    style TEXT NOT NULL, day TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,
    lines INTEGER NOT NULL, PRIMARY KEY (style, day)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Made:
    """Where a file can be fetched for half a minute, and the hash that it should have."""

    url: str
    sha256: str


class _Entry(zipfile.ZipInfo):
    """An entry of a zip whose name is in GBK and does not say so, as the channel writes it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.compress_type = zipfile.ZIP_DEFLATED

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 (zipfile's own name)
        return self.filename.encode("gbk"), self.flag_bits


def is_ready(day: str) -> bool:
    """Say whether there is a file of a day: of today it lists what came so far."""
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        return False
    return asked <= datetime.fromtimestamp(clock.now(), clock.BEIJING).date()


def make(world: World, style: str, day: str, *, fault: str) -> Made:
    """Write a day's file and give its address; the faults of a file spoil it."""
    folder, token = _folder(world), chance.token()
    _sweep(world, folder)
    filled = world.store.row(
        "SELECT file, sha256 FROM channel_filled WHERE style = ? AND day = ?", style, day
    )
    if filled is None:
        path = folder / token
        lines: Iterable[Line] = _lines(world, style, date.fromisoformat(day))
        if fault in ("repeated", "differ"):
            lines = _planted(list(lines), fault)
        digest = _write(style, path, date.fromisoformat(day), lines)
    else:
        path, digest = Path(filled["file"]), filled["sha256"]
    if fault in ("short", "altered"):
        path = _spoiled(style, path, folder / f"{token}.bad", fault)
        # A channel whose answer tells a hash tells the whole file's; the file is what is wrong.
    world.store.run(
        "INSERT INTO channel_file (token, style, file, sha256, made_at) VALUES (?, ?, ?, ?, ?)",
        token, style, str(path), digest, clock.now(),
    )  # fmt: skip
    return Made(f"{world.settings.own_url}/channel/{style}/bill/{token}", digest)


def give(world: World, request: Request) -> Response:
    """Give a file by its short-lived address."""
    found = world.store.row("SELECT * FROM channel_file WHERE token = ?", request.params["token"])
    if found is None or clock.now() > found["made_at"] + GOOD_SECONDS:
        raise Problem(404, "file_gone", "下载地址已失效。")
    return Response(file=Path(found["file"]), content_type=TYPES[found["style"]])


def fill(world: World, style: str, day: str, lines: int) -> str:
    """Make a file of so many lines for a day, in place of the books'; give its hash."""
    if style not in TYPES or not is_ready(day) or not 0 <= lines <= LINES_MAX:
        raise Problem(422, "fields_wrong", "需要 style、day、lines。")
    path = _folder(world) / f"filled-{style}-{day}"
    digest = _write(style, path, date.fromisoformat(day), _filler(style, day, lines))
    world.store.run(
        "INSERT OR REPLACE INTO channel_filled (style, day, file, sha256, lines)"
        " VALUES (?, ?, ?, ?, ?)", style, day, str(path), digest, lines,
    )  # fmt: skip
    return digest


def _filler(style: str, day: str, lines: int) -> Iterator[Line]:
    """Give made-up payments; line i is numbered by the hash of style, day and i."""
    began = datetime.fromisoformat(day).replace(tzinfo=clock.BEIJING).timestamp()
    for index in range(lines):
        number = hashlib.sha256(f"{style}:{day}:{index}".encode()).hexdigest()[:32]
        amount = 100 + index % 10_000
        yield Line("pay", number, "", f"{index:021d}", amount, (amount * 60 + 5_000) // 10_000,
                   began + index % 86_400)  # fmt: skip


def _lines(world: World, style: str, day: date) -> Iterator[Line]:
    began = datetime(day.year, day.month, day.day, tzinfo=clock.BEIJING)
    span = (style, began.timestamp(), (began + timedelta(days=1)).timestamp())
    paid = world.store.rows(
        "SELECT 'pay' AS kind, order_no, '' AS refund_no, channel_no, amount_fen, fee_fen,"
        " paid_at AS at FROM channel_order WHERE style = ? AND state = 'paid'"
        " AND paid_at >= ? AND paid_at < ?", *span,
    )  # fmt: skip
    back = world.store.rows(
        "SELECT 'refund' AS kind, order_no, refund_no, channel_no, amount_fen, 0 AS fee_fen,"
        " done_at AS at FROM channel_refund WHERE style = ? AND state = 'done'"
        " AND done_at >= ? AND done_at < ?", *span,
    )  # fmt: skip
    for row in sorted(chain(paid, back), key=lambda row: (row["at"], row["channel_no"])):
        yield Line(**row)


def _planted(lines: list[Line], fault: str) -> list[Line]:
    """Plant differences that the file's own totals agree with."""
    if fault == "repeated":
        return lines + lines[-1:]
    stranger = Line("pay", "f" * 12 + "7" + chance.digits(19), "", chance.digits(21), 777, 5,
                    lines[-1].at if lines else clock.now())  # fmt: skip
    changed = [replace(one, amount_fen=one.amount_fen + 1) for one in lines[1:2]]
    # The first is missing, the second one fen more, one is nobody's.
    return [*changed, *lines[2:], stranger]


def _write(style: str, path: Path, day: date, lines: Iterable[Line]) -> str:
    if style == "wechat":
        with path.open("wb") as file:
            for text in formats.wechat(lines):
                file.write(text.encode())
    else:
        entries = formats.alipay if style == "alipay" else formats.unionpay
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as whole:
            for name, texts in entries(day, lines):
                with whole.open(_Entry(name), "w") as entry:
                    for text in texts:
                        entry.write(text.encode("gbk"))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _spoiled(style: str, path: Path, to: Path, fault: str) -> Path:
    """Cut a file off, or change one digit of an amount in it, its totals left as they were."""
    if style == "wechat":
        to.write_bytes(_changed(path.read_bytes(), fault))
        return to
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as bad:
        for index, info in enumerate(whole.infolist()):
            raw = whole.read(info)
            name = info.filename.encode("cp437").decode("gbk")
            bad.writestr(_Entry(name), _changed(raw, fault) if index == 0 else raw)
    return to


def _changed(raw: bytes, fault: str) -> bytes:
    lines = raw.split(b"\n")
    if fault == "short":
        # Whole lines are missing in the middle, the totals stand.
        rows = [place for place, line in enumerate(lines) if formats.is_row(line)]
        return b"\n".join(line for place, line in enumerate(lines) if place not in rows[:1])
    for place, line in enumerate(lines):
        if formats.is_row(line):
            lines[place] = formats.dearer(line)
            break
    return b"\n".join(lines)


def _folder(world: World) -> Path:
    folder = world.settings.data_dir / "bills"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def _sweep(world: World, folder: Path) -> None:
    world.store.run("DELETE FROM channel_file WHERE made_at < ?", clock.now() - KEPT_SECONDS)
    for file in folder.iterdir():
        if not file.name.startswith("filled-") and (
            file.stat().st_mtime < clock.now() - KEPT_SECONDS
        ):
            file.unlink(missing_ok=True)


def drop(world: World) -> None:
    """Remove what earlier runs left."""
    shutil.rmtree(_folder(world), ignore_errors=True)
    world.store.run("DELETE FROM channel_file")
    world.store.run("DELETE FROM channel_filled")
