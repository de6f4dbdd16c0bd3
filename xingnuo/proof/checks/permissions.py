"""Checks of device permissions."""

from __future__ import annotations

from django.db import transaction

from xingnuo.kit.errors import Refused
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries as permission_queries
from xingnuo.people.permissions.contracts import Permission, Setting
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks.items import named
from xingnuo.proof.checks.people import refused
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Reason
from xingnuo.trust.policy import queries as policy

# promise → permission | where it exists | where it does not
PERMISSIONS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "1.3.1": ("phone_state", ("android 9", "android 14"), ("ios 17.0", "web")),
    "1.3.2": (
        "account_list",
        ("android 6.0 miui", "android 8.0 miui"),
        ("android 8.0", "android 5.1 miui", "android 9 miui", "ios 17.0", "web"),
    ),
    "1.3.3": ("storage", ("android 9", "android 14"), ("ios 17.0", "web")),
    "1.3.4": ("calendar", ("android 14", "ios 17.0"), ("web",)),
    "1.3.5": ("microphone", ("android 14", "ios 17.0", "web"), ()),
    "1.3.6": ("camera", ("android 14", "ios 17.0", "web"), ()),
    "1.3.7": ("photos", ("ios 10.3", "ios 9.0"), ("ios 11.0", "ios 17.0", "android 14", "web")),
    "1.3.8": ("face_id", ("ios 17.0",), ("android 14", "web")),
    "1.3.9": ("location", ("android 14", "ios 17.0", "web"), ()),
    "1.3.10": ("contacts", ("android 14", "ios 17.0"), ("web",)),
    "1.3.11": ("call_phone", ("android 14",), ("ios 17.0", "web")),
}


def permission_declared(promise: str) -> None:
    """See that a permission is declared with the promised bounds, reason, cost and purposes."""
    permission, inside, outside = PERMISSIONS[promise]
    for compiled in (policy.in_force(), policy.declared()):
        one = compiled.permissions[permission]
        must(one.section == promise, f"{permission} stands in another section")
        must(one.why and one.refusal_cost.endswith("。"), f"{permission} does not say why or cost")
        must(one.by_hand or permission == "phone_state", f"{permission} has no other way")
        for purpose in one.purposes:
            must(
                permission in compiled.purposes[purpose].permissions, f"{purpose} does not name it"
            )
        systems = {bound.os for bound in one.bounds}
        must(systems == {word.split()[0] for word in inside}, f"{permission} is for other systems")
        versions = {b.min_version for b in one.bounds} | {b.below_version for b in one.bounds}
        wanted = {"account_list": {"6.0", "8.1"}, "photos": {"", "11.0"}}.get(permission, {""})
        must(versions == wanted, f"{permission} is for other versions")
        vendors = {"miui"} if permission == "account_list" else {""}
        must({b.vendor for b in one.bounds} == vendors, f"{permission} is for other makers")
    must(outside or len(inside) == 3, f"{permission} exists everywhere")


def permission_applies(promise: str) -> None:
    """See that the permission is offered where it exists, and refused where it does not."""
    permission, inside, outside = PERMISSIONS[promise]
    who = stage.person()
    for word in inside:
        shown = _shown(who.on(*word.split()), permission)
        must(shown.applies and shown.why and shown.refusal_cost, f"not offered on {word}")
    for word in outside:
        at = who.on(*word.split())
        must(not _shown(at, permission).applies, f"offered on {word}")
        with refused(Refused, f"taken on {word}"), transaction.atomic():
            permissions.answer(
                at.actor,
                subject_id=at.subject_id,
                permission=permission,
                on=True,
                text_hash=_shown(at, permission).text_hash,
            )
    at = who.on(*inside[0].split())
    for on, setting in ((True, Setting.ON), (False, Setting.WITHDRAWN)):
        with transaction.atomic():
            told = permissions.answer(
                at.actor,
                subject_id=at.subject_id,
                permission=permission,
                on=on,
                text_hash=_shown(at, permission).text_hash,
            )
        must(told.setting is setting, f"the answer {on} is not kept")


def _shown(who: stage.Person, permission: str) -> Permission:
    with transaction.atomic():
        return permission_queries.one(who.actor, subject_id=who.subject_id, permission=permission)


for _promise in PERMISSIONS:
    named(
        _promise,
        CheckKind.STATIC,
        permission_declared,
        "permission",
        "The permission is declared with bounds, reason, cost of refusing and purposes.",
    )
# Calendar, microphone, camera, location and calls also promise services that come later: what is
# shown here is that they are asked for, refused, given and taken back as promised.
for _promise in PERMISSIONS:
    named(
        _promise,
        CheckKind.DYNAMIC,
        permission_applies,
        "platforms",
        "The client is offered the permission where it exists, and refused where it does not.",
    )


# promise → purpose that waits for the permission, and the item that comes by it, if any
_WAITS = {
    "1.3.4": ("notices.reminder", ""),
    "1.3.5": ("support.voice", "voice_recording"),
    "1.3.9": ("feed.personal", "location"),
    "1.3.11": ("support.call", ""),
}
_PLACE = "浙江省杭州市西湖区"


def permission_gates(promise: str) -> None:
    """See that a use agreed to waits for the permission, and stops when it is taken back."""
    permission = PERMISSIONS[promise][0]
    purpose, item = _WAITS[promise]
    who = stage.person().on("android", "14")
    stage.decide(who, purpose, optional=(item,) if item == "location" else ())

    def use() -> None:
        permit = stage.permit(who, purpose, (item,) if item else None)
        if item == "voice_recording":
            gate.collect_file(permit, item, content=b"RIFF")
        elif item:
            gate.collect(permit, {item: _PLACE})

    stage.refused(use, Reason.PERMISSION_OFF, words=f"{purpose} before it was asked for")
    for on in (False, True, False, True):
        stage.allow(who, permission, on=on)
        if on:
            stage.passes(use, f"{purpose} with the permission")
        else:
            stage.refused(use, Reason.PERMISSION_OFF, words=f"{purpose} without the permission")


for _promise in _WAITS:
    named(
        _promise,
        CheckKind.DYNAMIC,
        permission_gates,
        "waits",
        "A use agreed to waits for the permission, and stops with it.",
    )


@check("1.3.10", kind=CheckKind.STATIC)
def no_address_book() -> None:
    """The permission for contacts brings no item of its own, and no item is an address book."""
    for compiled in (policy.in_force(), policy.declared()):
        must(not compiled.permissions["contacts"].items, "the address book comes as an item")
        must(compiled.permissions["contacts"].by_hand, "typing by hand is no way")
        names = [i.id for i in compiled.items.values() if "book" in i.id or "contacts" in i.id]
        nothing(names, "an address book is an item")


@check("1.3.0", kind=CheckKind.DYNAMIC)
def off_stops_collection() -> None:
    """Off, the permission's items are refused from the next call; on, taken; what is past
    stands.
    """
    who = stage.person()
    stage.decide(who, "feed.personal", optional=("location",))
    place = {"location": "浙江省杭州市西湖区"}

    def take() -> None:
        gate.collect(stage.permit(who, "feed.personal", ("location",)), place)

    stage.refused(take, Reason.PERMISSION_OFF, words="never asked")
    stage.allow(who, "location", on=False)
    stage.refused(take, Reason.PERMISSION_OFF, words="refused")
    stage.allow(who, "location")
    stage.passes(take, "allowed")
    stage.allow(who, "location", on=False)
    stage.refused(take, Reason.PERMISSION_OFF, words="taken back")
    must("location" in stage.shown(who), "what was taken before is gone")
