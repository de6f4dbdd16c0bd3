"""Every page about money, with money on it: whole in each look, and none that is not known."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests import cast
from tests.outside import Outside
from tests.people.conftest import outside, sandbox_process
from tests.web import here, known, purses, routes, walk
from tests.web.conftest import Opens
from tests.web.test_every_page import LOOKS, STATUS
from tests.web.test_every_page import _faults as faults
from tests.web.test_standing import browser_of
from xingnuo.doors.web import urls

__all__ = ["outside", "sandbox_process"]
PICTURES = os.environ.get("XN_PICTURES", "")
# Rooms about money: what is empty there looks otherwise, so each page needs its person.
KNOWN_BY_NAME = ("automated_one", "way_out", "feed_card", "consent_refused", "receipt")
MONEY = (
    "auto_debit", "balance", "bill_pay", "bills", "cards", "confirming", "merchant",
    "merchant_money", "merchant_scan", "paying", "payment_password", "wallet",
)  # fmt: skip
# Answers to a GET that are no page of their own: pictures, a file, a fragment.
NO_PAGES = {"avatar_picture", "calendar_feed", "merchant_picture", "pay_state"}
# Pages of other rooms that wait for a step a fresh person has not made; looked at elsewhere.
_BY_TEST = {
    "test_unlock_door": ("unlock", "unlock_device", "unlock_set", "unlock_off"),
    "test_identity": (
        "real_name_code", "real_name_photos", "real_name_confirm", "real_name_check",
        "real_name_phone", "real_name_minor", "real_name_adult",
    ),
    "test_support": ("support_ask", "support_call", "support_case", "support_file"),
    "test_every_page": ("sign_in", "auth_callback"),
}  # fmt: skip
ELSEWHERE = {name: test for test, names in _BY_TEST.items() for name in names}


def asked_for() -> Iterator[tuple[str, str, Any]]:
    """Give each route that answers a GET: its room, its name, and what a fresh person gets."""
    client = browser_of(cast.make_person())
    paths = {route.name: route.path for route in routes.pages()}
    for pattern in urls.urlpatterns:
        answer = client.get(paths[str(pattern.name)])
        if answer.status_code != 405:
            room = pattern.callback.__module__.rpartition(".")[2]
            yield room, str(pattern.name), answer


def test_no_page_is_unknown_to_the_sweeps() -> None:
    """A page that a fresh person does not see whole is reached by a prepared person."""
    known_paths = {route.path: route.name for route in routes.pages()}
    reached = {known_paths.get(path, "") for path in known.SEES} | {
        *KNOWN_BY_NAME,
        *ELSEWHERE,
        *NO_PAGES,
    }
    lost = {
        name: answer.status_code
        for room, name, answer in asked_for()
        if room not in MONEY and answer.status_code != 200 and name not in reached
    }
    assert not lost, " ".join(f"{k}={v}" for k, v in lost.items())


@pytest.mark.console_ok(STATUS)
@pytest.mark.timeout(900)
@pytest.mark.promise("0.5")
def test_every_page_about_money_is_whole(opens: Opens, outside: Outside) -> None:
    """Each room's pages as somebody sees them who has used the room, in every look."""
    wrong: list[str] = []
    seen: set[str] = set()
    with here.served() as address:
        for scene in purses.scenes(outside):
            page = opens()
            walk.agree_to_notice(page, address)
            here.enter(page, address, scene.client)
            for look in LOOKS:
                walk.look(page, address, look)
                wrong += _looked_at(page, address, scene, look)
            bare = opens(java_script_enabled=False, storage_state=page.context.storage_state())
            wrong += _without_script(bare, address, scene)
            seen |= {name for name, _ in scene.pages}
    assert not wrong, "\n".join(wrong)
    pages = {name for room, name, _ in asked_for() if room in MONEY}
    assert pages - NO_PAGES == seen


def _looked_at(page: Page, address: str, scene: purses.Scene, look: str) -> Iterator[str]:
    for at, (name, path) in enumerate(scene.pages):
        answer = page.goto(address + path)
        assert answer is not None
        if answer.status != 200 or page.url != address + path:
            yield f"{scene.title} {name}: {answer.status}, now at {page.url}"
            continue
        yield from (f"{scene.title} {name} [{look}] {fault}" for fault in faults(page, look))
        if PICTURES:
            shot = f"{PICTURES}/{scene.title}-{at:02d}-{name}-{look}.png"
            page.screenshot(path=shot, full_page=not PICTURES.endswith("screen"))


def _without_script(page: Page, address: str, scene: purses.Scene) -> Iterator[str]:
    """Find pages that have nothing to press, or no way back, where no script runs."""
    for name, path in scene.pages:
        page.goto(address + path)
        if page.locator("main").inner_text().strip() == "":
            yield f"{scene.title} {name}: empty without script"
        for form in page.locator("main form[method=post], footer form[method=post]").all():
            own = form.get_attribute("id")
            press = form.locator("button").count()
            if own:
                press += page.locator(f"button[form={own}]").count()
            if not press:
                yield f"{scene.title} {name}: a form without a button, without script"
