"""The process dies between any two steps: whoever repeats the act, or the clock, heals it.

Each act is begun in a process of its own that ends, as by kill -9, before or after a step. Then the
person repeats it with the same key, and the clocks run. The end is the one of an undisturbed act:
the same rows, one question at the source, nothing left of what was typed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from bench import report
from tests import cast
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import Resident, agree_card, resident
from tests.people.identity.test_presence import picture
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.partners import _line
from xingnuo.people.identity import _clocks, _phone, _photos, _routes, actions
from xingnuo.people.identity.contracts import Ground, State, Verdict
from xingnuo.people.identity.models import CheckRow
from xingnuo.trust.policy.contracts import Tier

pytestmark = pytest.mark.promise("1.2.3a")
KILLED, SURVIVED = 137, 3
# Where each act's steps are named: the module that calls them, and the names.
STEPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "name": (_routes, ("_rows.begin", "_values.keep", "_rows.sent", "_asking.named", "settle")),
    "card": (_routes, ("_values.keep", "_rows.sent", "_asking.card_begun", "back_to_person")),
    "code": (_routes, ("sharing.pack", "_rows.sent", "_asking.card_confirmed", "settle")),
    "face": (_routes, ("_rows.begin", "_rows.sent", "_asking.faced", "settle")),
    "phone": (_phone, ("gate.collect", "_rows.sent", "_asking.phoned", "_leave")),
    "resume": (_clocks, ("_rows.move", "_asking.asked_again", "settle")),
    "photos": (_photos, ("_rows.begin", "gate.collect_file", "_marks.put")),
}
SERVICES = {
    "name": "authority", "card": "bank", "code": "bank", "face": "face", "phone": "telecom",
    "resume": "authority",
}  # fmt: skip
POINTS = [
    (act, when, step)
    for act, (_, steps) in STEPS.items()
    for step in steps
    for when in ("before", "after")
]


@dataclass(frozen=True, slots=True)
class Scene:
    """A person before an act, the act as it is repeated, and what it is about."""

    one: Resident
    key: UUID
    act: Callable[[], object]
    end: Tier


def _name(outside: Outside) -> Scene:
    one, key = resident(outside), ids.uuid7()
    return Scene(one, key, lambda: one.name_check(key=key), Tier.NAMED)


def _with_card(outside: Outside) -> tuple[Resident, str]:
    one = resident(outside, tier=Tier.NAMED)
    agree_card(one)
    return one, one.card()


def _card(outside: Outside) -> Scene:
    (one, card), key = _with_card(outside), ids.uuid7()
    told = {"card": card, "phone": one.phone, "key": key}
    return Scene(one, key, lambda: actions.begin_card(one.actor, **told), Tier.CHECKED)


def _code(outside: Outside) -> Scene:
    (one, card), key = _with_card(outside), ids.uuid7()
    actions.begin_card(one.actor, card=card, phone=one.phone, key=key)
    code = one.code()
    return Scene(
        one,
        key,
        lambda: actions.confirm_card(one.actor, check_id=key, code=code),
        Tier.CHECKED,
    )


def _face(outside: Outside) -> Scene:
    one, key = resident(outside, tier=Tier.NAMED), ids.uuid7()
    cast.agree(one.person, "identity.face_check")
    raw = picture(one, "match")
    return Scene(one, key, lambda: actions.check_face(one.actor, image=raw, key=key), Tier.PRESENT)


def _phone_scene(outside: Outside) -> Scene:
    old, one = (resident(outside, tier=Tier.NAMED) for _ in range(2))
    key = ids.uuid7()
    for each in (old, one):
        cast.agree(each.person, "identity.phone_check")
        cast.agree(each.person, "identity.phone_check", recipient="telecom_check")
    actions.check_phone(old.actor, phone=old.phone, key=ids.uuid7())
    residents.hand_on(old, one)
    return Scene(
        one,
        key,
        lambda: actions.check_phone(one.actor, phone=old.phone, key=key),
        Tier.NAMED,
    )


def _resume(outside: Outside) -> Scene:
    one, key = resident(outside), ids.uuid7()
    outside.script("authority", "verify", "bad_signature", match=one.number)
    assert one.name_check(key=key).state is State.UNKNOWN
    told = {"subject_id": one.subject_id, "check_id": key}
    return Scene(one, key, lambda: actions.resume(**told), Tier.NAMED)


def _photos_scene(outside: Outside) -> Scene:
    one, key = resident(outside, tier=Tier.NAMED), ids.uuid7()
    cast.agree(one.person, "identity.document_photo")
    seed = int.from_bytes(ids.random_bytes(4))
    front, back = residents.photo(seed), residents.photo(seed + 1)
    told = {"front": front, "back": back, "key": key}
    return Scene(one, key, lambda: actions.upload_photos(one.actor, **told), Tier.NAMED)


SCENES: dict[str, Callable[[Outside], Scene]] = {
    "name": _name, "card": _card, "code": _code, "face": _face, "phone": _phone_scene,
    "resume": _resume, "photos": _photos_scene,
}  # fmt: skip


def killed(act: Callable[[], object], place: Any, when: str, step: str) -> bool:
    """Begin an act in a process of its own that dies at a step; says whether it did."""
    # The child shares no connection with this process.
    report.close()
    _line._http().close()
    _line._http.cache_clear()
    child = os.fork()
    if child == 0:
        try:
            owner, _, name = step.rpartition(".")
            holder = getattr(place, owner) if owner else place
            setattr(holder, name, _deadly(getattr(holder, name), is_before=when == "before"))
            act()
        finally:
            os._exit(SURVIVED)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == KILLED


def _deadly(step: Callable[..., Any], *, is_before: bool) -> Callable[..., Any]:
    def dies(*values: Any, **named: Any) -> Any:
        if not is_before:
            step(*values, **named)
        os._exit(KILLED)

    return dies


def heal(scene: Scene, name: str) -> None:
    """Do what the person and the clocks do: the same act again, and the answers asked for."""
    for _ in range(3):
        row = row_of(scene)
        if row is None or (name == "code" and row.state == State.STARTED.value):
            scene.act()
        residents.take_up(after=timedelta(minutes=3))
    row = row_of(scene)
    if row is not None and row.state == State.UNKNOWN.value:
        # Nothing of it ever left: in half an hour the source proves that, and it is begun anew.
        with cast.transaction():
            session.set_subject(scene.one.subject_id)
            earlier = clock.now() - timedelta(minutes=31)
            CheckRow.objects.of(scene.one.subject_id).filter(id=row.id).update(sent_at=earlier)
        actions.resume(subject_id=scene.one.subject_id, check_id=row.id)


def row_of(scene: Scene) -> CheckRow | None:
    """Give the act's check."""
    with cast.transaction():
        session.set_subject(scene.one.subject_id)
        return CheckRow.objects.of(scene.one.subject_id).filter(id=scene.key).first()


def rows(one: Resident) -> dict[str, int]:
    """Count what is held of a person in the vault and in this room, past row security."""
    tables = ("vault_value", "vault_lookup", "identity_check", "identity_photo_mark")
    found = {}
    with connections["owner"].cursor() as cursor:
        for table in tables:
            query = f"SELECT count(*) FROM {table} WHERE subject_id = %s"
            cursor.execute(query, [one.subject_id])
            found[table] = cursor.fetchone()[0]
    return found


@pytest.mark.parametrize(("name", "when", "step"), POINTS)
def test_a_kill_between_two_steps_heals(outside: Outside, name: str, when: str, step: str) -> None:
    """The end is that of the act that nothing disturbed; the source was asked one question."""
    place, _ = STEPS[name]
    calm = SCENES[name](outside)
    calm.act()
    scene = SCENES[name](outside)
    assert killed(scene.act, place, when, step), "the step is never taken"
    heal(scene, name)
    row = row_of(scene)
    assert row is not None
    if name in ("card", "face") and row.ground == Ground.NOT_RECEIVED.value:
        assert row.state == State.REFUSED.value
        assert one_question(outside, name, scene.key) == 0
        again = ids.uuid7()
        scene = Scene(scene.one, again, _anew(scene, name, again), scene.end)
        scene.act()
        row = row_of(scene)
        assert row is not None
        spare = 1
    else:
        spare = 0
    expected = row_of(calm)
    assert expected is not None and (row.state, row.ground) == (expected.state, expected.ground)
    held, wanted = rows(scene.one), rows(calm.one)
    held["identity_check"] -= spare
    assert held == wanted
    if name in SERVICES:
        assert one_question(outside, name, scene.key) == 1
    if name != "card":
        assert scene.one.tier is scene.end


def _anew(scene: Scene, name: str, key: UUID) -> Callable[[], object]:
    one = scene.one
    if name == "card":
        card = one.card()
        told = {"card": card, "phone": one.phone, "key": key}
        return lambda: actions.begin_card(one.actor, **told)
    raw = picture(one, "match")
    return lambda: actions.check_face(one.actor, image=raw, key=key)


def one_question(outside: Outside, name: str, key: UUID) -> int:
    """Count what the source has on record of a check."""
    return sum(case["key"] == str(key) for case in outside.books(SERVICES[name])["cases"])


def test_a_hook_that_dies_is_called_again(outside: Outside) -> None:
    """A call back whose process dies was not taken; the same call again ends the check once."""
    one, key = resident(outside), ids.uuid7()
    outside.script("authority", "verify", "silence", match=one.number)
    one.name_check(key=key)
    proof = Verdict(
        state=State.MATCHED, ground=Ground.CONFIRMED, source="population_service", notice="n-1"
    )

    def notice() -> State | None:
        return actions._notice(str(key), proof)

    for when in ("before", "after"):
        assert killed(notice, actions, when, "settle")
        assert one.status().checks[0].state is State.SENT or one.tier is Tier.NONE
    assert notice() is notice() is State.MATCHED
    assert one.tier is Tier.NAMED


def test_a_step_that_is_never_taken_is_noticed(outside: Outside) -> None:
    """The negative control: a point that no act passes kills nobody."""
    scene = _name(outside)
    assert not killed(scene.act, _routes, "before", "back_to_person")
