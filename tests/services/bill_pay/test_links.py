"""Links to third parties: two people, three dated parts; anything less is not shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput
from xingnuo.services.bill_pay import actions, queries
from xingnuo.services.bill_pay.contracts import (
    LinkReview,
    LinkState,
    NoSuchOrder,
    OtherOrder,
    SamePerson,
)
from xingnuo.services.bill_pay.models import LinkRow
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Strength
from xingnuo.trust.policy.contracts import ActorKind

pytestmark = pytest.mark.promise("1.2.13b")
DAY = timedelta(days=1)
TODAY = clock.today()


def officer(name: str) -> Actor:
    """Give an officer of compliance."""
    return Actor(kind=ActorKind.COMPLIANCE, staff_id=name, strength=Strength.REVERIFIED)


ANNA, BEN = officer("anna"), officer("ben")


def review() -> LinkReview:
    """Give a whole review of a new link."""
    return LinkReview(
        code=f"film-{ids.uuid7().hex[-12:]}", title="电影票", about="选座买票", firm="星幕票务公司",
        url="https://tickets.example/", policy_url="https://tickets.example/privacy",
        qualification="增值电信业务许可证", qualified_on=TODAY, qualified_until=TODAY + 90 * DAY,
        safe_on=TODAY, safe_until=TODAY + 30 * DAY, terms_on=TODAY,
        terms_until=TODAY + 60 * DAY,
    )  # fmt: skip


def shown(code: str) -> bool:
    """Say whether a link is shown, in the list and on its own page alike."""
    listed = code in [one.review.code for one in queries.links()]
    try:
        queries.link(code)
    except NoSuchOrder:
        assert not listed
        return False
    assert listed
    return True


def test_a_link_is_shown_when_two_people_reviewed_it() -> None:
    """Proposed is not shown; who proposed does not release; taken out is gone at once."""
    told = review()
    made = actions.propose_link(ANNA, review=told)
    assert (made.state, shown(told.code)) == (LinkState.PROPOSED, False)
    with pytest.raises(SamePerson):
        actions.release_link(ANNA, link_id=made.id)
    live = actions.release_link(BEN, link_id=made.id)
    assert (live.state, live.released_by, shown(told.code)) == (LinkState.LIVE, "ben", True)
    with pytest.raises(OtherOrder):
        actions.release_link(BEN, link_id=made.id)
    actions.withdraw_link(ANNA, link_id=made.id)
    assert not shown(told.code)
    with pytest.raises(OtherOrder):
        actions.release_link(BEN, link_id=made.id)


@pytest.mark.parametrize("part", ["qualified_until_on", "safe_until_on", "terms_until_on"])
def test_a_lapsed_part_takes_the_link_out(part: str) -> None:
    """Each of the three parts has its own end, and one is enough."""
    told = review()
    made = actions.release_link(BEN, link_id=actions.propose_link(ANNA, review=told).id)
    row = LinkRow.objects.filter(id=made.id)
    row.update(**{part: TODAY})
    assert shown(told.code)
    row.update(**{part: TODAY - DAY})
    assert not shown(told.code)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "Not A Code"),
        ("title", ""),
        ("firm", "长" * 61),
        ("qualification", " "),
        ("url", "http://tickets.example/"),
        ("url", "javascript:alert(1)"),
        ("url", "https://a@tickets.example/"),
        ("policy_url", ""),
        ("qualified_until", TODAY - DAY),
        ("safe_on", TODAY + DAY),
        ("terms_until", TODAY - DAY),
    ],
    ids=[
        *("code", "title", "firm", "qualification", "http", "script", "user", "policy"),
        *("lapsed", "not_yet", "terms"),
    ],
)
def test_a_review_that_is_not_whole_is_turned_away(field: str, value: object) -> None:
    """Who, how safe, their own terms, where: all of it, and in date."""
    told: dict[str, Any] = {field: value}
    with pytest.raises(BadInput):
        actions.propose_link(ANNA, review=replace(review(), **told))


def test_nobody_else_touches_the_register() -> None:
    """Customers and other staff propose, release and withdraw nothing."""
    made = actions.propose_link(ANNA, review=review())
    alice = cast.make_person()
    agent = Actor(kind=ActorKind.AGENT, staff_id="cora", strength=Strength.REVERIFIED)
    for other in (alice.actor, agent):
        with pytest.raises(GateRefusal):
            actions.propose_link(other, review=review())
        with pytest.raises(GateRefusal):
            actions.release_link(other, link_id=made.id)
        with pytest.raises(GateRefusal):
            actions.withdraw_link(other, link_id=made.id)


def test_the_table_itself_wants_two_people() -> None:
    """Even past the code a link does not come in by one hand."""
    made = actions.propose_link(ANNA, review=review())
    for told in ({"state": "live", "released_by": "anna"}, {"state": "live"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LinkRow.objects.filter(id=made.id).update(**told)


def test_a_new_review_replaces_the_one_before() -> None:
    """One live link of a code."""
    told = review()
    first = actions.release_link(BEN, link_id=actions.propose_link(ANNA, review=told).id)
    again = replace(told, title="看电影")
    second = actions.release_link(ANNA, link_id=actions.propose_link(BEN, review=again).id)
    assert queries.link(told.code).id == second.id
    states = {one.id: one.state for one in queries.register()}
    assert states[first.id] is LinkState.WITHDRAWN
