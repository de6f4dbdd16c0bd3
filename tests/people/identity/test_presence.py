"""Being there: by face, by video, at a counter; each gives the same, none is forced."""

from __future__ import annotations

import urllib.request
from dataclasses import replace
from datetime import timedelta

import pytest

from tests import cast
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import Resident, resident, reviewer
from xingnuo.kit import ids
from xingnuo.kit.pictures import BadPicture
from xingnuo.people.identity import actions, queries
from xingnuo.people.identity.contracts import (
    ForbiddenCaseStep,
    Ground,
    NoSuchCase,
    OwnCase,
    State,
)
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import GateRefusal, Reason
from xingnuo.trust.policy.contracts import ActorKind, Tier

pytestmark = pytest.mark.promise("1.2.3b")


@pytest.fixture
def one(outside: Outside) -> Resident:
    """Give a named person who agreed to every way of being there."""
    made = resident(outside, tier=Tier.NAMED)
    for purpose in ("identity.face_check", "identity.review"):
        cast.agree(made.person, purpose)
    return made


def picture(one: Resident, outcome: str) -> bytes:
    """Give a face of an outcome, and let the sandbox know it as we send it on."""
    from xingnuo.kit import pictures
    from xingnuo.people.identity._limits import FACE_EDGE_PX_MAX

    url = f"{one.outside.url}/face/samples/{outcome}.png?number={one.number}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        raw = answer.read()
    sent = pictures.clean(raw, edge_px_max=FACE_EDGE_PX_MAX).content
    told = {"sha256": ids.digest(sent), "outcome": outcome.replace("-", "_")}
    one.outside.ask("POST", "/face/test/images", told)
    return bytes(raw)


def test_a_face_that_matches_is_kept_nowhere(one: Resident) -> None:
    """Result and reference stay; the picture went out and is gone."""
    check = actions.check_face(one.actor, image=picture(one, "match"), key=ids.uuid7())
    assert (check.state, check.source, one.tier) == (State.MATCHED, "face_service", Tier.PRESENT)
    with cast.transaction():
        held = gate.holds(cast.permit(one.person, "identity.face_check"))
    assert not held.get("face_image")


@pytest.mark.parametrize(
    ("outcome", "state", "ground"),
    [
        ("no-match", State.MISMATCHED, Ground.NOT_THE_SAME),
        ("not-live", State.REFUSED, Ground.NOT_LIVE),
        ("unclear", State.REFUSED, Ground.UNCLEAR),
    ],
)
def test_a_face_that_does_not_match_raises_nothing(
    one: Resident, outcome: str, state: State, ground: Ground
) -> None:
    """The tier stays, and the other ways stay open."""
    check = actions.check_face(one.actor, image=picture(one, outcome), key=ids.uuid7())
    assert (check.state, check.ground, one.tier) == (state, ground, Tier.NAMED)
    with cast.transaction():
        assert actions.ask_video(one.actor, key=ids.uuid7()).state is State.REVIEWING


def test_no_picture_begins_nothing(one: Resident) -> None:
    """A bomb, a page or noise is no picture."""
    for content in (b"", b"<html>", b"\x89PNG\r\n\x1a\n" + b"0" * 64):
        with pytest.raises(BadPicture):
            actions.check_face(one.actor, image=content, key=ids.uuid7())
    assert len(one.status().checks) == 1


def test_a_witnessed_video_gives_what_a_face_gives(one: Resident) -> None:
    """A reviewer takes the case, decides, and the tier is the same."""
    with cast.transaction():
        actions.ask_video(one.actor, key=ids.uuid7())
    residents.decided(residents.case_of(one, "video"))
    assert (one.tier, one.status().checks[0].source) == (Tier.PRESENT, "witness_desk")


def test_a_counter_code_works_once_and_gives_the_same(one: Resident) -> None:
    """The code finds the case; a wrong, an older or a used one finds nothing."""
    with cast.transaction():
        older = actions.ask_counter(one.actor, key=ids.uuid7())
    with cast.transaction():
        given = actions.ask_counter(one.actor, key=ids.uuid7())
    for wrong in ("0000000000", older.code):
        with cast.transaction(), pytest.raises(NoSuchCase):
            actions.case_by_code(reviewer(), code=wrong)
    with cast.transaction():
        case_id = actions.case_by_code(reviewer(), code=given.code)
    residents.decided(case_id)
    assert one.tier is Tier.PRESENT
    with cast.transaction(), pytest.raises(NoSuchCase):
        actions.case_by_code(reviewer(), code=given.code)


def test_a_counter_code_ends_after_its_week(one: Resident) -> None:
    """An old code finds nothing, and the check lapses."""
    with cast.transaction():
        given = actions.ask_counter(one.actor, key=ids.uuid7())
    residents.take_up(after=timedelta(days=8))
    assert one.status().checks[0].state is State.LAPSED
    with cast.transaction(), pytest.raises(NoSuchCase):
        actions.case_by_code(reviewer(), code=given.code)


def test_a_no_names_its_ground(one: Resident) -> None:
    """The person reads why; another decision on the case is refused."""
    with cast.transaction():
        actions.ask_video(one.actor, key=ids.uuid7())
    case_id = residents.case_of(one, "video")
    residents.decided(case_id, approve=False, ground=Ground.NO_SHOW)
    check = one.status().checks[0]
    assert (check.state, check.ground, one.tier) == (State.REFUSED, Ground.NO_SHOW, Tier.NAMED)
    with cast.transaction(), pytest.raises(ForbiddenCaseStep):
        actions.decide(reviewer(case_id), case_id=case_id, approve=True)


def test_a_case_is_decided_by_who_took_it(one: Resident) -> None:
    """Not by another, not by its own person, not without a case or an undertaking."""
    with cast.transaction():
        actions.ask_video(one.actor, key=ids.uuid7())
    case_id = residents.case_of(one, "video")
    with cast.transaction():
        actions.take(reviewer(case_id), case_id=case_id)
    other = reviewer(case_id, staff_id="r-two")
    own = replace(reviewer(case_id), subject_id=one.subject_id)
    for who in (other, own):
        with cast.transaction(), pytest.raises(OwnCase):
            actions.decide(who, case_id=case_id, approve=True)
    with cast.transaction(), pytest.raises(ForbiddenCaseStep):
        actions.take(other, case_id=case_id)
    refusals = {
        Reason.NO_CASE: reviewer(),
        Reason.NO_UNDERTAKING: replace(reviewer(case_id), undertaking_until=None),
        Reason.ACTOR_NOT_ALLOWED: replace(reviewer(case_id), kind=ActorKind.AGENT),
    }
    for reason, who in refusals.items():
        with pytest.raises(GateRefusal) as refused, cast.transaction():
            actions.decide(who, case_id=case_id, approve=True)
        assert refused.value.reason is reason
    assert one.tier is Tier.NAMED


def test_the_queue_holds_nothing_personal(one: Resident) -> None:
    """Kind, clock and who took it; most urgent first, page by page."""
    with cast.transaction():
        actions.ask_video(one.actor, key=ids.uuid7())
    with cast.transaction():
        actions.ask_counter(one.actor, key=ids.uuid7())
    seen, after = [], ""
    for _ in range(200):
        with cast.transaction():
            page = queries.open_cases(reviewer(), after=after, limit=5)
        seen += page.cases
        if not (after := page.after):
            break
    mine = [case for case in seen if case.subject_id == one.subject_id]
    assert {case.kind for case in mine} == {"video", "counter"}
    assert [(-c.level, c.due_at, c.id) for c in seen] == sorted(
        (-c.level, c.due_at, c.id) for c in seen
    )
    with cast.transaction(), pytest.raises(GateRefusal):
        queries.open_cases(one.actor)
