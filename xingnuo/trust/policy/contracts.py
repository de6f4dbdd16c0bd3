"""What a policy is made of: frozen data that rooms declare and the compiler reads.

Every `policy.py` in the house builds one `Declaration` from these. Nothing here decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID


class Category(StrEnum):
    """The ten groups of items of policy section 1.1."""

    BASIC = "basic"
    IDENTITY_DOCUMENT = "identity_document"
    CONTACT_PERSON = "contact_person"
    DEVICE = "device"
    BIOMETRIC = "biometric"
    CONTENT = "content"
    USAGE = "usage"
    LOCATION = "location"
    FINANCE = "finance"
    EDUCATION_WORK = "education_work"


class DataClass(StrEnum):
    """JR/T 0171-2020 classes: C3 authenticates the user, C2 tells identity or finances, C1 the rest."""

    C1 = "C1"
    C2 = "C2"
    C3 = "C3"


class KeyClass(StrEnum):
    """Which of a subject's keys seals the item."""

    CONTACT = "contact"
    IDENTITY = "identity"
    MONEY = "money"
    DOCUMENTS = "documents"
    DEVICE = "device"
    CREDIT = "credit"


class Form(StrEnum):
    """In which form an item may rest on the server, if at all."""

    VALUE = "value"  # sealed text in the vault
    FILE = "file"  # sealed bytes in the vault
    DIGEST = "digest"  # slow salted hash, never readable (passwords, codes)
    RESULT = "result"  # only "passed" or "failed" reaches the server
    TRANSIENT = "transient"  # passes through to its own institution, is never kept


class Mask(StrEnum):
    """How an item is shown when it is not shown plain; one pattern per item everywhere."""

    NAME = "name"  # 张* 欧阳*
    NUMBER = "number"  # first 1 + last 1
    PHONE = "phone"  # 138****1234
    EMAIL = "email"  # a***@domain
    ADDRESS = "address"  # district + ****
    CARD = "card"  # **** **** **** 1234
    TAIL4 = "tail4"  # last four
    EDGE4 = "edge4"  # first four + last four
    HEAD2 = "head2"  # first two + ***
    DATE = "date"  # 19**-**-**
    ALL = "all"  # ****
    NONE = "none"  # shown as it is
    NEVER = "never"  # not shown at all, not even masked


class Basis(StrEnum):
    """The legal bases (PIPL 13), with separate consent (PIPL 23, 25, 29) apart."""

    CONSENT = "consent"
    SEPARATE_CONSENT = "separate_consent"
    CONTRACT = "contract"
    LEGAL_DUTY = "legal_duty"
    EMERGENCY = "emergency"
    PUBLIC_SUPERVISION = "public_supervision"
    LAWFULLY_PUBLIC = "lawfully_public"
    OTHER_LAW = "other_law"


class ActorKind(StrEnum):
    """Who acts."""

    SELF = "self"
    GUARDIAN = "guardian"
    SYSTEM = "system"  # a job or an automatic step of the house
    AGENT = "agent"  # customer service
    REVIEWER = "reviewer"  # identity, credit and rights review
    RISK = "risk"
    COMPLIANCE = "compliance"
    AUDITOR = "auditor"
    SIBLING = "sibling"  # a sibling app of the same controller
    PARTNER = "partner"


class SubjectState(StrEnum):
    """What the gate keeps about a subject's standing."""

    NEW = "new"  # known, policy not yet accepted
    ACTIVE = "active"
    FROZEN = "frozen"  # misuse reported
    MINOR = "minor"
    WITHDRAWN = "withdrawn"  # consent to the policy withdrawn
    CLOSING = "closing"  # closure asked for, collection and use stopped
    SEALED = "sealed"  # kept by law alone
    ERASING = "erasing"
    ERASED = "erased"
    DECEASED = "deceased"


class Shows(StrEnum):
    """How a purpose lets values come out of the vault."""

    PLAIN = "plain"  # processing needs the value itself
    MASKED = "masked"  # for people's eyes, masked by the server
    REVERIFIED = "reverified"  # masked, plain once the person proved again who they are
    NOTHING = "nothing"  # writes only


class Standing(StrEnum):
    """Whether a receiving party decides for itself (PIPL 23) or acts for us (PIPL 21)."""

    HANDLER = "handler"
    PROCESSOR = "processor"
    AUTHORITY = "authority"


class After(StrEnum):
    """What happens at the end of a retention term."""

    DELETE = "delete"
    ANONYMISE = "anonymise"


class Role(StrEnum):
    """The role of a legal entity to which a retention rule applies (AML 63)."""

    OBLIGOR = "obligor"  # lender, insurer, payment institution
    PLATFORM = "platform"
    ANY = "any"


class Column(StrEnum):
    """What a column of a table may be; no class names a personal value in the clear."""

    KEY = "key"  # ids of rows, subjects, versions
    TIME = "time"
    STATE = "state"  # a value of a declared enum
    CODE = "code"  # a declared id: purpose, item, recipient, rule
    COUNT = "count"  # counts, sizes, flags
    DIGEST = "digest"  # hash or keyed hash
    SEALED = "sealed"  # ciphertext
    MONEY = "money"  # amount_fen
    TEXT = "text"  # text that is about no person
    PERSONAL = "personal"  # a personal item in the clear: must name it, and its reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Platforms on which an item or permission may be used; versions are inclusive, dotted numbers."""

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
    lookup: bool = False
    bounds: tuple[Bound, ...] = ()
    kind: str = "text"  # validator: see trust.policy.kinds
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
    """How a room's table is accounted for: every column classified, with its retention."""

    name: str
    about: str
    retention: str
    columns: dict[str, Column]
    subject: bool = True
    controller: str = "operator"
    personal: dict[str, str] = field(default_factory=dict)  # column → item id, for Column.PERSONAL
    database: str = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A titled paragraph of the readable policy, in order within its section."""

    section: str
    title: str
    text: str
    emphasised: bool = False


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
    and says how many; `blocks` lists open business. Each runs in the caller's transaction with the
    subject set.
    """

    room: str
    export: Callable[[UUID], Mapping[str, list[dict[str, Any]]]]
    erase: Callable[[UUID], int]
    blocks: Callable[[UUID], list[Blocker]] | None = None
    seal: Callable[[UUID], int] | None = None
