"""The console's list page at 100,000 open cases: bytes, and the server's time.

`xingnuo bench console [--json]`. Bars: every list page at most 20 KB and at most 100 ms p95, with
100,000 open cases in the queue, from the first page and from one deep inside.
"""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

from django.conf import settings
from django.db import connections, transaction
from django.test import Client

from bench import report
from xingnuo.kit import clock, ids
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.models import StaffSeat

CASES, WARM_UP, ROUNDS = 100_000, 5, 60
BYTES_BAR, P95_BAR_MS = 20 * 1024, 100.0
HOST = settings.CONSOLE_URL.partition("://")[2]
FILL = """
    INSERT INTO rights_case (id, subject_id, kind, state, made_at, due_at, done_at, ground,
                             receipt_digest, taken_by)
    SELECT gen_random_uuid(), gen_random_uuid(), 'correct', %s, now(),
           now() + n * interval '7 seconds', CASE WHEN %s = 'done' THEN now() END, '', '', %s
    FROM generate_series(1, %s) AS n
"""


def seat() -> tuple[str, str]:
    """Give the token and staff id of a member who is signed in and cleared."""
    with transaction.atomic():
        made = actions.register(
            code="bench", name="基准", roles=["compliance"], by="cli", channel="cli"
        )
        code = actions.let_in(made.id, by="cli", channel="cli")
        token = actions.enter(staff_code=made.code, code=code, host=HOST)
        here = actions.resolve(token, host=HOST)
        assert here is not None
        actions.sign_undertaking(here, text_hash=queries.undertaking_now().text_hash)
        actions.record_training(made.id, course_id="privacy", by="cli")
        # A passkey needs a device: the session is made a full one by hand.
        StaffSeat.objects.filter(id=here.id).update(
            stage="full", expires_at=clock.now() + timedelta(hours=8)
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE permissions_staff SET state = 'active' WHERE code = 'bench'")
    return token, made.code


def fill(code: str) -> None:
    """Open 100,000 cases, two thousand of them taken, and close as many."""
    with connections["owner"].cursor() as cursor:
        for state, taken, count in (
            ("received", "", CASES),
            ("received", code, 2_000),
            ("done", code, CASES),
        ):
            cursor.execute(FILL, [state, state, taken, count])
        cursor.execute("VACUUM ANALYZE rights_case")


def measured(client: Client, path: str) -> tuple[int, float]:
    """Ask for a page again and again; gives its bytes and the p95 in milliseconds."""
    times, size = [], 0
    for number in range(WARM_UP + ROUNDS):
        begun = time.perf_counter()
        answer = client.get(path)
        took = (time.perf_counter() - begun) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        size = len(answer.content)
        if number >= WARM_UP:
            times.append(took)
    p95 = statistics.quantiles(times, n=20)[18]
    report.say(
        f"  {path[:60]:60} {size:6} bytes, median {statistics.median(times):.1f} ms,"
        f" p95 {p95:.1f} ms"
    )
    return size, p95


def main() -> None:
    """Fill the queue, then time each tab, and a page deep inside."""
    token, code = seat()
    fill(code)
    client = Client(headers={"host": HOST})
    client.cookies[settings.STAFF_COOKIE] = token
    deep = (clock.now() + timedelta(days=4)).isoformat().replace("+", "%2B")
    paths = [f"/ops/q/rights/?tab={tab}" for tab in ("free", "mine", "two", "closed")]
    paths.append(f"/ops/q/rights/?tab=free&after={deep}|{ids.uuid7()}")
    found = [measured(client, path) for path in (*paths, "/ops/")]
    size, p95 = max(one for one, _ in found), max(one for _, one in found)
    report.result(
        name="console",
        value=round(p95, 1),
        unit="ms p95",
        bar=f"<= {P95_BAR_MS} ms p95 and <= {BYTES_BAR} bytes a page at {CASES} open cases",
        holds=p95 <= P95_BAR_MS and size <= BYTES_BAR,
        ratio_to=f"{BYTES_BAR} bytes",
        ratio=round(size / BYTES_BAR, 2),
    )


if __name__ == "__main__":
    main()
