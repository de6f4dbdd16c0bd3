"""实名认证 in a real browser: by each way, with refusals on the way; a minor is turned away."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import cast
from tests.people.identity import residents
from tests.people.identity.residents import minor_number, photo
from tests.web import walk
from xingnuo.doors.cli.scratch import Stack
from xingnuo.kit import ids, pictures
from xingnuo.people.identity._limits import FACE_EDGE_PX_MAX
from xingnuo.people.identity.contracts import Ground
from xingnuo.people.identity.models import CaseRow

NAME = "欧阳明月"
HERE = "/me/real-name/"


class Walker:
    """A person in the browser, and the same one at the authority."""

    def __init__(self, page: Page, stack: Stack) -> None:
        self.page, self.stack = page, stack
        self.account = walk.make_account(stack.sandbox_url)
        self.number = cast.document_number()
        told = {"name": NAME, "number": self.number, "phone": self.account.phone}
        walk.post_json(f"{stack.sandbox_url}/authority/test/people", told)
        walk.sign_in(page, stack.base_url, self.account)

    def go(self, path: str = "", *, yes: int = 0) -> None:
        """Go to a page, agreeing to the questions that come first."""
        self.page.goto(f"{self.stack.base_url}{HERE}{path}")
        for _ in range(yes):
            self.page.locator("button[value=agree]").click()

    def fill(self, **fields: str) -> None:
        """Fill fields by their names and send the page's form."""
        for name, text in fields.items():
            self.page.locator(f"[name={name}]").last.fill(text)
        self.page.locator(".bar .btn, .bar button").first.click()

    def send(self, **files: bytes) -> None:
        """Choose files by their fields' names and send the page's form."""
        for name, content in files.items():
            chosen = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content}
            self.page.locator(f"[name={name}]").set_input_files(chosen)  # type: ignore[arg-type]
        self.page.locator(".bar .btn, .bar button").first.click()

    def heading(self, name: str) -> None:
        """Find a heading on the page."""
        expect(self.page.get_by_role("heading", name=name)).to_be_visible()

    def proved(self, path: str) -> None:
        """Prove at the provider who it is, where a page asks for it."""
        if "/reverify/" in self.page.url:
            self.page.locator("main button, .bar .btn").last.click()
            walk.pass_provider(self.page, self.account)
            self.go(path)

    def decided(self, kind: str, *, approve: bool = True) -> None:
        """Let a reviewer decide the newest case of a kind about this person."""
        check = self.page.url.rstrip("/").rsplit("/", 1)[-1]
        case = CaseRow.objects.filter(check_id=check, kind=kind).latest("opened_at")
        ground = Ground.NONE if approve else Ground.UNREADABLE
        residents.decided(case.id, approve=approve, ground=ground)
        self.page.goto(self.page.url)

    def named(self) -> None:
        """Have name and number confirmed."""
        self.go("name/", yes=2)
        self.fill(name=NAME, number=self.number)
        expect(self.page.get_by_role("heading", name="已通过")).to_be_visible()

    def is_fine(self) -> None:
        """Find nothing that a screen reader would stumble over, in every look."""
        for name in ("light", "dark", "elder"):
            walk.look(self.page, self.stack.base_url, name)
            self.page.goto(self.page.url)
            found = Axe().run(self.page).response["violations"]
            assert not found, (self.page.url, name, [one["id"] for one in found])


@pytest.fixture
def one(page: Page, stack: Stack) -> Walker:
    """Give a person who has just signed in."""
    return Walker(page, stack)


@pytest.mark.promise("1.2.3a")
@pytest.mark.console_ok("422")
def test_by_name_and_number_with_refusals_on_the_way(one: Walker) -> None:
    """A wrong digit is told beside its field, a wrong name plainly; the right one passes."""
    one.go("name/", yes=2)
    one.fill(name=NAME, number="110105199001011231")
    expect(one.page.get_by_role("heading", name="有 1 处需要修改")).to_be_visible()
    expect(one.page.locator("[name=name]").last).to_have_value(NAME)
    one.fill(name="欧阳明日", number=one.number)
    expect(one.page.get_by_role("heading", name="不一致")).to_be_visible()
    one.is_fine()
    one.go("name/")
    one.fill(name=NAME, number=one.number)
    expect(one.page.get_by_role("heading", name="已通过")).to_be_visible()
    one.go()
    expect(one.page.get_by_text("已核对姓名和证件")).to_be_visible()
    one.is_fine()


@pytest.mark.promise("1.2.3b")
@pytest.mark.console_ok("422")
def test_by_card_and_code(one: Walker) -> None:
    """The bank's code from the inbox ends it."""
    one.named()
    one.go("bank/", yes=2)
    told = {"name": NAME, "document_number": one.number, "phone": one.account.phone}
    card = walk.post_json(f"{one.stack.sandbox_url}/bank/test/cards", told)["card_number"]
    one.is_fine()
    one.fill(card=card, phone=one.account.phone)
    inbox = one.page.request.get(
        f"{one.stack.sandbox_url}/sms/inbox.json?phone={one.account.phone}"
    ).json()
    code = next(iter(re.findall(r"(?<!\d)\d{6}(?!\d)", inbox["messages"][0]["text"])))
    one.fill(code=str((int(code) + 1) % 10**6).zfill(6))
    expect(one.page.get_by_text("验证码不对").first).to_be_visible()
    one.fill(code=code)
    expect(one.page.get_by_role("heading", name="已通过")).to_be_visible()


@pytest.mark.promise("1.2.3b")
def test_three_ways_of_being_there_weigh_the_same(one: Walker) -> None:
    """Face, video and counter are rows of one list; a counter code is shown once."""
    one.named()
    one.go("present/")
    boxes = [row.bounding_box() for row in one.page.locator("main a.row").all()]
    assert len(boxes) == 3
    heights = [box["height"] for box in boxes if box]
    assert max(heights) - min(heights) <= 2  # the hairline between rows
    one.is_fine()
    one.go("counter/", yes=1)
    one.page.get_by_role("button", name="取一个码").click()
    expect(one.page.get_by_text(re.compile(r"^\d{10}$"))).to_be_visible()
    one.go("video/")
    one.page.get_by_role("button", name="申请视频见证").click()
    expect(one.page.get_by_role("heading", name="等人核对")).to_be_visible()


@pytest.mark.promise("6.1")
def test_a_minor_is_turned_away_and_has_a_guardian(one: Walker) -> None:
    """The page says what happened and what can be done; every other form leads back to it."""
    one.go("name/", yes=2)
    one.fill(name=NAME, number=minor_number())
    expect(one.page.get_by_role("heading", name="你还不能使用星诺")).to_be_visible()
    one.is_fine()
    one.go("bank/")
    expect(one.page).to_have_url(re.compile("/minor/$"))
    one.page.get_by_role("link", name=re.compile("我是监护人")).click()
    one.is_fine()


@pytest.mark.promise("1.2.3a")
@pytest.mark.console_ok("422")
def test_by_photos_with_refusals_on_the_way(one: Walker) -> None:
    """No picture, the wrong document, an unreadable photo; then the tier rises by a person."""
    one.named()
    one.go("photos/")
    one.proved("photos/")
    one.go("photos/", yes=1)
    one.is_fine()
    one.send(front=b"<html>", back=photo(2))
    one.heading("有 1 处需要修改")
    seed = int.from_bytes(ids.random_bytes(4))
    one.send(front=photo(seed), back=photo(seed + 1))
    one.is_fine()
    one.fill(name=NAME, number=cast.document_number(), validity=residents.VALIDITY)
    one.heading("有 1 处需要修改")
    one.fill(name=NAME, number=one.number, validity="2010-01-01/2020-01-01")
    one.heading("没有通过")
    expect(one.page.get_by_text("证件已过有效期")).to_be_visible()
    for approve, word in ((False, "没有通过"), (True, "已通过")):
        one.go("photos/")
        one.send(front=photo(seed), back=photo(seed + 1))
        one.fill(name=NAME, number=one.number, validity=residents.VALIDITY)
        one.heading("等人核对")
        one.decided("document_photo", approve=approve)
        one.heading(word)
    one.go()
    expect(one.page.get_by_text("已多核对一项")).to_be_visible()


@pytest.mark.promise("1.2.3b")
@pytest.mark.console_ok("422")
def test_by_face_with_refusals_on_the_way(one: Walker) -> None:
    """No picture, not alive, another person; the other ways are named each time, then it passes."""
    one.named()
    one.go("face/", yes=1)
    one.is_fine()
    one.send(face=b"%PDF-1.7")
    one.heading("有 1 处需要修改")
    for sample, word in (("not-live", "没有通过"), ("no-match", "不一致"), ("match", "已通过")):
        one.go("face/")
        one.send(face=face(one.stack, sample))
        one.heading(word)
        if word != "已通过":
            expect(one.page.get_by_text("刷脸、视频或柜台")).to_be_visible()
    one.go()
    expect(one.page.get_by_text("已确认是你本人")).to_be_visible()


def face(stack: Stack, sample: str) -> bytes:
    """Give a picture that the face service takes for what it is called."""
    import urllib.request

    with urllib.request.urlopen(f"{stack.sandbox_url}/face/samples/{sample}.png") as answer:
        raw: bytes = answer.read()
    sent = pictures.clean(raw, edge_px_max=FACE_EDGE_PX_MAX).content
    told = {"sha256": ids.digest(sent), "outcome": sample.replace("-", "_")}
    walk.post_json(f"{stack.sandbox_url}/face/test/images", told)
    return raw


@pytest.mark.promise("1.2.3b")
def test_by_video_and_by_counter_code(one: Walker) -> None:
    """A reviewer's no leaves the other ways; a code at the counter gives the same as a face."""
    one.named()
    one.go("video/", yes=1)
    one.page.get_by_role("button", name="申请视频见证").click()
    one.heading("等人核对")
    one.decided("video", approve=False)
    one.heading("没有通过")
    one.go("counter/")
    one.page.get_by_role("button", name="取一个码").click()
    code = one.page.get_by_text(re.compile(r"^\d{10}$")).inner_text()
    from xingnuo.people.identity import actions

    with cast.transaction():
        case_id = actions.case_by_code(residents.reviewer(), code=code)
    residents.decided(case_id)
    one.go()
    expect(one.page.get_by_text("已确认是你本人")).to_be_visible()


@pytest.mark.promise("1.2.3a")
@pytest.mark.console_ok("422")
@pytest.mark.parametrize(
    ("label", "wrong", "right"),
    [
        ("护照", "12", "E{drawn:08d}"),
        ("港澳通行证", "K12345678", "H{drawn:08d}"),
        ("台湾通行证", "1234567", "{drawn:08d}"),
        ("港澳台居住证", "110105199001011234", "81"),
        ("外国人永居证", "ABC12", "USA{drawn:05d}9001011"),
    ],
)
def test_by_another_document(one: Walker, label: str, wrong: str, right: str) -> None:
    """Each kind by the rules of its own number: a wrong one is told, a right one is confirmed."""
    drawn = int.from_bytes(ids.random_bytes(4)) % 10_000
    if right == "81":
        body = f"81000019900101{drawn % 1000:03d}"
        number = body + residents.check_digit(body)
    else:
        number = right.format(drawn=drawn)
    walk.post_json(
        f"{one.stack.sandbox_url}/authority/test/people", {"name": NAME, "number": number}
    )
    one.go("name/", yes=2)
    one.page.get_by_role("radio", name=label).check()
    one.fill(name=NAME, number=wrong)
    one.heading("有 1 处需要修改")
    one.fill(name=NAME, number=number)
    one.heading("已通过")


@pytest.mark.promise("1.2.3a")
@pytest.mark.console_ok("422")
def test_a_phone_is_checked_with_refusals_on_the_way(one: Walker) -> None:
    """No number, somebody else's, then one's own; the page says what follows beforehand."""
    one.named()
    one.go("phone/", yes=2)
    expect(one.page.get_by_text("号码以前是别人的")).to_be_visible()
    one.is_fine()
    one.fill(phone="123")
    one.heading("有 1 处需要修改")
    one.fill(phone=cast.phone())
    one.heading("不一致")
    expect(one.page.get_by_role("link", name=re.compile("换一个号码"))).to_be_visible()
    one.is_fine()
    one.go("phone/")
    one.fill(phone=one.account.phone)
    one.heading("已通过")


@pytest.mark.promise("6.1")
def test_who_came_of_age_is_seen_before_the_account_opens_again(one: Walker) -> None:
    """Name and number, then a person's eye, then one's own act; no face is asked for."""
    one.go("name/", yes=2)
    one.fill(name=NAME, number=minor_number())
    one.heading("你还不能使用星诺")
    one.go("adult/")
    one.is_fine()
    one.fill(name=NAME, number=one.number)
    expect(one.page).to_have_url(re.compile("/minor/$"))
    expect(one.page.get_by_role("button", name="重新开启帐号")).to_have_count(0)
    expect(one.page.get_by_text("刷脸")).to_have_count(0)
    one.page.get_by_role("link", name=re.compile("视频见证")).click()
    one.page.get_by_role("button", name="申请视频见证").click()
    one.heading("等人核对")
    one.decided("grown_up")
    one.go("minor/")
    one.is_fine()
    one.page.get_by_role("button", name="重新开启帐号").click()
    expect(one.page.get_by_text("帐号已重新开启")).to_be_visible()
    expect(one.page.get_by_text("还没有实名", exact=True)).to_be_visible()


@pytest.mark.promise("1.2.3c")
@pytest.mark.parametrize("fault", ["late(1500)", "reset"])
def test_an_answer_that_is_late_or_lost_is_no_dead_end(one: Walker, fault: str) -> None:
    """The page says that nothing need be sent again, and asking once more ends it."""
    told = {"service": "authority", "operation": "verify", "script": [fault], "match": one.number}
    walk.post_json(f"{one.stack.sandbox_url}/faults", told)
    one.go("name/", yes=2)
    one.fill(name=NAME, number=one.number)
    one.heading("正在核对")
    expect(one.page.get_by_text("不用重复提交")).to_be_visible()
    one.is_fine()
    one.page.wait_for_timeout(2_000)  # by then a late source has answered
    one.page.get_by_role("button", name="再问一次结果").click()
    one.heading("已通过")
