"""Every page of the door, from the router: axe 0, console 0, CSP 0, no sideways scroll."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web import here, known, routes, walk
from tests.web.conftest import Opens
from tests.web.test_standing import browser_of
from xingnuo.doors.cli.scratch import Stack

LOOKS = ("light", "dark", "elder")
NARROW = {"width": 320, "height": 640}
NORMAL = {"width": 390, "height": 844}
# A page that says 4xx makes the browser itself complain; that is no fault of the page.
STATUS = "Failed to load resource: the server responded with a status of 4"
PAGES_MIN = 45
PICTURES = os.environ.get("XN_PICTURES", "")
# Where pages look otherwise once a person did something; the others were swept already.
DEEP = ("/me/", "/feed/", "/leave/", "/out/", "/notices/")
SMALL = """
() => [...document.querySelectorAll('a,button,input,select,textarea,summary')]
  .filter((one) => one.checkVisibility() && !one.closest('.sr,.skip,p,li,dd,.note')
    && !(one.matches('[type=checkbox],[type=radio]') && one.closest('label'))
    && one.type !== 'hidden')
  .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 && box.height > 0)
  .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)
"""


@dataclass
class Sweep:
    """What was seen, and what was wrong, by page."""

    seen: list[str] = field(default_factory=list)
    good: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


@pytest.mark.console_ok(STATUS)
@pytest.mark.timeout(900)
@pytest.mark.promise("0.5")
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", ["guest", "person"])
def test_every_page_is_whole(
    opens: Opens, stack: Stack, signed_in_state: dict[str, Any], who: str, look: str
) -> None:
    """Each page that answers a GET with HTML is whole in this look, for this visitor."""
    page = opens(**({"storage_state": signed_in_state} if who == "person" else {}))
    if who == "guest":
        walk.agree_to_notice(page, stack.base_url)
    walk.look(page, stack.base_url, look)
    sweep = Sweep()
    for route in routes.pages():
        _visit(page, stack.base_url, route, look, sweep)
    assert not sweep.wrong, "\n".join(sweep.wrong)
    assert len(sweep.seen) >= (PAGES_MIN if who == "person" else PAGES_MIN // 3), sweep.seen


@pytest.mark.console_ok(STATUS)
@pytest.mark.timeout(900)
@pytest.mark.promise("0.5")
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_of_a_person_who_did_much_is_whole(
    opens: Opens, stack: Stack, look: str
) -> None:
    """Pages that wait for a yes, a name or a decision are swept as they are with it."""
    alice = known.make()
    page = opens()
    walk.agree_to_notice(page, stack.base_url)
    here.enter(page, stack.base_url, browser_of(alice.person))
    walk.look(page, stack.base_url, look)
    sweep = Sweep()
    for route in routes.pages(alice.real):
        if route.path.startswith(DEEP) or route.name in alice.real:
            _visit(page, stack.base_url, route, look, sweep)
    assert not sweep.wrong, "\n".join(sweep.wrong)
    own = [route.path for route in routes.pages(alice.real) if route.name in alice.real]
    assert not {*known.SEES, *own} - sweep.good


def _visit(page: Page, base: str, route: routes.Route, look: str, sweep: Sweep) -> None:
    probe = page.request.get(base + route.path, max_redirects=0)
    html = probe.headers.get("content-type", "").startswith("text/html")
    if probe.status >= 500:
        sweep.wrong.append(f"{route.path}: {probe.status}")
    if not html or 300 <= probe.status < 400 or probe.status in (405, 500):
        return
    if "attachment" in probe.headers.get("content-disposition", ""):
        return
    page.goto(base + route.path)
    sweep.seen.append(route.path)
    if probe.ok:
        sweep.good.add(route.path)
    sweep.wrong += [f"{route.path} [{look}] {fault}" for fault in _faults(page, look)]
    if PICTURES:  # last: taking one leaves style attributes behind
        page.screenshot(path=f"{PICTURES}/{route.name}-{look}.png", full_page=True)


def _faults(page: Page, look: str) -> list[str]:
    found = [
        f"axe {one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in Axe().run(page).response["violations"]
    ]
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} headings of the first level")
    if page.locator(".btn:visible").count() > 1:
        found.append("more than one primary button")
    if page.locator("[style],script:not([src])").count():
        found.append("inline style or script")
    if look != "dark":
        found += [f"small: {one}" for one in page.evaluate(SMALL)]
        page.set_viewport_size(NARROW)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            found.append(f"sideways scroll of {over} px at 320 px")
        page.set_viewport_size(NORMAL)
    return found


@pytest.mark.parametrize("who", ["guest", "person"])
def test_nothing_comes_from_elsewhere(
    opens: Opens, stack: Stack, signed_in_state: dict[str, Any], who: str
) -> None:
    """No page asks a third party for anything, nor makes more than ten requests."""
    page = opens(**({"storage_state": signed_in_state} if who == "person" else {}))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/welcome/", "/policy/", "/me/", "/support/", "/me/settings/"):
        asked.clear()
        page.goto(stack.base_url + path)
        page.wait_for_load_state("networkidle")
        assert all(url.startswith(stack.base_url) for url in asked)
        assert len(asked) <= 10, asked
