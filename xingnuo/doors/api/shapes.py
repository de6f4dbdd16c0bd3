"""What comes in and goes out: declared fields alone; an undeclared one is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class In(Schema):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_max_length=2000)


class Problem(Schema):
    """A fault as RFC 9457 tells it; `code` is stable, `remedy` says what can be done."""

    type: str
    title: str
    status: int
    code: str
    remedy: str
    reason: str = ""
    fields: dict[str, str] = Field(default_factory=dict)


class Begin(In):
    """The policy the person agreed to in the notice just shown; left out for a known account."""

    version: str = Field("", max_length=20)
    text_hash: str = Field("", max_length=64)


class Begun(Schema):
    """Where the person's browser goes, and the secret that proves its return."""

    url: str
    flow: str
    seconds: int


class Finish(In):
    """What the account provider sent back."""

    code: str = Field(max_length=500)
    state: str = Field(max_length=500)
    flow: str = Field(max_length=2000)
    device: str = Field("", max_length=500)


class Signed(Schema):
    """A new session; `token` goes into the Authorization header."""

    token: str
    device: str
    expires_at: datetime
    is_first: bool


class Me(Schema):
    """How the person stands."""

    state: str
    accepted_version: str
    policy_due: bool
    strength: str
    permissions_on: list[str]
    sharing_stopped: list[str]


class SessionOut(Schema):
    """One of the person's own sessions."""

    id: UUID
    label: str
    created_at: datetime
    expires_at: datetime
    is_current: bool
    address: str  # masked; empty where none is kept


class PolicyOut(Schema):
    """A published version in short."""

    version: str
    published_on: str
    effective_on: str
    hash: str
    in_force: bool
    summary: list[str]


class SheetItemOut(Schema):
    """An item on a consent sheet."""

    id: str
    name: str
    sensitive: bool
    necessity: str


class SheetOut(Schema):
    """A consent sheet; send `text_hash` back with the decision."""

    purpose: str
    recipient: str
    title: str
    needed: list[SheetItemOut]
    optional: list[SheetItemOut]
    why: str
    who: list[str]
    how_long: list[str]
    cost: str
    automated: bool
    version: str
    text_hash: str


class Decide(In):
    """What the person decided, on the sheet with this hash."""

    decision: Literal["grant", "refuse", "withdraw"]
    text_hash: str = Field(max_length=64)
    optional: list[str] = Field(default_factory=list, max_length=60)
    recipient: str = Field("", max_length=60)


class KeptOut(Schema):
    """An item that stays after a withdrawal: for another purpose, or by a retention rule."""

    item: str
    purpose: str
    law: str


class StakeOut(Schema):
    """What withdrawing a purpose deletes, and what stays."""

    going: list[str]
    staying: list[KeptOut]


class DecisionOut(Schema):
    """A standing decision."""

    purpose: str
    recipient: str
    items: list[str]
    decision: str
    version: str
    at: datetime
    due_again: bool


class PermissionOut(Schema):
    """A device permission as it stands."""

    id: str
    name: str
    why: str
    refusal_cost: str
    by_hand: str
    applies: bool
    setting: str
    text_hash: str


class Answer(In):
    """The person's answer to the explanation with this hash."""

    on: bool
    text_hash: str = Field(max_length=64)


class ValueOut(Schema):
    """A value as the gate lets it out: `outcome` says plain or masked."""

    item: str
    name: str
    slot: str
    text: str
    outcome: str
    source: str
    written_at: datetime


class Value(In):
    """A value to keep."""

    value: str = Field(min_length=1, max_length=2000)


class CollectedOut(Schema):
    """A row of 已收集个人信息清单."""

    item: str
    purpose: str
    count: int
    first_at: datetime
    last_at: datetime


class SharedOut(Schema):
    """A row of 与第三方共享个人信息清单."""

    recipient: str
    purpose: str
    items: list[str]
    count: int
    last_at: datetime


class LineOut(Schema):
    """A line of the person's own record."""

    id: UUID
    at: datetime
    kind: str
    outcome: str
    reason: str
    actor_kind: str
    purpose: str
    items: list[str]
    recipient: str
    count: int


class Withdraw(In):
    """The hash of the consequences that were shown."""

    text_hash: str = Field(max_length=64)


class CaseOut(Schema):
    """A request with its clock."""

    id: UUID
    kind: str
    state: str
    made_at: datetime
    due_at: datetime
    done_at: datetime | None


class ReceiptOut(Schema):
    """A closed case, and the certificate once it is there."""

    case: CaseOut
    certificate: dict[str, object] | None
    signature: str
    key_id: str


class Done(Schema):
    """A write took effect; ids and states alone."""

    id: str = ""
    state: str
    receipt: str = ""
