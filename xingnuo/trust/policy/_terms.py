"""The vocabulary of a policy: closed lists, each word with one meaning everywhere."""

from __future__ import annotations

from enum import IntEnum, StrEnum


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
    """JR/T 0171-2020 classes: C3 authenticates, C2 tells identity or finances, C1 the rest."""

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
    NETWORK = "network"  # 203.0.*.*
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


class Tier(IntEnum):
    """How far a person's real name is confirmed (promise 1.2.3a); a service names what it needs."""

    NONE = 0
    NAMED = 1  # name and document number, confirmed by the authority
    CHECKED = 2  # a second, independent check: bank card or document photos
    PRESENT = 3  # the person was there: face, witnessed video or counter


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


class Direction(StrEnum):
    """What a change of the policy does to the person's side."""

    WIDER = "wider"  # more is handled, for longer, by more, or with less asking
    NARROWER = "narrower"
    OTHER = "other"  # neither: another thing than what people were told
    SAME = "same"  # wording and dates alone


class EditKind(StrEnum):
    """Whether a stretch of text stayed, came or went."""

    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"
