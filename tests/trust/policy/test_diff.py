"""What a change does to people is told by rule, and the same rule holds backwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trust.policy.remade import Document, document, remade, setting
from xingnuo.trust.policy import queries
from xingnuo.trust.policy._scales import flip
from xingnuo.trust.policy.contracts import Basis, Change, Compiled, Diff, Direction, Pair

BASE = queries.declared()
BOUNDS = st.lists(
    st.sampled_from(
        [
            {"os": "android", "min_version": "", "below_version": "10", "vendor": ""},
            {"os": "ios", "min_version": "", "below_version": "", "vendor": ""},
        ]
    ),
    max_size=2,
    unique_by=lambda bound: bound["os"],
)
ITEMS = st.lists(st.sampled_from(sorted(BASE.items)), max_size=4, unique=True)
# part → field → values it may be given
EDITS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "purposes": {
        "basis": st.sampled_from([basis.value for basis in Basis]),
        "automated": st.booleans(),
        "own_consent": st.booleans(),
        "marketing": st.booleans(),
        "sentence": st.sampled_from(["为了这个", "为了那个"]),
        "shows": st.sampled_from(["plain", "masked", "reverified", "nothing"]),
        "actors": st.lists(st.sampled_from(["self", "system", "agent"]), unique=True),
        "in_states": st.lists(st.sampled_from(["active", "frozen", "new"]), unique=True),
        "function": st.sampled_from(sorted(BASE.functions)),
        "optional": ITEMS,
        "items": ITEMS,
        "title": st.sampled_from(["甲", "乙"]),
    },
    "items": {
        "retention": st.sampled_from(sorted(BASE.retention)),
        "kept_by_law": st.sampled_from(["", *sorted(BASE.retention)]),
        "sensitive": st.booleans(),
        "form": st.sampled_from(["value", "file", "digest", "transient"]),
        "bounds": BOUNDS,
        "mask": st.sampled_from(["none", "all"]),
    },
    "recipients": {
        "name": st.sampled_from(["甲公司", "乙公司"]),
        "items": ITEMS,
        "purposes": st.lists(st.sampled_from(sorted(BASE.purposes)), max_size=3, unique=True),
        "standing": st.sampled_from(["handler", "processor", "authority"]),
        "method": st.sampled_from(["API", "SDK"]),
        "contact": st.sampled_from(["1", "2"]),
    },
    "retention": {"days": st.integers(0, 4000), "sealed": st.booleans()},
    "permissions": {"bounds": BOUNDS, "items": ITEMS},
    "functions": {"controller": st.sampled_from(sorted(BASE.controllers))},
}


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, str, str, Any]]:
    """Draw a few edits, each of one field of one entry, or of its being there."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        part = draw(st.sampled_from(sorted(EDITS)))
        one = draw(st.sampled_from(sorted(getattr(BASE, part))))
        field = draw(st.sampled_from([*sorted(EDITS[part]), "gone"]))
        if field == "gone" and part in ("purposes", "recipients", "permissions"):
            found.append((part, one, field, None))
        elif field != "gone":
            found.append((part, one, field, draw(EDITS[part][field])))
    return found


def _edited(changes: list[tuple[str, str, str, Any]]) -> Compiled:
    def edit(made: Document) -> None:
        for part, one, field, value in changes:
            if field == "gone":
                made[part] = [each for each in made[part] if each["id"] != one]
                continue
            for each in made[part]:
                if each["id"] == one:
                    each[field] = value
        for purpose in made["purposes"]:
            purpose["optional"] = [i for i in purpose["optional"] if i not in purpose["items"]]

    return remade(edit)


@pytest.mark.promise("8.1", "1.6.3")
@settings(max_examples=60, deadline=None)
@given(one=edits(), other=edits())
def test_widening_there_is_narrowing_back(
    one: list[tuple[str, str, str, Any]], other: list[tuple[str, str, str, Any]]
) -> None:
    """Each change of A → B is in B → A once, the other way round."""
    old, new = _edited(one), _edited(other)
    there = {(c.kind, c.subject, c.what): c for c in queries.diff(old, new).changes}
    back = {(c.kind, c.subject, c.what): c for c in queries.diff(new, old).changes}
    assert set(there) == set(back)
    for key, change in there.items():
        assert back[key].direction is flip(change.direction), key
        assert (back[key].before, back[key].after) == (change.after, change.before)


@settings(max_examples=40, deadline=None)
@given(edits())
def test_what_is_due_is_asked_for_in_the_new_version(
    changes: list[tuple[str, str, str, Any]],
) -> None:
    """Only pairs that the new version has can be due, and none without a material change."""
    new = _edited(changes)
    found = queries.diff(BASE, new)
    for pair in found.due:
        assert pair.item in new.items_of(pair.purpose)
        if pair.recipient:
            assert pair.item in new.recipients[pair.recipient].items
    assert not found.due or found.material
    assert queries.due_pairs(BASE, new) == found.due


def _diff(edit: Callable[[Document], object]) -> Diff:
    return queries.diff(BASE, remade(edit))


def _only(found: Diff) -> Change:
    (change,) = found.changes
    return change


def test_a_policy_does_not_differ_from_itself() -> None:
    """No change, nothing due, not material."""
    found = queries.diff(BASE, BASE)
    assert (found.changes, found.due, found.material) == ((), frozenset(), False)


@pytest.mark.promise("1.0.2", "1.6.3")
def test_one_item_more_is_due_for_that_item_alone() -> None:
    """Exactly the added pair; the purpose's other items stay agreed."""
    found = _diff(setting("purposes", "notices.promotion", optional=["account_id", "email"]))
    assert found.due == {Pair(purpose="notices.promotion", item="email")}
    assert _only(found).direction is Direction.WIDER


def test_one_item_less_asks_nobody() -> None:
    """A narrowing is neither due nor material."""
    found = _diff(setting("purposes", "notices.promotion", optional=[]))
    assert (found.due, found.material) == (frozenset(), False)
    assert _only(found).direction is Direction.NARROWER


def test_another_sentence_is_another_purpose() -> None:
    """Told otherwise, asked again: every pair of the purpose is due."""
    found = _diff(setting("purposes", "notices.promotion", sentence="为了别的"))
    assert found.due == {
        Pair(purpose="notices.promotion", item="phone"),
        Pair(purpose="notices.promotion", item="account_id"),
    }
    assert _only(found).direction is Direction.OTHER


@pytest.mark.promise("0.3")
def test_another_controller_is_asked_about_again() -> None:
    """A function that moves to another legal entity makes all its consents due."""
    found = _diff(setting("functions", "promotions", controller="lender"))
    assert {pair.purpose for pair in found.due} == {"notices.promotion"}
    assert found.material


def test_a_law_gives_no_consent_to_ask_for() -> None:
    """A purpose that rests on law may widen, materially, with nothing due."""
    found = _diff(setting("purposes", "incidents.notify", optional=["email", "nickname"]))
    assert (found.due, found.material) == (frozenset(), True)


def test_a_new_recipient_is_due_for_its_own_items() -> None:
    """Each item that it gets under each purpose, and nothing else."""

    def add(made: Document) -> None:
        party = dict(next(r for r in made["recipients"] if r["id"] == "wechat_pay"))
        made["recipients"].append({**party, "id": "newcomer", "purposes": ["payments.pay"]})

    found = _diff(add)
    assert {pair.recipient for pair in found.due} == {"newcomer"}
    assert {pair.item for pair in found.due} == set(BASE.recipients["wechat_pay"].items)


@pytest.mark.parametrize(
    ("part", "one", "fields", "direction"),
    [
        ("retention", "device_signal", {"days": 365}, Direction.WIDER),
        ("retention", "device_signal", {"days": 30}, Direction.NARROWER),
        ("items", "nickname", {"sensitive": True, "necessity": "要"}, Direction.NARROWER),
        ("items", "phone", {"mask": "none"}, Direction.SAME),
        ("items", "oaid", {"bounds": []}, Direction.WIDER),
        ("purposes", "profile.manage", {"basis": "consent"}, Direction.WIDER),
        ("purposes", "profile.manage", {"title": "另一个说法"}, Direction.SAME),
        ("purposes", "accounts.security", {"actors": ["self"]}, Direction.NARROWER),
        ("recipients", "alipay", {"contact": "95188-1"}, Direction.SAME),
        ("recipients", "alipay", {"name": "别家"}, Direction.OTHER),
        ("permissions", "camera", {"bounds": []}, Direction.WIDER),
        ("exceptions", "contract", {"law": ""}, Direction.OTHER),
    ],
)
def test_direction_by_rule(
    part: str, one: str, fields: dict[str, Any], direction: Direction
) -> None:
    """Each kind of change has its direction."""
    found = _diff(setting(part, one, **fields))
    assert direction in {change.direction for change in found.changes}
    assert found.material is (direction in (Direction.WIDER, Direction.OTHER))


def test_weighty_prose_is_material_and_wording_is_not() -> None:
    """A sentence that weighs on rights is told of; another one is a small change."""
    texts = document()["prose"]
    weighty = next(i for i, one in enumerate(texts) if one["emphasised"])
    plain = next(i for i, one in enumerate(texts) if not one["emphasised"])
    assert _diff(lambda made: made["prose"][weighty].update(text="变了")).material
    assert not _diff(lambda made: made["prose"][plain].update(text="变了")).material


@pytest.mark.promise("8.1")
def test_the_two_shipped_versions_really_differ() -> None:
    """What today's law asks of the policy of 2023 can be read off their difference."""
    first, second = queries.versions()
    found = queries.diff(first, second)
    assert found.material
    for direction in (Direction.WIDER, Direction.NARROWER, Direction.OTHER):
        assert found.of(direction), direction
    by = {(c.kind, c.subject, c.what): c for c in found.changes}
    assert by["retention", "aml_identity", "days"].direction is Direction.WIDER
    assert by["purpose", "loans.app_list", "item app_list"].direction is Direction.NARROWER
    assert by["purpose", "loans.credit_query", "basis"].direction is Direction.NARROWER
    assert ("purpose", "rights.transfer", "itself") in by
