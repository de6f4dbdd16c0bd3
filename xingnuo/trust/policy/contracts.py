"""What a policy is made of: frozen data that rooms declare and the compiler reads.

Every `policy.py` in the house builds one `Declaration` from these. Nothing here decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from xingnuo.kit.errors import Refused, Unavailable, XingnuoError
from xingnuo.trust.policy._declared import (
    Blocker,
    Bound,
    Controller,
    Declaration,
    DevicePermission,
    Function,
    Holding,
    Item,
    Law,
    LawfulException,
    Notice,
    Prose,
    Purpose,
    Recipient,
    RetentionRule,
    Table,
)
from xingnuo.trust.policy._terms import (
    ActorKind,
    After,
    Basis,
    Category,
    Column,
    DataClass,
    Direction,
    EditKind,
    Form,
    KeyClass,
    Mask,
    Role,
    Shows,
    Standing,
    SubjectState,
    Tier,
)

__all__ = [
    "ActorKind",
    "After",
    "BadDeclaration",
    "Basis",
    "Blocker",
    "Bound",
    "Category",
    "Change",
    "Column",
    "Compiled",
    "Controller",
    "DataClass",
    "Declaration",
    "DevicePermission",
    "Diff",
    "Direction",
    "Edit",
    "EditKind",
    "EditedSection",
    "Form",
    "Function",
    "Governed",
    "Holding",
    "Item",
    "KeyClass",
    "Law",
    "LawfulException",
    "Layer",
    "ListedItem",
    "ListedRecipient",
    "Lists",
    "Mask",
    "NoPolicy",
    "NotPublishable",
    "Notice",
    "Pair",
    "Paragraph",
    "Prose",
    "Purpose",
    "Recipient",
    "RetentionRule",
    "Role",
    "Run",
    "Section",
    "Shows",
    "Standing",
    "SubjectState",
    "Table",
    "Tier",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """One version of the policy, ready to decide by; nothing in it can be changed."""

    version: str
    published_on: date
    effective_on: date
    summary: tuple[str, ...]
    hash: str  # SHA-256 of the canonical document
    controllers: Mapping[str, Controller]
    items: Mapping[str, Item]
    functions: Mapping[str, Function]
    purposes: Mapping[str, Purpose]
    recipients: Mapping[str, Recipient]
    permissions: Mapping[str, DevicePermission]
    retention: Mapping[str, RetentionRule]
    exceptions: Mapping[str, LawfulException]
    laws: Mapping[str, Law]
    prose: tuple[Prose, ...]
    meanings: Mapping[str, str] = field(repr=False)
    recipient_meanings: Mapping[str, str] = field(repr=False)
    document: bytes = field(repr=False)  # RFC 8785 canonical JSON

    def meaning(self, purpose_id: str) -> str:
        """Give the hash of what a purpose means: controller, basis, automation and sentence."""
        return self.meanings[purpose_id]

    def recipient_meaning(self, recipient_id: str) -> str:
        """Give the hash of what people are told of a recipient: name, standing and manner."""
        return self.recipient_meanings[recipient_id]

    def controller_of(self, purpose_id: str) -> Controller:
        """Name the legal entity that answers for a purpose."""
        return self.controllers[self.functions[self.purposes[purpose_id].function].controller]

    def items_of(self, purpose_id: str) -> tuple[str, ...]:
        """Name every item of a purpose, needed ones first."""
        purpose = self.purposes[purpose_id]
        return purpose.items + purpose.optional

    def recipients_of(self, purpose_id: str) -> tuple[Recipient, ...]:
        """Name the parties that may receive something under a purpose."""
        return tuple(r for r in self.recipients.values() if purpose_id in r.purposes)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Pair:
    """One item under one purpose, and where it goes outside, for one recipient."""

    purpose: str
    item: str
    recipient: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two versions."""

    kind: str  # purpose | item | recipient | permission | retention | controller | prose …
    subject: str  # the id of what changed
    what: str  # the field, or "added" or "removed"
    before: str
    after: str
    direction: Direction
    pairs: tuple[Pair, ...] = ()  # pairs for which consent is due again
    material: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """All differences between two versions, and what follows from them."""

    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def material(self) -> bool:
        """Tell whether people must be told by e-mail or pop-up and asked to accept."""
        return any(change.material for change in self.changes)

    @property
    def due(self) -> frozenset[Pair]:
        """Name the pairs for which a consent given before no longer counts."""
        return frozenset(pair for change in self.changes for pair in change.pairs)

    def of(self, direction: Direction) -> tuple[Change, ...]:
        """Give the changes of one direction."""
        return tuple(change for change in self.changes if change.direction is direction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text, emphasised where it is sensitive or weighs on rights."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph or list entry of the readable policy."""

    runs: tuple[Run, ...]
    listed: bool = False

    @property
    def text(self) -> str:
        """Give the paragraph without emphasis."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled part of the readable policy; `level` 1 stands in the contents."""

    id: str  # anchor: "1", "1.2.6"
    level: int
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem:
    """A row of the published list of collected items."""

    item: str
    name: str
    sensitive: bool
    function: str
    purpose: str
    scene: str
    kept: str
    needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRecipient:
    """A row of the published list of what goes to others."""

    recipient: str
    name: str
    standing: Standing
    contact: str
    policy_url: str
    items: tuple[str, ...]
    purposes: tuple[str, ...]
    scene: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The two lists that every version publishes."""

    items: tuple[ListedItem, ...]
    recipients: tuple[ListedRecipient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A stretch of text that stayed, came or went."""

    kind: EditKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedSection:
    """A section of the readable policy with its edits, paragraph by paragraph."""

    id: str
    title: str
    paragraphs: tuple[tuple[Edit, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One text that may answer a question: a product's policy, the platform's, the group's."""

    kind: str  # product | platform | group
    name: str
    clauses: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Governed:
    """The text that governs a clause, who says it, and whose different text it overrules."""

    clause: str
    text: str
    by: str
    overruled: tuple[str, ...]


class NoPolicy(Unavailable, LookupError):
    """No published policy can be read, so nothing may be done with anybody's data.

    Also raised for a version number that was never published, hence a `LookupError`.
    """

    code = "no_policy"
    message = "隐私政策现在读不到，因此不能处理任何个人信息。"
    remedy = "请稍后再试；我们会先修好它。"


class BadDeclaration(XingnuoError):
    """What the code declares is not a policy that may be published; `faults` names each reason."""

    status = 500
    code = "bad_declaration"
    message = "隐私政策的声明有误。"
    remedy = "请运行 xingnuo policy lint 查看每一处。"

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults[:5]))


class NotPublishable(Refused):
    """A version may not be published as asked: dates or a frozen version stand against it."""

    code = "not_publishable"
    message = "这一版隐私政策不能发布。"
    remedy = "请核对版本号、发布日期和生效日期。"
