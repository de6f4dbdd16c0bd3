"""Whether a compiled policy may be published: every reference resolves, every rule is kept.

Each fault is one English line `part id: what is wrong`; the list is empty for a good policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from xingnuo.trust.policy import _kinds
from xingnuo.trust.policy.contracts import (
    Basis,
    Bound,
    Compiled,
    DataClass,
    Form,
    Item,
    Mask,
    Purpose,
    Recipient,
    Standing,
    SubjectState,
    Table,
)

SENTENCE_CHARS_MAX = 26
VERB_CHARS_MAX = 6
PLATFORMS = frozenset({"android", "ios", "web"})
_VERSION = re.compile(r"\d+(\.\d+)*")
_BY_CONSENT = frozenset({Basis.CONSENT, Basis.SEPARATE_CONSENT})
# What never rests in a readable form cannot be handed on either.
_UNREADABLE = frozenset({Form.DIGEST, Form.RESULT})


def faults(policy: Compiled, day: date | None) -> tuple[str, ...]:
    """Name everything that forbids publishing a policy that is to bind on a day.

    Without a day, laws repealed and agreements lapsed by then are left out: a program that was fit
    when it was published still starts, and the gate refuses a lapsed recipient when it is asked.
    """
    found = [*_laws(policy, day), *_terms(policy), *_controllers(policy)]
    for item in policy.items.values():
        found += _item(policy, item)
    for purpose in policy.purposes.values():
        found += _purpose(policy, purpose)
    for party in policy.recipients.values():
        found += _recipient(policy, party, day)
    return (*found, *_permissions(policy), *_unreached(policy))


def manners(policy: Compiled) -> tuple[str, ...]:
    """Name what forbids publishing from now on; versions published before keep their words."""
    return (*_verbs(policy), *_ended(policy))


def table_faults(policy: Compiled, tables: Iterable[Table]) -> tuple[str, ...]:
    """Name every table whose term, controller or personal item the policy does not know."""
    found: list[str] = []
    for table in tables:
        where = f"table {table.name}"
        found += _unknown(where, "retention", (table.retention,), policy.retention)
        found += _unknown(where, "controller", (table.controller,), policy.controllers)
        found += _unknown(where, "item", table.personal.values(), policy.items)
    return tuple(found)


def _unknown(where: str, what: str, ids: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    for one in ids:
        if one not in known:
            yield f"{where}: unknown {what} {one}"


def _laws(policy: Compiled, day: date | None) -> Iterator[str]:
    cited = [
        *((f"purpose {one.id}", one.law) for one in policy.purposes.values()),
        *((f"retention {one.id}", one.law) for one in policy.retention.values()),
        *((f"exception {one.id}", one.law) for one in policy.exceptions.values()),
    ]
    for where, citation in cited:
        if not citation:
            continue
        law = policy.laws.get(citation.split()[0])
        if law is None:
            yield f"{where}: cites an unknown law {citation}"
        elif day is None:
            continue
        elif day < law.from_day:
            yield f"{where}: cites {citation} before it is in force"
        elif law.until_day is not None and day >= law.until_day:
            yield f"{where}: cites repealed {citation}; see {law.replaced_by or 'the present law'}"


def _terms(policy: Compiled) -> Iterator[str]:
    for rule in policy.retention.values():
        if rule.days < 0 or not rule.name or not rule.law:
            yield f"retention {rule.id}: needs a name, days from 0 and a law"


def _controllers(policy: Compiled) -> Iterator[str]:
    for function in policy.functions.values():
        if function.controller not in policy.controllers:
            yield f"function {function.id}: has no controller"
        if not function.text:
            yield f"function {function.id}: says nothing to people"
    for one in policy.controllers.values():
        if not (one.name and one.address and one.contact and one.officer_contact):
            yield f"controller {one.id}: needs name, address, contact and officer (PIPL 17, 52)"


def _item(policy: Compiled, item: Item) -> Iterator[str]:
    where = f"item {item.id}"
    yield from _unknown(where, "retention", (item.retention,), policy.retention)
    if item.kept_by_law:
        yield from _unknown(where, "retention", (item.kept_by_law,), policy.retention)
    if item.sensitive and not item.necessity:
        yield f"{where}: is sensitive and does not say why it is needed"
    if not _kinds.known(item.kind):
        yield f"{where}: unknown kind {item.kind}"
    if item.form in (Form.DIGEST, Form.TRANSIENT) and item.mask is not Mask.NEVER:
        yield f"{where}: rests in no readable form, so its mask is never"
    if item.lookup and item.form is not Form.VALUE:
        yield f"{where}: only a value can be looked up"
    if item.data_class is DataClass.C3 and item.form is Form.VALUE:
        yield f"{where}: C3 never rests as a readable value (J171 6.1.1)"
    yield from _bounds(where, item.bounds)


def _bounds(where: str, bounds: tuple[Bound, ...]) -> Iterator[str]:
    for bound in bounds:
        if bound.os not in PLATFORMS:
            yield f"{where}: unknown platform {bound.os}"
        for version in (bound.min_version, bound.below_version):
            if version and not _VERSION.fullmatch(version):
                yield f"{where}: {version} is no version"


def _purpose(policy: Compiled, purpose: Purpose) -> Iterator[str]:
    where = f"purpose {purpose.id}"
    named = purpose.items + purpose.optional
    yield from _unknown(where, "function", (purpose.function,), policy.functions)
    yield from _unknown(where, "item", (*named, *purpose.typed), policy.items)
    yield from _unknown(where, "permission", purpose.permissions, policy.permissions)
    if len(set(named)) != len(named):
        yield f"{where}: names an item twice"
    if set(purpose.typed) - set(named):
        yield f"{where}: typed items are not among its items"
    if not 0 < len(purpose.sentence) <= SENTENCE_CHARS_MAX:
        yield f"{where}: its sentence needs 1 to {SENTENCE_CHARS_MAX} characters"
    if not purpose.title or not purpose.actors or not purpose.in_states:
        yield f"{where}: needs a title, actors and states"
    if SubjectState.ERASED in purpose.in_states:
        yield f"{where}: nothing runs for an erased person"
    if purpose.needs_permission and not purpose.permissions:
        yield f"{where}: needs a permission and names none"
    if purpose.marketing and not (purpose.own_consent and purpose.basis in _BY_CONSENT):
        yield f"{where}: marketing is asked on its own"
    yield from _basis(policy, purpose)


def _verbs(policy: Compiled) -> Iterator[str]:
    # A button that names its act is read; one that says yes to anything is not.
    for purpose in policy.purposes.values():
        if purpose.basis in _BY_CONSENT or purpose.own_consent:
            verb = purpose.accept_verb
            if not verb.startswith("同意") or not 2 < len(verb) <= VERB_CHARS_MAX:
                yield f"purpose {purpose.id}: its button names the act, as 同意查询 does"


def _ended(policy: Compiled) -> Iterator[str]:
    for purpose in policy.purposes.values():
        if SubjectState.ERASING in purpose.in_states:
            yield f"purpose {purpose.id}: nothing runs for a person who is being erased"


def _basis(policy: Compiled, purpose: Purpose) -> Iterator[str]:
    where = f"purpose {purpose.id}"
    if purpose.basis in (*_BY_CONSENT, Basis.CONTRACT):
        if purpose.refusal_cost.count("。") != 1 or not purpose.refusal_cost.endswith("。"):
            yield f"{where}: says what refusing costs in one sentence"
        if purpose.basis is Basis.CONTRACT and not purpose.law:
            yield f"{where}: a contract basis names its article"
        return
    exception = policy.exceptions.get(purpose.exception)
    if exception is None or not exception.usable:
        yield f"{where}: no usable exception of section 1.7 stands behind it"
    elif exception.basis is not purpose.basis:
        yield f"{where}: its exception is another basis"
    if not purpose.law:
        yield f"{where}: names no law"


def _recipient(policy: Compiled, party: Recipient, day: date | None) -> Iterator[str]:
    where = f"recipient {party.id}"
    yield from _unknown(where, "item", party.items, policy.items)
    yield from _unknown(where, "purpose", party.purposes, policy.purposes)
    purposes = [policy.purposes[one] for one in party.purposes if one in policy.purposes]
    reached = {item for one in purposes for item in one.items + one.optional}
    items = [policy.items[one] for one in party.items if one in policy.items]
    if party.region != "CN":
        yield f"{where}: is abroad (POL-5)"
    for one in purposes:
        if one.marketing:
            yield f"{where}: marketing purpose {one.id} (POL-5)"
        if not set(party.items) & set(one.items + one.optional):
            yield f"{where}: receives nothing for {one.id}"
    for item in items:
        if item.id not in reached:
            yield f"{where}: item {item.id} belongs to none of its purposes"
        if item.form in _UNREADABLE:
            yield f"{where}: {item.id} is never handed on"
    close = any(item.data_class is not DataClass.C1 for item in items)
    if close and not party.licence_no:
        yield f"{where}: C2 or C3 items need a licence number (J171 6.1.1)"
    if not (
        party.name and party.contact and party.method and party.agreement and party.qualification
    ):
        yield f"{where}: needs name, contact, method, agreement and qualification"
    if party.standing is not Standing.AUTHORITY and not party.scene:
        yield f"{where}: needs a scene for the published list"
    if day is not None and day >= min(
        party.agreement_until, party.review_until, party.qualification_until
    ):
        yield f"{where}: agreement, review or qualification has lapsed"


def _permissions(policy: Compiled) -> Iterator[str]:
    for permission in policy.permissions.values():
        where = f"permission {permission.id}"
        yield from _unknown(where, "purpose", permission.purposes, policy.purposes)
        yield from _unknown(where, "item", permission.items, policy.items)
        yield from _bounds(where, permission.bounds)
        if not (permission.bounds and permission.why and permission.refusal_cost):
            yield f"{where}: needs bounds, a reason and the cost of refusing"
        using = {one.id for one in policy.purposes.values() if permission.id in one.permissions}
        for one in sorted(using ^ set(permission.purposes)):
            yield f"{where}: permission and purpose {one} do not name each other"


def _unreached(policy: Compiled) -> Iterator[str]:
    # A purpose over everything (a person's rights, deletion) is no reason to hold anything.
    readable = {item.id for item in policy.items.values() if item.form not in _UNREADABLE}
    readable -= {item.id for item in policy.items.values() if item.form is Form.TRANSIENT}
    reasons = [
        set(one.items + one.optional)
        for one in policy.purposes.values()
        if not readable <= set(one.items + one.optional)
    ]
    for item in policy.items:
        if not any(item in reason for reason in reasons):
            yield f"item {item}: no purpose needs it"
