"""Checks of leaving: who follows a link out is told first, and goes nowhere unpublished (7.1)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from xingnuo.proof import _house as house
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks.evidence import HOUSE
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.policy import queries as policy

_THE_ONE = "leaving.html"
# The pages that warn: the house's own, and that of the services whose review it shows.
_WARNING = {_THE_ONE, "leave.html"}
# A link to an address, or to what holds one by its name; ours are paths from the router.
_OUT = re.compile(r"""href=["'](?:https?:|//|\{\{[^}]*(?:policy_url|address|website)[^}]*\}\})""")
_PAGES = ("/", "/policy/", "/policy/lists/collected/", "/policy/lists/shared/", "/support/")
_OWN = ("/me/", "/me/settings/", "/me/settings/about/", "/me/settings/privacy/shared/")


@check("7.1", kind=CheckKind.STATIC)
def no_template_links_outside() -> None:
    """No template but the one before leaving links to anything outside."""
    templates = sorted((HOUSE / "doors").rglob("*.html"))
    found = [one.name for one in templates if _OUT.search(one.read_text("utf8"))]
    must(_THE_ONE in found, "no page leads out, so nothing is shown")
    nothing([name for name in found if name not in _WARNING], "links outside")


@check("7.1", kind=CheckKind.DYNAMIC)
def warned_before_leaving() -> None:
    """Every way out goes by the page that warns, and leads to a published address alone."""
    parties = [one for one in policy.in_force().recipients.values() if one.policy_url]
    must(parties, "no party has pages of its own")
    guest, person = house.Browser(), house.onlooker().browser()
    for browser, pages in ((guest, _PAGES), (person, (*_PAGES, *_OWN))):
        for path in pages:
            hosts = {urlsplit(href).hostname for _, href in browser.get(path).links} - {None}
            nothing(hosts, f"{path} links outside")
    listed = {href for _, href in guest.get("/policy/lists/shared/").links}
    for one in parties:
        must(f"/leave/{one.id}/" in listed, f"no way to the policy of {one.id}")
    page = guest.get(f"/leave/{parties[0].id}/?to=https://elsewhere.example/")
    must("适用对方自己的隐私政策" in page.html, "it does not say whose policy applies")
    must("建议先读" in page.html, "nobody is urged to read it")
    out = {href for _, href in page.links if urlsplit(href).hostname}
    must(out == {parties[0].policy_url}, "it leads elsewhere than published")
    must("elsewhere" not in page.html, "what a caller sends stands on the page")
    for unknown in ("elsewhere", "operator"):
        must(guest.get(f"/leave/{unknown}/").status == 404, "a party that is not published")
