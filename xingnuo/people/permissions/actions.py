"""Device permissions: given, refused, taken back. The staff register: kept, and looked through."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit.errors import Conflict, Refused
from xingnuo.people.permissions import queries
from xingnuo.people.permissions._staff_keys import enrol, enter, options, sign_in, verify
from xingnuo.people.permissions._staff_looks import check_note, look_up, reveal
from xingnuo.people.permissions._staff_record import leave
from xingnuo.people.permissions._staff_register import (
    dismiss,
    let_in,
    record_breach,
    record_training,
    register,
    reinstate,
    set_roles,
    sign_undertaking,
    suspend,
    take_course,
)
from xingnuo.people.permissions._staff_releases import carry_out, propose
from xingnuo.people.permissions._staff_releases import close as close_release
from xingnuo.people.permissions._staff_sessions import end as sign_out
from xingnuo.people.permissions._staff_sessions import resolve
from xingnuo.people.permissions._staff_terms import sweep
from xingnuo.people.permissions.contracts import Permission
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor

__all__ = [
    "NotOnThisDevice",
    "answer",
    "carry_out",
    "check_note",
    "close_release",
    "dismiss",
    "enrol",
    "enter",
    "leave",
    "let_in",
    "look_up",
    "options",
    "propose",
    "record_breach",
    "record_training",
    "register",
    "reinstate",
    "resolve",
    "reveal",
    "set_roles",
    "sign_in",
    "sign_out",
    "sign_undertaking",
    "suspend",
    "sweep",
    "take_course",
    "verify",
]


class NotOnThisDevice(Refused):
    """The permission does not exist on this platform or version, so it is not asked for."""

    code = "not_on_this_device"
    message = "当前设备没有这项权限，不会向你申请。"
    remedy = "无需操作。"


def answer(
    actor: Actor, *, subject_id: UUID, permission: str, on: bool, text_hash: str
) -> Permission:
    """Record the person's answer to the explanation that was shown.

    Off takes effect with this transaction: the gate refuses the permission's items from then on;
    what was processed before stands. Raises `Conflict` when another text was shown.
    """
    known = queries.one(actor, subject_id=subject_id, permission=permission)
    if on and not known.applies:
        raise NotOnThisDevice(permission)
    if on and text_hash != known.text_hash:
        raise Conflict("permission_text")
    gate.set_permission(
        actor, subject_id=subject_id, permission=permission, on=on, text_hash=known.text_hash
    )
    return queries.one(actor, subject_id=subject_id, permission=permission)
