"""A policy version that is published and does not bind yet: told before its day (0.1, 8.1).

What is material is told on the pages where a person goes about, until they tap it away once; the
rest stands on the page of the policy alone. Nothing is blocked and nothing is agreed to by it.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from xingnuo.doors.web._when import day
from xingnuo.people.notices import queries as notices
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled

# Where a person goes about; never in the middle of a question, a sign-in or a text being read.
_PLACES = ("home/", "settings/", "privacy/", "permissions/", "rights/personal", "notices/")
POINTS_MAX = 4


def announcement(request: HttpRequest, page: str) -> dict[str, Any]:
    """Give what the base page shows to a person who did not yet see what is coming."""
    who = getattr(request, "visitor", None)
    if who is None or not who.signed_in or not page.startswith(_PLACES):
        return {}
    one = next(
        (v for v in policy.coming(material=True) if not _is_seen(who.actor, v.version)), None
    )
    if one is None:
        return {}
    current = policy.in_force()
    return {
        "announced": {
            "title": "隐私政策将有变化",
            "lead": f"第 {one.version} 版从{day(one.effective_on)}起生效，在那之前一切照旧。"
            "放宽的部分，到时会先问你。",
            "points": one.summary[:POINTS_MAX],
            "link": "看改了什么",
            "href": reverse("policy_compare", args=[current.version, one.version]),
            "action": reverse("policy_seen", args=[one.version]),
            "next": request.path if request.method == "GET" else reverse("home"),
        }
    }


def _is_seen(actor: Actor, version: str) -> bool:
    return notices.has_seen_version(actor, version)


def announced_on(shown: Compiled) -> list[dict[str, str]]:
    """Give what the page of the policy says of later versions, small changes too."""
    return [
        {
            "version": one.version,
            "text": f"第 {one.version} 版已公布，{day(one.effective_on)}起生效。",
        }
        for one in policy.coming()
        if one.version != shown.version
    ]
