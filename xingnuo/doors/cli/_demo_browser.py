"""A browser without JavaScript for the demo: cookies, links and forms, as people use them."""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from xingnuo.kit import ids

AGENT = "Mozilla/5.0 (Linux; Android 14; demo) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36"
ANSWER_SECONDS_MAX = 60


class Mismatch(Exception):
    """A step did not come out as the policy says."""


@dataclass
class Form:
    """One form of a page: where it goes, and what is filled in already."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, words


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._button: list[str] | None = None
        self._quiet = False
        self.links: list[tuple[str, str]] = []
        self._link: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._form)
            if "id" in told:
                self._by_id[told["id"]] = self._form
        elif tag == "input" and self._form is not None and told.get("name"):
            if told.get("type") in ("checkbox", "radio") and "checked" not in told:
                return
            self._form.fields.append((told["name"], told.get("value", "")))
        elif tag == "button":
            self._button = [told.get("name", ""), told.get("value", ""), "", told.get("form", "")]
        elif tag == "a" and told.get("href"):
            self._link = [told["href"], ""]
        elif tag in ("script", "style", "svg"):
            self._quiet = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "button" and self._button is not None:
            name, value, words, owner = self._button
            form = self._by_id.get(owner) if owner else self._form
            if form is not None:
                form.buttons.append((name, value, words.strip()))
            self._button = None
        elif tag == "a" and self._link is not None:
            self.links.append((self._link[0], self._link[1].strip()))
            self._link = None
        elif tag in ("script", "style", "svg"):
            self._quiet = False

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self._button[2] += data
        if self._link is not None:
            self._link[1] += data
        if not self._quiet and data.strip():
            self.text.append(data.strip())


@dataclass
class Answer:
    """A page that came back."""

    url: str
    status: int
    body: bytes
    forms: list[Form]
    links: list[tuple[str, str]]
    words: str

    def form_with(self, name: str) -> Form:
        """Give the form that has a field or a button of this name or words."""
        for form in self.forms:
            names = {key for key, _ in form.fields} | {b[0] for b in form.buttons}
            if name in names or any(name in b[2] for b in form.buttons):
                return form
        raise LookupError(f"{self.url} has no form with {name}")


class Browser:
    """Cookies and pages of one person."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def cookie(self, name: str) -> str:
        """Give a cookie's value, or nothing."""
        return next((c.value or "" for c in self.jar if c.name == name), "")

    def get(self, url: str) -> Answer:
        """Open a page, following redirects."""
        return self._send(urllib.parse.urljoin(self.base_url, url), None)

    def follow(self, page: Answer, words: str) -> Answer:
        """Go on by the link or the button with these words."""
        for href, told in page.links:
            if words in told:
                return self.get(urllib.parse.urljoin(page.url, href))
        return self.submit(page, page.form_with(words), button=words)

    def submit(
        self,
        page: Answer,
        form: Form,
        *,
        button: str = "",
        files: Mapping[str, bytes] | None = None,
        **values: str,
    ) -> Answer:
        """Send a form with values typed in and files chosen, by the button with these words."""
        sent = [(name, values.pop(name, value)) for name, value in form.fields]
        sent += list(values.items())
        sent += [(b[0], b[1]) for b in form.buttons if button == b[2] and b[0]]
        url = urllib.parse.urljoin(page.url, form.action or page.url)
        if files is not None:
            kind, body = _parts(sent, files)
            return self._send(url, body, referer=page.url, kind=kind)
        data = urllib.parse.urlencode(sent)
        if form.method == "get":
            return self._send(f"{url}?{data}", None)
        return self._send(url, data.encode(), referer=page.url)

    def _send(self, url: str, data: bytes | None, *, referer: str = "", kind: str = "") -> Answer:
        request = urllib.request.Request(url, data=data, headers={"User-Agent": AGENT})
        if kind:
            request.add_header("Content-Type", kind)
        if referer:
            parts = urllib.parse.urlsplit(referer)
            request.add_header("Referer", referer)
            request.add_header("Origin", f"{parts.scheme}://{parts.netloc}")
        try:
            reply = self._opener.open(request, timeout=ANSWER_SECONDS_MAX)
        except urllib.error.HTTPError as refused:
            reply = refused
        with reply:
            body, status, at = reply.read(), reply.status, reply.geturl()
        page = _Page()
        if b"<html" in body[:600].lower():
            page.feed(body.decode("utf8", "replace"))
        return Answer(at, status, body, page.forms, page.links, " ".join(page.text))


def _parts(fields: Sequence[tuple[str, str]], files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Write a form with files as browsers do (RFC 7578); gives its type and its bytes."""
    line, body = ids.token(), b""
    chosen = [(name, value) for name, value in fields if name not in files]
    for name, value in chosen:
        head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        body += head.encode() + value.encode() + b"\r\n"
    for name, content in files.items():
        head = (
            f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.png"'
            "\r\nContent-Type: image/png\r\n\r\n"
        )
        body += head.encode() + content + b"\r\n"
    return f"multipart/form-data; boundary={line}", body + f"--{line}--\r\n".encode()
