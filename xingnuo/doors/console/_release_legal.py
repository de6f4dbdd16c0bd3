"""Letters that ask for sealed data and wait for a second officer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from xingnuo.doors.console._pages import is_cleared, member
from xingnuo.doors.console._releases import Done, Source, Step
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.contracts import Member, Release, ReleaseState
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.policy import queries as policy

KIND = "legal.open"
DEMANDS = {
    gate.Demand.COURT_ORDER.value: "法院调取令",
    gate.Demand.PROSECUTOR_LETTER.value: "检察院函",
    gate.Demand.POLICE_LETTER.value: "公安机关函",
    gate.Demand.AML_AUTHORITY_LETTER.value: "反洗钱主管部门函",
    gate.Demand.SUPERVISOR_LETTER.value: "金融监管部门函",
    gate.Demand.TAX_LETTER.value: "税务机关函",
    gate.Demand.STATUTORY_AUDIT.value: "法定审计",
}


def state_words(found: Release) -> tuple[str, str]:
    """Give (word, tone) of how far a letter is."""
    return {
        ReleaseState.PROPOSED: ("等第二人复核", "warn"),
        ReleaseState.RELEASED: ("可以开启", "good"),
        ReleaseState.REFUSED: ("没有通过", ""),
    }[found.state]


def _allowed(who: Member) -> bool:
    return "compliance" in who.roles


def _step(found: Release) -> Step:
    purpose = gate.legal_purposes(policy.in_force()).get(found.choice)
    return Step(
        id=found.id,
        source="legal",
        title=f"开启封存资料 L-{found.id.hex[-8:].upper()}",
        lines=(
            ("文书", DEMANDS[found.reason]),
            ("字号", found.note),
            ("用途", f"{purpose.title}（{purpose.law}）" if purpose else found.choice),
            ("帐号内部编号", str(found.ref)),
        ),
        proposed_by=found.proposed_by,
        proposed_at=found.proposed_at,
        due_at=found.due_at,
    )


def _waiting(_: HttpRequest) -> tuple[Step, ...]:
    return tuple(_step(one) for one in queries.waiting(kinds=(KIND,)))


def _found(release_id: UUID) -> Release:
    found = queries.release(release_id)
    if found.kind != KIND or found.state is not ReleaseState.PROPOSED:
        raise NotFound("release")
    return found


def _one(_: HttpRequest, release_id: UUID) -> Step:
    return _step(_found(release_id))


def _release(request: HttpRequest, release_id: UUID) -> Done:
    _close(request, release_id, ReleaseState.RELEASED)
    return Done(
        said="已复核。两位负责人可以到保管密钥的机器上开启。", to=f"/ops/legal/{release_id}/"
    )


def _refuse(request: HttpRequest, release_id: UUID) -> Done:
    _close(request, release_id, ReleaseState.REFUSED)
    return Done(said="已退回，不能开启。", to=f"/ops/legal/{release_id}/")


def _close(request: HttpRequest, release_id: UUID, to: ReleaseState) -> None:
    who = member(request)
    if not is_cleared(who):
        raise NotFound("release")
    _found(release_id)
    actions.close_release(release_id, by=who.code, to=to)


SOURCE = Source(
    id="legal",
    title="开启封存资料",
    allowed=_allowed,
    waiting=_waiting,
    one=_one,
    release=_release,
    refuse=_refuse,
)
