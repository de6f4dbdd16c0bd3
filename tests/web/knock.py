"""How a test knocks at the web door without a browser, as a guest or as a person signed in."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.web.walk import Account, make_account, post_json
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.accounts.contracts import Session
from xingnuo.trust.policy import queries as policy

HERE = {"origin": os.environ["XN_BASE_URL"], "host": "localhost"}
ELSEWHERE = {"origin": "https://elsewhere.example", "host": "localhost"}


def guest(agent: str = "") -> Client:
    """Give a browser that never was here."""
    headers = {**HERE, "user-agent": agent} if agent else HERE
    return Client(headers=headers)


def answer_notice(client: Client, answer: str = "agree", *, to: str = "") -> HttpResponse:
    """Answer the first-run notice."""
    return client.post(
        "/welcome/",
        {"answer": answer, "text_hash": policy.in_force().hash, "next": to},
    )


def begin(client: Client, *, to: str = "/me/") -> str:
    """Agree to the notice, press sign-in, and give the provider's address."""
    answer_notice(client)
    answer = client.post("/sign-in/", {"next": to})
    assert answer.status_code == 303, answer.content[:500]
    return str(answer["Location"])


def prove(sandbox_url: str, url: str, account: Account, *, decision: str = "agree") -> str:
    """Answer at the provider as the person would; gives the path that leads back."""
    asked = {"url": url, "sub": account.sub, "decision": decision}
    back = urlsplit(post_json(f"{sandbox_url}/account/test/sign-in", asked)["redirect_to"])
    return f"{back.path}?{back.query}"


def person(sandbox_url: str, account: Account | None = None, **told: Any) -> Client:
    """Give a browser in which a person has signed in by the whole real way."""
    client = guest(**told)
    known = account or make_account(sandbox_url)
    done = client.get(prove(sandbox_url, begin(client), known))
    assert done.status_code == 303, done.content[:500]
    return client


def session_of(client: Client) -> Session:
    """Give the live session of a browser."""
    from django.db import transaction

    with transaction.atomic():
        found = accounts.resolve(client.cookies[settings.SESSION_COOKIE].value)
    assert found is not None
    return found


def subject_of(client: Client) -> UUID:
    """Give the person who is signed in in a browser."""
    return session_of(client).subject_id


def cookie(client: Client, name: str) -> str:
    """Give a cookie's value, empty where it is not kept."""
    return client.cookies[name].value if name in client.cookies else ""
