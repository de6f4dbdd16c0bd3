"""The part of the demo that people of the house have a hand in, as its person gets to see it."""

from __future__ import annotations

import re
import threading
import urllib.request
from uuid import UUID

from django.db import transaction

from xingnuo.doors.cli import _demo_staff as staff
from xingnuo.doors.cli._demo_browser import Answer, Mismatch
from xingnuo.doors.cli._demo_people import (
    CHILDREN_FROM,
    HERE,
    NAME,
    WAIT_SECONDS_MAX,
    Walker,
    agreed,
    number_of,
    typed_name,
)
from xingnuo.kit import clock, ids
from xingnuo.people.identity.contracts import CaseKind
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.policy.contracts import SubjectState

LOOKED = "/me/settings/privacy/looked/"
VALIDITY = "2020-01-01/2040-01-01"
_CASE = re.compile(r"/support/cases/([0-9a-f-]{36})/")


def _picture(walker: Walker, name: str) -> bytes:
    """Take one of the sandbox's pictures; its colour says how a comparison ends."""
    address = f"{walker.sandbox_url}/face/samples/{name}.png"
    with urllib.request.urlopen(address, timeout=20) as answer:
        found: bytes = answer.read()
    return found


def photos(walker: Walker, number: str) -> None:
    """Give photos of the document: refused what is none, checked by hand, seen by a reviewer."""
    walker.prove_again(f"{HERE}photos/")
    page = agreed(walker, f"{HERE}photos/")
    front, back = _picture(walker, "match"), _picture(walker, "unclear")
    bad = walker.browser.submit(
        page, page.form_with("key"), files={"front": front, "back": b"\x89PNG not at all"}
    )
    walker.step("证件照片里有一张不是图片：说清是哪一张，一张都不收", bad, status=422)
    asked = walker.browser.submit(bad, bad.form_with("key"), files={"front": front, "back": back})
    walker.step("两面都收下：只留画面，加密保存", asked)
    confirm = walker.browser.follow(asked, "核对") if "number" not in _fields(asked) else asked
    other = walker.browser.submit(
        confirm, confirm.form_with("number"), name=NAME + "甲", number=number, validity=VALIDITY
    )
    walker.step("填的和已认证的人对不上", other, status=422)
    sent = walker.browser.submit(
        other, other.form_with("number"), name=NAME, number=number, validity=VALIDITY
    )
    walker.step("填对：交给人来看", sent)
    why = staff.reviewer_decides(CaseKind.DOCUMENT_PHOTO)
    walker.step(f"审核同事没领取就看，被拒（{why}）；领取、看照片、通过")
    seen = walker.browser.get(sent.url)
    walker.must("已通过" in seen.words, "证件照片核对通过")
    walker.must("审核人员" in walker.browser.get(LOOKED).words, "谁看过照片，本人看得到")


def _fields(page: Answer) -> set[str]:
    return {name for form in page.forms for name, _ in form.fields}


def face(walker: Walker) -> None:
    """Have a face compared: another's is told plainly, one's own passes, and neither is kept."""
    page = agreed(walker, f"{HERE}face/")
    other = _compared(walker, page, "no-match")
    walker.step("刷脸，不是本人：说明结果，换一种方式也一样", other)
    walker.must("没通过" in other.words or "不一致" in other.words, "照片比对后不留")
    mine = _compared(walker, walker.browser.get(f"{HERE}face/"), "match")
    walker.step("刷脸，是本人：只留结果和编号", mine)
    walker.must("已通过" in mine.words, "实名到第三级")


def _compared(walker: Walker, page: Answer, name: str) -> Answer:
    files = {"face": _picture(walker, name)}
    return walker.browser.submit(page, page.form_with("key"), files=files)


def question(walker: Walker) -> None:
    """Ask customer service; an agent looks at what the question needs, and the person sees it."""
    page = agreed(walker, "/support/ask/personal_data/")
    made = walker.browser.submit(page, page.form_with("key"), text="手机号换了，在哪里改？")
    walker.step("问客服：只给这件事要的信息，写明最晚哪天答复", made)
    found = _CASE.search(made.url)
    if found is None:
        raise Mismatch(f"没有到工单页：{made.url}")
    agreed(walker, "/consent/support.case/")
    why, count = staff.agent_answers(UUID(found[1]))
    walker.step(f"客服没签承诺、没培训，领了工单也看不到（{why}）；补齐后看到 {count} 项，答复")
    answered = walker.browser.get(made.url)
    walker.must(staff.ANSWER in answered.words, "答复在自己的工单里")
    walker.must("客服人员" in walker.browser.get(LOOKED).words, "客服看过什么，本人看得到")


def rules(walker: Walker) -> None:
    """Change a rule of risk: tried on the past, and released by two."""
    number, tried, why = staff.rule_changes_hands()
    walker.step(f"风险规则第 {number} 版：回测 {tried} 个以往事件，提出的人自己放行被拒（{why}）")
    walker.must(number, "另一位同事放行后生效，谁提谁放都在案")


def minor(walker: Walker) -> None:
    """Type a child's number: turned away at once; then a guardian has everything deleted."""
    number = number_of(ids.random_bytes(6), first=CHILDREN_FROM, days=3_000)
    turned = typed_name(walker, agreed(walker, f"{HERE}name/"), number)
    walker.step("另一个人填了未成年的证件号码", turned)
    walker.must("你还不能使用星诺" in turned.words, "马上停止收集，刚填的也不留")
    bank = walker.browser.get(f"{HERE}bank/")
    walker.must("/minor/" in bank.url, "其他入口也都回到这一页，监护人可以来办删除")
    page = walker.browser.get(f"{HERE}guardian/")
    bad = _told(walker, page, b"my word")
    walker.step("监护人没有证明：不立案", bad, status=422)
    asked = _told(walker, bad, _picture(walker, "match"))
    walker.step("监护人交了关系证明", asked)
    walker.must("核实中" in asked.words, "等人核实，15 天内有结果")
    staff.reviewer_decides(CaseKind.GUARDIAN)
    _wait_until_erased(walker)
    walker.step("审核同事看过证明，通过：后台删除全部信息、关闭帐号")
    gone = walker.browser.get("/me/personal/")
    walker.must("/me/personal/" not in gone.url, "孩子的登录已失效")


def _told(walker: Walker, page: Answer, proof: bytes) -> Answer:
    form = page.form_with("提交申请")
    return walker.browser.submit(page, form, files={"proof": proof}, relation="mother")


def _wait_until_erased(walker: Walker) -> None:
    if walker.subject_id is None:
        raise Mismatch("没有登录")
    deadline = clock.now().timestamp() + WAIT_SECONDS_MAX
    while clock.now().timestamp() < deadline:
        with transaction.atomic():
            state = gate.state_of(walker.subject_id)
        if state is SubjectState.ERASED:
            left = sum(gate.residue(walker.subject_id).values())
            walker.must(not left, "密钥、内容、索引都是 0 条")
            return
        threading.Event().wait(0.3)
    raise Mismatch("监护人的申请通过后，帐号没有在时限内删除")
