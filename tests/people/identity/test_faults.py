"""Sources misbehave for real: the sandbox as a process, and its calls back to our own hooks.

Whatever is lost, late, doubled, contradictory or forged: nothing is half done, nothing is done
twice, and the person sees where it stands and what to do.
"""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import cast
from tests.outside import Partners
from tests.people.identity import residents
from tests.people.identity.residents import Resident, agree_card, resident
from tests.people.identity.test_phone import phones
from xingnuo.doors.cli.scratch import Stack
from xingnuo.doors.web._identity_words import ground_of
from xingnuo.kit import clock, ids, pictures
from xingnuo.kit.db import session
from xingnuo.people.identity import actions, queries
from xingnuo.people.identity._limits import FACE_EDGE_PX_MAX
from xingnuo.people.identity.contracts import Check, Ground, State, StillOpen
from xingnuo.people.identity.models import CheckRow
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.policy.contracts import Tier

pytestmark = pytest.mark.promise("1.2.3c")
WAIT_SECONDS_MAX = 15
BEFORE, AFTER = "timeout_before(5500)", "timeout_after(5500)"
LOST = ("reset", "5xx", "bad_signature", BEFORE, AFTER)
type Made = Callable[..., Resident]


@pytest.fixture
def outside(stack: Stack) -> Partners:
    """Give the sandbox that calls our running web process back."""
    return Partners(stack.sandbox_url)


def until(true: Callable[[], Any], what: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def newest(one: Resident) -> Check:
    """Give the person's newest check."""
    return one.status().checks[0]


def aged(check: Check, by: timedelta) -> None:
    """Let a question have been asked earlier."""
    subject_id = _subject_of(check.id)
    with cast.transaction():
        session.set_subject(subject_id)
        CheckRow.objects.of(subject_id).filter(id=check.id).update(sent_at=clock.now() - by)


def _subject_of(check_id: UUID) -> UUID:
    from xingnuo.people.identity import _rows

    found = _rows.subject_of(check_id)
    assert found is not None
    return found


def again(one: Resident, check: Check) -> State:
    """Ask the source once more, as the page and the worker do."""
    return actions.resume(subject_id=one.subject_id, check_id=check.id)


def cases(outside: Partners, service: str, key: UUID) -> list[dict[str, Any]]:
    """Give what a source has on record of a check."""
    found = outside.books(service)["cases"]
    return [case for case in found if case["key"] == str(key)]


def calls(outside: Partners, service: str, key: UUID) -> list[dict[str, Any]]:
    """Give what became of a source's own calls about a check."""
    told = outside.books(service)["calls"]
    return [one for one in told if one["about"] == f"{service}:{key}"]


def ends(one: Resident, check: Check) -> list[str]:
    """Give how often the end of a check stands on the person's record."""
    with cast.transaction():
        session.set_subject(one.subject_id)
        lines = evidence.of_subject(one.subject_id, kinds=(Evidence.STATE,), limit=50)
    return [line.reason for line in lines if line.ref == check.id]


def contradictions(one: Resident) -> int:
    """Count the cases in which two answers of a source differ."""
    with cast.transaction():
        return sum(case.kind == "contradiction" for case in queries.my_cases(one.actor))


# --- The authority


@pytest.mark.parametrize("fault", ["late(300)", "duplicate"])
def test_a_later_answer_comes_by_the_hook_and_counts_once(outside: Partners, fault: str) -> None:
    """Nobody asks again: the source's own call ends the check, however often it comes."""
    one = resident(outside)
    outside.script("authority", "verify", fault, match=one.number)
    check = one.name_check()
    assert (check.state, one.tier) == (State.UNKNOWN, Tier.NONE)
    assert "还没有答复" in ground_of(check)
    many = 2 if fault == "duplicate" else 1
    until(lambda: [c["state"] for c in calls(outside, "authority", check.id)] == ["done"] * many,
          "no call")  # fmt: skip
    assert (newest(one).state, one.tier) == (State.MATCHED, Tier.NAMED)
    assert len(ends(one, check)) == 1 and contradictions(one) == 0


def test_answers_that_overtake_each_other_end_each_its_own(outside: Partners) -> None:
    """What was held back comes after a younger one, and both persons are named."""
    first, second = resident(outside), resident(outside)
    outside.script("authority", "verify", "reordered", match=first.number)
    outside.script("authority", "verify", "late(200)", match=second.number)
    held, overtaking = first.name_check(), second.name_check()
    until(lambda: first.tier is second.tier is Tier.NAMED, "an answer was lost")
    for one, check in ((first, held), (second, overtaking)):
        assert newest(one).id == check.id and len(ends(one, check)) == 1


@pytest.mark.parametrize("spoiled", ["bad_signature", "stale"])
def test_a_call_that_is_not_the_sources_own_changes_nothing(
    outside: Partners, spoiled: str
) -> None:
    """It is refused at the hook; what the source has on record ends the check later."""
    one = resident(outside)
    outside.script("authority", "verify", "late(200)", match=one.number)
    outside.script("authority", "result", spoiled, match=one.number)
    check = one.name_check()
    until(lambda: [c["state"] for c in calls(outside, "authority", check.id)] == ["refused"],
          "the call was taken")  # fmt: skip
    assert (newest(one).state, one.tier) == (State.UNKNOWN, Tier.NONE)
    assert again(one, check) is State.MATCHED
    assert len(ends(one, check)) == 1


def test_a_second_answer_that_contradicts_goes_before_a_person(outside: Partners) -> None:
    """The first stands, one case is opened, and saying it again opens no other."""
    one = resident(outside)
    outside.script("authority", "verify", "contradiction", match=one.number)
    check = one.name_check()
    assert check.state is State.MISMATCHED
    until(lambda: [c["state"] for c in calls(outside, "authority", check.id)] == ["done"],
          "no call")  # fmt: skip
    assert (newest(one).state, one.tier) == (State.MISMATCHED, Tier.NONE)
    assert contradictions(one) == 1
    until(lambda: len(ends(one, check)) == 1, "the end is on record once")


def test_a_source_that_never_decides_goes_before_a_person(outside: Partners) -> None:
    """No clock makes a yes or a no of silence; the person may leave, and asks nothing twice."""
    one = resident(outside)
    outside.script("authority", "verify", "silence", match=one.number)
    check = one.name_check()
    assert again(one, check) is State.UNKNOWN
    with pytest.raises(StillOpen):
        one.name_check()
    aged(check, timedelta(days=1, minutes=1))
    assert again(one, check) is again(one, check) is State.UNKNOWN
    case_id = residents.case_of(one, "unanswered")
    residents.decided(case_id)
    assert newest(one).ground is Ground.NOT_RECEIVED
    assert "重新提交" in ground_of(newest(one))


@pytest.mark.parametrize("fault", LOST)
def test_the_authoritys_lost_answer_is_neither_yes_nor_no(outside: Partners, fault: str) -> None:
    """One question on record at the source, one end on the person's record."""
    one = resident(outside)
    outside.script("authority", "verify", fault, match=one.number)
    check = one.name_check()
    assert (check.state, one.tier) == (State.UNKNOWN, Tier.NONE)
    assert again(one, check) is State.MATCHED
    assert again(one, check) is State.MATCHED
    assert len(cases(outside, "authority", check.id)) == 1
    assert len(ends(one, check)) == 1 and contradictions(one) == 0


def test_a_refusal_for_good_says_what_to_do(outside: Partners) -> None:
    """What was typed is dropped, and the page names the other way."""
    one = resident(outside)
    outside.script("authority", "verify", "decline", match=one.number)
    check = one.name_check()
    assert (check.state, check.ground) == (State.REFUSED, Ground.NOT_TAKEN)
    assert "换一种方式" in ground_of(check)
    assert one.name_check().is_in_force


# --- The bank


def with_card(outside: Partners) -> Resident:
    """Give a named person who agreed to be checked by card."""
    made = resident(outside, tier=Tier.NAMED)
    agree_card(made)
    return made


def begun(one: Resident) -> Check:
    """Begin a card check."""
    return actions.begin_card(one.actor, card=one.card(), phone=one.phone, key=ids.uuid7())


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_beginning_sends_one_code_or_none(outside: Partners, fault: str) -> None:
    """What the bank did is found by the key; what never reached it is proved so, and begun anew."""
    one = with_card(outside)
    outside.script("bank", "check", fault, match=one.number)
    check = begun(one)
    assert (check.state, one.tier) == (State.UNKNOWN, Tier.NAMED)
    state = again(one, check)
    texts = len(outside.inbox(one.phone))
    if cases(outside, "bank", check.id):
        assert (state, texts) == (State.STARTED, 1)
        done = actions.confirm_card(one.actor, check_id=check.id, code=one.code())
        assert done.state is State.MATCHED
        return
    assert (state, texts) == (State.UNKNOWN, 0)
    aged(check, timedelta(minutes=31))
    assert again(one, check) is State.REFUSED
    assert newest(one).ground is Ground.NOT_RECEIVED
    assert residents.card_checked(one).is_in_force


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_confirmation_is_found_or_typed_again(outside: Partners, fault: str) -> None:
    """The code is kept nowhere: the bank's record says whether it was right."""
    one = with_card(outside)
    check = begun(one)
    outside.script("bank", "confirm", fault, match=str(check.id))
    after = actions.confirm_card(one.actor, check_id=check.id, code=one.code())
    assert (after.state, one.tier) == (State.UNKNOWN, Tier.NAMED)
    if again(one, check) is State.STARTED:
        actions.confirm_card(one.actor, check_id=check.id, code=one.code())
    assert (newest(one).state, one.tier) == (State.MATCHED, Tier.CHECKED)
    assert len(outside.inbox(one.phone)) == 1 and len(ends(one, check)) == 1


def test_a_bank_that_contradicts_itself_confirms_nobody(outside: Partners) -> None:
    """It says "not the same" and means it otherwise: the first word holds, the tier stays."""
    one = with_card(outside)
    check = begun(one)
    outside.script("bank", "confirm", "contradiction", match=str(check.id))
    after = actions.confirm_card(one.actor, check_id=check.id, code=one.code())
    # Not an answer that this step can have: it is not believed, and the bank's record decides.
    assert after.state is State.UNKNOWN
    assert (again(one, check), one.tier) == (State.MATCHED, Tier.CHECKED)


# --- The telecoms


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_word_of_the_telecoms_binds_no_number_twice(outside: Partners, fault: str) -> None:
    """The number waits on trial, and becomes the person's with the proof."""
    one = resident(outside, tier=Tier.NAMED)
    cast.agree(one.person, "identity.phone_check")
    cast.agree(one.person, "identity.phone_check", recipient="telecom_check")
    outside.script("telecom", "verify", fault, match=one.number)
    check = actions.check_phone(one.actor, phone=one.phone, key=ids.uuid7())
    assert (check.state, phones(one)) == (State.UNKNOWN, {str(check.id): one.phone})
    assert again(one, check) is again(one, check) is State.MATCHED
    assert phones(one) == {"": one.phone}
    assert len(cases(outside, "telecom", check.id)) == 1


# --- The face service


def with_face(outside: Partners) -> Resident:
    """Give a named person who agreed to a face check."""
    made = resident(outside, tier=Tier.NAMED)
    cast.agree(made.person, "identity.face_check")
    return made


def faced(one: Resident, outcome: str = "match") -> Check:
    """Have a face of an outcome compared."""
    url = f"{one.outside.url}/face/samples/{outcome}.png"
    with urllib.request.urlopen(url, timeout=10) as answer:
        raw: bytes = answer.read()
    sent = pictures.clean(raw, edge_px_max=FACE_EDGE_PX_MAX).content
    told = {"sha256": ids.digest(sent), "outcome": outcome.replace("-", "_")}
    one.outside.ask("POST", "/face/test/images", told)
    return actions.check_face(one.actor, image=raw, key=ids.uuid7())


@pytest.mark.promise("1.2.3b")
@pytest.mark.parametrize("fault", ["late(300)", "duplicate"])
def test_a_later_face_comes_by_the_hook_and_counts_once(outside: Partners, fault: str) -> None:
    """As with the authority; the picture is kept nowhere meanwhile."""
    one = with_face(outside)
    outside.script("face", "compare", fault, match=one.number)
    check = faced(one)
    assert (check.state, one.tier) == (State.UNKNOWN, Tier.NAMED)
    until(lambda: one.tier is Tier.PRESENT, "no call")
    assert len(ends(one, check)) == 1 and contradictions(one) == 0


@pytest.mark.promise("1.2.3b")
@pytest.mark.parametrize("spoiled", ["bad_signature", "stale"])
def test_a_forged_face_changes_nothing(outside: Partners, spoiled: str) -> None:
    """Without the service's own fresh signature it is no proof."""
    one = with_face(outside)
    outside.script("face", "compare", "late(200)", match=one.number)
    outside.script("face", "result", spoiled, match=one.number)
    check = faced(one)
    until(lambda: [c["state"] for c in calls(outside, "face", check.id)] == ["refused"],
          "the call was taken")  # fmt: skip
    assert one.tier is Tier.NAMED
    assert (again(one, check), one.tier) == (State.MATCHED, Tier.PRESENT)


@pytest.mark.promise("1.2.3b")
def test_a_face_that_contradicts_itself_goes_before_a_person(outside: Partners) -> None:
    """First yes, then no: the yes stands until a person says it falls."""
    one = with_face(outside)
    outside.script("face", "compare", "contradiction", match=one.number)
    check = faced(one, "no-match")
    assert (check.state, one.tier) == (State.MATCHED, Tier.PRESENT)
    until(lambda: contradictions(one) == 1, "no case")
    residents.decided(
        residents.case_of(one, "contradiction"), approve=False, ground=Ground.NOT_PROVEN
    )
    assert one.tier is Tier.NAMED


@pytest.mark.promise("1.2.3b")
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_face_is_found_or_proved_not_received(outside: Partners, fault: str) -> None:
    """The picture cannot be sent again; the other ways are open all the while."""
    one = with_face(outside)
    outside.script("face", "compare", fault, match=one.number)
    check = faced(one)
    assert (check.state, one.tier) == (State.UNKNOWN, Tier.NAMED)
    cast.agree(one.person, "identity.review")
    with cast.transaction():
        other = actions.ask_video(one.actor, key=ids.uuid7())
    assert other.state is State.REVIEWING
    state = again(one, check)
    if cases(outside, "face", check.id):
        assert (state, one.tier) == (State.MATCHED, Tier.PRESENT)
        return
    assert state is State.UNKNOWN
    aged(check, timedelta(minutes=31))
    assert again(one, check) is State.REFUSED
    assert faced(one).is_in_force
