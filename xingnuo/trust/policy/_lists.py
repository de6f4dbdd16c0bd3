"""The two published lists: what is collected by function, and what goes to whom (M292)."""

from __future__ import annotations

from collections.abc import Iterator

from xingnuo.trust.policy._sentences import covers_everything
from xingnuo.trust.policy.contracts import Compiled, ListedItem, ListedRecipient, Lists


def lists(policy: Compiled) -> Lists:
    """Give both lists, generated from the register and nothing else."""
    return Lists(items=tuple(_items(policy)), recipients=tuple(_recipients(policy)))


def _items(policy: Compiled) -> Iterator[ListedItem]:
    for purpose in policy.purposes.values():
        # A person's own rights collect nothing new.
        if covers_everything(policy, purpose):
            continue
        for item_id in purpose.items + purpose.optional:
            item = policy.items[item_id]
            yield ListedItem(
                item=item.id,
                name=item.name,
                sensitive=item.sensitive,
                function=policy.functions[purpose.function].name,
                purpose=purpose.title,
                scene=purpose.scene,
                kept=policy.retention[item.retention].name,
                needed=item_id in purpose.items,
            )


def _recipients(policy: Compiled) -> Iterator[ListedRecipient]:
    for party in policy.recipients.values():
        yield ListedRecipient(
            recipient=party.id,
            name=party.name,
            standing=party.standing,
            contact=party.contact,
            policy_url=party.policy_url,
            items=tuple(policy.items[item].name for item in party.items),
            purposes=tuple(policy.purposes[purpose].title for purpose in party.purposes),
            scene=party.scene,
            method=party.method,
        )
