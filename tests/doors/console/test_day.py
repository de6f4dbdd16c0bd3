"""A day at the console, by its pages: take, look, reveal, propose, release."""

from __future__ import annotations

import re

from django.db import transaction

from tests import cast
from tests.doors.console import crew
from xingnuo.kit.db import session
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Entry, Kind


def lines(person: cast.Person, *kinds: Kind) -> list[Entry]:
    """Give a person's record."""
    with transaction.atomic():
        session.set_subject(person.subject_id)
        return evidence.of_subject(person.subject_id, kinds=kinds or None, limit=200)


def test_probe() -> None:
    """First light."""
    member = crew.hire(["compliance"])
    email = "cnry-console@example.com"
    person = crew.person_with(email=email)
    case = crew.ask(person)
    base = f"/ops/q/rights/{case}/"
    for path in ("/ops/", "/ops/me/", "/ops/q/rights/", "/ops/releases/", base, "/ops/staff/"):
        answer = member.get(path)
        assert answer.status_code == 200, (path, answer.content.decode()[-900:])
    taken = member.post(f"{base}take/")
    assert taken.status_code == 303, taken.content.decode()[-900:]
    page = member.get(base)
    assert page.status_code == 200, page.content.decode()[-1500:]
    print(re.sub(r"<[^>]+>", " ", page.content.decode())[-1500:])
    ask = member.get(f"{base}reveal/email/")
    assert ask.status_code == 200, ask.content.decode()[-900:]
    told = member.post(f"{base}reveal/email/", {"reason": "call_back", "note": crew.NOTE})
    assert told.status_code == 303, told.content.decode()[-900:]
    shown = member.get(told["Location"])
    assert email in shown.content.decode()
    print([(one.kind, one.reason, one.items) for one in lines(person)])
