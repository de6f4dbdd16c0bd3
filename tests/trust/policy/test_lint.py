"""The linter: a good policy has no fault, and each fault has its line."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.trust.policy.remade import Document, remade, setting
from xingnuo.kit import clock
from xingnuo.trust.policy import _lint, actions, queries
from xingnuo.trust.policy.contracts import BadDeclaration, Column, Recipient, Table

DAY = date(2026, 11, 23)


def test_what_the_code_declares_is_fit_to_publish() -> None:
    """No fault in declarations or tables, and the code declares nothing unpublished."""
    with clock.frozen(datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)):
        assert queries.faults() == ()
        assert queries.unpublished() == frozenset()


def test_time_alone_stops_no_start() -> None:
    """When every agreement has lapsed the linter says so, and the house still starts."""
    with clock.frozen(datetime(2040, 1, 1, tzinfo=UTC)):
        assert all("has lapsed" in fault for fault in queries.faults())
        assert len(queries.faults()) == len(queries.declared().recipients)
        actions.check()


@pytest.mark.promise("3.1.1")
def test_no_price_can_be_declared() -> None:
    """A recipient has no field for money, and a document that has one cannot be read."""
    names = {field.name for field in fields(Recipient)}
    assert not {name for name in names if re.search("pay|price|fee|fen|amount", name)}
    with pytest.raises(ValueError, match="unknown fields"):
        remade(setting("recipients", "alipay", price="1"))


def test_each_shipped_version_was_fit_on_its_day() -> None:
    """Each cites laws in force when it took effect."""
    for one in queries.versions():
        assert _lint.faults(one, one.effective_on) == ()


def test_the_first_version_could_not_bind_today() -> None:
    """It cites laws that were repealed since, which is why there is a second one."""
    found = _lint.faults(queries.version("1.0"), DAY)
    assert any("repealed" in fault for fault in found)


FAULTS: list[tuple[str, str, dict[str, Any], str]] = [
    ("purposes", "accounts.sign_in", {"function": "nowhere"}, "unknown function"),
    ("purposes", "accounts.sign_in", {"items": ["nothing"]}, "unknown item"),
    ("purposes", "accounts.sign_in", {"optional": ["phone"]}, "names an item twice"),
    ("purposes", "accounts.sign_in", {"sentence": "字" * 27}, "its sentence needs"),
    ("purposes", "accounts.sign_in", {"sentence": ""}, "its sentence needs"),
    ("purposes", "accounts.sign_in", {"refusal_cost": ""}, "what refusing costs"),
    ("purposes", "accounts.sign_in", {"refusal_cost": "一。二。"}, "what refusing costs"),
    ("purposes", "accounts.sign_in", {"law": ""}, "names its article"),
    ("purposes", "accounts.sign_in", {"permissions": ["camera"]}, "do not name each other"),
    ("purposes", "accounts.sign_in", {"needs_permission": True}, "names none"),
    ("purposes", "accounts.sign_in", {"in_states": ["erased"]}, "erased person"),
    ("purposes", "accounts.sign_in", {"actors": []}, "needs a title, actors and states"),
    ("purposes", "accounts.sign_in", {"typed": ["imei"]}, "typed items"),
    ("purposes", "rights.copy", {"exception": "news"}, "no usable exception"),
    ("purposes", "rights.copy", {"exception": ""}, "no usable exception"),
    ("purposes", "rights.copy", {"exception": "contract"}, "another basis"),
    ("purposes", "rights.copy", {"law": "NFPS 34"}, "repealed"),
    ("purposes", "rights.copy", {"law": "ABC 1"}, "unknown law"),
    ("purposes", "notices.promotion", {"own_consent": False}, "asked on its own"),
    ("items", "phone", {"retention": "never"}, "unknown retention"),
    ("items", "phone", {"kept_by_law": "never"}, "unknown retention"),
    ("items", "phone", {"kind": "riddle"}, "unknown kind"),
    ("items", "phone", {"data_class": "C3"}, "C3 never rests"),
    ("items", "document_number", {"necessity": ""}, "why it is needed"),
    ("items", "payment_password", {"mask": "none"}, "its mask is never"),
    ("items", "document_photo", {"lookup": True}, "only a value"),
    ("items", "oaid", {"bounds": [{"os": "symbian"}]}, "unknown platform"),
    ("items", "oaid", {"bounds": [{"os": "ios", "min_version": "ten"}]}, "is no version"),
    ("functions", "account", {"controller": "nobody"}, "has no controller"),
    ("functions", "account", {"text": ""}, "says nothing"),
    ("controllers", "lender", {"officer_contact": ""}, "officer"),
    ("retention", "purpose_end", {"days": -1}, "days from 0"),
    ("recipients", "alipay", {"region": "SG"}, "is abroad"),
    ("recipients", "alipay", {"licence_no": ""}, "licence number"),
    ("recipients", "alipay", {"purposes": ["nothing"]}, "unknown purpose"),
    ("recipients", "alipay", {"items": ["avatar"]}, "belongs to none of its purposes"),
    ("recipients", "alipay", {"items": ["payment_password"]}, "never handed on"),
    ("recipients", "alipay", {"review_until": "2026-11-23"}, "has lapsed"),
    ("recipients", "alipay", {"agreement": ""}, "agreement and qualification"),
    ("recipients", "sms_gateway", {"purposes": ["notices.promotion"]}, "marketing purpose"),
    ("permissions", "camera", {"bounds": []}, "needs bounds"),
    ("permissions", "camera", {"purposes": ["nothing"]}, "unknown purpose"),
]


@pytest.mark.promise("0.3", "1.6.1", "1.7", "3.1.1", "3.1.2", "4.3.3")
@pytest.mark.parametrize(("part", "one", "fields", "told"), FAULTS)
def test_each_fault_is_named(part: str, one: str, fields: dict[str, Any], told: str) -> None:
    """One edit, one line that says what is wrong."""
    found = _lint.faults(remade(setting(part, one, **fields)), DAY)
    assert any(told in fault for fault in found), found


MANNERS: list[tuple[dict[str, Any], str]] = [
    ({"accept_verb": "同意"}, "its button names the act"),
    ({"accept_verb": "好"}, "its button names the act"),
    ({"accept_verb": "同意查询我的征信"}, "its button names the act"),
    ({"in_states": ["active", "erasing"]}, "being erased"),
]


@pytest.mark.parametrize(("fields", "told"), MANNERS)
def test_what_is_published_from_now_on_has_manners(fields: dict[str, Any], told: str) -> None:
    """A button says what it agrees to, and nothing is declared for a person on the way out."""
    edited = remade(setting("purposes", "loans.credit_query", **fields))
    assert any(told in fault for fault in _lint.manners(edited))
    assert _lint.manners(queries.declared()) == ()


def test_an_item_that_no_purpose_needs_is_a_fault() -> None:
    """A right over everything is no reason to hold anything."""

    def drop(made: Document) -> None:
        for purpose in made["purposes"]:
            if len(purpose["optional"]) < 50:
                purpose["items"] = [one for one in purpose["items"] if one != "renewal"]
        party = [r for r in made["recipients"] if "renewal" in r["items"]]
        for one in party:
            one["items"].remove("renewal")

    assert "item renewal: no purpose needs it" in _lint.faults(remade(drop), DAY)


def test_a_repealed_citation_names_its_successor() -> None:
    """The line says which law took its place."""
    edit = setting("retention", "network_log", law="CSL16 21")
    assert any("see CSL" in fault for fault in _lint.faults(remade(edit), DAY))


@pytest.mark.promise("0.3")
def test_a_service_without_controller_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start-up refuses, naming the function."""
    bad = remade(setting("functions", "loans", controller=""))
    monkeypatch.setattr("xingnuo.trust.policy._declarations.declared", lambda: bad)
    with pytest.raises(BadDeclaration) as caught:
        actions.check()
    assert caught.value.faults == ("function loans: has no controller",)


def test_tables_name_known_terms_controllers_and_items() -> None:
    """A table with an unknown term, controller or personal item is a fault."""
    table = Table(
        name="loans_note",
        about="试验",
        retention="never",
        controller="nobody",
        columns={"id": Column.KEY},
        personal={"text": "nothing"},
    )
    assert len(_lint.table_faults(queries.declared(), [table])) == 3


def test_exceptions_are_the_eleven() -> None:
    """All eleven stand as data; the two without an article cannot be used; seven for disclosure."""
    policy = queries.in_force()
    ranked = sorted(policy.exceptions.values(), key=lambda one: one.number)
    assert [one.number for one in ranked] == list(range(1, 12))
    assert {one.id for one in ranked if not one.usable} == {"news", "research"}
    assert sum(one.disclosure for one in ranked) == 7
