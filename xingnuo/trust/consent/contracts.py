"""What leaves the consent room: scopes, decisions and the newest decision of each scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit import ids

POLICY = "policy"  # the scope of accepting the policy itself
PERMISSION = "permission:"  # prefix of the scopes of device permissions
ERASED = "erased"  # the last line of a person: decisions are closed, nothing follows
SHARING = "sharing:"  # prefix of the scopes by which a person stops sharing with a recipient


class Decision(StrEnum):
    """What the person said."""

    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is decided on: a purpose (or `policy`, `permission:x`, `sharing:y`) and its items."""

    purpose: str
    items: tuple[str, ...] = ()
    recipient: str = ""

    @property
    def key(self) -> str:
        """Name the scope: decisions with the same key follow one another."""
        return f"{self.purpose}>{self.recipient}" if self.recipient else self.purpose

    @property
    def item_set_hash(self) -> str:
        """Give the hash of the item set, independent of its order."""
        return ids.digest(",".join(sorted(self.items)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The newest decision of one scope."""

    id: UUID
    scope: str
    decision: Decision
    items: tuple[str, ...]
    meaning: str
    version: str
    text_hash: str
    channel: str
    actor_kind: str
    at: datetime


type Snapshot = Mapping[str, Decided]
