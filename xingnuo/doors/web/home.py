"""The first pages: the notice before anything else, home, and services that come later."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from xingnuo.doors.porch import shell
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.origin import same_origin
from xingnuo.doors.porch.replies import safe_next, see_other
from xingnuo.doors.web import _notice, _reading
from xingnuo.doors.web._pages import actor, link, show, visitor
from xingnuo.doors.web._services import ROWS, SERVICES, TILES, needs, service
from xingnuo.doors.web._when import day, moment, month_start
from xingnuo.doors.web._words import item_names, purpose_title
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.people.notices import queries as notices
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Counts, Entry, Kind
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Standing
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled, SubjectState

USES = (Kind.PERMIT, Kind.VIEW, Kind.REVEAL, Kind.LOOKUP, Kind.EXPORT, Kind.SHARE)
RECENT_LINES = 20
# State → (what happened, what to do, the page's name); who is simply active sees none.
BANNERS = {
    SubjectState.NEW: ("还差一步：同意隐私政策后才能用各项功能。", "去看看", "policy_agree"),
    SubjectState.FROZEN: ("帐号已冻结，你的信息已停止使用。", "去解冻", "account"),
    SubjectState.WITHDRAWN: ("你已撤回同意，我们已停止使用你的信息。", "重新同意", "policy_agree"),
    SubjectState.CLOSING: ("正在注销，已停止收集和使用。", "看进度", "close_service"),
    SubjectState.MINOR: ("我们不向未成年人提供服务，已停止使用你的信息。", "找客服", "support"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the privacy card says, in figures from the evidence."""

    used: int
    last: str
    grants: int
    shared: int
    refused: int
    own_views: int


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the first tab; a browser that never answered the notice sees the notice first."""
    who = visitor(request)
    compiled = policy.in_force()
    if not who.signed_in and _notice.answer_of(request) is None:
        return see_other(reverse("welcome"))
    shown: dict[str, object] = {
        "tiles": [SERVICES[name] for name in TILES],
        "services": [SERVICES[name] for name in ROWS],
        "guest": not who.signed_in,
    }
    subject_id = who.actor.subject_id
    if subject_id is not None:
        standing = gate.standing(subject_id)
        shown |= {
            "card": card(compiled, subject_id, standing),
            "banner": banner(standing),
            "unread": notices.unread(who.actor),
            "feed": notices.feed(who.actor, subject_id=subject_id),
            "feed_link": "按喜好排" if notices.is_personal(subject_id) else "人人一样",
            "feed_href": reverse("personal_service"),
        }
    else:
        shown["feed"] = notices.everybody()
    return show(request, "home/home", shown)


def card(compiled: Compiled, subject_id: UUID, standing: Standing) -> Card:
    """Count what was done with the person's data this month."""
    counts = evidence.counts(subject_id, month_start())
    return Card(
        used=counts.used,
        last=_last(compiled, subject_id, counts),
        grants=sum(g.decision == "grant" for g in standing.decisions),
        shared=counts.shared,
        refused=counts.refused,
        own_views=counts.own_views,
    )


def _last(compiled: Compiled, subject_id: UUID, counts: Counts) -> str:
    if counts.last_used_at is None:
        return ""
    recent = evidence.of_subject(subject_id, kinds=USES, limit=RECENT_LINES)
    entry = next((one for one in recent if _by_others(one)), None)
    what = purpose_title(compiled, entry.purpose) if entry else ""
    return f"{moment(counts.last_used_at)} {what}".strip()


def _by_others(entry: Entry) -> bool:
    return entry.actor_kind != "self" or entry.kind is Kind.SHARE


def banner(standing: Standing) -> dict[str, str] | None:
    """Say what stands in the way, if anything, and the one page where it is settled."""
    words = BANNERS.get(standing.state)
    if words is None and standing.policy_due and standing.state is SubjectState.ACTIVE:
        words = ("隐私政策有实质变化，变化的部分要你同意后才用。", "看变化", "policy_agree")
    if words is None:
        return None
    said, action, name = words
    return {"text": said, "link": action, "href": link(name, default=reverse("support"))}


@same_origin
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Ask about the policy before anything is put into the browser; both answers lead on."""
    compiled = policy.in_force()
    if request.method == "POST":
        return _answered(request, compiled)
    sign_in = compiled.purposes["accounts.sign_in"]
    return show(
        request,
        "home/welcome",
        {
            "policy": compiled,
            "summary": compiled.summary,
            "dates": f"{day(compiled.effective_on)}生效",
            "minutes": _reading.minutes(compiled),
            "items": item_names(compiled, sign_in.items),
            "operator": compiled.controller_of("accounts.sign_in"),
            "sensitive": sum(item.sensitive for item in compiled.items.values()),
            "recipients": len(compiled.recipients),
            "next": safe_next(request, ""),
        },
    )


def _answered(request: HttpRequest, compiled: Compiled) -> HttpResponse:
    answer = text(request, "answer", limit=10)
    if answer not in ("agree", "refuse"):
        raise BadInput({"answer": "请选择同意或不同意"})
    if text(request, "text_hash", limit=64) != compiled.hash:
        raise Conflict("policy_version")
    agreed = answer == "agree"
    to = safe_next(request, reverse("home")) if agreed else reverse("guest")
    response = see_other(to)
    _notice.keep(response, compiled, agreed=agreed)
    return response


@require_GET
def guest(request: HttpRequest) -> HttpResponse:
    """Say what a person who did not agree can still do here."""
    return show(request, "home/guest", {"services": SERVICES.values()})


@require_GET
def one_service(request: HttpRequest, name: str) -> HttpResponse:
    """Say honestly that a service is not open yet, and what it will ask for."""
    if (known := service(name)).page:
        return see_other(reverse(known.page))
    return _later(request, name, tab="")


@require_GET
def wealth(request: HttpRequest) -> HttpResponse:
    """Show the second tab."""
    return _later(request, "wealth", tab="wealth")


@require_GET
def benefits(request: HttpRequest) -> HttpResponse:
    """Show the third tab."""
    return _later(request, "benefits_shop", tab="benefits")


def _later(request: HttpRequest, name: str, *, tab: str) -> HttpResponse:
    known = service(name)
    compiled = policy.in_force()
    function = compiled.functions[known.functions[0]]
    return show(
        request,
        "home/service",
        {
            "service": known,
            "function": function,
            "controller": compiled.controllers[function.controller],
            "needs": needs(compiled, known),
            "tab": tab,
            "unread": _unread(request) if tab else 0,
        },
    )


def _unread(request: HttpRequest) -> int:
    return notices.unread(actor(request)) if visitor(request).signed_in else 0


urlpatterns = [
    *shell.urlpatterns,
    path("", home, name="home"),
    path("welcome/", welcome, name="welcome"),
    path("guest/", guest, name="guest"),
    path("wealth/", wealth, name="wealth"),
    path("benefits/", benefits, name="benefits"),
    path("services/<slug:name>/", one_service, name="service"),
]
