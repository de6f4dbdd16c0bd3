"""Home: bytes of the first load as a browser takes it, and the server's p95.

`xingnuo bench home [--json]`. Bars: at most 35 KB (KiB) over the wire for the signed-in home with
nothing cached, headers included, and p95 at most 50 ms over 200 requests of one client on
loopback after a warm-up. A real browser loads the page; the web process is one as it ships, with
fingerprinted and compressed static files. The person signs in by every page of the real way.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Response, ViewportSize, sync_playwright

from bench import report
from xingnuo.doors.cli import programs
from xingnuo.doors.cli._demo_browser import AGENT
from xingnuo.doors.cli._demo_life import Life
from xingnuo.kit import child

BYTES_BAR, P95_BAR_MS = 35 * 1024, 50.0
WARM_UP, REQUESTS = 20, 200
START_SECONDS_MAX = 60
VIEW: ViewportSize = {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


@contextmanager
def shipped() -> Iterator[int]:
    """Run one more web process as it ships and give its port."""
    port, logs = programs.free_port(), Path(os.environ["XN_DATA_DIR"]) / "logs"
    env = {
        **os.environ,
        "XN_ENV": "dev",
        "XN_PORT": str(port),
        "XN_BASE_URL": f"http://localhost:{port}",
    }
    collect = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, env=env, check=True)
    process = child.start(programs.web(port).argv, log=logs / "shipped.log", env=env)
    try:
        deadline = time.monotonic() + START_SECONDS_MAX
        while not programs.answers(port):
            if child.ended(process) or time.monotonic() > deadline:
                raise SystemExit((logs / "shipped.log").read_text()[-2000:])
            time.sleep(0.05)
        yield port
    finally:
        child.end(process, ask=signal.SIGTERM, seconds=10)


def sign_in() -> CookieJar:
    """Agree to the notice and sign in at the account provider; gives the browser's cookies."""
    life = Life(os.environ["XN_BASE_URL"], os.environ["XN_SANDBOX_URL"], say=lambda _: None)
    life.first_run()
    life.sign_in()
    return life.browser.jar


def first_load(browser: Browser, url: str, cookies: list[dict[str, Any]]) -> int:
    """Load a page with nothing cached; gives the bytes of all answers, headers included."""
    context = browser.new_context(service_workers="block", viewport=VIEW, user_agent=AGENT)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page: Page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda one: answers.append(one))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    if page.url != url:
        raise SystemExit(f"{url} led to {page.url}")
    total = 0
    for answer in answers:
        sizes = answer.request.sizes()
        size = sizes["responseBodySize"] + sizes["responseHeadersSize"]
        kind = answer.headers.get("content-encoding", "as it is")
        report.say(f"  {size:6} bytes  {answer.status}  {kind:9} {answer.url.split('/', 3)[3]}")
        total += size
    report.say(f"  {total:6} bytes ({total / 1024:.1f} KB) in {len(answers)} answers")
    context.close()
    return total


def p95_ms(port: int, path: str, cookie: str) -> float:
    """Ask for a page again and again on one connection; gives the p95 in milliseconds."""
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    headers = {"Cookie": cookie, "User-Agent": AGENT, "Accept-Encoding": "gzip, br"}
    times = []
    for number in range(WARM_UP + REQUESTS):
        start = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise SystemExit(f"{path} answered {answer.status}")
        if number >= WARM_UP:
            times.append((time.perf_counter() - start) * 1000)
    connection.close()
    p95 = statistics.quantiles(times, n=20)[18]
    report.say(f"  {path}: median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms")
    return p95


def chromium() -> dict[str, Any]:
    """Name the machine's own browser where there is one; else Playwright's is taken."""
    names = ("chromium", "chromium-browser")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return {"executable_path": found} if found else {}


def main() -> None:
    """Sign in, count the bytes of both first loads, and time both pages."""
    jar = sign_in()
    cookies = [{"name": c.name, "value": c.value, "domain": "localhost", "path": "/"} for c in jar]
    header = "; ".join(f"{c.name}={c.value}" for c in jar)
    with shipped() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(args=FLAGS, **chromium())
        report.say("first load of home, signed in:")
        size = first_load(browser, f"http://localhost:{port}/", cookies)
        report.say("first load of the notice, as a guest:")
        guest_size = first_load(browser, f"http://localhost:{port}/welcome/", [])
        browser.close()
        report.say(f"server, {REQUESTS} requests of one client:")
        p95 = p95_ms(port, "/", header)
        guest_p95 = p95_ms(port, "/welcome/", "")
    report.result(
        name="home",
        value=round(p95, 1),
        unit="ms p95",
        bar=f"<= {P95_BAR_MS} ms p95 and <= {BYTES_BAR} bytes on the first load",
        holds=max(p95, guest_p95) <= P95_BAR_MS and max(size, guest_size) <= BYTES_BAR,
        ratio_to=f"{BYTES_BAR} bytes",
        ratio=round(size / BYTES_BAR, 2),
    )


if __name__ == "__main__":
    main()
