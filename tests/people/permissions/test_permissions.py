"""Device permissions: asked within their bounds, refused without cost elsewhere, closed at once."""

from __future__ import annotations

import itertools

import pytest

from tests import cast
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import Conflict, NotFound
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.actions import NotOnThisDevice
from xingnuo.people.permissions.contracts import Permission, Setting
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Form

ELEVEN = (
    "phone_state", "account_list", "storage", "calendar", "microphone", "camera", "photos",
    "face_id", "location", "contacts", "call_phone",
)  # fmt: skip
DEVICES = {
    "web": ("web", "", ""),
    "old_miui": ("android", "5.1", "miui"),
    "miui_6": ("android", "6.0", "miui"),
    "miui_8": ("android", "8.0", "miui"),
    "miui_8_1": ("android", "8.1", "miui"),
    "android_7": ("android", "7.0", ""),
    "android": ("android", "", ""),
    "ios_10": ("ios", "10.3", ""),
    "ios_11": ("ios", "11.0", ""),
    "ios_17": ("ios", "17.2", ""),
    "ios": ("ios", "", ""),
    "nothing": ("", "", ""),
}
ANDROID = {"old_miui", "miui_6", "miui_8", "miui_8_1", "android_7", "android"}
IOS = {"ios_10", "ios_11", "ios_17", "ios"}
# Where each permission exists, written down from the promises and not from the declarations.
EXISTS = {
    "phone_state": ANDROID,
    "account_list": {"miui_6", "miui_8"},
    "storage": ANDROID,
    "calendar": ANDROID | IOS,
    "microphone": ANDROID | IOS | {"web"},
    "camera": ANDROID | IOS | {"web"},
    "photos": {"ios_10"},
    "face_id": IOS,
    "location": ANDROID | IOS | {"web"},
    "contacts": ANDROID | IOS,
    "call_phone": ANDROID,
}
PLACE = {"location": "上海市浦东新区"}


def answer(
    person: cast.Person, permission: str, on: bool, actor: Actor | None = None
) -> Permission:
    """Answer the explanation as it is shown now."""
    who = actor or person.actor
    with cast.transaction():
        shown = queries.one(who, subject_id=person.subject_id, permission=permission)
        return actions.answer(
            who,
            subject_id=person.subject_id,
            permission=permission,
            on=on,
            text_hash=shown.text_hash,
        )


def setting(person: cast.Person, permission: str) -> Setting:
    """Give how a permission stands."""
    with cast.transaction():
        return queries.one(
            person.actor, subject_id=person.subject_id, permission=permission
        ).setting


def place(person: cast.Person) -> None:
    """Collect a place for the feed, as the function would."""
    with cast.transaction():
        gate.collect(cast.permit(person, "feed.personal", ("location",)), PLACE)


@pytest.mark.promise("1.3.0")
def test_all_eleven_are_told_with_purpose_and_cost() -> None:
    """Each has a name, a why, what refusing costs, and purposes and items of the policy."""
    alice = cast.make_person()
    compiled = policy.in_force()
    with cast.transaction():
        known = queries.of_subject(alice.actor, subject_id=alice.subject_id)
    assert {one.id for one in known} == set(ELEVEN) and len(known) == 11
    for one in known:
        assert one.name and one.why and one.refusal_cost.startswith("不开就")
        assert one.setting is Setting.NEVER_ASKED and one.since is None
        assert one.purposes and set(one.purposes) <= set(compiled.purposes)
        assert set(one.items) <= set(compiled.items)
        for purpose in one.purposes:
            assert one.id in compiled.purposes[purpose].permissions, (one.id, purpose)


@pytest.mark.promise("1.3.1", "1.3.2", "1.3.7", "1.3.8", "1.3.11")
@pytest.mark.parametrize(("permission", "device"), list(itertools.product(ELEVEN, DEVICES)))
def test_a_permission_exists_within_its_bounds_alone(permission: str, device: str) -> None:
    """Elsewhere it is marked so, a yes is not believed, and nothing is written down."""
    alice = cast.make_person()
    actor = alice.on(*DEVICES[device])
    with cast.transaction():
        shown = queries.one(actor, subject_id=alice.subject_id, permission=permission)
    assert shown.applies == (device in EXISTS[permission])
    if shown.applies:
        assert answer(alice, permission, True, actor).setting is Setting.ON
        return
    with pytest.raises(NotOnThisDevice):
        answer(alice, permission, True, actor)
    assert setting(alice, permission) is Setting.NEVER_ASKED


@pytest.mark.promise("1.3.0", "1.3.9")
def test_closing_stops_collection_and_the_past_stands() -> None:
    """Without a yes nothing is taken; after a no, from the next call; what was taken stays."""
    alice = cast.make_person()
    cast.agree(alice, "feed.personal", optional=("location",))
    with pytest.raises(GateRefusal) as refused:
        place(alice)
    assert refused.value.reason is Reason.PERMISSION_OFF
    answer(alice, "location", True)
    place(alice)
    assert answer(alice, "location", False).setting is Setting.WITHDRAWN
    with pytest.raises(GateRefusal) as refused:
        place(alice)
    assert refused.value.reason is Reason.PERMISSION_OFF and refused.value.remedy_text
    with cast.transaction():
        permit = cast.permit(alice, "feed.personal", ("location",))
        assert [one.text for one in gate_queries.read(permit)] == [PLACE["location"]]
    answer(alice, "location", True)
    place(alice)


def test_closing_holds_inside_a_permit_that_was_given_before() -> None:
    """The answer of now counts, not that of the permit's beginning."""
    alice = cast.make_person()
    cast.agree(alice, "feed.personal", optional=("location",))
    answer(alice, "location", True)
    with pytest.raises(GateRefusal), cast.transaction():
        permit = cast.permit(alice, "feed.personal", ("location",))
        gate.set_permission(
            alice.actor,
            subject_id=alice.subject_id,
            permission="location",
            on=False,
            text_hash=policy.in_force().hash,
        )
        gate.collect(permit, PLACE)


@pytest.mark.promise("1.3.0")
@pytest.mark.parametrize("permission", ["camera", "microphone", "location"])
def test_a_no_holds_and_costs_nothing_else(permission: str) -> None:
    """Refused is not withdrawn, other permissions are untouched, and a yes later is taken."""
    alice = cast.make_person()
    assert answer(alice, permission, False).setting is Setting.REFUSED
    for other in set(ELEVEN) - {permission}:
        assert setting(alice, other) is Setting.NEVER_ASKED
    cast.fill(alice, "accounts.sign_in", {"nickname": "小爱"})
    assert setting(alice, permission) is Setting.REFUSED
    assert answer(alice, permission, True).setting is Setting.ON
    assert answer(alice, permission, False).setting is Setting.WITHDRAWN


def test_a_yes_to_another_text_is_a_conflict() -> None:
    """Nobody agrees to an explanation that they did not see; a no needs no text."""
    alice = cast.make_person()
    with pytest.raises(Conflict), cast.transaction():
        actions.answer(
            alice.actor,
            subject_id=alice.subject_id,
            permission="camera",
            on=True,
            text_hash=ids.digest("another text"),
        )
    assert setting(alice, "camera") is Setting.NEVER_ASKED
    with cast.transaction():
        closed = actions.answer(
            alice.actor, subject_id=alice.subject_id, permission="camera", on=False, text_hash=""
        )
    assert closed.setting is Setting.REFUSED


def test_answers_stand_in_the_record() -> None:
    """A yes and a no each leave their line, in the order they were given."""
    alice = cast.make_person()
    answer(alice, "camera", True)
    answer(alice, "camera", False)
    with cast.transaction():
        session.set_subject(alice.subject_id)
        entries = evidence.of_subject(alice.subject_id, kinds=[Kind.CONSENT])
    told = [entry.reason for entry in entries if entry.purpose == "permission:camera"]
    assert told == ["withdraw", "grant"]


def test_nobody_answers_for_another() -> None:
    """Bob can neither open nor close Alice's camera; an unknown permission is not there."""
    alice, bob = cast.make_person(), cast.make_person()
    for on in (True, False):
        with pytest.raises(GateRefusal) as refused:
            answer(alice, "camera", on, bob.actor)
        assert refused.value.reason is Reason.FOREIGN_SUBJECT
    assert setting(alice, "camera") is Setting.NEVER_ASKED
    with pytest.raises(NotFound):
        answer(alice, "bluetooth", True)


@pytest.mark.promise("1.3.10", "1.3.4", "1.3.11")
def test_address_book_calendar_and_calls_bring_no_item() -> None:
    """Nothing of them has an item to arrive as: only what the person picks or types does."""
    compiled = policy.in_force()
    for permission in ("contacts", "calendar", "call_phone", "camera", "photos", "storage"):
        assert compiled.permissions[permission].items == ()
    assert compiled.permissions["contacts"].by_hand
    for item in compiled.items.values():
        assert "通讯录" not in item.name


@pytest.mark.promise("1.3.8")
def test_face_id_brings_a_result_and_nothing_else() -> None:
    """Its one item is kept in no form but passed or failed."""
    compiled = policy.in_force()
    (item,) = compiled.permissions["face_id"].items
    assert compiled.items[item].form is Form.RESULT
