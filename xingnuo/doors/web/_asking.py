"""Consent questions: the published sheet as the design system draws it, and what a no leaves."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from xingnuo.doors.web._pages import with_query
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Granted, Sheet, SheetItem, Standing
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Basis, Compiled

BY_CONSENT = (Basis.CONSENT, Basis.SEPARATE_CONSENT)
# Where the question was asked from a page of its own, ✕ leads there and records nothing.
NOTHING = "不取用任何个人信息"


def address(purpose: str, *, recipient: str = "", to: str = "") -> str:
    """Give the plain page of a question."""
    return with_query(reverse("consent", args=[purpose]), recipient=recipient, next=to)


def question(purpose: str, *, recipient: str = "", to: str = "") -> dict[str, object]:
    """Give a question for `consent_page` and `consent_dialog`."""
    return drawn(gate.sheet(purpose, recipient=recipient), to=to)


def drawn(sheet: Sheet, *, to: str = "") -> dict[str, object]:
    """Turn a published sheet into what the design system draws."""
    verb = sheet.accept_verb or "同意"
    return {
        "id": html_id(sheet.purpose, sheet.recipient),
        "ask": sheet.title,
        "lead": _lead(sheet),
        "what": _what(sheet),
        "why": sheet.why,
        "who": "、".join(sheet.who),
        "how_long": "；".join(sheet.how_long),
        "if_refused": sheet.cost,
        "agree": verb,
        "action": address(sheet.purpose, recipient=sheet.recipient),
        "next": to,
        "later": to or reverse("grants"),
        "hidden": {"text_hash": sheet.text_hash},
        "sensitive": [
            {"title": item.name, "sub": item.necessity}
            for item in sheet.needed
            if item.sensitive and item.necessity
        ],
        "optional": [
            {"name": item.id, "title": item.name, "sub": _optional_line(item)}
            for item in sheet.optional
        ],
        "text_url": reverse("policy"),
        "text_title": "《隐私政策》",
    }


def html_id(purpose: str, recipient: str = "") -> str:
    """Give the id of a question's dialog: letters, digits and dashes alone."""
    return "-".join(filter(None, ("ask", purpose.replace(".", "-"), recipient)))


def _lead(sheet: Sheet) -> str:
    who = sheet.who[0] if sheet.who else ""
    if sheet.recipient:
        return f"{who}要从我们这里得到下面的信息，得到后由它自己负责。"
    lead = f"这一项由{who}负责。"
    if sheet.automated:
        lead += "结果由程序自动得出，你可以要求改由人来看。"
    return lead


def _what(sheet: Sheet) -> str | SafeString:
    # Sensitive items stand out by weight and by a word, not by colour alone (0.4).
    if sheet.needed:
        return format_html_join("、", "{}", ((_named(item),) for item in sheet.needed))
    return "只用你在下面打开的那几项" if sheet.optional else NOTHING


def _named(item: SheetItem) -> SafeString:
    if item.sensitive:
        return format_html("<strong>{}（敏感）</strong>", item.name)
    return format_html("{}", item.name)


def _optional_line(item: SheetItem) -> str:
    return f"敏感信息。{item.necessity}" if item.sensitive else "不打开也不影响"


def decided_on(standing: Standing, purpose: str, recipient: str = "") -> Granted | None:
    """Give the newest decision on a purpose, or on one recipient of it."""
    for one in standing.decisions:
        if one.purpose == purpose and one.recipient == recipient:
            return one
    return None


def is_on(standing: Standing, purpose: str, recipient: str = "") -> bool:
    """Say whether a purpose stands agreed to."""
    found = decided_on(standing, purpose, recipient)
    return found is not None and found.decision == "grant" and not found.due_again


def may_be_asked(compiled: Compiled, purpose: str) -> bool:
    """Say whether a purpose is one that people are asked about with a sheet."""
    known = compiled.purposes.get(purpose)
    return known is not None and (known.basis in BY_CONSENT or known.own_consent)


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterNo:
    """What a person who said no can do instead."""

    cost: str
    by_hand: tuple[str, ...]
    others: tuple[tuple[str, str], ...]  # title and address of what still works


def after_no(purpose: str) -> AfterNo:
    """Say what still works and how to go on without this purpose."""
    compiled = policy.in_force()
    known = compiled.purposes[purpose]
    ways = [compiled.permissions[one].by_hand for one in known.permissions]
    beside = [
        other
        for other in compiled.purposes.values()
        if other.function == known.function
        and other.id != purpose
        and may_be_asked(compiled, other.id)
        and "self" in other.actors
    ]
    return AfterNo(
        cost=known.refusal_cost or "不影响其他功能",
        by_hand=tuple(way for way in dict.fromkeys(ways) if way),
        others=tuple((other.title, address(other.id)) for other in beside[:3]),
    )
