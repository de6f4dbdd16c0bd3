"""Pages of the outside world: one calm look for a phone, without a script, in plain Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sandbox.ground.html import Child, Html, el, join
from sandbox.ground.http import Problem, Response

STAR = "M12 3.2l2.6 5.6 6.1.7-4.5 4.2 1.2 6-5.4-3-5.4 3 1.2-6L3.3 9.5l6.1-.7z"
BACK = "M15 5l-7 7 7 7"
OWN = "'self'"


def page(
    title: str,
    *body: Child,
    theme: str = "world",
    brand: str = "",
    back: tuple[str, str] | None = None,
    status: int = 200,
    form_to: Sequence[str] = (),
) -> Response:
    """Give a whole page; `form_to` are other origins that its forms may end at."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", f"{'有问题：' if status == 422 else ''}{title}"),
        el("link", rel="icon", type="image/svg+xml", href="/static/icon.svg"),
        el("link", rel="stylesheet", href="/static/sandbox.css"),
    )
    bar = el(
        "header",
        el("a", icon(BACK), el("span", back[1]), href=back[0], class_="back") if back else None,
        el("span", icon(STAR, filled=True), brand, class_="brand") if brand else None,
        class_="bar",
    )
    main = el("main", el("h1", title), body)
    whole = el("html", head, el("body", bar, main, class_=f"theme-{theme}"), lang="zh-CN")
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; "
        f"base-uri 'none'; form-action {' '.join((OWN, *form_to))}"
    )
    return Response(
        status=status,
        body=f"<!doctype html>{whole.text}".encode(),
        content_type="text/html; charset=utf-8",
        headers=(("Content-Security-Policy", policy),),
    )


def problem(refused: Problem) -> Response:
    """Tell a refusal as a page."""
    told = el("p", refused.detail)
    return page("没有办成", card(told, el("p", f"代码 {refused.code}", class_="quiet")),
                status=refused.status)  # fmt: skip


def icon(path: str, *, filled: bool = False) -> Html:
    """Give a small drawing that screen readers skip."""
    shape = el("path", d=path, class_="filled" if filled else None)
    return el("svg", shape, viewBox="0 0 24 24", class_="icon", aria_hidden="true")


def card(*body: Child, title: str = "") -> Html:
    """Give a card, with a heading where it needs one."""
    return el("section", el("h2", title) if title else None, body, class_="card")


def note(*body: Child, kind: str = "info", role: str | None = None) -> Html:
    """Give a tinted note: `info`, `warn` or `danger`."""
    return el("div", body, class_=f"note note-{kind}", role=role)


def errors(found: Sequence[tuple[str, str]]) -> Html | None:
    """Give the summary of what to mend, each line a link to its field."""
    if not found:
        return None
    lines = (el("li", el("a", text, href=f"#{name}")) for name, text in found)
    return el(
        "div", el("h2", f"有 {len(found)} 处需要修改"), el("ul", list(lines)),
        class_="note note-danger", role="alert", tabindex="-1", autofocus=True,
    )  # fmt: skip


def field(
    name: str,
    label: str,
    *,
    kind: str = "text",
    value: str = "",
    hint: str = "",
    error: str = "",
    inputmode: str | None = None,
    autocomplete: str = "off",
) -> Html:
    """Give one labelled field with its hint and its error."""
    told = " ".join(f"{name}-{part}" for part, text in (("hint", hint), ("error", error)) if text)
    return el(
        "div",
        el("label", label, for_=name),
        el("p", hint, class_="quiet", id=f"{name}-hint") if hint else None,
        el("p", error, class_="wrong", id=f"{name}-error") if error else None,
        el(
            "input", id=name, name=name, type=kind, value=value, inputmode=inputmode,
            autocomplete=autocomplete, required=True, aria_describedby=told or None,
            aria_invalid="true" if error else None,
        ),
        class_="field field-wrong" if error else "field",
    )  # fmt: skip


def form(action: str, *body: Child, csrf: str = "", hidden: Iterable[tuple[str, str]] = ()) -> Html:
    """Give a form that is posted; its hidden fields carry the page's own secret."""
    unseen = [("csrf", csrf), *hidden] if csrf else list(hidden)
    inputs = [el("input", type="hidden", name=name, value=value) for name, value in unseen if value]
    return el("form", inputs, body, method="post", action=action, novalidate=True)


def button(text: str, *, kind: str = "main", **attributes: str) -> Html:
    """Give a button: `main`, `even` (two of equal weight) or `plain`."""
    return el("button", text, type="submit", class_=f"button button-{kind}", **attributes)


def link_button(text: str, address: str, *, kind: str = "main") -> Html:
    """Give a link that looks like a button."""
    return el("a", text, href=address, class_=f"button button-{kind}")


def facts(pairs: Iterable[tuple[str, Child]]) -> Html:
    """Give names with their values, one line each."""
    return el("dl", [el("div", el("dt", name), el("dd", value)) for name, value in pairs])


def rows(lines: Iterable[Child], *, empty: str) -> Html:
    """Give a list of lines, or a sentence where there are none."""
    items = [el("li", line) for line in lines]
    return el("ul", items, class_="rows") if items else el("p", empty, class_="quiet")


def table(heads: Sequence[str], lines: Iterable[Sequence[Child]], *, caption: str) -> Html:
    """Give a table that scrolls inside its card where it is too wide."""
    head = el("thead", el("tr", [el("th", name, scope="col") for name in heads]))
    body = el("tbody", [el("tr", [el("td", cell) for cell in line]) for line in lines])
    whole = el("table", el("caption", caption), head, body)
    return el("div", whole, class_="wide", tabindex="0", role="region", aria_label=caption)


def masked_phone(phone: str) -> str:
    """Give a phone number with its middle hidden."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"


def stacked(*body: Child) -> Html:
    """Give parts below each other with the page's own distance."""
    return el("div", join(body), class_="stack")
