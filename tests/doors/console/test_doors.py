"""The console's door: its own host, nobody else inside, no lists of persons, no forms from away.

The routes come from the router, so a new page is walked without being told.
"""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests import cast
from tests.doors.console import crew
from tests.house import sweep
from tests.house.sweep import Route
from xingnuo.doors.console import _pages
from xingnuo.kit import ids

PUBLIC = {"ops_sign_in", "ops_sign_in_options", "ops_enrol"}
FILES = ("csv", "excel", "spreadsheet", "zip", "octet-stream", "pdf")


@pytest.fixture(scope="module")
def routes() -> list[Route]:
    """Give every route of the console."""
    return [route for route in sweep.routes() if route.is_console]


def plain(answer: HttpResponse) -> tuple[int, str]:
    """Give an answer without what is fresh in each."""
    return answer.status_code, crew.without_tokens(answer.content.decode())


def missing(client: Client, method: str = "get") -> tuple[int, str]:
    """Give what a missing page answers."""
    return plain(getattr(client, method)("/ops/nope/"))


def values(case: UUID | None = None, member: UUID | None = None) -> dict[str, str]:
    """Fill every parameter with a real thing where one is given."""
    return {
        "case": str(case or ids.uuid7()),
        "member": str(member or ids.uuid7()),
        "look": str(ids.uuid7()),
        "release": str(ids.uuid7()),
        "message": str(ids.uuid7()),
        "item": "email",
    }


def test_there_are_routes(routes: list[Route]) -> None:
    """The walk looks at the real address list, and no address of it leaves /ops/."""
    assert len(routes) >= 28
    assert all(route.pattern.startswith("ops/") for route in routes)


def test_each_host_has_its_own_pages(routes: list[Route]) -> None:
    """The console is nowhere else, and on its host nothing else is."""
    elsewhere = Client(headers={"host": "localhost", "origin": settings.BASE_URL})
    for route in routes:
        assert elsewhere.get(route.path(values())).status_code == 404, route.pattern
    here = crew.browser()
    for path in ("/", "/me/", "/policy/", "/api/v1/policy", "/sign-in/", "/sw.js", "/display/"):
        assert here.get(path).status_code == 404, path
    assert Client(headers={"host": "ops.localhost.evil.example"}).get("/ops/").status_code == 400


def test_guest_customer_and_colleague_without_the_role_find_a_missing_page(
    routes: list[Route],
) -> None:
    """Status and body are those of a page that does not exist, whether the thing exists or not."""
    person = crew.person_with(email="cnrydoor@example.com")
    case = crew.ask(person)
    peer = crew.hire(["risk"])
    charlie = sweep.session_for(cast.make_person().subject_id, "charlie", proved=True)
    as_charlie = crew.browser()
    as_charlie.cookies[settings.SESSION_COOKIE] = charlie.token
    as_charlie.cookies["xn_seen"] = charlie.seen
    stranger = crew.browser(ids.token())
    wrong = []
    for route in routes:
        if route.name in PUBLIC:
            continue
        allowed = sweep.allowed(route) or ()
        path = route.path(values(case, peer.member.id))
        for method in {"get", "post"} & {one.lower() for one in allowed}:
            for who, client in (
                ("guest", crew.browser()),
                ("charlie", as_charlie),
                ("x", stranger),
            ):
                if plain(getattr(client, method)(path)) != missing(client, method):
                    wrong.append(f"{who} {method} {route.name}")
    for path in (f"/ops/q/rights/{case}/", "/ops/q/rights/", "/ops/staff/", "/ops/audit/"):
        if plain(peer.get(path)) != missing(peer.client):
            wrong.append(f"peer {path}")
    assert not wrong, "\n".join(wrong)


def test_a_form_from_elsewhere_changes_nothing(routes: list[Route]) -> None:
    """Every unsafe method needs its token, or the browser's own word where no cookie is set yet."""
    member = crew.hire(["compliance", "admin", "auditor"])
    for route in routes:
        for method in set(sweep.allowed(route) or ()) - set(sweep.SAFE):
            client = crew.browser(member.token, checks=True)
            for origin in ("", "https://elsewhere.example", "null", settings.BASE_URL):
                answer = client.generic(method, route.path(values()), headers={"origin": origin})
                assert answer.status_code == 403, (route.name, origin, answer.status_code)
    assert member.session.id


def test_no_answer_holds_more_than_one_person_and_none_is_a_file(routes: list[Route]) -> None:
    """With cases of several people in every tab, each answer knows at most one of them."""
    member = crew.hire(["compliance", "admin", "auditor"])
    people = {
        name: crew.person_with(email=f"cnry{name}@example.com") for name in ("one", "two", "six")
    }
    cases = [crew.ask(person) for person in people.values() for _ in range(2)]
    for case in cases[1::2]:
        assert member.post(f"/ops/q/rights/{case}/take/").status_code == 303
    why = {"reason": "call_back", "note": crew.NOTE}
    seen = member.post(f"/ops/q/rights/{cases[1]}/reveal/email/", why)["Location"]
    asked = 0
    for route in routes:
        if "GET" not in (sweep.allowed(route) or ()):
            continue
        for case in cases:
            paths = [route.path(values(case, member.member.id))]
            if route.name == "ops_queue":
                paths += [f"{paths[0]}?tab={tab}" for tab in ("free", "mine", "two", "closed")]
            for path in [*paths, seen]:
                answer = member.get(path)
                asked += answer.status_code == 200
                body = answer.content.decode()
                told = [
                    name
                    for name, person in people.items()
                    if f"cnry{name}" in body or str(person.subject_id) in body
                ]
                assert len(told) <= 1, (path, told)
                kind = answer.headers.get("Content-Type", "")
                assert not any(word in kind for word in FILES), (path, kind)
                assert "Content-Disposition" not in answer.headers, path
    assert asked > 40


def test_a_step_leads_back_into_the_console_alone() -> None:
    """No next leads elsewhere."""
    from tests.house.test_headers import ELSEWHERE

    member = crew.hire(["compliance"])
    for payload in (*ELSEWHERE, "/me/", "/ops/../me/", "/ops//evil.example", "/ops/\\evil"):
        page = member.get("/ops/verify/", next=payload).content.decode()
        (back,) = re.findall(r'name="next" value="([^"]*)"', page)
        assert back == "/ops/", payload
    page = member.get("/ops/verify/", next="/ops/me/").content.decode()
    assert 'value="/ops/me/"' in page
    assert _pages.NEXT_CHARS_MAX < 1000


def test_what_a_member_tries_in_vain_is_on_their_record() -> None:
    """A refused try leaves a line that names the member, the code and the route."""
    from xingnuo.trust.evidence import queries as evidence

    member = crew.hire(["risk"])
    member.get("/ops/audit/")
    member.post("/ops/q/rights/next/")
    told = [one.reason for one in evidence.acted(actor_ref=member.member.code)]
    assert told[:2] == ["not_found:ops_take_next", "not_found:ops_audit"]


def test_a_list_page_is_small_and_its_clock_is_the_servers() -> None:
    """Under 20 KB with a full page; the word says how long is left or over."""
    member = crew.hire(["compliance"])
    person = cast.make_person()
    for hours in range(30):
        crew.ask(person, hours=-hours * 3 - 500)
    page = member.get("/ops/q/rights/").content
    assert len(page) <= 20 * 1024, len(page)
    assert "已超" in page.decode()
