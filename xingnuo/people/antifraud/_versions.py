"""Versions of the rules: drafted, proposed by one, released by another, brought back likewise."""

from __future__ import annotations

import json
import time
from typing import Any

from django.db import models, transaction

from xingnuo.kit import clock, ids
from xingnuo.kit.db.faults import told_plainly
from xingnuo.kit.errors import NotFound
from xingnuo.kit.steps import step
from xingnuo.people.antifraud import _base, _limits, _officers, _patterns, _rules
from xingnuo.people.antifraud._rules import RuleSet
from xingnuo.people.antifraud._states import RULE_STEPS, Family, RuleState
from xingnuo.people.antifraud.contracts import NotReleasable, RuleSetShown, SameOfficer
from xingnuo.people.antifraud.models import ReleaseRow, RuleSetRow
from xingnuo.trust.gate.contracts import Actor

type Live = tuple[int, RuleSet, int, RuleSet | None]

# digest → checked set: a version never changes, so it is read from its text once a process.
_parsed: dict[str, RuleSet] = {}
_PARSED_MAX = 32
_live: dict[Family, tuple[float, Live]] = {}
_BUILT_IN = {
    Family.RISK: (_base.rules, _base.DOCUMENT),
    Family.AML: (_patterns.rules, _patterns.DOCUMENT),
}


def live(family: Family = Family.RISK, *, fresh: bool = False) -> Live:
    """Give (number, rules) that hold, and (number, rules) of the proposal that runs beside them.

    A process may know of a release up to a second late; the version used is on each decision.
    """
    now = time.monotonic()
    known = _live.get(family)
    if known and not fresh and now - known[0] < _limits.RULES_CACHED_SECONDS:
        return known[1]
    rows = {
        row.state: row
        for row in RuleSetRow.objects.filter(
            family=family.value, state__in=[RuleState.LIVE.value, RuleState.PROPOSED.value]
        )
    }
    held, beside = rows.get(RuleState.LIVE.value), rows.get(RuleState.PROPOSED.value)
    found: Live = (
        held.number if held else _base.NUMBER,
        rules_of(held) if held else _BUILT_IN[family][0](),
        beside.number if beside else 0,
        rules_of(beside) if beside else None,
    )
    _live[family] = (now, found)
    return found


def forget() -> None:
    """Read the live version anew at the next decision of this process."""
    _live.clear()


def rules_of(row: RuleSetRow) -> RuleSet:
    """Give the checked rules of a version."""
    known = _parsed.get(row.digest)
    if known is None:
        known = _rules.parse(row.document, Family(row.family))
        if len(_parsed) >= _PARSED_MAX:
            _parsed.clear()
        _parsed[row.digest] = known
    return known


def draft(actor: Actor, *, document: str, family: Family = Family.RISK) -> RuleSetShown:
    """Check a document and keep it as a new version; raises `BadRules`."""
    staff = _officers.author(actor, family)
    checked = _rules.parse(document, family)
    with transaction.atomic(), told_plainly():
        last = RuleSetRow.objects.aggregate(most=models.Max("number"))["most"] or 0
        # Two drafts at once ask for the same number: the unique key lets one in.
        row = RuleSetRow.objects.create(
            number=last + 1,
            family=family.value,
            state=RuleState.DRAFT.value,
            document=_rules.canonical(document),
            digest=checked.digest,
            drafted_by=staff,
            drafted_at=clock.now(),
        )
        _note(row, staff)
        return shown(row)


def propose(actor: Actor, *, number: int) -> RuleSetShown:
    """Propose a draft; from now on it is run beside the live version on every event."""
    return _propose(actor, number, RuleState.PROPOSED)


def roll_back(actor: Actor, *, number: int) -> RuleSetShown:
    """Propose that an earlier version comes back, as it was."""
    return _propose(actor, number, RuleState.REPROPOSED)


def _propose(actor: Actor, number: int, to: RuleState) -> RuleSetShown:
    with transaction.atomic(), told_plainly():
        row, staff = _held(actor, number)
        _step(row, to)
        row.proposed_by, row.released_by, row.released_at = staff, "", None
        _kept(row, staff)
        return shown(row)


def release(actor: Actor, *, number: int) -> RuleSetShown:
    """Make a proposed version the live one, by another person than proposed it."""
    with transaction.atomic(), told_plainly():
        row, staff = _held(actor, number)
        if row.proposed_by == staff:
            raise SameOfficer
        _step(row, RuleState.LIVE)
        held = RuleSetRow.objects.select_for_update()
        for before in held.filter(family=row.family, state=RuleState.LIVE.value):
            _step(before, RuleState.RETIRED)
            _kept(before, staff)
        row.released_by, row.released_at = staff, clock.now()
        _kept(row, staff)
        transaction.on_commit(forget)
        return shown(row)


def withdraw(actor: Actor, *, number: int) -> RuleSetShown:
    """Take a draft or a proposal back; an earlier version goes back to where it was."""
    with transaction.atomic(), told_plainly():
        row, staff = _held(actor, number)
        is_back = row.state == RuleState.REPROPOSED.value
        _step(row, RuleState.RETIRED if is_back else RuleState.WITHDRAWN)
        _kept(row, staff)
        transaction.on_commit(forget)
        return shown(row)


def _held(actor: Actor, number: int) -> tuple[RuleSetRow, str]:
    row = RuleSetRow.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise NotFound
    return row, _officers.author(actor, Family(row.family))


def _step(row: RuleSetRow, to: RuleState) -> None:
    row.state = step(RULE_STEPS, RuleState(row.state), to, error=NotReleasable).value


def _kept(row: RuleSetRow, staff: str) -> None:
    row.save(update_fields=["state", "proposed_by", "released_by", "released_at"])
    _note(row, staff)
    transaction.on_commit(forget)


def _note(row: RuleSetRow, staff: str) -> None:
    ReleaseRow.objects.create(
        id=ids.uuid7(), number=row.number, state=row.state, by=staff, at=clock.now()
    )


def shown(row: RuleSetRow) -> RuleSetShown:
    """Give a version as staff see it."""
    rules: list[dict[str, Any]] = json.loads(row.document)["rules"]
    return RuleSetShown(
        number=row.number,
        state=RuleState(row.state),
        document=row.document,
        digest=row.digest,
        rules=tuple(rules),
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        proposed_by=row.proposed_by,
        released_by=row.released_by,
        released_at=row.released_at,
        is_rollback=row.state == RuleState.REPROPOSED.value,
        family=Family(row.family),
    )


def built_in(family: Family = Family.RISK) -> RuleSetShown:
    """Give version 0, which holds until another is released."""
    rules, document = _BUILT_IN[family]
    return RuleSetShown(
        number=_base.NUMBER,
        state=RuleState.RETIRED if live(family)[0] else RuleState.LIVE,
        document=_rules.canonical(document),
        digest=rules().digest,
        rules=tuple(json.loads(document)["rules"]),
        drafted_by="",
        drafted_at=None,
        proposed_by="",
        released_by="",
        released_at=None,
        family=family,
    )
