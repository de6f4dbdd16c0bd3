"""Checks over HTTP: what pages show, where they lead, what they set in the browser."""

from __future__ import annotations

import re
from pathlib import Path

from xingnuo.kit import clock
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof import _version
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks.evidence import HOUSE
from xingnuo.proof.checks.permissions import PERMISSIONS
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate.contracts import Reason
from xingnuo.trust.policy import queries as policy

PRIVACY = ("我的", "设置", "隐私设置")
_CLEARS = re.compile(r'"(cache|storage|\*)"')
# What a script of ours would use to keep something in the browser, or to go on measuring.
_KEEPS = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|openDatabase")
_CACHE = re.compile(r"""CACHE\s*=\s*["'`]([a-z-]+)""")
_GOES_ON = re.compile(r"watchPosition|getBattery|deviceorientation|devicemotion|\.enumerateDevices")
# What records while a person holds a button ends by itself when the page leaves the screen.
_ENDS = 'document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });'


@check("0.4", kind=CheckKind.DYNAMIC)
def pages_emphasise() -> None:
    """Policy page and consent page show sensitive items in bold type and in words."""
    html = house.Browser().get("/policy/").html
    strong = " ".join(re.findall(r"<strong>([^<]*)</strong>", html))
    items = policy.in_force().items.values()
    nothing([i.name for i in items if i.sensitive and i.name not in strong], "in plain type")
    page = house.onlooker().browser().get("/consent/loans.credit_query/")
    must("<strong>证件号码（敏感）</strong>" in page.html, "the sheet does not emphasise")


@check("0.5", kind=CheckKind.DYNAMIC)
def policy_page_has_contents() -> None:
    """The policy page has a table of contents that leads to every section, and contacts in each."""
    page = house.Browser().get("/policy/")
    compiled = policy.in_force()
    anchors = {href[1:] for _, href in page.links if href.startswith("#s")}
    for section in policy.readable(compiled):
        must(f"s{section.id}" in page.ids, f"section {section.id} is not on the page")
        if section.level == 1 and section.id != "0":  # the summary comes before the contents
            must(f"s{section.id}" in anchors, f"the contents do not lead to {section.id}")
            last = section.paragraphs[-1].text
            must(compiled.controllers["operator"].contact in last, f"{section.id}: nobody to ask")
    nothing(anchors - page.ids, "the contents lead nowhere")
    contacts = [c.id for c in compiled.controllers.values() if c.contact not in page.html]
    nothing(contacts, "controllers without contact")
    longest = max(len(p.text) for s in policy.readable(compiled) for p in s.paragraphs)
    must(longest < 2000, "a paragraph that nobody reads")


@check("1.0.1", kind=CheckKind.DYNAMIC)
def forms_refuse_undeclared_items() -> None:
    """A form field for an item that is not declared, or not the person's to fill in, is refused."""
    who = house.member()
    browser = who.browser()
    for item in ("blood_type", "card_number", "document_photo"):
        must(browser.post(f"/me/personal/{item}/", {"value": "1"}).status == 404, f"{item} taken")
    sheet = "/consent/feed.personal/"
    told = {"answer": "agree", "optional": "income", "text_hash": stage.sheet("feed.personal")}
    must(browser.post(sheet, told).status == 422, "an item beyond the sheet was agreed to")
    must(set(stage.shown(who.person)) == {"account_id", "phone", "nickname"}, "kept")
    must(not stage.standing(who.person).decisions, "something was agreed to")


@check("1.3.0", kind=CheckKind.DYNAMIC)
def asked_with_reason_and_cost() -> None:
    """Each permission's page says reason and cost first; refuse, allow and take back all work
    there.
    """
    who = house.member()
    browser = who.browser()
    compiled = policy.in_force()
    for permission, _, _ in PERMISSIONS.values():
        page = browser.get(f"/me/settings/privacy/permissions/{permission}/")
        one = compiled.permissions[permission]
        must(page.status == 200, f"{permission} has no page")
        must(
            one.why in page.html and one.refusal_cost in page.html, f"{permission} tells too little"
        )
    place = "/me/settings/privacy/permissions/location/"
    text_hash = re.search(r'name="text_hash" value="([0-9a-f]+)"', browser.get(place).html)
    assert text_hash is not None, "no sheet on the page"
    for answer, on in (("refuse", False), ("agree", True), ("", False)):
        told = {"answer": answer, "outcome": "granted", "text_hash": text_hash[1]}
        done = browser.post(place, told) if answer else browser.post(f"{place}close/")
        must(done.status == 303, f"the answer {answer or 'close'} is not taken")
        on_now = "location" in stage.standing(who.person).permissions_on
        must(on_now is on, f"after {answer or 'close'} it stands otherwise")


@check("1.1.4", kind=CheckKind.STATIC)
def scripts_collect_nothing_in_the_background() -> None:
    """No script of ours goes on measuring or collecting by itself, and what records while a
    button is held stops when the page leaves the screen.
    """
    texts = {path.name: path.read_text("utf8") for path in _scripts()}
    nothing([name for name, text in texts.items() if _GOES_ON.search(text)], "scripts")
    recording = [name for name, text in texts.items() if "MediaRecorder" in text]
    nothing([name for name in recording if _ENDS not in texts[name]], "records on")


def _scripts() -> list[Path]:
    return sorted((HOUSE / "doors").rglob("static/xn/*.js"))


@check("2.1", kind=CheckKind.STATIC)
def one_place_sets_cookies() -> None:
    """Only the porch sets cookies, from its register; no page draws in anything from elsewhere."""
    setters = [
        path.name
        for path in sorted((HOUSE / "doors").rglob("*.py"))
        if ".set_cookie(" in path.read_text("utf8") and path.name != "replies.py"
    ]
    nothing(setters, "sets a cookie by itself")
    foreign = re.compile(r"""(?:src|href)=["']https?://""")
    pages = [
        path.name
        for path in sorted((HOUSE / "doors").rglob("*.html"))
        if foreign.search(path.read_text("utf8"))
    ]
    nothing(pages, "draws in something from elsewhere")


@check("2.1", kind=CheckKind.DYNAMIC)
def no_cookie_outside_the_register() -> None:
    """On a walk through the pages every cookie set is one that the register page tells of."""
    listed = house.Browser().get("/me/settings/storage/").html
    browser = house.Browser()
    seen = set(browser.get("/").cookies)
    must(not seen, "a cookie is set before the notice was answered")
    told = {"answer": "agree", "text_hash": policy.in_force().hash}
    seen |= browser.post("/welcome/", told).cookies
    seen |= browser.post("/sign-in/").cookies
    member = house.onlooker().browser()
    for path in ("/", "/me/", "/me/settings/", "/me/settings/storage/", "/policy/"):
        seen |= member.get(path).cookies
    must({"xn_notice", "xn_flow"} <= seen, "the walk set too little to show anything")
    nothing([name for name in seen if name not in listed], "not in the register")


@check("2.4", kind=CheckKind.STATIC)
def scripts_keep_only_registered_keys() -> None:
    """Scripts keep nothing but the one registered cache, and the register page tells of it."""
    kept = [p.name for p in _scripts() if _KEEPS.search(p.read_text("utf8"))]
    nothing(kept, "keeps something in the browser")
    caches = {name for p in _scripts() for name in _CACHE.findall(p.read_text("utf8"))}
    must(caches, "no cache is found, so nothing is shown")
    listed = house.Browser().get("/me/settings/storage/").html
    nothing([c for c in caches if c.rstrip("-") not in listed], "caches not in the register")


@check("2.4", kind=CheckKind.DYNAMIC)
def a_button_clears() -> None:
    """The page of stored keys has a button that clears them and keeps the person signed in."""
    browser = house.onlooker().browser(xn_ui="dark.elder.0", xn_device="d")
    page = browser.get("/me/settings/storage/")
    must('action="/me/settings/storage/clear/"' in page.html, "no button")
    done = browser.post("/me/settings/storage/clear/")
    clears = set(_CLEARS.findall(done.headers.get("Clear-Site-Data", "")))
    must({"cache", "storage"} <= clears, "the browser is not told to clear")
    must({"xn_ui", "xn_device"} <= done.cookies, "cookies stay")
    must(browser.get("/me/settings/account/").status == 200, "clearing signs out")


@check("5.1.1", kind=CheckKind.DYNAMIC)
def permissions_are_under_privacy_settings() -> None:
    """Home, Me, Settings, Privacy settings lead to grants and to each permission of this device."""
    browser = house.onlooker().browser()
    grants = browser.walk(*PRIVACY, "授权管理")
    asked = [
        p for p in policy.in_force().purposes.values() if p.own_consent and p.title in grants.html
    ]
    must(len(asked) > 10, "the grants are not listed")
    page = browser.walk(*PRIVACY, "系统权限")
    for permission, inside, _ in PERMISSIONS.values():
        one = policy.in_force().permissions[permission]
        href = page.link(one.name)
        must(browser.get(href).status == 200, f"{permission} has no page")
        must(permission in href, f"{permission} leads elsewhere")
        must("web" in inside or one.name in page.html, f"{permission} is not told")


@check("5.1.3", kind=CheckKind.DYNAMIC)
def unlock_ways_are_under_settings() -> None:
    """Home, Me, Settings, Unlock ways lists every way as equal, each with its own switch."""
    browser = house.onlooker().browser()
    page = browser.walk("我的", "设置", "解锁方式")
    for way in ("指纹或面容", "密码", "手势"):
        must(browser.get(page.link(way)).status == 200, f"{way} has no page")


@check("5.1.5", kind=CheckKind.DYNAMIC)
def personal_service_has_a_switch() -> None:
    """Home, Me, Settings, Personalised service switches on by the sheet and off by one tap."""
    who = house.member()
    browser = who.browser()
    for way in (("我的", "设置", "个性化服务"), (*PRIVACY, "个性化服务")):
        must("默认关闭" in browser.walk(*way).html, "no switch")
    told = {"answer": "agree", "optional": "browsing", "text_hash": stage.sheet("feed.personal")}
    must(browser.post("/consent/feed.personal/", told).status == 303, "cannot be switched on")
    must("你打开了" in browser.walk(*PRIVACY, "个性化服务").html, "the page shows it off")
    stage.passes(stage.asks(who.person, "feed.personal", ("browsing",)), "switched on")
    must(browser.post("/consent/feed.personal/withdraw/").status == 303, "cannot be switched off")
    must("你打开了" not in browser.walk(*PRIVACY, "个性化服务").html, "the page shows it on")
    off = stage.asks(who.person, "feed.personal", ("browsing",))
    stage.refused(off, Reason.NO_CONSENT, words="switched off")


@check("5.1.6", kind=CheckKind.DYNAMIC)
def signs_out_and_changes_consent() -> None:
    """Signing out ends the session; consent is given and taken back on the person's own pages."""
    who = house.member()
    browser = who.browser()
    me = who.person
    told = {"answer": "agree", "text_hash": stage.sheet("notices.promotion")}
    must(browser.post("/consent/notices.promotion/", told).status == 303, "no yes is taken")
    must(_granted(me, "notices.promotion"), "the yes is not kept")
    must(browser.post("/consent/notices.promotion/withdraw/").status == 303, "no taking back")
    must(not _granted(me, "notices.promotion"), "the yes goes on")
    must(browser.post("/sign-out/").status == 303, "no signing out")
    must(stage.lines(me, Kind.SIGN_OUT), "signing out is not on record")
    must(who.found is None, "the session goes on after signing out")


def _granted(who: stage.Person, purpose: str) -> bool:
    decisions = stage.standing(who).decisions
    return any(d.purpose == purpose and d.decision == "grant" for d in decisions)


@check("5.2.1a", kind=CheckKind.DYNAMIC)
def personal_information_is_a_page() -> None:
    """Home, Me, Personal information shows masked values, and gives the copy as a file."""
    who = house.onlooker()
    browser = who.browser()
    page = browser.walk("我的", "个人信息")
    must(f"{who.phone[:3]}****{who.phone[-4:]}" in page.html, "the phone is not shown masked")
    must(who.phone not in page.html, "the phone is shown plain")
    must(browser.get(page.link("下载")).status == 200, "no way to the download")


@check("5.2.2a", kind=CheckKind.DYNAMIC)
def withdrawing_tells_what_follows() -> None:
    """The page tells what withdrawing costs before it is done; afterwards forms take nothing
    more.
    """
    who = house.member()
    browser = who.browser()
    page = browser.walk(*PRIVACY, "撤回同意隐私政策")
    must("停止收集" in page.html or "停止" in page.html, "the consequences are not told")
    found = re.search(r'name="text_hash" value="([0-9a-f]+)"', page.html)
    assert found is not None, "no form on the page"
    place = "/me/settings/privacy/withdraw/"
    must(browser.post(place, {"text_hash": "0" * 64}).status == 422, "a text unseen is agreed to")
    must(browser.post(place, {"text_hash": found[1]}).status == 303, "it cannot be withdrawn")
    must(browser.post("/me/personal/email/", {"value": "a@b.cn"}).status == 403, "a form takes it")
    must(browser.get("/me/personal/").status == 200, "the person's own page is shut")


@check("5.2.2b", kind=CheckKind.DYNAMIC)
def closing_is_a_page() -> None:
    """Home, Me, Settings, Privacy settings, Close service closes, and answers with a receipt."""
    who = house.member()
    browser = who.browser()
    must("15 天" in browser.walk(*PRIVACY, "注销服务").html, "the time is not told")
    who.prove()
    page = browser.get("/me/settings/privacy/close/")
    key = re.search(r'name="key" value="([0-9a-f-]+)"', page.html)
    assert key is not None, "no form on the page"
    done = browser.post("/me/settings/privacy/close/", {"sure": "1", "key": key[1]})
    must(done.status == 303 and "/receipt/" in done.headers["Location"], "it does not close")
    must(house.Browser().get(done.headers["Location"]).status == 200, "no receipt")
    must(who.found is None, "the session goes on")


@check("8.1", kind=CheckKind.DYNAMIC)
def a_material_change_is_told() -> None:
    """A version that widens what was accepted is told on home, with the page to decide on it."""
    who = house.member()
    browser = who.browser()
    must("/policy/agree/" not in browser.get("/").html, "told without a change")
    security = policy.in_force().purposes["accounts.security"]
    wider = _version.remade(
        policy.in_force(),
        version="9.3",
        effective_on=clock.today(),
        purposes={"accounts.security": {"items": (*security.items, "nickname")}},
    )
    with _version.published(wider):
        must("/policy/agree/" in browser.get("/").html, "home does not tell of it")
        must(browser.get("/policy/agree/").status == 200, "no page to decide on it")
