"""What an incident may use: only the ways to tell the people it touches."""

from __future__ import annotations

from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Declaration,
    Function,
    Purpose,
    SubjectState,
)

FUNCTIONS = (
    Function(
        id="incidents",
        name="安全事件通知",
        section="4.1",
        controller="operator",
        text="万一发生泄露，我们立即补救、报告主管部门，并告诉受影响的人泄露了什么、有什么危害、怎么自保。",
    ),
)

PURPOSES = (
    Purpose(
        id="incidents.notify",
        function="incidents",
        title="告知安全事件",
        sentence="出事时让受影响的人知道",
        basis=Basis.LEGAL_DUTY,
        law="PIPL 57",
        exception="legal_duty",
        items=("phone",),
        optional=("email",),
        actors=(ActorKind.SYSTEM, ActorKind.COMPLIANCE),
        in_states=(
            SubjectState.ACTIVE,
            SubjectState.FROZEN,
            SubjectState.NEW,
            SubjectState.MINOR,
            SubjectState.WITHDRAWN,
            SubjectState.CLOSING,
            SubjectState.DECEASED,
        ),
        scene="消息",
    ),
)

DECLARATION = Declaration(room="incidents", functions=FUNCTIONS, purposes=PURPOSES)
