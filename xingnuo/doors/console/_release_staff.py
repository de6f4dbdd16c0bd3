"""Two-person steps of the staff register: letting in, codes, roles, letting in again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from xingnuo.doors.console._pages import member
from xingnuo.doors.console._releases import Done, Source, Step
from xingnuo.doors.console._words import STEPS, roles_text
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.contracts import Member, Release, ReleaseState

TITLES = {kind: STEPS[kind] for kind in queries.STAFF_KINDS}


def _allowed(who: Member) -> bool:
    return "admin" in who.roles


def _step(found: Release) -> Step:
    about = queries.member(found.ref)
    lines = [("人员", f"{about.name}（{about.code}）"), ("现在的岗位", roles_text(about.roles))]
    if found.kind == "staff.roles":
        lines.append(("改成", roles_text(set(found.choice.split(",")))))
    return Step(
        id=found.id,
        source="staff",
        title=TITLES[found.kind],
        lines=(*lines, ("说明", found.note or "—")),
        proposed_by=found.proposed_by,
        proposed_at=found.proposed_at,
        due_at=found.due_at,
    )


def _waiting(_: HttpRequest) -> tuple[Step, ...]:
    return tuple(_step(one) for one in queries.waiting(kinds=queries.STAFF_KINDS))


def _one(_: HttpRequest, release_id: UUID) -> Step:
    found = queries.release(release_id)
    if found.kind not in TITLES or found.state is not ReleaseState.PROPOSED:
        raise NotFound("release")
    return _step(found)


def _release(request: HttpRequest, release_id: UUID) -> Done:
    who = member(request)
    _one(request, release_id)
    done = actions.close_release(release_id, by=who.code, to=ReleaseState.RELEASED)
    once = actions.carry_out(done, by=who.code)
    return Done(said=f"{TITLES[done.kind]}：已复核通过。", once=once)


def _refuse(request: HttpRequest, release_id: UUID) -> Done:
    who = member(request)
    _one(request, release_id)
    done = actions.close_release(release_id, by=who.code, to=ReleaseState.REFUSED)
    return Done(said=f"{TITLES[done.kind]}：已退回。")


SOURCE = Source(
    id="staff",
    title="人员",
    allowed=_allowed,
    waiting=_waiting,
    one=_one,
    release=_release,
    refuse=_refuse,
)
