"""Checks of values at rest and on the way."""

from __future__ import annotations

import os
import runpy
from importlib.util import find_spec
from unittest.mock import patch

from django.db import connections, transaction

from xingnuo.kit.errors import XingnuoError
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must
from xingnuo.proof.contracts import CheckKind

SECRET = "alice.at.rest@example.com"


@check("4.1.6", kind=CheckKind.DYNAMIC)
def nothing_plain_at_rest() -> None:
    """What rests is ciphertext: no value in it, equal values differ, and a moved one does not
    open.
    """
    who = stage.person()
    values = {"email": SECRET, "employer": SECRET, "position": SECRET}
    stage.decide(who, "profile.manage", optional=tuple(values))
    stage.fill(who, "profile.manage", values)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT item, sealed FROM vault_value WHERE subject_id = %s", [who.subject_id]
        )
        sealed = {item: bytes(held) for item, held in cursor.fetchall()}
    must(set(sealed) == set(values), "values are missing")
    must(not any(SECRET.encode() in held for held in sealed.values()), "a plain value at rest")
    must(len({held[16:] for held in sealed.values()}) == len(values), "equal values look equal")
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE vault_value SET sealed = %s WHERE subject_id = %s AND item = 'employer'",
            [sealed["position"], who.subject_id],
        )
    try:
        stage.shown(who)
    except XingnuoError:
        return
    must(False, "a ciphertext moved to another item opens")


@check("4.1.6", kind=CheckKind.DYNAMIC)
def traffic_is_encrypted() -> None:
    """Served under https, cookies go over https alone, and browsers are told to stay on it."""
    place = find_spec(os.environ["DJANGO_SETTINGS_MODULE"])
    assert place is not None, "no settings"
    with patch.dict(os.environ, {"XN_BASE_URL": "https://xingnuo.example"}):
        found = runpy.run_path(str(place.origin))
    must(found["SECURE"] and found["CSRF_COOKIE_SECURE"], "cookies go in the clear")
    must(found["SECURE_HSTS_SECONDS"] >= 31_536_000, "browsers may go back to http")
    must(found["SECURE_HSTS_INCLUDE_SUBDOMAINS"], "subdomains may stay on http")
    must(found["SESSION_COOKIE"].startswith("__Host-"), "the session cookie is not bound")
