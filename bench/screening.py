"""Screening of a name against a list of a million entries.

`xingnuo bench screening [--json]`. Bar: p99 at most 20 ms for one screening, exact and one letter
away, in one transaction of the app role. The list holds synthetic names, three fifths of them
Chinese of two to six characters, the rest Latin of two to four words; half of the names asked are
listed, a quarter are listed with one letter wrong, a quarter are not listed.
"""

from __future__ import annotations

import os
import statistics
import time

from django.db import connections, transaction

from bench import report
from xingnuo.kit import clock, ids
from xingnuo.people.antifraud import _listing, _names
from xingnuo.people.antifraud.contracts import ListKind

ENTRIES = int(os.environ.get("XN_BENCH_ENTRIES", "1000000"))
ASKED = 2_000
BAR_MS = 20.0
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程"
)
GIVEN = "".join(chr(0x4E00 + at * 7) for at in range(1_400))
PARTS = ("al", "ben", "dar", "el", "fa", "gor", "ha", "iv", "jo", "ka", "la", "mo", "na", "ol")


def name_of(at: int) -> str:
    """Give the name of a number: the same number, the same name."""
    drawn = int(ids.digest(f"bench.{at}")[:24], 16)
    if at % 5 < 3:
        length = 1 + drawn % 5
        given = "".join(GIVEN[(drawn >> (8 + 11 * n)) % len(GIVEN)] for n in range(length))
        return SURNAMES[(drawn >> 3) % len(SURNAMES)] + given
    words = 2 + drawn % 3
    return " ".join(
        "".join(PARTS[(drawn >> (16 * word + 4 * n)) % len(PARTS)] for n in range(3))
        for word in range(words)
    )


def wrong(name: str, at: int) -> str:
    """Give a name with one letter changed."""
    place = 1 + at % (len(name) - 1)
    return name[:place] + ("q" if name.isascii() else "龘") + name[place + 1 :]


def fill() -> None:
    """Put the list in as a live one, past the two people who let it in elsewhere."""
    owner = connections["owner"]
    owner.ensure_connection()
    list_id, now = ids.uuid7(), clock.now()
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute(
            "INSERT INTO antifraud_list VALUES (%s, 'sanctions', 'name', 'bench', '', %s, 'live',"
            " 'one', 'two', %s)",
            [list_id, ENTRIES, now],
        )
        # Built after the rows, as a restored database would.
        cursor.execute("DROP INDEX antifraud_entry_names")
        with cursor.copy(
            "COPY antifraud_entry (id, list_id, digest, name_whole, name_keys, ref) FROM STDIN"
        ) as out:
            for at in range(ENTRIES):
                keys = _names.keys_of(name_of(at))
                assert keys is not None, "a name of nothing"
                listed = "{" + ",".join(map(str, keys.listed)) + "}"
                out.write_row((ids.uuid7(), list_id, "", keys.whole, listed, f"b.{at}"))
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(
            "CREATE INDEX antifraud_entry_names ON antifraud_entry USING gin (name_keys)"
            " WITH (fastupdate = off)"
        )
    with owner.cursor() as cursor:
        cursor.execute("ANALYZE antifraud_entry")


def asked() -> list[tuple[str, str]]:
    """Give names with what is expected: exact, near or none."""
    found = []
    for at in range(ASKED):
        number = int(ids.digest(f"asked.{at}")[:8], 16) % ENTRIES
        name = name_of(number)
        if at % 4 < 2:
            found.append((name, "exact"))
        elif at % 4 == 2:
            near = len(_names.normal(name)) >= (6 if name.isascii() else 4)
            found.append((wrong(name, at), "near" if near and " " not in name else "any"))
        else:
            found.append((f"{name}龍馬{name}" if not name.isascii() else f"zz{name}zz", "none"))
    return found


def main() -> None:
    """Fill the list, then screen one name after the other."""
    start = time.perf_counter()
    fill()
    report.say(f"{ENTRIES} entries in {time.perf_counter() - start:.0f} s")
    times, faults = [], 0
    for name, expected in asked():
        begin = time.perf_counter_ns()
        with transaction.atomic():
            met = _listing.named(name, [ListKind.SANCTIONS])
        times.append((time.perf_counter_ns() - begin) / 1e6)
        is_exact = any(each.is_exact for each in met)
        faults += {"exact": not is_exact, "near": not met, "none": bool(met), "any": False}[
            expected
        ]
    times.sort()
    p99 = times[int(len(times) * 0.99)]
    report.say(f"median {statistics.median(times):.2f} ms, p99 {p99:.2f} ms, wrong: {faults}")
    report.result(
        name="screening",
        value=round(p99, 2),
        unit="ms p99",
        bar=f"<= {BAR_MS} over {ENTRIES} entries, none missed",
        holds=p99 <= BAR_MS and not faults,
    )


if __name__ == "__main__":
    main()
