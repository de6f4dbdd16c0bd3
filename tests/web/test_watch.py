"""The watch over pages hears what it must, so that a silent page means something."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.watch import Watch

AT = "http://localhost/"
POLICY = {"Content-Security-Policy": "default-src 'none'; script-src 'self'"}


def show(page: Page, html: str, headers: dict[str, str] | None = None) -> None:
    """Answer a page's request without any server."""
    head = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
    page.route("**/*", lambda route: route.fulfill(body=f"<title>t</title>{html}", headers=head))
    page.goto(AT)


@pytest.mark.parametrize(
    ("html", "headers", "word"),
    [
        ("<script>console.error('broken')</script>", {}, "broken"),
        ("<script>throw new Error('uncaught')</script>", {}, "uncaught"),
        ("<script>1</script>", POLICY, "Content Security Policy"),
        ("<p style='color:red'>x", POLICY, "Content Security Policy"),
    ],
    ids=["console", "uncaught", "script", "style"],
)
def test_it_hears_each_kind_of_complaint(
    context: BrowserContext, html: str, headers: dict[str, str], word: str
) -> None:
    """Console errors, uncaught errors and CSP violations are all heard."""
    watch = Watch()
    page = watch(context.new_page())
    show(page, html, headers)
    page.wait_for_timeout(50)
    assert any(word in complaint for complaint in watch.complaints)


def test_it_passes_over_what_a_test_means_to_cause(context: BrowserContext) -> None:
    """An expected message does not fail the test, any other still does."""
    watch = Watch(["expected"])
    page = watch(context.new_page())
    show(page, "<script>console.error('expected'); console.error('other')</script>")
    page.wait_for_timeout(50)
    assert len(watch.complaints) == 1


def test_a_page_is_a_phone_in_shanghai(page: Page) -> None:
    """Every page fixture is a phone, speaks Chinese and draws it."""
    show(page, "<p id=t>星诺</p>")
    assert page.viewport_size == {"width": 390, "height": 844}
    told = page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]")
    assert told == ["zh-CN", "Asia/Shanghai"]
