"""The answer to the first-run notice, kept in a signed cookie that names nobody."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse

from xingnuo.doors.porch.replies import put_cookie
from xingnuo.people.accounts.contracts import Accepted
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled, NoPolicy

COOKIE = "xn_notice"
SALT = "xingnuo.notice"
KEPT_SECONDS = 365 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What this browser's person said to which text."""

    version: str
    text_hash: str
    agreed: bool

    @property
    def accepted(self) -> Accepted:
        """Give the agreement as sign-in passes it on."""
        return Accepted(version=self.version, text_hash=self.text_hash)


def answer_of(request: HttpRequest) -> Answer | None:
    """Read the answer that still stands; a forged, broken or outdated one is none."""
    raw = request.COOKIES.get(COOKIE, "")
    if not raw:
        return None
    try:
        said = signing.loads(raw, salt=SALT, max_age=KEPT_SECONDS)
        answer = Answer(version=str(said["v"]), text_hash=str(said["h"]), agreed=said["a"] is True)
    except (signing.BadSignature, KeyError, TypeError):
        return None
    return answer if _stands(answer) else None


def agreed(request: HttpRequest) -> Answer | None:
    """Give the answer only when it agrees to the very text in force."""
    answer = answer_of(request)
    compiled = policy.in_force()
    same = answer is not None and answer.text_hash == compiled.hash
    return answer if answer is not None and answer.agreed and same else None


def keep(response: HttpResponse, compiled: Compiled, *, agreed: bool) -> None:
    """Keep what was said to the version shown."""
    said = {"v": compiled.version, "h": compiled.hash, "a": agreed}
    put_cookie(response, COOKIE, signing.dumps(said, salt=SALT), seconds=KEPT_SECONDS)


def _stands(answer: Answer) -> bool:
    # A material change is told again; a change of wording alone asks nobody (8.1).
    compiled = policy.in_force()
    if answer.text_hash == compiled.hash:
        return True
    try:
        before = policy.version(answer.version)
    except NoPolicy:
        return False
    return before.hash == answer.text_hash and not policy.diff(before, compiled).material
