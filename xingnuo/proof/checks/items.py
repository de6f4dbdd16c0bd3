"""Checks of section 1.1: each item is declared as promised, taken as promised, shown as
promised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from django.db import transaction

from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks import _catalogue as catalogue
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Basis, Compiled, Purpose, SubjectState

_ASKED = (Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT)
# A device on which no platform bound of an item stands in the way.
_DEVICES: dict[str, tuple[str, str, str]] = {
    "imei": ("android", "9.0", ""),
    "serial_number": ("android", "9.0", ""),
    "oaid": ("android", "14", ""),
    "idfa": ("ios", "17.0", ""),
    "device_uuid": ("ios", "17.0", ""),
    "app_list": ("android", "14", ""),
    "device_accounts": ("android", "8.0", "miui"),
}
_WRONG: dict[str, tuple[str, str, str]] = {
    "imei": ("android", "10", ""),
    "serial_number": ("ios", "9.0", ""),
    "oaid": ("android", "9", ""),
    "idfa": ("android", "14", ""),
    "device_uuid": ("android", "14", ""),
    "app_list": ("ios", "17.0", ""),
}


def named(promise: str, kind: CheckKind, run: Callable[[str], None], what: str, about: str) -> None:
    """Register one check of one promise out of a family of checks."""
    ready = partial(run, promise)
    made = lambda: ready()  # noqa: E731  (the register takes name and words from the function)
    made.__name__ = f"{what}_{promise.replace('.', '_')}"
    made.__module__ = run.__module__
    made.__doc__ = about
    check(promise, kind=kind)(made)


def declared_as_promised(promise: str) -> None:
    """See that published policy and code declare exactly the promised items, in every respect."""
    rows = catalogue.rows(promise)
    for compiled in (policy.in_force(), policy.declared()):
        category = catalogue.category_of(promise)
        known = {item.id for item in compiled.items.values() if item.category is category}
        nothing(known ^ {row.id for row in rows}, "items that are not as listed")
        for row in rows:
            item = compiled.items[row.id]
            told = (item.data_class.value, item.sensitive, item.mask.value, item.form.value)
            must(told == (row.data_class, row.sensitive, row.mask, row.form), f"{row.id} differs")
            must(item.retention in compiled.retention, f"{row.id} has no term")
            must(not item.sensitive or item.necessity, f"{row.id} does not say why")
            must(_reached(compiled, row.id), f"{row.id} is needed by no purpose")


def _reached(compiled: Compiled, item: str) -> bool:
    # Rights over everything are no reason to hold anything.
    return any(
        item in compiled.items_of(purpose.id) and purpose.basis in _ASKED
        for purpose in compiled.purposes.values()
    )


def taken_and_shown(promise: str) -> None:
    """Take every item under a purpose of its own, see it shown as promised, and refused
    elsewhere.
    """
    who = stage.person()
    granted: set[str] = set()
    batches: dict[tuple[str, str], list[tuple[catalogue.Expected, str]]] = {}
    expected: dict[str, str] = {}
    for row in catalogue.rows(promise):
        purpose = _purpose_for(row.id, granted)
        granted.add(purpose.id)
        value, shown = catalogue.afresh(row)
        alone = row.id if row.form != "value" or row.id in _DEVICES else ""
        batches.setdefault((purpose.id, alone), []).append((row, value))
        if row.form == "value" and shown != "-":
            expected[row.id] = shown
    for one in sorted(granted):
        _open(who, policy.in_force().purposes[one])
    for (one, alone), rows in batches.items():
        at = who.on(*_DEVICES.get(alone, ("web", "", "")))
        values = {row.id: value for row, value in rows}
        take = partial(_take, at, one, rows[0][0].form, values)
        stage.passes(take, f"{', '.join(values)} under {one}")
    for row in catalogue.rows(promise):
        other = "unlock.password" if row.id in ("phone", "email") else "notices.service"
        refused = stage.asks(stage.reader(), other, (row.id,))
        stage.refused(refused, Reason.UNDECLARED_ITEM, words=f"{row.id} under {other}")
    told = stage.shown(who)
    nothing({one for one in expected if told.get(one) != expected[one]}, "shown otherwise")
    nothing(set(told) - set(expected), "shown though it must not be")


def _purpose_for(item: str, granted: set[str]) -> Purpose:
    compiled = policy.in_force()
    fit = [
        purpose
        for purpose in compiled.purposes.values()
        if item in compiled.items_of(purpose.id)
        and purpose.basis in _ASKED
        and ActorKind.SELF in purpose.actors
        and SubjectState.ACTIVE in purpose.in_states
    ]
    must(fit, f"{item}: no purpose takes it from the person")
    # One sheet for many items keeps the check short.
    return max(fit, key=lambda one: (one.id in granted, len(compiled.items_of(one.id)), one.id))


def _open(who: stage.Person, purpose: Purpose) -> None:
    for permission in purpose.permissions:
        stage.allow(who, permission)
    if purpose.basis is not Basis.CONTRACT:
        stage.decide(who, purpose.id)


def _take(who: stage.Person, purpose: str, form: str, values: Mapping[str, str]) -> None:
    permit = stage.permit(who, purpose, tuple(values))
    match form:
        case "value":
            gate.collect(permit, values)
        case "file":
            gate.collect_file(permit, next(iter(values)), content=b"\x89PNG proof")
        case _:
            gate.note(permit, tuple(values))


def rests_in_no_other_form(promise: str) -> None:
    """See that what must not rest readable is refused as a value, and a value as a file."""
    who = stage.person()
    for row in catalogue.rows(promise):
        if row.form == "value":
            continue
        purpose = _purpose_for(row.id, set())
        _open(who, purpose)
        at = who.on(*_DEVICES.get(row.id, ("web", "", "")))
        for wrong in {"value", "file"} - {row.form}:
            take = partial(_take, at, purpose.id, wrong, {row.id: "passed"})
            stage.refused(take, Reason.UNDECLARED_ITEM, words=f"{row.id} as a {wrong}")


for _promise in catalogue.PROMISES:
    named(
        _promise,
        CheckKind.STATIC,
        declared_as_promised,
        "declared",
        "Each item has the promised class, sensitivity, mask and form, a term and a purpose.",
    )
    named(
        _promise,
        CheckKind.DYNAMIC,
        taken_and_shown,
        "taken",
        "Each item is taken under its purpose, shown by its mask, and refused elsewhere.",
    )
for _promise in ("1.1.2", "1.1.5", "1.1.6", "1.1.9"):
    named(
        _promise,
        CheckKind.DYNAMIC,
        rests_in_no_other_form,
        "forms",
        "What must not rest readable on the server is refused as a value.",
    )


@check("1.1.4", kind=CheckKind.DYNAMIC)
def wrong_platform() -> None:
    """A device item from the wrong platform or version is refused, and nothing of it is kept."""
    who = stage.person()
    for item, device in _WRONG.items():
        purpose = _purpose_for(item, {"antifraud.device_check"})
        _open(who, purpose)
        at = who.on(*device)
        take = partial(_take, at, purpose.id, "value", {item: "490154203237518"})
        stage.refused(take, Reason.PLATFORM, words=f"{item} on {device[0]} {device[1]}")
    must(not stage.shown(who), "something was kept")


@check("4.1.2", kind=CheckKind.STATIC)
def class_drives_protection() -> None:
    """C3 never rests readable, C2 that tells who or what is owned is masked, files have own
    keys.
    """
    for compiled in (policy.in_force(), policy.declared()):
        for item in compiled.items.values():
            if item.data_class.value == "C3":
                must(item.form.value != "value", f"{item.id} is C3 and rests readable")
                must(item.sensitive, f"{item.id} is C3 and not sensitive")
            if item.form.value == "file":
                must(item.key_class.value == "documents", f"{item.id} shares a key with text")
            if item.lookup:
                must(item.mask.value not in ("none", "all"), f"{item.id} is looked up unmasked")


@check("4.1.2", kind=CheckKind.DYNAMIC)
def sealed_by_class() -> None:
    """Each value is sealed under the key of its own class, and plain only after a fresh proof."""
    who = stage.person()
    values = {"email": "alice@example.com", "name": "韩梅梅", "education": "本科"}
    stage.decide(who, "profile.manage", optional=tuple(values))
    stage.fill(who, "profile.manage", values)
    with stage.as_subject(who):
        rows = next(
            told["vault_value"]
            for holding in policy.holdings()
            if "vault_value" in (told := holding.export(who.subject_id))
        )
    found = {row["item"]: row["key_class"] for row in rows}
    must(
        found == {"email": "contact", "name": "identity", "education": "credit"},
        "values are sealed under another class of keys",
    )
    must(stage.shown(who, "rights.plain_view")["name"] != values["name"], "plain without a proof")
    strong = who.proved()
    must(stage.shown(strong, "rights.plain_view")["name"] == values["name"], "masked after a proof")


@check("4.1.2", kind=CheckKind.DYNAMIC)
def who_may_read() -> None:
    """A member of staff without a signed undertaking in date reads nothing of a person."""
    who = stage.reader()
    agent = stage.staff(ActorKind.AGENT, undertaking=False)

    def look() -> None:
        with transaction.atomic():
            gate.permit(agent, subject_id=who.subject_id, purpose="support.case")

    stage.refused(look, Reason.NO_UNDERTAKING, words="staff without an undertaking")
