"""The parts of the H5 design system. Every tag is pure: it reads its arguments and the page
context (`ui`, `csrf_token`) and never the database. `templates/porch/README.md` is the contract.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.template import Context, Library
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ._fields import as_list
from ._reading import library
from ._text import money_text, percent, pick, spoken_mask

register = Library()
# One `{% load xn %}` gives all parts; the two modules only keep the files short.
register.tags.update(library.tags)

HIDDEN_FIGURE = "••••"
TONE_ICONS = {
    "info": "info",
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
}
TONE_WORDS = {"info": "提示", "good": "成功", "warn": "注意", "bad": "有问题"}
MESSAGE_TONES = {"success": "good", "warning": "warn", "error": "bad"}
TABS = (
    ("home", "首页", "home", "/"),
    ("wealth", "理财", "layers", "/wealth/"),
    ("benefits", "福利", "gift", "/benefits/"),
    ("me", "我的", "user", "/me/"),
)


def ui(context: Context, name: str, default: Any = "") -> Any:
    """Read one field of the page's `ui` variable."""
    return pick(context.get("ui") or {}, name, default)


def here(context: Context) -> str:
    """Return the path of this page, where a setting leads back to."""
    return str(getattr(context.get("request"), "path", "/"))


# ---- words and figures -------------------------------------------------------------------


@register.filter
def money(fen: object) -> str:
    """Show integer fen as `36,820.45`; the unit 元 stands outside."""
    return money_text(fen)


@register.filter
def signed_money(fen: object) -> str:
    """Show integer fen with a plus or a minus sign."""
    return money_text(fen, signed=True)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw one icon of the sprite; hidden from readers unless it has a label."""
    href = f"{static('vendor/icons.svg')}#{name}"
    css = f"i {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


@register.simple_tag
def num(value: object) -> SafeString:
    """Show any short figure (count, date, time, masked number) in the digit font."""
    return format_html('<span class="num">{}</span>', value)


@register.simple_tag(takes_context=True)
def amount(context: Context, fen: object, sign: bool = False) -> SafeString:
    """Show an amount a person may hide; when hidden the figure is not in the page at all."""
    if ui(context, "hidden", False):
        return format_html(
            '<span class="num"><span aria-hidden="true">{}</span>'
            '<span class="sr">金额已隐藏</span></span>',
            HIDDEN_FIGURE,
        )
    return format_html('<span class="num secret">{}</span>', money_text(fen, signed=sign))


@register.simple_tag
def masked(text: str) -> SafeString:
    """Show an already masked value; masking itself happens before the template."""
    return format_html(
        '<span class="num secret"><span aria-hidden="true">{}</span>'
        '<span class="sr">{}</span></span>',
        text,
        spoken_mask(str(text)),
    )


@register.simple_tag
def tag(word: str, tone: str = "", icon_name: str = "") -> SafeString:
    """Show a state as a word on a tint; tone is '', good, warn, bad or info."""
    picture = icon(icon_name) if icon_name else ""
    return format_html('<span class="tag {}">{}{}</span>', tone, picture, word)


@register.simple_tag
def progress(value: int, total: int, label: str) -> SafeString:
    """Draw a progress bar as SVG; the label says the same in words."""
    return format_html(
        '<svg class="progress" role="img" aria-label="{}" viewBox="0 0 100 8" '
        'preserveAspectRatio="none"><rect class="a" width="100" height="8"/>'
        '<rect class="b" width="{}" height="8"/></svg>',
        label,
        percent(value, total),
    )


@register.simple_tag
def bars(values: Iterable[int], label: str) -> SafeString:
    """Draw small bars, one a value, oldest first; the label says the finding in words."""
    figures = as_list(values)
    top = max(figures, default=0) or 1
    step = 100 / max(len(figures), 1)
    shapes = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx=".6"/>',
        (
            (
                "" if value else "off",
                f"{place * step:.2f}",
                f"{40 - height:.1f}",
                f"{step * 0.62:.2f}",
                f"{height:.1f}",
            )
            for place, value in enumerate(figures)
            for height in [max(2.0, value / top * 40)]
        ),
    )
    return format_html(
        '<svg class="bars" role="img" aria-label="{}" viewBox="0 0 100 40" '
        'preserveAspectRatio="none">{}</svg>',
        label,
        shapes,
    )


# ---- shell -------------------------------------------------------------------------------


@register.inclusion_tag("porch/parts/topbar.html", takes_context=True)
def topbar(
    context: Context, title: str = "星诺", back: str = "", *, home: bool = False, unread: int = 0
) -> dict[str, Any]:
    """Draw the head of the page: `home=True` for the four tabs, else a back link."""
    elder = str(ui(context, "mode")).startswith("elder")
    return {
        "title": title,
        "back": back or "/",
        "home": home,
        "unread": unread,
        "other_mode": "standard" if elder else "elder",
        "mode_word": "标准版" if elder else "长辈版",
        "path": here(context),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("porch/parts/tabbar.html", takes_context=True)
def tabbar(context: Context, current: str) -> dict[str, Any]:
    """Draw the tab bar; elder mode leaves 福利 out, as the ageing rules ask."""
    elder = str(ui(context, "mode")).startswith("elder")
    shown = [entry for entry in TABS if not (elder and entry[0] == "benefits")]
    return {"tabs": shown, "current": current}


@register.inclusion_tag("porch/parts/display_form.html", takes_context=True)
def mode_entry(context: Context) -> dict[str, Any]:
    """Offer 长辈版 (or the way back) as one word that is a real form button."""
    elder = str(ui(context, "mode")).startswith("elder")
    return {
        "name": "mode",
        "value": "standard" if elder else "elder",
        "css": "pill",
        "word": "标准版" if elder else "长辈版",
        "path": here(context),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("porch/parts/display_form.html", takes_context=True)
def eye_entry(context: Context) -> dict[str, Any]:
    """Offer to hide or show all amounts, kept for the next visit."""
    hidden = bool(ui(context, "hidden", False))
    return {
        "name": "hide_amounts",
        "value": "0" if hidden else "1",
        "css": "tap",
        "label": "显示数字" if hidden else "隐藏数字",
        "picture": "eye-off" if hidden else "eye",
        "path": here(context),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("porch/parts/htmx.html")
def htmx() -> dict[str, Any]:
    """Load htmx, only on a page that uses it."""
    return {}


@register.inclusion_tag("porch/parts/notices.html", takes_context=True)
def notices(context: Context) -> dict[str, Any]:
    """Show the messages of the request, each with an icon and a word."""
    found = context.get("messages") or ()
    return {
        "items": [
            {"text": str(item), "tone": tone, "icon": TONE_ICONS[tone], "word": TONE_WORDS[tone]}
            for item in found
            for tone in [MESSAGE_TONES.get(pick(item, "level_tag"), "info")]
        ]
    }


# ---- cards and rows ----------------------------------------------------------------------


@register.inclusion_tag("porch/parts/head.html")
def head(title: str, *, link: str = "", href: str = "", sub: str = "") -> dict[str, Any]:
    """Draw a card's heading with an optional link at the right."""
    return {"title": title, "link": link, "href": href, "sub": sub}


def boxed(css: str, content: str, title: str, link: str, href: str) -> SafeString:
    """Wrap content in a section; the title names it for readers."""
    top = (
        render_to_string("porch/parts/head.html", head(title, link=link, href=href))
        if title
        else ""
    )
    return format_html('<section class="{}">{}{}</section>', css, top, content)


@register.simple_block_tag
def card(
    content: str, *, title: str = "", link: str = "", href: str = "", css: str = ""
) -> SafeString:
    """Wrap any content in a white card."""
    return boxed(f"card {css}".strip(), content, title, link, href)


@register.simple_block_tag
def rows(content: str, *, title: str = "", link: str = "", href: str = "") -> SafeString:
    """Wrap rows and switch rows in one card with hairlines."""
    return boxed("list", content, title, link, href)


@register.inclusion_tag("porch/parts/row.html")
def row(  # noqa: PLR0913 - the options of a part are its keywords
    title: str,
    *,
    sub: str = "",
    href: str = "",
    icon_name: str = "",
    value: str = "",
    word: str = "",
    tone: str = "",
    danger: bool = False,
) -> dict[str, Any]:
    """Draw one row: icon, title, plain sub-line, value or state word, chevron when it leads on."""
    return {
        "title": title,
        "sub": sub,
        "href": href,
        "icon": icon_name,
        "value": value,
        "word": word,
        "tone": tone,
        "danger": danger,
    }


@register.inclusion_tag("porch/parts/switch_row.html", takes_context=True)
def switch_row(  # noqa: PLR0913 - the options of a part are its keywords
    context: Context,
    title: str,
    action: str,
    on: bool,
    *,
    sub: str = "",
    name: str = "on",
    extra: dict[str, str] | None = None,
    icon_name: str = "",
) -> dict[str, Any]:
    """Draw a switch that is a form: pressing posts `name`=1 or 0, the state wanted next."""
    return {
        "title": title,
        "action": action,
        "on": on,
        "sub": sub,
        "name": name,
        "extra": extra or {},
        "icon": icon_name,
        "path": here(context),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_block_tag
def tiles(content: str, label: str = "常用功能") -> SafeString:
    """Lay quick tiles in a grid of four, two in elder mode."""
    return format_html('<nav class="tiles" aria-label="{}">{}</nav>', label, content)


@register.inclusion_tag("porch/parts/tile.html")
def tile(title: str, href: str, icon_name: str, main: bool = False) -> dict[str, Any]:
    """Draw one quick tile; `main` paints at most one of a grid in full brand colour."""
    return {"title": title, "href": href, "icon": icon_name, "main": main}


@register.simple_block_tag
def hero(content: str, mark: str = "shield") -> SafeString:
    """Wrap the one loud thing of a screen in the deep-jade card."""
    return format_html('<section class="hero">{}{}</section>', icon(mark, css="hero-mark"), content)


@register.inclusion_tag("porch/parts/facts.html", takes_context=True)
def facts(context: Context, items: Iterable[Any]) -> dict[str, Any]:
    """Draw up to three small figures inside a hero: label, value or fen, unit, href."""
    return {"items": as_list(items), "ui": context.get("ui") or {}}


@register.inclusion_tag("porch/parts/note.html")
def note(text: str, tone: str = "info", *, link: str = "", href: str = "") -> dict[str, Any]:
    """Draw a quiet sentence with an icon; tone is info, good, warn or bad."""
    return {
        "text": text,
        "tone": tone,
        "icon": TONE_ICONS[tone],
        "word": TONE_WORDS[tone],
        "link": link,
        "href": href,
    }


@register.inclusion_tag("porch/parts/announcement.html")
def announcement(told: dict[str, Any]) -> dict[str, Any]:
    """Draw what a person must be told, until they say in one tap that they saw it."""
    return {"told": told}


@register.inclusion_tag("porch/parts/empty.html")
def empty(
    title: str, sub: str = "", *, icon_name: str = "folder", action: str = "", href: str = ""
) -> dict[str, Any]:
    """Say that a list is empty, and the one next step."""
    return {"title": title, "sub": sub, "icon": icon_name, "action": action, "href": href}


@register.simple_block_tag
def bar(content: str, two: bool = False) -> SafeString:
    """Hold the page's one primary button (or two equal ones) at the bottom."""
    css = "two" if two else ""
    return format_html('<footer class="bar"><div class="{}">{}</div></footer>', css, content)


@register.simple_block_tag
def more(content: str, title: str) -> SafeString:
    """Fold content behind a title."""
    return format_html(
        '<details class="more"><summary>{}{}</summary><div>{}</div></details>',
        title,
        icon("chevron-down"),
        content,
    )
