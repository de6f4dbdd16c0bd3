"""Checks of a version that is coming: everybody is told of it before it binds (0.1, 8.1)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids
from xingnuo.people.notices import actions as notices
from xingnuo.people.notices import queries as told_of
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof import _version
from xingnuo.proof._register import check
from xingnuo.proof._stage import must
from xingnuo.proof.checks.live import ask
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.consent.contracts import POLICY
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled

_NOTICE = timedelta(days=30)
_TITLE = "隐私政策将有变化"
# Whoever came in the last hour before it bound may have been told by the page alone.
_GRACE = timedelta(hours=1)


def _wider() -> Compiled:
    # Another number each time: what was found of a version is remembered by its hash.
    number = f"9.{100 + int.from_bytes(ids.random_bytes(4)) % 9000}"
    now, security = policy.in_force(), policy.in_force().purposes["accounts.security"]
    made = _version.remade(
        now,
        version=number,
        effective_on=clock.today() + _NOTICE,
        purposes={"accounts.security": {"items": (*security.items, "nickname")}},
    )
    return _version.whole(made, published_on=clock.today())


@check("0.1", "8.1", kind=CheckKind.DYNAMIC)
def people_are_told_before_it_binds() -> None:
    """A material version puts a notice before each person, changes nothing till its day, then
    asks.
    """
    who = house.member()
    me, browser, coming = who.person, who.browser(), _wider()
    with _version.published(coming):
        with transaction.atomic():
            notices.tell_versions(after=UUID(int=me.subject_id.int - 1))
        with transaction.atomic():
            told = [one.text for one in told_of.messages(me.actor) if coming.version in one.text]
        must(len(told) == 1, "no notice")
        reasons = [line.reason for line in stage.lines(me, Kind.NOTICE)]
        must(f"policy:{coming.version}" in reasons, "the notice is not on record")
        must(_TITLE in browser.get("/").html, "home does not show it")
        must(browser.get(f"/policy/{coming.version}/").status == 200, "it cannot be read")
        must(browser.post(f"/policy/{coming.version}/seen/").status == 303, "one tap is not enough")
        must(_TITLE not in browser.get("/").html, "it is shown again and again")
        must(not stage.standing(me).policy_due, "it binds before its day")
        with clock.shifted(_NOTICE):
            must(stage.standing(me).policy_due, "on its day nobody is asked anew")


@check("0.1", kind=CheckKind.LIVE)
def everybody_bound_was_told() -> None:
    """Of everybody who had accepted an earlier version, each was told before a material one
    bound.
    """
    versions = policy.versions()
    for before, version in zip(versions, versions[1:], strict=False):
        if version.effective_on > clock.today() or not policy.diff(before, version).material:
            continue
        bound_at = datetime.combine(version.effective_on, time(), clock.BEIJING)
        (count,) = ask(
            "SELECT count(DISTINCT said.subject_id) FROM consent_decision AS said"
            " JOIN gate_subject AS one ON one.subject_id = said.subject_id"
            " WHERE said.scope = %s AND said.decision = 'grant' AND said.at < %s"
            " AND one.state IN ('active', 'frozen') AND NOT EXISTS (SELECT FROM evidence_line AS"
            " told WHERE told.subject_id = said.subject_id AND told.kind = 'notice'"
            " AND told.reason = %s AND told.at < %s)",
            POLICY,
            bound_at - _GRACE,
            f"policy:{version.version}",
            bound_at,
        )
        must(count[0] == 0, f"{count[0]} people were bound by {version.version} untold")
