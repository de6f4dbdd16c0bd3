"""A day at the console, by its pages: take, look, reveal, look up, propose, release."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections, transaction

from tests import cast
from tests.doors.console import crew
from xingnuo.duties.rights import queries as rights
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.people.permissions import queries as staff
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Entry, Kind


def lines(person: cast.Person, *kinds: Kind) -> list[Entry]:
    """Give a person's record."""
    with transaction.atomic():
        session.set_subject(person.subject_id)
        return evidence.of_subject(person.subject_id, kinds=kinds or None, limit=200)


def email() -> str:
    """Make an address of nobody."""
    return f"cnry-{ids.token()[:10].lower()}@example.com"


def taken(member: crew.Crew, person: cast.Person) -> str:
    """Let a member take a new case of a person; gives the case's address."""
    base = f"/ops/q/rights/{crew.ask(person)}/"
    assert member.post(f"{base}take/").status_code == 303
    return base


def test_a_person_is_seen_by_whoever_took_the_case_and_masked() -> None:
    """Before taking, nothing of the person is read; after, masked by the server."""
    value = email()
    person = crew.person_with(email=value)
    member, peer = crew.hire(["compliance"]), crew.hire(["compliance"])
    base = f"/ops/q/rights/{crew.ask(person)}/"
    before = len(lines(person))
    for who in (member, peer):
        page = who.get(base).content.decode()
        assert "领取后才能看客户信息" in page and "c***@example.com" not in page
    assert len(lines(person)) == before
    member.post(f"{base}take/")
    page = member.get(base).content.decode()
    assert "c***@example.com" in page and value not in page
    (view,) = lines(person, Kind.VIEW)[:1]
    assert view.actor_ref == member.member.code and str(view.ref) in base
    assert "c***@example.com" not in peer.get(base).content.decode()
    assert peer.post(f"{base}take/").status_code == 409
    for path in ("reveal/email/", "look-up/"):
        assert peer.get(base + path).status_code == 404
    assert peer.post(f"{base}decide/", {"choice": "done"}).status_code == 404


@pytest.mark.promise("4.1.4", "4.1.5")
def test_without_signature_and_training_no_data_and_the_way_is_shown() -> None:
    """Taking and looking are refused, and the page leads to where one signs and learns."""
    person = crew.person_with(email=email())
    member = crew.hire(["compliance"], cleared=False)
    base = f"/ops/q/rights/{crew.ask(person)}/"
    for answer in (
        member.post(f"{base}take/"),
        member.post("/ops/q/rights/next/"),
        member.get(base),
    ):
        assert answer.status_code == 403
        assert 'href="/ops/me/"' in answer.content.decode()
    crew.clear(member.token)
    assert member.post(f"{base}take/").status_code == 303
    with clock.shifted(timedelta(days=366)):
        lapsed = crew.hire(["compliance"], cleared=False)
        for path in (base, "/ops/q/rights/"):
            assert lapsed.get(path).status_code == 403
        assert lapsed.get("/ops/").status_code == 200


def test_a_value_is_shown_for_a_reason_and_told_to_its_person() -> None:
    """Never in the page before; on record before; covered after five minutes; told in words."""
    value = email()
    person = crew.person_with(email=value)
    member = crew.hire(["compliance"], name="陈合规")
    base = taken(member, person)
    for path in (base, f"{base}reveal/email/"):
        assert value not in member.get(path).content.decode()
    why = {"reason": "call_back", "note": crew.NOTE}
    assert member.post(f"{base}reveal/email/", {**why, "note": "短"}).status_code == 422
    assert member.post(f"{base}reveal/email/", {**why, "reason": ""}).status_code == 422
    assert member.post(f"{base}reveal/nickname/", why).status_code == 404
    assert not lines(person, Kind.REVEAL)
    answer = member.post(f"{base}reveal/email/", why)
    asked = [one.reason for one in evidence.acted(actor_ref=member.member.code)]
    assert asked[0] == "staff.reveal_asked"
    shown = member.get(answer["Location"])
    page = shown.content.decode()
    assert value in page and "陈合规" in page and shown["Refresh"].endswith(base)
    (line,) = lines(person, Kind.REVEAL)
    assert (line.items, line.reason, line.actor_ref) == (
        ("email",),
        "call_back",
        member.member.code,
    )
    with transaction.atomic():
        session.set_subject(person.subject_id)
        (look,) = [one for one in evidence.looked(person.subject_id) if one.plain]
    from xingnuo.doors.web import _lists
    from xingnuo.trust.policy import queries as policy

    (told,) = _lists.looks(policy.in_force(), [look])
    assert "合规人员" in told["title"] and "需要按号码回电" in told["sub"]
    other = crew.hire(["compliance"])
    assert other.get(answer["Location"]).status_code == 404
    with clock.shifted(timedelta(minutes=5)):
        assert member.get(answer["Location"]).status_code == 404


def test_a_stale_touch_asks_for_the_passkey_again() -> None:
    """Before anything can be typed the page leads to the passkey, and back."""
    person = crew.person_with(email=email())
    member = crew.hire(["compliance"])
    base = taken(member, person)
    with clock.shifted(timedelta(minutes=6)):
        answer = member.get(f"{base}reveal/email/")
        assert answer["Location"].startswith("/ops/verify/?next=%2Fops%2Fq%2Frights%2F")


def test_a_look_up_tells_whether_it_is_the_person_of_the_case_and_nothing_else() -> None:
    """Another person's number and nobody's get the same page; each try is on record."""
    phone, other_phone = cast.phone(), cast.phone()
    person, other = crew.person_with(phone=phone), crew.person_with(phone=other_phone)
    member = crew.hire(["compliance"])
    base = taken(member, person)
    why = {"item": "phone", "reason": "match_caller", "note": crew.NOTE}

    def ask(value: str) -> str:
        answer = member.post(f"{base}look-up/", {**why, "value": value})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert value not in page
        return page

    found, foreign, nobody = ask(phone), ask(other_phone), ask(cast.phone())
    strip = crew.without_tokens
    assert "一致" in found and strip(found) != strip(foreign)
    assert strip(foreign) == strip(nobody) == strip(ask("abc"))
    assert lines(person, Kind.LOOKUP) and lines(other, Kind.LOOKUP)
    tried = [one for one in evidence.acted(actor_ref=member.member.code) if one.kind is Kind.LOOKUP]
    assert len(tried) == 4
    for lack in ({"item": "email"}, {"note": "短"}, {"reason": ""}, {"value": ""}):
        assert member.post(f"{base}look-up/", {**why, "value": phone, **lack}).status_code == 422


def test_a_decision_takes_two_people() -> None:
    """One proposes with a reason from the list; another releases; the case is closed and told."""
    person = crew.person_with(email=email())
    one, two = crew.hire(["compliance"]), crew.hire(["compliance"])
    base = taken(one, person)
    case_id = base.split("/")[4]
    wrong = one.post(f"{base}decide/", {"choice": "done", "reason": "law_keeps"})
    assert wrong.status_code == 422 and "请选择一个理由" in wrong.content.decode()
    assert one.post(f"{base}decide/", {"choice": "burn"}).status_code == 409
    good = {"choice": "done", "reason": "identity_checked", "note": "已按流程办理"}
    assert one.post(f"{base}decide/", good).status_code == 303
    assert one.post(f"{base}decide/", good).status_code == 409
    page = one.get("/ops/q/rights/", tab="two").content.decode()
    assert "/ops/releases/case/" in page
    with transaction.atomic():
        waiting = staff.of_ref("case.rights", UUID(case_id))
    assert waiting is not None
    step = f"/ops/releases/case/{waiting.id}/"
    assert one.post(step, {"answer": "release"}).status_code == 403
    with transaction.atomic():
        assert rights.one(UUID(case_id)).state == "received"
    assert crew.hire(["agent"]).post(step, {"answer": "release"}).status_code == 404
    assert (
        crew.hire(["compliance"], cleared=False).post(step, {"answer": "release"}).status_code
        == 403
    )
    assert two.post(step, {"answer": "release"}).status_code == 303
    with transaction.atomic():
        assert rights.one(UUID(case_id)).state == "done"
    told = [line.reason for line in lines(person, Kind.OPERATOR)]
    assert told == ["case.decided:done"]
    assert two.post(step, {"answer": "release"}).status_code == 404


def test_a_new_colleague_needs_two_admins_and_the_code_is_told_once() -> None:
    """The second admin sees the code on that page alone."""
    one, two = crew.hire(["admin"]), crew.hire(["admin"])
    code = crew.code_of_nobody()
    bad = one.post("/ops/staff/new/", {"code": "X", "name": "", "roles": ""})
    assert bad.status_code == 422
    made = one.post("/ops/staff/new/", {"code": code, "name": "新人", "roles": ["agent"]})
    assert made.status_code == 303
    page = one.get("/ops/releases/").content.decode()
    step = [part for part in page.split('"') if part.startswith("/ops/releases/staff/")][-1]
    assert one.post(step, {"answer": "release"}).status_code == 403
    told = two.post(step, {"answer": "release"})
    assert told.status_code == 200 and "一次性代码" in told.content.decode()
    assert "xn_messages" not in told.cookies
    assert two.get(step).status_code == 404
    assert two.post(f"{made['Location']}do/suspend/").status_code == 303


def test_the_auditor_sees_acts_and_checks_the_chain() -> None:
    """By member, purpose and case; nothing of it can be changed there."""
    person = crew.person_with(email=email())
    member, auditor = crew.hire(["compliance"]), crew.hire(["auditor"])
    base = taken(member, person)
    member.get(base)
    case_id = base.split("/")[4]
    for query in ({"staff": member.member.code}, {"case": case_id}, {"purpose": "rights.handle"}):
        page = auditor.get("/ops/audit/", **query).content.decode()
        assert "查看（已遮挡）" in page, query
        assert str(person.subject_id) not in page
    assert auditor.get("/ops/audit/", case="x").status_code == 404
    checked = auditor.post("/ops/audit/check/")
    assert checked.status_code == 200 and "证据链" in checked.content.decode()
    assert auditor.get(base).status_code == 404


def test_every_page_of_the_queue_goes_on_where_the_last_ended() -> None:
    """Keyset pages name each case once, the most urgent first."""
    member = crew.hire(["compliance"])
    person = cast.make_person()
    wanted = {f"/ops/q/rights/{crew.ask(person, hours=hours)}/" for hours in range(30, 60)}
    found: list[str] = []
    path = "/ops/q/rights/"
    while path:
        page = member.get(path).content.decode().replace("&amp;", "&")
        found += [p for p in page.split('"') if p.startswith("/ops/q/rights/") and len(p) > 40]
        found = [one for one in found if "?" not in one]
        path = next((p for p in page.split('"') if "after=" in p), "")
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
    assert wanted <= set(found) and len(found) == len(set(found))
