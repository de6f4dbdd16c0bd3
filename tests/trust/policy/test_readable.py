"""The readable policy: whole, plain, emphasised where it must be, and in our own words."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trust.policy.remade import remade, setting
from xingnuo.trust.policy import queries
from xingnuo.trust.policy._address import plainly
from xingnuo.trust.policy.contracts import Compiled, EditKind, Form, Layer

SHARED_CHARS = 14
VERSIONS = queries.versions()


@pytest.mark.promise("0.5")
@pytest.mark.parametrize("policy", VERSIONS, ids=lambda one: one.version)
def test_sections_one_to_nine_with_contents_and_contact(policy: Compiled) -> None:
    """Every chapter stands in the contents, says something, and ends with a way to ask."""
    chapters = [one for one in queries.contents(policy) if one.level == 1]
    assert [one.id for one in chapters] == [str(number) for number in range(10)]
    for one in chapters:
        assert one.paragraphs[-1].text.startswith("对这一章有疑问")
        assert "@" in one.paragraphs[-1].text
    for section in queries.readable(policy):
        assert section.title and section.paragraphs or section.id in ("1.2", "4"), section.id


@pytest.mark.promise("0.4")
@pytest.mark.parametrize("policy", VERSIONS, ids=lambda one: one.version)
def test_sensitive_items_are_emphasised_everywhere(policy: Compiled) -> None:
    """Wherever a run is just the name of an item, it is strong if and only if it is sensitive."""
    names = {item.name: item.sensitive for item in policy.items.values()}
    seen = set()
    for section in queries.readable(policy):
        for paragraph in section.paragraphs:
            for run in paragraph.runs:
                if run.text in names:
                    assert run.strong is names[run.text], run.text
                    seen.add(run.text)
    assert seen == set(names)


@pytest.mark.parametrize("policy", VERSIONS, ids=lambda one: one.version)
def test_everything_declared_can_be_read(policy: Compiled) -> None:
    """Each function, purpose, permission, recipient, controller, exception and term is told."""
    text = queries.plain_text(policy)
    for part in (policy.functions, policy.permissions, policy.recipients, policy.controllers):
        for one in part.values():
            assert one.name in text, one.id
    for purpose in policy.purposes.values():
        assert purpose.sentence in text, purpose.id
        assert purpose.refusal_cost in text, purpose.id
    for exception in policy.exceptions.values():
        assert exception.name in text
    for item in policy.items.values():
        assert policy.retention[item.retention].name in text


@pytest.mark.promise("0.3")
def test_each_function_names_its_controller() -> None:
    """The paragraph of a function says which legal entity answers for it."""
    policy = queries.in_force()
    text = queries.plain_text(policy)
    for function in policy.functions.values():
        assert f"{function.text}由{policy.controllers[function.controller].name}负责" in text


def test_the_summary_tells_dates_and_changes() -> None:
    """The first sentences say since when it binds, how much there is, and what changed."""
    policy = queries.in_force()
    told = "".join(queries.summary(policy))
    assert "2026 年 10 月 1 日起生效" in told
    assert str(len(policy.items)) in told
    assert all(line in told for line in policy.summary)


@pytest.mark.promise("3.1.4")
def test_the_two_lists_are_the_register() -> None:
    """Every storable item with its purpose and scene; every recipient with its five told fields."""
    policy = queries.in_force()
    lists = queries.lists(policy)
    assert {row.item for row in lists.items} == set(policy.items)
    assert all(row.purpose and row.scene and row.kept for row in lists.items)
    assert {row.recipient for row in lists.recipients} == set(policy.recipients)
    for row in lists.recipients:
        assert row.name and row.contact and row.items and row.purposes and row.method and row.scene


@pytest.mark.promise("8.1")
def test_the_text_diff_gives_both_texts_back() -> None:
    """What stayed and came is the new text, what stayed and went the old one, but for 您 and 你."""
    old, new = VERSIONS
    after = {section.id: section for section in queries.readable(new)}
    before = {section.id: section for section in queries.readable(old)}
    edited = queries.text_diff(old, new)
    assert edited
    for section in edited:
        now = [
            "".join(e.text for e in p if e.kind is not EditKind.DELETED) for p in section.paragraphs
        ]
        was = [
            "".join(e.text for e in p if e.kind is not EditKind.INSERTED)
            for p in section.paragraphs
        ]
        if section.id in after:
            assert [one for one in now if one] == [
                plainly(one.text) for one in after[section.id].paragraphs
            ]
        if section.id in before:
            assert sorted(one for one in was if one) == sorted(
                plainly(one.text) for one in before[section.id].paragraphs
            )
    assert queries.text_diff(new, new) == ()


def test_people_are_addressed_one_way_in_each_version() -> None:
    """An old version reads as it did; the change of pronoun is no change of meaning."""
    old, new = VERSIONS
    assert "你" not in queries.plain_text(old) and "您" in queries.plain_text(old)
    assert "您" not in queries.plain_text(new) and "您" not in queries.declared().document.decode()
    said = [change for change in queries.diff(old, new).changes if "您" in change.before]
    assert all(plainly(change.before) != change.after for change in said)
    kept = [one for one in new.purposes.values() if one.id in old.purposes]
    assert any(old.meaning(one.id) == new.meaning(one.id) for one in kept)


def test_a_small_edit_is_shown_by_character() -> None:
    """One changed word is a deletion and an insertion inside its sentence."""
    old = queries.in_force()
    new = remade(setting("functions", "account", text="登录用星号帐号。"), old)
    (section,) = queries.text_diff(old, new)
    kinds = [edit.kind for paragraph in section.paragraphs for edit in paragraph]
    assert EditKind.DELETED in kinds and EditKind.SAME in kinds


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _source() -> Path | None:
    named = os.environ.get("XN_POLICY_SOURCE")
    beside = Path(__file__).resolve().parents[4] / "shared" / "policy-source.txt"
    found = Path(named) if named else beside
    return found if found.is_file() else None


def _runs(text: str) -> set[str]:
    text = re.sub(r"[\s*#<>]", "", text)
    return {text[at : at + SHARED_CHARS] for at in range(len(text) - SHARED_CHARS + 1)}


@pytest.mark.skipif(
    _source() is None, reason="the text of the source policy is not on this machine"
)
def test_no_sentence_is_taken_from_the_source() -> None:
    """No sentence of ours shares a run of 14 characters with it; names of laws are facts."""
    source = _source()
    assert source is not None
    theirs = _runs(source.read_text(encoding="utf-8"))
    assert _runs("个人信息在完成收集目的，或在我们确认您的删除") & theirs
    for policy in (*VERSIONS, queries.declared()):
        laws = {law.name for law in policy.laws.values()}
        for sentence in set(_strings(json.loads(policy.document))) - laws:
            taken = {run for run in _runs(sentence) & theirs if re.search(r"[\u4e00-\u9fff]", run)}
            assert not taken, (policy.version, taken)


LAYERS = (
    Layer(kind="group", name="集团隐私政策", clauses={"地区": "全球", "争议": "集团"}),
    Layer(kind="product", name="零钱卡协议", clauses={"争议": "银行所在地"}),
    Layer(kind="platform", name="星诺隐私政策", clauses={"争议": "公司所在地", "期限": "十年"}),
)


@pytest.mark.promise("0.2")
def test_a_conflict_goes_to_the_nearest_text() -> None:
    """The product's own text wins over the platform's, and that over the group's."""
    found = queries.govern("争议", LAYERS)
    assert (found.text, found.by) == ("银行所在地", "零钱卡协议")
    assert found.overruled == ("星诺隐私政策", "集团隐私政策")
    assert queries.govern("争议", LAYERS[::2]).by == "星诺隐私政策"


@pytest.mark.promise("0.2")
def test_a_gap_falls_down_the_chain() -> None:
    """What the nearer text leaves open, the next one answers; where none speaks, nothing does."""
    assert queries.govern("期限", LAYERS).by == "星诺隐私政策"
    assert queries.govern("地区", LAYERS).by == "集团隐私政策"
    assert queries.govern("别的", LAYERS).text == ""
    agreed = (LAYERS[0], Layer(kind="platform", name="星诺隐私政策", clauses={"地区": "全球"}))
    assert queries.govern("地区", agreed).overruled == ()


def test_no_form_lets_a_biometric_template_rest() -> None:
    """Fingerprint and Face ID are results; passwords and codes are digests; validity passes."""
    items = queries.in_force().items
    assert {items[one].form for one in ("fingerprint_result", "face_result")} == {Form.RESULT}
    digests = ("unlock_password", "unlock_pattern", "payment_password")
    assert {items[one].form for one in digests} == {Form.DIGEST}
    assert {items[one].form for one in ("card_validity", "sms_code")} == {Form.TRANSIENT}
