"""The steps of the demo: what the person does, what must come back, what evidence it leaves."""

from __future__ import annotations

import io
import json
import re
import threading
import urllib.request
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from xingnuo.doors.cli import _demo_desk, _demo_people
from xingnuo.doors.cli._demo_browser import Answer, Browser, Mismatch
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.people.accounts import queries as accounts
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import queries as gate

PASSWORD = "a quite long pass phrase"
EMAIL = "demo.person@example.com"
LINES_SHOWN_MAX = 6
WAIT_SECONDS_MAX = 90


class Life:
    """One person, from the first page to the certificate of erasure."""

    def __init__(self, base_url: str, sandbox_url: str, *, say: Callable[[str], None]) -> None:
        self.browser = Browser(base_url)
        self.base_url, self.sandbox_url, self.say = base_url, sandbox_url, say
        self.subject_id: UUID | None = None
        self.receipt = ""
        self._seen: set[UUID] = set()
        self._number = 0
        self._phone = ""

    def live(self, *, before_the_end: Callable[[], None]) -> None:
        """Walk the whole life; raises `Mismatch` at the first step that comes out otherwise."""
        self.first_run()
        self.sign_in()
        self.consent()
        self.fill_in()
        self.people()
        self.sibling()
        self.look_and_download()
        self.plain_view()
        before_the_end()
        self.withdraw()
        self.close()

    def step(self, title: str, page: Answer | None = None, *, status: int = 200) -> None:
        """Print a step, hold its status against what must be, and print its new evidence."""
        self._number += 1
        if page is not None and page.status != status:
            raise Mismatch(f"{title}：应为 {status}，得到 {page.status}（{page.url}）")
        mark = f" → {page.status}" if page is not None else ""
        self.say(f"\n{self._number:2}. {title}{mark}")
        self._new_evidence()

    def must(self, holds: object, words: str) -> None:
        """Hold one fact of a step."""
        if not holds:
            raise Mismatch(words)
        self.say(f"    ✓ {words}")

    def first_run(self) -> None:
        """Open the app for the first time: the notice first, no cookie id before an answer."""
        page = self.browser.get("/")
        self.step("第一次打开：先看隐私提示", page)
        self.must("/welcome/" in page.url, "没有同意之前，只看到提示")
        names = {cookie.name for cookie in self.browser.jar}
        self.must(not names - {"xn_csrf"}, "没有写入任何标识")
        refused = self.browser.get("/me/personal/")
        self.step("没登录就想看个人信息", refused)
        self.must("/me/personal/" not in refused.url, "被拦下，先看提示、先登录")
        agreed = self.browser.submit(page, page.form_with("同意"), button="同意")
        self.step("同意提示（只是同意政策，没有打开任何敏感信息）", agreed)

    def sign_in(self) -> None:
        """Sign in through the account provider, a process of its own."""
        made = self.ask_sandbox(
            "/account/test/accounts", {"nickname": "演示小艾", "password": PASSWORD}
        )
        page = self.browser.get("/sign-in/")
        page = self.browser.submit(page, page.form_with("用星号帐号登录"))
        self._phone = str(made["phone"])
        page = self._provider(page, self._phone)
        self.must(page.url.startswith(self.base_url), "从星号帐号回到星诺")
        with transaction.atomic():
            found = accounts.resolve(self.browser.cookie("xn_session"))
        if found is None:
            raise Mismatch("登录后没有会话")
        self.subject_id = found.subject_id
        self.step("登录：只收帐号、手机号、昵称、头像", page)

    def consent(self) -> None:
        """Refuse one sheet, agree to another."""
        refused = self.browser.get("/consent/feed.personal/")
        refused = self.browser.submit(refused, refused.form_with("answer"), answer="refuse")
        self.step("个性化内容：不同意", refused)
        item = self.browser.get("/me/personal/email/")
        asked = self.browser.submit(item, item.form_with("value"), value=EMAIL)
        self.step("没有授权就填邮箱", asked)
        self.must("/consent/profile.manage/" in asked.url, "没有收下，先问同不同意")
        agreed = self.browser.submit(
            asked, asked.form_with("answer"), answer="agree", optional="email"
        )
        self.step("只同意保存邮箱一项", agreed)

    def fill_in(self) -> None:
        """Type a wrong value, then a right one, then correct it."""
        item = self.browser.get("/me/personal/email/")
        wrong = self.browser.submit(item, item.form_with("value"), value="不是邮箱")
        self.step("填错：说清怎么改，什么都不留", wrong, status=422)
        kept = self.browser.submit(wrong, wrong.form_with("value"), value=EMAIL)
        self.step("填对：加密保存", kept)
        self.must("d***@example.com" in kept.words, "页面上是遮挡的")
        self.must(EMAIL not in kept.body.decode(), "网页源码里也没有明文")
        item = self.browser.get("/me/personal/email/")
        fixed = self.browser.submit(item, item.form_with("value"), value="x." + EMAIL)
        self.step("更正", fixed)
        missing = self.browser.get("/me/personal/face_image/")
        self.step("想塞进没有声明的内容", missing, status=404)

    def people(self) -> None:
        """Confirm the real name by four ways, meet staff, stop promotions, see what decided."""
        number = _demo_people.number_of(ids.random_bytes(6))
        _demo_people.real_name(self, number, self._phone)
        _demo_desk.photos(self, number)
        _demo_desk.face(self)
        _demo_people.promotions(self, self._phone)
        _demo_people.automated(self)
        _demo_desk.question(self)
        _demo_desk.rules(self)
        self.say("\n■ 另一个人，一个孩子，用自己的浏览器")
        child = Life(self.base_url, self.sandbox_url, say=self.say)
        child.first_run()
        child.sign_in()
        _demo_desk.minor(child)

    def sibling(self) -> None:
        """Sign in to a sibling app: refused first, then agreed, then switched off."""
        home = self.browser.get(f"{self.sandbox_url}/suixingjie/")
        asked = self.browser.follow(home, "用星诺帐号登录")
        self.step("姊妹应用“随星借”想同步", asked)
        answer = self.browser.submit(
            asked, asked.form_with("answer"), answer="agree", optional="phone"
        )
        self.step("同意同步：对方只拿到列出的几项", answer)
        self.must("****" in answer.words, "随星借只看到遮挡的手机号")
        switch = self.browser.get("/me/settings/privacy/sync/")
        off = self.browser.submit(switch, switch.form_with("on"), on="0")
        self.step("关掉同步开关", off)

    def look_and_download(self) -> None:
        """See both lists and who looked, and take the copy."""
        for path, title in (
            ("/me/settings/privacy/collected/", "已收集个人信息清单"),
            ("/me/settings/privacy/shared/", "与第三方共享个人信息清单"),
            ("/me/settings/privacy/looked/", "我的信息被谁看过"),
        ):
            self.step(title, self.browser.get(path))
        page = self.browser.get("/me/personal/download/")
        copy = self.browser.submit(page, page.forms[-1])
        packed = zipfile.ZipFile(io.BytesIO(copy.body))
        self.step(f"下载副本（{len(packed.namelist())} 个文件，{len(copy.body) // 1024} KB）", copy)
        told = json.loads(packed.read("个人信息.json"))
        shown = {row["编号"]: row["内容"] for row in told["个人信息"]}
        self.must("****" in shown["phone"], "副本里的手机号是遮挡的")
        self.must(EMAIL.encode() not in copy.body, "副本里没有明文邮箱")

    def plain_view(self) -> None:
        """Prove oneself again at the provider, then see plain values."""
        self.step("重新验证后看明文", page := self.prove_again("/me/personal/"))
        self.must("x." + EMAIL in page.words, "看到了自己的明文邮箱")

    def prove_again(self, to: str) -> Answer:
        """Prove oneself anew at the provider; gives the page one then comes to."""
        page = self.browser.get(f"/me/verify/?next={to}")
        page = self.browser.follow(page, "用星号帐号验证")
        self._provider(page, self._phone)
        return self.browser.get(to)

    def withdraw(self) -> None:
        """Withdraw consent: use stops at once, agreeing again opens it."""
        page = self.browser.get("/me/settings/privacy/withdraw/")
        done = self.browser.submit(page, page.form_with("text_hash"))
        self.step("撤回对隐私政策的同意", done)
        item = self.browser.get("/consent/profile.manage/")
        self.step("撤回后想再授权", item)
        again = self.browser.get("/me/personal/download/")
        self.must(again.status == 200, "撤回后仍能下载自己的副本")

    def close(self) -> None:
        """Close the account: unreadable at once, erased by the worker, certificate given."""
        page = self.browser.get("/me/settings/privacy/close/")
        done = self.browser.submit(page, page.form_with("key"), sure="1")
        self.must("/receipt/" in done.url, "马上退出，并给回执号")
        self.receipt = done.url.rstrip("/").rsplit("/", 1)[-1]
        self.step("注销服务", done)
        gone = self.browser.get("/me/personal/")
        self.must("/me/personal/" not in gone.url, "旧会话已失效")
        found = self._wait_for_certificate()
        self.step("后台删完：销毁密钥、清除数据、搜索残留、出具证明", found)

    def _wait_for_certificate(self) -> Answer:
        deadline = clock.now().timestamp() + WAIT_SECONDS_MAX
        pause = threading.Event()
        while clock.now().timestamp() < deadline:
            page = self.browser.get(f"/receipt/{self.receipt}/")
            if "删除证明" in page.words:
                return page
            pause.wait(0.5)
        raise Mismatch("证明没有在时限内出具")

    def read_after_restore(self) -> str:
        """Try to read the erased person from the restored backup; says how it ended."""
        from django.db import connections

        connections.close_all()
        assert self.subject_id is not None
        with transaction.atomic():
            state = gate.state_of(self.subject_id)
        residue = gate.residue(self.subject_id)
        if any(residue.values()):
            raise Mismatch(f"恢复后还有残留：{residue}")
        return f"状态 {state.value if state else '不存在'}，密钥、内容、索引都是 0 条"

    def _provider(self, page: Answer, phone: str) -> Answer:
        if any(name == "password" for form in page.forms for name, _ in form.fields):
            page = self.browser.submit(
                page, page.form_with("password"), password=PASSWORD, phone=phone
            )
        for form in page.forms:
            if any("同意登录" in button[2] for button in form.buttons):
                page = self.browser.submit(page, form, button="同意登录")
                break
        return page

    def ask_sandbox(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask the sandbox to do something."""
        request = urllib.request.Request(
            self.sandbox_url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def _new_evidence(self) -> None:
        if self.subject_id is None:
            return
        with transaction.atomic():
            session.set_subject(self.subject_id)
            entries = [e for e in evidence.of_subject(self.subject_id) if e.id not in self._seen]
        self._seen |= {entry.id for entry in entries}
        for entry in list(reversed(entries))[-LINES_SHOWN_MAX:]:
            parts = [entry.kind.value, entry.purpose, " ".join(entry.items[:6]), entry.reason]
            told = " · ".join(part for part in parts if part)
            self.say(f"      证据 {str(entry.id)[-6:]} {re.sub(r'  +', ' ', told)}")
