"""The crew of the console: members of staff with software passkeys, and work to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests import cast
from tests.people.unlock.soft import Authenticator
from xingnuo.duties.rights.contracts import CaseKind, CaseState
from xingnuo.duties.rights.models import CaseRow
from xingnuo.kit import clock, ids
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.contracts import Member, StaffAct, StaffSession

HOST = settings.CONSOLE_URL.partition("://")[2]
HERE = {"host": HOST, "origin": settings.CONSOLE_URL}
COURSE = "privacy"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
NOTE = "来电人要求更正，需要核对后回电"


@dataclass
class Crew:
    """One member at the console, in a browser of their own."""

    member: Member
    key: Authenticator
    client: Client
    token: str

    @property
    def session(self) -> StaffSession:
        """Give the live session."""
        with transaction.atomic():
            found = actions.resolve(self.token, host=HOST)
        assert found is not None
        return found

    def get(self, path: str, **query: str) -> HttpResponse:
        """Ask for a page."""
        answer: Any = self.client.get(path, query)
        return cast_to(answer)

    def post(self, path: str, data: dict[str, Any] | None = None) -> HttpResponse:
        """Send a form."""
        answer: Any = self.client.post(path, data or {})
        return cast_to(answer)


def cast_to(answer: Any) -> HttpResponse:
    """Give the test client's answer as what it is."""
    assert isinstance(answer, HttpResponse)
    return answer


def browser(token: str = "", *, host: str = HOST, checks: bool = False) -> Client:
    """Give a browser at the console's host."""
    told = {"host": host, "origin": settings.CONSOLE_URL}
    client = Client(headers=told, enforce_csrf_checks=checks, raise_request_exception=False)
    if token:
        client.cookies[settings.STAFF_COOKIE] = token
    return client


def code_of_nobody() -> str:
    """Make a staff id that no one has."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "t" + "".join(letters[byte % 26] for byte in ids.random_bytes(12))


def hire(roles: Iterable[str], *, name: str = "陈合规", cleared: bool = True) -> Crew:
    """Register a member, enrol their passkey by the real code, and sign in."""
    with transaction.atomic():
        made = actions.register(
            code=code_of_nobody(), name=name, roles=roles, by="cli", channel="cli"
        )
        once = actions.let_in(made.id, by="cli", channel="cli")
    key = Authenticator(origin=settings.CONSOLE_URL, host=settings.CONSOLE_HOST)
    with transaction.atomic():
        entered = actions.enter(staff_code=made.code, code=once, host=HOST)
        here = actions.resolve(entered, host=HOST)
        assert here is not None
        answer = key.create(actions.options(StaffAct.ENROL, here))
        token = actions.enrol(here, answer, host=HOST)
    if cleared:
        clear(token)
    with transaction.atomic():
        found = queries.member(made.id)
    return Crew(found, key, browser(token), token)


def clear(token: str) -> None:
    """Sign the undertaking and pass the training."""
    with transaction.atomic():
        here = actions.resolve(token, host=HOST)
        assert here is not None
        actions.sign_undertaking(here, text_hash=queries.undertaking_now().text_hash)
        actions.record_training(here.member.id, course_id=COURSE, by="cli")


def ask(person: cast.Person, *, kind: CaseKind = CaseKind.CORRECT, hours: int = 48) -> UUID:
    """Open a rights case of a person that is due in some hours."""
    now = clock.now()
    case_id = ids.uuid7()
    with transaction.atomic():
        CaseRow.objects.create(
            id=case_id,
            subject_id=person.subject_id,
            kind=kind.value,
            state=CaseState.RECEIVED.value,
            made_at=now,
            due_at=now + timedelta(hours=hours),
        )
    return case_id


def without_tokens(page: str) -> str:
    """Give a page without what is fresh in every answer."""
    return _TOKEN.sub("", page)


def person_with(**values: str) -> cast.Person:
    """Make a person with values of their own, sealed in the vault."""
    made = cast.make_person()
    for item, value in values.items():
        if item == "phone":
            cast.fill(made, "accounts.sign_in", {item: value})
            continue
        cast.agree(made, "profile.manage", optional=(item,))
        cast.fill(made, "profile.manage", {item: value})
    return made
