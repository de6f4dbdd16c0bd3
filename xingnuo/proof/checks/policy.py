"""Checks of the policy itself: versions, precedence, controllers, emphasis, exceptions, no sale."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from unittest.mock import patch

from xingnuo.kit import clock
from xingnuo.proof import _stage as stage
from xingnuo.proof import _version
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.contracts import CheckKind, NotSo
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Reason
from xingnuo.trust.policy import actions, contracts
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import (
    BadDeclaration,
    Basis,
    Compiled,
    Layer,
    NoPolicy,
    Notice,
    NotPublishable,
)

_BY_CONSENT = (Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT)
# Who answers for which part of section 1.2 (0.3).
_ANSWERS = {
    "1.2.1": "operator",
    "1.2.2": "operator",
    "1.2.3": "operator",
    "1.2.5": "broker",
    "1.2.6": "lender",
    "1.2.7": "payer",
    "1.2.8": "payer",
    "1.2.10": "payer",
    "5.2": "operator",
}
_SALE = {"price", "fee", "paid", "payment", "amount", "revenue", "consideration"}


def both() -> tuple[Compiled, Compiled]:
    """Give the version in force and what the code declares: both are held to the same."""
    return policy.in_force(), policy.declared()


def noon(day: date) -> datetime:
    """Give noon in Beijing on a day."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@check("0.1", kind=CheckKind.DYNAMIC)
def version_by_instant() -> None:
    """Which version binds is decided by the instant alone, from its effective day on."""
    first, *_, last = policy.versions()
    must(first.published_on == date(2023, 2, 3), "the first version was published another day")
    must(first.effective_on == date(2023, 3, 3), "the first version took effect another day")
    must(_refuses(lambda: policy.in_force(noon(date(2023, 3, 2))), NoPolicy), "bound too early")
    must(policy.in_force(noon(date(2023, 3, 3))) is first, "the first version does not bind")
    before = policy.in_force(noon(last.effective_on - timedelta(days=1)))
    must(before is not last, "the last version bound before its day")
    must(policy.in_force(noon(last.effective_on)) is last, "the last version does not bind")
    for one in policy.versions():
        must(one.published_on < one.effective_on, f"{one.version} was not told before its day")


@check("0.1", kind=CheckKind.DYNAMIC)
def told_before_it_binds() -> None:
    """A version that would bind on the day of its notice cannot be published; a told one can."""
    today = clock.today()
    with _empty_register():
        for effective in (today, today - timedelta(days=1)):
            told = _notice(today, effective)
            must(_refuses(partial(actions.publish, told), NotPublishable), "published")
        late = _notice(today - timedelta(days=30), today + timedelta(days=1))
        must(_refuses(lambda: actions.publish(late), NotPublishable), "published into the past")
        made = actions.publish(_notice(today, today + timedelta(days=30)))
        must(policy.versions() == (made,), "the told version was not published")
        must(_refuses(policy.in_force, NoPolicy), "it binds before its day")


def _notice(published: date, effective: date) -> Notice:
    return Notice(
        version="9.0", published_on=published, effective_on=effective, summary=("核对用",)
    )


@contextmanager
def _empty_register() -> Iterator[None]:
    with (
        tempfile.TemporaryDirectory() as place,
        patch.dict(os.environ, {"XN_POLICIES_DIR": place}),
    ):
        yield


def _refuses(call: object, *faults: type[Exception]) -> bool:
    assert callable(call)
    try:
        call()
    except faults:
        return True
    return False


@check("0.2", kind=CheckKind.DYNAMIC)
def chain_of_texts() -> None:
    """The product's text wins over the platform's, that over the group's; gaps fall down the
    chain.
    """
    layers = (
        Layer(kind="group", name="group", clauses={"keep": "five years", "logo": "blue"}),
        Layer(kind="product", name="product", clauses={"keep": "one year", "logo": " "}),
        Layer(kind="platform", name="platform", clauses={"keep": "two years", "ask": "always"}),
    )
    conflict = policy.govern("keep", layers)
    must((conflict.by, conflict.text) == ("product", "one year"), "the product does not win")
    must(set(conflict.overruled) == {"platform", "group"}, "the conflict is not told")
    must(policy.govern("ask", layers).by == "platform", "a gap does not fall to the platform")
    must(policy.govern("logo", layers).by == "group", "a gap does not fall to the group")
    must(policy.govern("sell", layers).by == "", "a text is made up where none speaks")


@check("0.3", kind=CheckKind.STATIC)
def every_service_has_a_controller() -> None:
    """Every function, purpose and stored table names its legal entity, and the promised one."""
    for compiled in both():
        must(len({c.name for c in compiled.controllers.values()}) == 4, "not four legal entities")
        for function in compiled.functions.values():
            must(function.controller in compiled.controllers, f"{function.id} has no controller")
            wanted = _ANSWERS.get(function.section, function.controller)
            must(function.controller == wanted, f"{function.id} has another controller")
        for purpose in compiled.purposes:
            must(compiled.controller_of(purpose).name, f"{purpose} has no controller")
        for party in compiled.recipients.values():
            must(party.purposes, f"{party.id} receives for no purpose, so for no controller")
    known = policy.in_force().controllers
    nothing([t.name for t in policy.tables() if t.controller not in known], "tables of nobody")


@check("0.3", kind=CheckKind.DYNAMIC)
def no_start_without_a_controller() -> None:
    """A service whose controller is missing does not start."""
    broken = _version.remade(policy.in_force(), functions={"insurance": {"controller": "nobody"}})
    must(_start_fault(broken, "function insurance: has no controller"), "it starts")


def _start_fault(broken: Compiled, words: str) -> bool:
    with _version.instead(broken):
        try:
            actions.check()
        except BadDeclaration as fault:
            return any(words in one for one in fault.faults)
    return False


@check("0.4", kind=CheckKind.STATIC)
def emphasised_in_text() -> None:
    """Each sensitive item and each weighty clause is emphasised in the readable policy."""
    for compiled in both():
        strong = {
            run.text.rstrip("：")
            for section in policy.readable(compiled)
            for paragraph in section.paragraphs
            for run in paragraph.runs
            if run.strong
        }
        items = [i.name for i in compiled.items.values() if i.sensitive and i.name not in strong]
        nothing(items, "sensitive items in plain type")
        weighty = {one.title for one in compiled.prose if one.emphasised}
        nothing(weighty - strong, "weighty clauses in plain type")
        must({"撤回同意", "注销", "不出售", "逐个同意"} <= weighty, "a weighty clause is missing")
        plain = [i.name for i in compiled.items.values() if not i.sensitive and i.name in strong]
        nothing(plain, "everything emphasised is nothing emphasised")


@check("0.4", kind=CheckKind.STATIC)
def emphasised_on_sheets() -> None:
    """Each sensitive item is marked on every consent sheet that asks for it, with its reason."""
    compiled = policy.in_force()
    for purpose in compiled.purposes.values():
        sheet = gate_queries.sheet(purpose.id)
        for item in (*sheet.needed, *sheet.optional):
            known = compiled.items[item.id]
            must(item.sensitive == known.sensitive, f"{item.id} unmarked on {purpose.id}")
            must(not item.sensitive or item.necessity, f"{item.id} without its reason")


@check("1.7", kind=CheckKind.STATIC)
def exceptions_have_their_law() -> None:
    """Eleven exceptions are known; every purpose without consent stands on one with an article."""
    for compiled in both():
        numbers = sorted(one.number for one in compiled.exceptions.values())
        must(numbers == list(range(1, 12)), "not the eleven exceptions")
        must(
            sum(one.disclosure for one in compiled.exceptions.values()) == 7,
            "not seven of them allow disclosure",
        )
        for purpose in compiled.purposes.values():
            if purpose.basis in _BY_CONSENT:
                must(not purpose.exception, f"{purpose.id} asks and claims an exception")
                continue
            exception = compiled.exceptions.get(purpose.exception)
            if exception is None or not exception.usable:
                raise NotSo(f"{purpose.id} stands on no usable exception")
            must(exception.basis is purpose.basis, f"{purpose.id} claims another basis")
            must(purpose.law.split()[0] in compiled.laws, f"{purpose.id} names no law")


@check("1.7", kind=CheckKind.DYNAMIC)
def access_names_its_exception() -> None:
    """Access without consent runs by a declared exception and shows in the person's record."""
    who = stage.person(accepted=False)
    stage.refused(
        stage.asks(who, "profile.manage", ("nickname",)),
        Reason.NOT_ACCEPTED,
        Reason.NO_CONSENT,
        words="use without consent or exception",
    )
    stage.passes(stage.asks(who, "rights.copy"), "the copy, which is a legal duty")
    (line,) = stage.lines(who, Kind.VIEW, Kind.PERMIT)
    compiled = policy.in_force()
    exception = compiled.exceptions[compiled.purposes[line.purpose].exception]
    must(exception.usable, "the record names a purpose without an exception")


@check("1.7", kind=CheckKind.DYNAMIC)
def no_start_without_a_basis() -> None:
    """A purpose that asks nobody and stands on no exception does not start."""
    for fields in ({"exception": ""}, {"exception": "news"}, {"exception": "life_and_property"}):
        broken = _version.remade(policy.in_force(), purposes={"benefits_shop.tax": fields})
        must(_start_fault(broken, "purpose benefits_shop.tax:"), "it starts")


@check("3.1.1", kind=CheckKind.STATIC)
def nobody_pays_for_data() -> None:
    """No recipient can be declared with payment; every outflow is a listed, reviewed party."""
    names = {field.name for field in dataclasses.fields(contracts.Recipient)}
    nothing({n for n in names if set(n.split("_")) & _SALE}, "a recipient may pay")
    for compiled in both():
        listed = {row.recipient for row in policy.lists(compiled).recipients}
        must(listed == set(compiled.recipients), "an outflow is not listed")
        must("不出售" in {p.title for p in compiled.prose}, "the policy does not say so")
        for party in compiled.recipients.values():
            marketing = [p for p in party.purposes if compiled.purposes[p].marketing]
            nothing(marketing, f"{party.id} receives for marketing")


@check("4.3.3", kind=CheckKind.STATIC)
def stays_in_the_country() -> None:
    """Every recipient is in mainland China, and one abroad cannot be declared."""
    for compiled in both():
        nothing([r.id for r in compiled.recipients.values() if r.region != "CN"], "abroad")
    abroad = _version.remade(policy.in_force(), recipients={"logistics": {"region": "SG"}})
    must(_start_fault(abroad, "recipient logistics: is abroad"), "a share abroad was declared")
