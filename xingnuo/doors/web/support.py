"""Help, questions and complaints, under 我的 › 投诉与咨询: a person is one tap away on each page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text, uuid_or_404
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.porch.uploads import file_of
from xingnuo.doors.web import _support
from xingnuo.doors.web._pages import actor, link, person, show, subject, visitor, with_query
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.support import actions, queries
from xingnuo.people.support.contracts import NeedsProof, Ticket
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy import queries as policy

BODIES = ("consumer_body", "regulator")
QUERY_CHARS_MAX = 40
TYPED_CHARS_MAX = 20_000  # what is written back into the page when it was too long
_BARE = (
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none';"
    " form-action 'none'; sandbox"
)


@require_GET
def support(request: HttpRequest) -> HttpResponse:
    """Open the help centre: words to search, topics, one's own cases, whom else to ask."""
    query = request.GET.get("q", "").strip()[:QUERY_CHARS_MAX]
    compiled = policy.in_force()
    shown: dict[str, Any] = {
        "query": query,
        "found": _support.help_rows(query) if query else [],
        "help": [] if query else _support.help_rows("")[:6],
        "guest": not visitor(request).signed_in,
        "controllers": [
            {"who": one, "ways": one.contact.split(" · ")} for one in compiled.controllers.values()
        ],
        "bodies": [compiled.recipients[one] for one in BODIES if one in compiled.recipients],
        "mine": [],
    }
    if visitor(request).signed_in:
        mine = [one for one in queries.tickets(actor(request)) if one.is_running]
        shown["mine"] = [_support.row_of(one) for one in mine[:3]]
    return show(request, "support/home", shown)


@require_GET
def articles(request: HttpRequest) -> HttpResponse:
    """List every page of the help centre."""
    return show(request, "support/articles", {"rows": _support.help_rows("")})


@require_GET
def article(request: HttpRequest, article: str) -> HttpResponse:
    """Answer a question at once, with a person one tap away."""
    found = queries.article(article)
    return show(
        request,
        "support/article",
        {"one": found, "ask": reverse("support_ask", args=[found.topic])},
    )


@require_GET
def topics(request: HttpRequest) -> HttpResponse:
    """Let the person say what it is about, and what each choice asks of them."""
    groups: dict[str, list[dict[str, str]]] = {}
    for one in queries.TOPICS.values():
        groups.setdefault(_support.KINDS[one.kind], []).append(_support.topic_row(one))
    return show(request, "support/topics", {"groups": list(groups.items())})


@require_http_methods(["GET", "POST"])
@person
def ask(request: HttpRequest, topic: str) -> HttpResponse:
    """Write to the desk; the consent is asked first, and a proof of the person where needed."""
    known, here = queries.topic(topic), request.path
    standing = _support.standing_of(request)
    if not _support.is_on(standing, _support.WORDS):
        return see_other(with_query(reverse("consent", args=[_support.WORDS]), next=here))
    verify = with_query(link("reverify", default="/reverify/"), next=here)
    context: dict[str, Any] = {
        "topic": known,
        "kind": _support.KINDS[known.kind],
        "level": _support.LEVELS[known.level],
        "key": str(ids.uuid7()),
        "most": queries.TEXT_CHARS_MAX,
        "photos": _support.is_on(standing, _support.WORDS, "uploaded_photo"),
        "errors": {},
    }
    needs_proof = int(known.level) == 2 and actor(request).strength < Strength.REVERIFIED
    if request.method == "GET":
        return see_other(verify) if needs_proof else show(request, "support/ask", context)
    try:
        authority = file_of(request, "authority") if request.FILES else None
        case_id = actions.open_case(
            actor(request),
            topic_id=known.id,
            text=text(request, "text", limit=TYPED_CHARS_MAX, needed=False),
            key=uuid_or_404(text(request, "key")),
            authority=authority,
        )
    except NeedsProof:
        return see_other(verify)
    except BadInput as error:
        return _again(request, "support/ask", context, error)
    messages.success(request, "已收到。进度和答复都在这一页。")
    return see_other(reverse("support_case", args=[case_id]))


def _again(
    request: HttpRequest, name: str, context: dict[str, Any], error: BadInput
) -> HttpResponse:
    fields = {("authority" if k == "picture" else k): v for k, v in error.fields.items()}
    told = {
        "errors": fields,
        "faults": [(f"id_{key}", words) for key, words in fields.items()],
        "typed": request.POST.get("text", "")[:TYPED_CHARS_MAX],
        "key": request.POST.get("key", "")[:40],
    }
    answer = show(request, name, context | told, status=error.status)
    answer.fault_code = error.code  # type: ignore[attr-defined]
    return answer


@require_GET
@person
def cases(request: HttpRequest) -> HttpResponse:
    """List the person's cases with their clocks."""
    rows = [_support.row_of(one) for one in queries.tickets(actor(request))]
    return show(request, "support/cases", {"rows": rows})


@require_http_methods(["GET", "POST"])
@person
def case(request: HttpRequest, case: UUID) -> HttpResponse:
    """Show one case: its clock, its messages, where it was handed over; take a further message."""
    one = queries.ticket(actor(request), case)
    if request.method == "GET":
        return _thread(request, one)
    try:
        actions.say(
            actor(request),
            case_id=one.id,
            text=text(request, "text", limit=TYPED_CHARS_MAX, needed=False),
            key=uuid_or_404(text(request, "key")),
        )
    except BadInput as error:
        told = {
            "faults": [(f"id_{key}", words) for key, words in error.fields.items()],
            "errors": error.fields,
            "typed": request.POST.get("text", "")[:TYPED_CHARS_MAX],
        }
        return _thread(request, one, told, status=422)
    messages.success(request, "已送出。")
    return see_other(request.path)


def _thread(
    request: HttpRequest, one: Ticket, told: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    me, here = actor(request), reverse("support_case", args=[one.id])
    standing = _support.standing_of(request)
    can_write = _support.is_on(standing, _support.WORDS)
    hands = [h for h in queries.handovers(me, one.id) if h.state in _support.HANDS]
    voice = _support.voice_way(standing, here)
    word, tone = _support.STATES[one.state]
    context: dict[str, Any] = {
        "one": one,
        "kind": _support.KINDS[one.kind],
        "clock": _support.clock_of(one),
        "word": word,
        "tone": tone,
        "ground": _support.GROUNDS.get(one.ground, ""),
        "proof": _support.PROOFS.get(one.proof, ""),
        "thread": [_support.message_of(m, one) for m in queries.thread(me, one.id)]
        if can_write
        else [],
        "hands": [_support.hand_of(h) for h in hands],
        "is_over": one.closed_at is not None,
        "is_answered": one.answered_at is not None,
        "can_write": can_write and one.closed_at is None,
        "consent": with_query(reverse("consent", args=[_support.WORDS]), next=here),
        "photos": _support.is_on(standing, _support.WORDS, "uploaded_photo"),
        "voice": voice,
        "seconds": queries.VOICE_SECONDS_MAX,
        "call": queries.call_of(me, one.id),
        "ways": _support.more_ways(standing, one, here) if one.is_running else [],
        "ways_on": queries.WAYS_ON,
        "key": str(ids.uuid7()),
        "errors": {},
    }
    answer = show(request, "support/case", {**context, **(told or {})}, status=status)
    if not voice and context["can_write"]:
        answer.device_features = frozenset({"microphone"})  # type: ignore[attr-defined]
    return answer


@require_POST
@person
def send(request: HttpRequest, case: UUID, form: str) -> HttpResponse:
    """Send a picture or a recording into a case."""
    sends = {"photo": actions.send_photo, "voice": actions.send_voice}
    if form not in sends:
        raise NotFound("form")
    one = queries.ticket(actor(request), case)
    try:
        sends[form](
            actor(request),
            case_id=one.id,
            content=file_of(request, form),
            key=uuid_or_404(text(request, "key")),
        )
    except BadInput as error:
        words = next(iter(error.fields.values()), error.message_text)
        told = {"faults": [(f"id_{form}", words)], "errors": {form: words}}
        answer = _thread(request, one, told, status=error.status)
        answer.fault_code = error.code  # type: ignore[attr-defined]
        return answer
    messages.success(request, "已送出。")
    return see_other(reverse("support_case", args=[one.id]))


@require_GET
@person
def file(request: HttpRequest, case: UUID, message: UUID) -> HttpResponse:
    """Give a picture or recording of one's own case; nobody else's, and for no cache."""
    content, kind = queries.file(actor(request), case, message)
    response = HttpResponse(content, content_type=kind)
    ending = kind.rpartition("/")[2]
    response["Content-Disposition"] = f'attachment; filename="xingnuo-{message.hex[-8:]}.{ending}"'
    response["Content-Security-Policy"] = _BARE
    return response


@require_POST
@person
def end(request: HttpRequest, case: UUID) -> HttpResponse:
    """Close one's own case."""
    actions.close_own(actor(request), case_id=case)
    messages.success(request, "已办结。需要时可以重新打开。")
    return see_other(reverse("support_case", args=[case]))


@require_POST
@person
def again(request: HttpRequest, case: UUID) -> HttpResponse:
    """Open one's own case again; the clock starts anew."""
    actions.reopen_own(actor(request), case_id=case)
    messages.success(request, "已重新打开，时限从今天重新算。")
    return see_other(reverse("support_case", args=[case]))


@require_GET
@person
def call(request: HttpRequest) -> HttpResponse:
    """Give links that dial, once the person agreed to it; before that they dial by hand."""
    standing = _support.standing_of(request)
    if not _support.is_on(standing, "support.call"):
        here = reverse("support_call")
        return see_other(with_query(reverse("consent", args=["support.call"]), next=here))
    gate.permit(actor(request), subject_id=subject(request), purpose="support.call")
    lines = [
        {"name": one.name, "phone": way, "dial": "".join(c for c in way if c.isdigit())}
        for one in policy.in_force().controllers.values()
        for way in one.contact.split(" · ")
        if "@" not in way and any(c.isdigit() for c in way)
    ]
    return show(request, "support/call", {"lines": lines})


urlpatterns = [
    path("support/", support, name="support"),
    path("support/articles/", articles, name="support_articles"),
    path("support/articles/<slug:article>/", article, name="support_article"),
    path("support/ask/", topics, name="support_topics"),
    path("support/ask/<slug:topic>/", ask, name="support_ask"),
    path("support/call/", call, name="support_call"),
    path("support/cases/", cases, name="support_cases"),
    path("support/cases/<uuid:case>/", case, name="support_case"),
    path("support/cases/<uuid:case>/close/", end, name="support_end"),
    path("support/cases/<uuid:case>/reopen/", again, name="support_again"),
    path("support/cases/<uuid:case>/send/<slug:form>/", send, name="support_send"),
    path("support/cases/<uuid:case>/files/<uuid:message>/", file, name="support_file"),
]
