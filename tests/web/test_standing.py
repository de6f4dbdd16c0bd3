"""Pages by how a person stands: a new policy, foreign ids, the record in pages, home's figures."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests import cast
from tests.web import knock
from xingnuo.doors.cli.scratch import Stack
from xingnuo.doors.web import _lists
from xingnuo.kit import clock, ids
from xingnuo.people.accounts import _sessions
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, SubjectState

BEFORE_THE_NEW_VERSION = datetime(2026, 9, 15, 4, tzinfo=UTC)


def browser_of(person: cast.Person) -> Client:
    """Give a browser in which a subject of the cast has a live session."""
    with transaction.atomic():
        token, _ = _sessions.begin(
            person.subject_id,
            session_id=ids.uuid7(),
            device_id=ids.uuid7(),
            label="Android · Chrome",
            provider_session="",
        )
    client = knock.guest()
    client.cookies[settings.SESSION_COOKIE] = token
    return client


@pytest.fixture
def earlier() -> cast.Person:
    """Give a person who accepted the version before the one in force."""
    with clock.frozen(BEFORE_THE_NEW_VERSION):
        return cast.make_person()


@pytest.mark.promise("8.1", "1.6.3")
def test_a_material_change_is_told_and_asked(earlier: cast.Person) -> None:
    """Home says it, the page lists what is wider, and a yes to the very text ends it."""
    client = browser_of(earlier)
    assert "隐私政策有实质变化" in client.get("/").content.decode()
    text = client.get("/policy/agree/").content.decode()
    assert "你之前同意的是第" in text
    assert "会重新问你" in text
    compiled = policy.in_force()
    stale = {"answer": "agree", "version": compiled.version, "text_hash": "0" * 64}
    assert client.post("/policy/agree/", stale).status_code == 409
    done = client.post("/policy/agree/", {**stale, "text_hash": compiled.hash})
    assert done.status_code == 303
    with transaction.atomic():
        stands = standing.standing(earlier.subject_id)
    assert (stands.accepted_version, stands.policy_due) == (compiled.version, False)
    assert "隐私政策有实质变化" not in client.get("/").content.decode()
    assert "你已同意现行版" in client.get("/policy/agree/").content.decode()


@pytest.mark.promise("8.1")
def test_a_no_to_the_new_version_changes_nothing(earlier: cast.Person) -> None:
    """A no leads to what still works; nothing is recorded as accepted; nothing else closes."""
    client = browser_of(earlier)
    compiled = policy.in_force()
    answer = client.post(
        "/policy/agree/",
        {"answer": "refuse", "version": compiled.version, "text_hash": compiled.hash},
    )
    assert answer["Location"] == "/policy/declined/"
    assert "没有同意，也能用这些" in client.get("/policy/declined/").content.decode()
    with transaction.atomic():
        assert standing.standing(earlier.subject_id).accepted_version == "1.0"
    for path in ("/me/settings/privacy/", "/me/settings/privacy/collected/", "/me/"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (SubjectState.FROZEN, "帐号已冻结"),
        (SubjectState.WITHDRAWN, "你已撤回同意"),
        (SubjectState.CLOSING, "正在注销"),
        (SubjectState.MINOR, "我们不向未成年人提供服务"),
    ],
)
def test_home_says_what_stands_in_the_way(state: SubjectState, words: str) -> None:
    """A person who is not simply active is told so, with the one page where it is settled."""
    person = cast.make_person()
    with transaction.atomic():
        actor = cast.SYSTEM if state is SubjectState.MINOR else person.actor
        gate.change_state(actor, subject_id=person.subject_id, to=state, cause="test")
    client = browser_of(person)
    for path in ("/", "/me/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert words in answer.content.decode()
    for path in ("/me/settings/privacy/", "/me/settings/privacy/grants/", "/notices/"):
        assert client.get(path).status_code == 200, path
    refused = client.post(
        "/consent/notices.promotion/",
        {"answer": "agree", "text_hash": standing.sheet("notices.promotion").text_hash},
    )
    assert refused.status_code == 403


def test_what_is_anothers_looks_like_what_is_not_there(stack: Stack) -> None:
    """Charlie's session, notice and made-up ids are the same missing page to Alice."""
    alice, charlie = knock.person(stack.sandbox_url), knock.person(stack.sandbox_url)
    alice.get("/")  # takes the message about signing in, which would differ
    theirs, none = knock.session_of(charlie).id, UUID(int=9)
    told = [alice.post(f"/me/settings/devices/sign-out/{one}/") for one in (theirs, none)]
    assert [one.status_code for one in told] == [404, 404]
    assert told[0].content == told[1].content
    assert charlie.get("/me/settings/devices/").status_code == 200
    for one in (theirs, none):
        assert alice.post(f"/notices/{one}/read/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/me/settings/privacy/grants/nope/",
        "/me/settings/privacy/grants/loans.credit_query/?recipient=nope",
        "/me/settings/privacy/permissions/nope/",
        "/me/settings/privacy/looked/?before=nope",
        "/services/nope/",
        "/policy/9.9/",
        "/policy/diff/1.0/9.9/",
    ],
)
def test_what_is_not_there_is_a_missing_page(stack: Stack, path: str) -> None:
    """A made-up name never shows a fault, and never echoes what was asked."""
    client = knock.person(stack.sandbox_url)
    answer = client.get(path)
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()


def test_the_record_goes_back_in_pages() -> None:
    """Each page goes on where the last one ended; none is skipped, none comes twice."""
    person = cast.make_person()
    purposes = ("notices.promotion", "feed.personal", "loans.credit_query", "payments.scan")
    for _ in range(8):
        for purpose in purposes:
            cast.agree(person, purpose)
    client = browser_of(person)
    marks: list[str] = []
    path = "/me/settings/privacy/looked/?tab=all"
    for _ in range(4):
        answer = client.get(path)
        rows = answer.context["rows"]
        assert len(rows) <= _lists.PAGE_ROWS
        marks += [row["mark"] for row in rows]
        if not answer.context["older"]:
            break
        path = answer.context["older"]
    assert len(marks) == len(set(marks)) >= 32


@pytest.mark.promise("3.1.4")
def test_home_counts_what_others_did(stack: Stack) -> None:
    """A use by the system is counted on the privacy card, and named with its purpose."""
    client = knock.person(stack.sandbox_url)
    subject = knock.subject_of(client)
    before = client.get("/").context["card"]
    with transaction.atomic():
        gate.permit(cast.SYSTEM, subject_id=subject, purpose="notices.service", items=("phone",))
    after = client.get("/")
    assert after.context["card"].used == before.used + 1
    assert "发送服务通知" in after.content.decode()
    assert ActorKind.SYSTEM.value not in after.content.decode()
