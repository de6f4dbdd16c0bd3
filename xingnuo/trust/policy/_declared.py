"""What rooms declare, as frozen data; rooms take it from `contracts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from xingnuo.trust.policy._terms import (
    ActorKind,
    After,
    Basis,
    Category,
    Column,
    DataClass,
    Form,
    KeyClass,
    Mask,
    Role,
    Shows,
    Standing,
    SubjectState,
    Tier,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A platform on which an item or permission may be used; versions are dotted numbers."""

    os: str  # android | ios | web
    min_version: str = ""
    below_version: str = ""
    vendor: str = ""  # e.g. miui; empty for every vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """A legal entity that decides on processing."""

    id: str
    name: str
    services: str
    address: str
    contact: str
    role: Role
    officer_contact: str = ""  # 个人信息保护负责人


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One kind of personal data."""

    id: str
    name: str
    category: Category
    sensitive: bool
    data_class: DataClass
    key_class: KeyClass
    mask: Mask
    form: Form = Form.VALUE
    retention: str = "purpose_end"
    kept_by_law: str = ""  # a longer rule that applies, sealed, once an obligor did business
    lookup: bool = False
    bounds: tuple[Bound, ...] = ()
    kind: str = "text"  # validator: see trust.policy.queries.normalise
    max_chars: int = 200
    editable: bool = False  # the person may correct it under 个人信息
    necessity: str = ""  # for sensitive items: why it cannot be done without, and its effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A service function that people recognise, with the legal entity that answers for it."""

    id: str
    name: str
    section: str  # place in the policy, e.g. "1.2.6"
    controller: str
    core: bool = False  # without it there is no use of the platform at all
    text: str = ""  # plain paragraph for the readable policy
    tier: Tier = Tier.NONE  # real-name tier without which this service alone is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Why items are handled, on what basis, and what refusing costs.

    `items` are needed, `optional` may be refused one by one. `own_consent` asks with a sheet of its
    own even where no item is sensitive. `in_states` are the subject states in which it may run.
    """

    id: str
    function: str
    title: str  # 查询个人征信 ; the sheet asks "<title>，可以吗？"
    sentence: str  # 为什么, at most 26 characters
    basis: Basis
    items: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    refusal_cost: str = ""
    accept_verb: str = "同意"
    automated: bool = False
    own_consent: bool = False
    actors: tuple[ActorKind, ...] = (ActorKind.SELF, ActorKind.SYSTEM)
    typed: tuple[str, ...] = ()  # items the person types in, so that platform bounds do not bind
    shows: Shows = Shows.PLAIN
    in_states: tuple[SubjectState, ...] = (SubjectState.ACTIVE,)
    permissions: tuple[str, ...] = ()  # device permissions it may use
    law: str = ""  # citation for bases other than consent
    exception: str = ""  # which of the eleven exceptions of 1.7, if any
    marketing: bool = False
    scene: str = ""  # where in the app, for the two lists
    needs_permission: bool = False  # the permission must be on, no fall-back by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A party outside that may receive items; money is never paid for data, so no field says so."""

    id: str
    name: str
    contact: str
    standing: Standing
    items: tuple[str, ...]
    purposes: tuple[str, ...]
    method: str  # API, SDK, H5, file
    agreement: str
    agreement_until: date
    review_until: date
    qualification: str
    qualification_until: date
    region: str = "CN"
    licence_no: str = ""  # needed where C2 or C3 items go (J171 6.1.1)
    policy_url: str = ""
    affiliate: bool = False
    scene: str = ""
    sub_processors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePermission:
    """A system permission of the device, asked for just in time."""

    id: str
    name: str
    section: str
    bounds: tuple[Bound, ...]
    purposes: tuple[str, ...]
    why: str
    refusal_cost: str
    items: tuple[str, ...] = ()  # items that come only by this permission
    by_hand: str = ""  # the way that needs no permission


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """How long, from which event, by which law, and what then."""

    id: str
    name: str  # plain Chinese: 保存到…
    event: str  # purpose_end | relation_end | transaction | created | session_end | consent_end
    days: int  # 0 = at once after the event
    role: Role
    law: str
    after: After = After.DELETE
    sealed: bool = False  # kept only sealed, for the legal purposes


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """How a room's table is accounted for: every column classified, with its retention.

    Where the term has an age, `starts` names the columns whose earliest time starts it, `only` the
    (column, value) that a row must have for it to run, or `goes_with` the table of the same room's
    things whose rows take these along. `by_item` names the column with the item whose own term
    counts. `apart` is (column, values, rule): rows with one of these values go by that rule.
    """

    name: str
    about: str
    retention: str
    columns: dict[str, Column]
    subject: bool = True
    controller: str = "operator"
    personal: dict[str, str] = field(default_factory=dict)  # column → item id, for Column.PERSONAL
    database: str = "default"
    starts: tuple[str, ...] = ()
    only: tuple[str, str] | None = None
    goes_with: str = ""
    by_item: str = ""
    apart: tuple[str, tuple[str, ...], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A titled paragraph of the readable policy, in order within its section."""

    section: str
    title: str
    text: str
    emphasised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A rule that declarations may cite, with the days on which it was in force."""

    id: str  # short key that starts a citation: "PIPL 13"
    name: str
    number: str
    from_day: date
    until_day: date | None = None  # first day on which it is repealed
    replaced_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawfulException:
    """One of the eleven exceptions of section 1.7; without an article it cannot be used."""

    id: str
    number: int
    name: str
    basis: Basis | None
    law: str  # article that carries it, empty where none does
    disclosure: bool  # whether it is also among the seven of section 3.3

    @property
    def usable(self) -> bool:
        """Tell whether a law stands behind it."""
        return self.basis is not None and bool(self.law)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Everything one room declares."""

    room: str
    controllers: tuple[Controller, ...] = ()
    items: tuple[Item, ...] = ()
    functions: tuple[Function, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    permissions: tuple[DevicePermission, ...] = ()
    retention: tuple[RetentionRule, ...] = ()
    exceptions: tuple[LawfulException, ...] = ()
    laws: tuple[Law, ...] = ()
    tables: tuple[Table, ...] = ()
    prose: tuple[Prose, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """When a version was published, told to users, and takes effect (0.1: told before effect)."""

    version: str
    published_on: date
    effective_on: date
    summary: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """A reason why an account cannot be closed now, from a closed list, with its way out."""

    code: str
    sentence: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a room hands in at start-up, so that duties reach every room without importing one.

    `export` gives {table name: rows as plain dicts} of a subject; `erase` deletes the room's rows
    and says how many; `blocks` lists open business, and `warns` what closing ends that somebody may
    want to see through first; `ends` deletes what rests on the consent to a
    purpose alone, when that is taken back. Each runs in the caller's transaction with the subject
    set. `sweep` deletes rows of anybody that are past their term, and says how many went.
    """

    room: str
    export: Callable[[UUID], Mapping[str, list[dict[str, Any]]]]
    erase: Callable[[UUID], int]
    blocks: Callable[[UUID], list[Blocker]] | None = None
    warns: Callable[[UUID], list[Blocker]] | None = None
    seal: Callable[[UUID], int] | None = None
    ends: Callable[[UUID, str], int] | None = None
    sweep: Callable[[], int] | None = None
