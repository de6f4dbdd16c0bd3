"""Document photos: both sides read in a queue of their own, while the web is asked for home.

`xingnuo bench documents [--json]`. Bars: at most 3 s for both sides, from the queue to the sealed
result, worst of 20; and home's own p95 bar of 50 ms holds while they are read. The p95 without
reading is printed beside it. Needs the optional reader (`pip install xingnuo[ocr]`), which works
without a network; the process that reads is the one as it ships.
"""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from bench import home, report
from bench.risk import person
from xingnuo.doors.cli import programs
from xingnuo.kit import child, clock, ids, jobs
from xingnuo.people.identity import _photos, _reading, _rows
from xingnuo.people.identity._house import READER
from xingnuo.people.identity.contracts import Kind, Rule, Side
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor

DOCUMENTS = 20
BAR_SECONDS, P95_BAR_MS = 3.0, 50.0
WAIT_SECONDS_MAX = 180
POLL_SECONDS = 0.02
WIDTH, HEIGHT, LINE = 1600, 1000, 110
FRONT = ("NAME  ZHANG SAN", "SEX  F    HAN", "1990 06 15", "BEIJING CHAOYANG 1", "{number}")
BACK = ("PEOPLES REPUBLIC", "IDENTITY CARD", "ISSUED IN BEIJING", "2015.06.20-2035.06.20")
NUMBER = "11010519900615123"


def card(*lines: str) -> bytes:
    """Draw one side of a card, as large as a phone's photo is after it was made harmless."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=64)
    for at, line in enumerate(lines):
        draw.text((LINE, LINE * (at + 1)), line, fill="black", font=font)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def put(number: str) -> None:
    """Put a person's photos and the job that reads them in, as the upload does."""
    actor = person(signals=False)
    subject_id = actor.subject_id
    assert subject_id is not None, "a person without a subject"
    with transaction.atomic():
        _agree(actor)
        row = _rows.begin(subject_id, Kind.DOCUMENT_PHOTO, key=ids.uuid7(), rule=Rule.RESIDENT)
        permit = gate.permit(
            READER, subject_id=subject_id, purpose=_photos.PURPOSE, items=(_photos.PHOTO,)
        )
        drawn = {Side.FRONT: [one.format(number=number) for one in FRONT], Side.BACK: BACK}
        for side, lines in drawn.items():
            place = f"{row.id}:{side.value}"
            gate.collect_file(permit, _photos.PHOTO, content=card(*lines), slot=place)
        jobs.defer(
            _photos.READ_JOB, queue=_photos.READ_QUEUE, subject_id=subject_id, check_id=row.id
        )


def _agree(actor: Actor) -> None:
    assert actor.subject_id is not None
    sheet = gate_queries.sheet(_photos.PURPOSE)
    gate.decide(
        actor,
        subject_id=actor.subject_id,
        scope=Scope(purpose=_photos.PURPOSE, items=(_photos.PHOTO,)),
        decision=Decision.GRANT,
        text_hash=sheet.text_hash,
    )


def left() -> int:
    """Count what waits or is being read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %s", [_photos.READ_QUEUE]
        )
        return int(cursor.fetchone()[0])


def seconds_each(most: int) -> list[float]:
    """Wait until the queue is empty; gives the seconds from each end to the next."""
    until, last, found = time.monotonic() + WAIT_SECONDS_MAX, time.monotonic(), []
    while most:
        if time.monotonic() > until:
            raise SystemExit(f"{most} documents were not read in {WAIT_SECONDS_MAX} s")
        time.sleep(POLL_SECONDS)
        now = left()
        if now < most:
            moment = time.monotonic()
            found += [(moment - last) / (most - now)] * (most - now)
            most, last = now, moment
    return found


def read_while(port: int, cookie: str) -> tuple[list[float], float]:
    """Read every document while home is asked for; gives both times."""
    told: dict[str, Any] = {}

    def watch() -> None:
        told["seconds"] = seconds_each(DOCUMENTS)
        connection.close()

    for _ in range(DOCUMENTS):
        put(number())
    watcher = threading.Thread(target=watch)
    watcher.start()
    p95 = []
    while watcher.is_alive():
        p95.append(home.p95_ms(port, "/", cookie))
    watcher.join()
    return told["seconds"], max(p95)


def number() -> str:
    """Give a resident's number of nobody."""
    from xingnuo.people.identity._numbers import check_digit

    return NUMBER + check_digit(NUMBER)


def main() -> None:
    """Warm both up, time home alone, then home and reading together."""
    if not _reading.is_there():
        raise SystemExit("the reader is not installed: pip install 'xingnuo[ocr]'")
    cookie = "; ".join(f"{one.name}={one.value}" for one in home.sign_in())
    logs = Path(os.environ["XN_DATA_DIR"]) / "logs"
    with home.shipped() as port:
        alone = home.p95_ms(port, "/", cookie)
        reader = child.start(programs.documents().argv, log=logs / "documents.log")
        try:
            put(number())
            report.say(f"first document, its models loaded: {seconds_each(1)[0]:.2f} s")
            seconds, busy = read_while(port, cookie)
        finally:
            child.end(reader, ask=signal.SIGTERM, seconds=20)
    report.say(f"{len(seconds)} documents on {clock.today()}: worst {max(seconds):.2f} s")
    report.say(f"home p95 without reading {alone:.1f} ms, while reading {busy:.1f} ms")
    report.result(
        name="documents",
        value=round(max(seconds), 2),
        unit="s for both sides",
        bar=f"<= {BAR_SECONDS} s, and home's p95 <= {P95_BAR_MS} ms meanwhile",
        holds=max(seconds) <= BAR_SECONDS and busy <= P95_BAR_MS,
        ratio_to="home p95 without reading",
        ratio=round(busy / alone, 2),
    )


if __name__ == "__main__":
    main()
