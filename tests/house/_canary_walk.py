"""People whose every value is a canary, walking through every flow over HTTP, failures included."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.outside import Partners
from xingnuo.kit import ids

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
HANZI = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mark() -> str:
    """Give an unguessable mark that occurs nowhere else: letters and digits alone."""
    return "cnry" + ids.random_bytes(9).hex()


def hanzi() -> str:
    """Give a name of Chinese characters that nobody bears."""
    return "".join(HANZI[byte % len(HANZI)] for byte in ids.random_bytes(10))


def document_number() -> str:
    """Give a resident number with its right check digit (GB 11643)."""
    number = f"11010519900307{int.from_bytes(ids.random_bytes(2)) % 1000:03}"
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True))
    return number + "10X98765432"[total % 11]


def card_number() -> str:
    """Give a card number that passes Luhn."""
    number = "62170000" + ids.digits(10)
    digits = [int(one) for one in reversed(number)]
    total = sum(sum(divmod(d * 2, 10)) if i % 2 == 0 else d for i, d in enumerate(digits))
    return number + str(-total % 10)


@dataclass
class Walker:
    """A browser, an API client and everything that was typed in them."""

    base: str
    partners: Partners
    canaries: dict[str, str] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    problems: list[bytes] = field(default_factory=list)
    typed_urls: set[str] = field(default_factory=set)
    refused: int = 0
    token: str = ""

    def __post_init__(self) -> None:
        agent = {"User-Agent": f"Mozilla/5.0 (Linux; Android 14) {self.new('agent')}"}
        self.http = httpx.Client(
            base_url=self.base, trust_env=False, timeout=60, headers=agent,
            event_hooks={"response": [self._note]},
        )  # fmt: skip
        self.new("nickname")
        told = self.partners.make_account(nickname=self.canaries["nickname"])
        self.sub, self.phone = told["sub"], told["phone"]
        self.canaries |= {"phone": self.phone, "account id": self.sub}

    def new(self, name: str, value: str = "") -> str:
        """Make a canary under a name."""
        self.canaries[name] = value or mark()
        return self.canaries[name]

    def _note(self, answer: httpx.Response) -> None:
        if str(answer.url).startswith(self.base):
            self.urls += [str(answer.request.url), answer.headers.get("Location", "")]
        if answer.status_code >= 400:
            self.refused += 1

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        answer = self.http.get(path)
        assert answer.status_code < 500, (path, answer.status_code)
        return answer

    def post(self, path: str, form: dict[str, Any], *, page: str = "") -> httpx.Response:
        """Send the form of a page, with what the page hid in it."""
        text = self.get(page or path).text
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(text)}
        token = TOKEN.search(text)
        data = {**hidden, "csrfmiddlewaretoken": token.group(1) if token else "", **form}
        answer = self.http.post(path, data=data, headers={"Origin": self.base})
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.status_code)
        return answer

    def sign_in(self) -> None:
        """Agree to the notice and sign in at the provider."""
        self.post("/welcome/", {"answer": "agree"})
        away = self.post("/sign-in/", {"next": "/me/"})
        assert away.status_code == 303, away.text[:400]
        self._come_back(away.headers["Location"])

    def _come_back(self, url: str) -> None:
        asked = {"url": url, "sub": self.sub, "decision": "agree"}
        back = urlsplit(self.partners.ask("POST", "/account/test/sign-in", asked)["redirect_to"])
        done = self.get(f"{back.path}?{back.query}")
        assert done.status_code == 303, done.text[:400]

    def sign_in_after_a_fault(self) -> None:
        """Come back while the provider fails: nothing is kept, and the second try is whole."""
        self.post("/welcome/", {"answer": "agree"})
        away = self.post("/sign-in/", {"next": "/me/"})
        asked = {"url": away.headers["Location"], "sub": self.sub, "decision": "agree"}
        back = urlsplit(self.partners.ask("POST", "/account/test/sign-in", asked)["redirect_to"])
        failed = self.http.get(f"{back.path}?{back.query}")
        assert failed.status_code == 503, failed.status_code
        self.sign_in()

    def prove(self) -> None:
        """Prove oneself anew at the provider."""
        self._come_back(self.post("/me/verify/", {"next": "/me/"}).headers["Location"])

    def consent(self, purpose: str, answer: str = "agree") -> httpx.Response:
        """Answer a consent sheet, with everything optional."""
        page = self.get(f"/consent/{purpose}/").text
        optional = re.findall(r'name="optional" value="([^"]+)"', page)
        return self.post(f"/consent/{purpose}/", {"answer": answer, "optional": optional})

    def fill(self) -> int:
        """Fill in every item that a page takes, each first wrongly; gives how many were kept."""
        kept = 0
        for item, value in self.values().items():
            path = f"/me/personal/{item}/"
            self.post(path, {"value": "\u202e" + self.new(f"{item}, wrong") * 30})
            answer = self.post(path, {"value": value})
            kept += answer.headers.get("Location", "") == "/me/personal/"
        self.post("/me/personal/email/", {"value": self.new("document", document_number())})
        self.post("/me/personal/education/", {"value": self.new("card", card_number())})
        return kept

    def values(self) -> dict[str, str]:
        """Give a shape-valid canary for each item that a person fills in."""
        new = self.new
        told = {
            "name": new("name", hanzi()),
            "email": f"{new('email')}@example.com",
            "employer": new("employer"),
            "position": new("position"),
        }
        for item in ("home_address", "usual_address", "work_address", "delivery_address"):
            told[item] = f"北京市海淀区{new(item)}号楼"
        return told

    def sign_in_api(self) -> None:
        """Sign in as a machine does."""
        (policy,) = [one for one in self.ask("GET", "/policy").json() if one["in_force"]]
        begun = self.ask("POST", "/session/begin", {
            "version": policy["version"], "text_hash": policy["hash"],
        }).json()  # fmt: skip
        asked = {"url": begun["url"], "sub": self.sub, "decision": "agree"}
        back = urlsplit(self.partners.ask("POST", "/account/test/sign-in", asked)["redirect_to"])
        given = dict(httpx.QueryParams(back.query))
        told = {"code": given["code"], "state": given["state"], "flow": begun["flow"]}
        self.ask("POST", "/session/finish", {**told, self.new("undeclared"): self.new("field")})
        self.ask("POST", "/session/finish", {**told, "code": self.new("wrong code")})
        begun = self.ask("POST", "/session/begin", {
            "version": policy["version"], "text_hash": policy["hash"],
        }).json()  # fmt: skip
        asked["url"] = begun["url"]
        back = urlsplit(self.partners.ask("POST", "/account/test/sign-in", asked)["redirect_to"])
        given = dict(httpx.QueryParams(back.query))
        told = {"code": given["code"], "state": given["state"], "flow": begun["flow"]}
        signed = self.ask("POST", "/session/finish", told)
        assert signed.status_code == 200, signed.text
        self.token = signed.json()["token"]
        self.canaries["api token"] = self.token

    def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Call the API; what a fault says is kept, since it must repeat nothing."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(ids.uuid7())}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        content = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
        with httpx.Client(trust_env=False, timeout=60) as bare:
            answer = bare.request(
                method, f"{self.base}/api/v1{path}", content=content, headers=headers
            )
        assert answer.status_code < 500, (path, answer.text)
        if answer.status_code >= 400:
            self.refused += 1
            self.problems.append(answer.content + str(answer.headers).encode())
        return answer

    def misuse_the_api(self) -> None:
        """Send what no declared body is, a canary in every corner."""
        new = self.new
        self.ask("PUT", "/personal/nickname", {"value": new("api nickname")})
        self.ask("PUT", "/personal/nickname", {"value": "x", new("extra name"): new("extra")})
        self.ask("PUT", "/personal/nickname", '{"value": "' + new("cut"))
        self.ask("PUT", "/personal/nickname", {"value": new("long") * 200})
        self.ask("PUT", "/personal/email", {"value": new("no email")})
        self.ask("PUT", f"/personal/{new('item')}", {"value": new("value of none")})
        self.ask(
            "PUT", f"/consents/{new('purpose')}", {"decision": new("decision"), "text_hash": ""}
        )
        self.ask("PUT", "/permissions/camera", {"on": new("not a truth"), "text_hash": "x"})
        self.ask("GET", f"/receipts/{new('receipt')}")
        self.ask("GET", f"/record?before={new('cursor')}")
        self.ask("DELETE", f"/sessions/{new('session')}")

    def in_address(self, name: str) -> str:
        """Make a canary that is typed into an address, where alone it may stand."""
        self.typed_urls.add(name)
        return self.new(name)

    def misuse_the_pages(self) -> None:
        """Type canaries where none belongs: addresses, headers, forged cookies and codes."""
        new = self.in_address
        for path in (
            f"/{new('path')}/",
            f"/policy/{new('version')}/",
            f"/me/personal/{new('slug')}/",
        ):
            self.get(path)
        self.get(f"/auth/callback?code={new('code')}&state={new('state')}&error={new('error')}")
        self.get(f"/me/?{new('query name')}={new('query')}")
        self.http.get("/me/", headers={"Referer": f"{self.base}/?{new('referer')}"})
        self.http.get("/me/", headers={"X-Forwarded-For": new("forwarded"), "X-Odd": new("header")})
        self.http.get("/", headers={"Cookie": "xn_session=" + new("session cookie") * 2})
        for path in ("/oauth/token", "/oauth/revoke", "/hooks/account/logout"):
            form = {"client_id": new(f"{path} id"), "client_secret": new(f"{path} secret")}
            form |= {"code": new(f"{path} code"), "token": new(f"{path} token")}
            form |= {"logout_token": f"{new(path)}.{mark()}.{mark()}", "grant_type": "x"}
            self.http.post(path, data=form)
        self.get(f"/oauth/authorize?client_id={new('client')}&state={new('oauth state')}")

    def set_password(self) -> None:
        """Set a password to unlock, first a weak one and one unlike its repetition, then try it."""
        way = "/me/settings/unlock/password/set/"
        self.consent("unlock.password")
        self.prove()
        self.post(way, {"password": "12345678", "again": "12345678"})
        typed = self.new("password")
        self.post(way, {"password": typed, "again": typed, "typed": typed})
        for wrong in (self.new("wrong password"), typed):
            form = {"way": "password", "password": wrong, "typed": wrong}
            self.post("/reverify/", form, page="/reverify/?way=password")

    def let_sibling_in(self, app: str) -> None:
        """Let a sibling app read, then switch it off, which tells it to erase."""
        page = self.http.get(f"{self.partners.url}/{app}/login")
        for _ in range(4):
            if not page.has_redirect_location:
                break
            page = self.http.get(str(page.url.join(page.headers["Location"])))
        assert page.status_code == 200, page.text[:400]
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(page.text)}
        told = self.http.post(
            "/oauth/authorize", data={**hidden, "answer": "agree", "optional": "phone"},
            headers={"Origin": self.base},
        )  # fmt: skip
        home = self.http.get(told.headers["Location"])
        assert home.status_code < 400, home.text[:300]
        self.post(
            f"/consent/accounts.sync_{app}/withdraw/", {}, page=f"/consent/accounts.sync_{app}/"
        )

    def through(self, path: str) -> None:
        """Open a page, agreeing to every question that stands before it."""
        for _ in range(6):
            answer = self.get(path)
            if not answer.has_redirect_location or "/consent/" not in answer.headers["Location"]:
                return
            asked = answer.headers["Location"]
            optional = re.findall(r'name="optional" value="([^"]+)"', self.get(asked).text)
            self.post(asked, {"answer": "agree", "optional": optional})

    def confirm_name(self) -> None:
        """Confirm the real name: a wrong one first, then the right one, then by a bank card."""
        name, number = self.new("real name", hanzi()), self.new("real number", document_number())
        told = {"name": name, "number": number, "phone": self.phone}
        self.partners.ask("POST", "/authority/test/people", told)
        path = "/me/real-name/name/"
        self.through(path)
        form = {"rule": "resident", "number": number}
        self.post(path, {**form, "name": self.new("other name", hanzi())})
        done = self.post(path, {**form, "name": name})
        assert done.status_code == 303, done.text[:400]
        told = {"name": name, "document_number": number, "phone": self.phone}
        card = self.partners.ask("POST", "/bank/test/cards", told)["card_number"]
        self.through("/me/real-name/bank/")
        asked = self.post(
            "/me/real-name/bank/", {"card": self.new("bank card", card), "phone": self.phone}
        )
        code = asked.headers["Location"]
        self.post(code, {"code": "000000"})
        texts = self.partners.ask("GET", f"/sms/inbox.json?phone={self.phone}")["messages"]
        sent = re.findall(r"(?<!\d)\d{6}(?!\d)", " ".join(one["text"] for one in texts))
        self.post(code, {"code": sent[0]})

    def ask_the_desk(self) -> None:
        """Write to customer service, at length and at too great a length."""
        path = "/support/ask/product/"
        self.through(path)
        self.post(path, {"text": self.new("question, too long") * 400})
        made = self.post(path, {"text": f"想问一下 {self.new('question')} 怎么办"})
        assert made.status_code == 303, made.text[:400]
        self.post(made.headers["Location"], {"text": self.new("further word")})
        self.get(f"/support/articles/?q={self.in_address('searched for')}")

    def close(self) -> None:
        """Close the account: first without being sure, then for good."""
        self.prove()
        path = "/me/settings/privacy/close/"
        self.post(path, {"sure": "0"})
        done = self.post(path, {"sure": "1"})
        assert done.headers.get("Location", "").startswith("/receipt/"), done.text[:400]

    def leave(self) -> None:
        """Close the browser."""
        self.http.close()
