"""Consent sheets: five fixed lines from the published policy, and the hash of what is shown."""

from __future__ import annotations

import json

from xingnuo.kit import ids
from xingnuo.kit.errors import NotFound
from xingnuo.trust.gate._load import rules_in_force
from xingnuo.trust.gate._rules import Rules
from xingnuo.trust.gate.contracts import Sheet, SheetItem
from xingnuo.trust.policy.contracts import Purpose, Recipient, Standing


def sheet(purpose_id: str, *, recipient: str = "") -> Sheet:
    """Give the sheet that asks for a purpose, or for one recipient of it.

    Raises `NotFound` when the published policy has no such purpose or recipient.
    """
    rules = rules_in_force()
    rule = rules.rules.get(purpose_id)
    if rule is None:
        raise NotFound(purpose_id)
    purpose = rule.purpose
    party = rules.compiled.recipients.get(recipient) if recipient else None
    if recipient and (party is None or purpose_id not in party.purposes):
        raise NotFound(recipient)
    needed, optional = purpose.items, purpose.optional
    if party is not None:
        needed = tuple(item for item in needed if item in party.items)
        optional = tuple(item for item in optional if item in party.items)
    what = tuple(_item(rules, item) for item in needed)
    extra = tuple(_item(rules, item) for item in optional)
    who, how_long = _who(rules, purpose, party), _how_long(rules, (*needed, *optional))
    cost = purpose.refusal_cost or "不影响其他功能"
    names = [[item.name for item in items] for items in (what, extra)]
    shown = json.dumps(
        [purpose.title, *names, purpose.sentence, who, how_long, cost], ensure_ascii=False
    )
    meaning = rules.compiled.recipient_meaning(recipient) if party is not None else rule.meaning
    return Sheet(
        purpose=purpose_id,
        recipient=recipient,
        title=purpose.title if party is None else f"向{party.name}提供信息",
        needed=what,
        optional=extra,
        why=purpose.sentence,
        who=who,
        how_long=how_long,
        cost=cost,
        accept_verb=purpose.accept_verb,
        automated=purpose.automated,
        version=rules.compiled.version,
        meaning=meaning,
        text_hash=ids.digest(shown),
    )


def _item(rules: Rules, item_id: str) -> SheetItem:
    item = rules.compiled.items[item_id]
    return SheetItem(id=item.id, name=item.name, sensitive=item.sensitive, necessity=item.necessity)


def _who(rules: Rules, purpose: Purpose, party: Recipient | None) -> tuple[str, ...]:
    compiled = rules.compiled
    if party is not None:
        return (party.name, f"联系方式：{party.contact}")
    controller = compiled.controllers[compiled.functions[purpose.function].controller]
    helpers = [
        other.name
        for other in compiled.recipients.values()
        if purpose.id in other.purposes and other.standing is Standing.PROCESSOR
    ]
    return (controller.name, *helpers)


def _how_long(rules: Rules, items: tuple[str, ...]) -> tuple[str, ...]:
    terms = [rules.compiled.retention[rules.compiled.items[item].retention].name for item in items]
    return tuple(dict.fromkeys(terms)) or ("用完即删",)
