"""Checks of the gate: least collection, unlisted purposes, states, sharing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import DatabaseError, connection, connections, transaction

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.proof import _stage as stage
from xingnuo.proof import _version
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.consent.contracts import Decision
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Outcome, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Column,
    Purpose,
    Shows,
    SubjectState,
    Table,
)

_FRAMEWORK = ("django_", "procrastinate_")  # Django's bookkeeping and the job queue
# Rows that find a person before anybody knows whose they are: a keyed hash, a work queue's case.
_FINDERS = {
    "vault_lookup",
    *(f"{room}_case" for room in ("rights", "support", "bill_pay", "merchant_collection")),
    *(f"{room}_case" for room in ("payments", "wallet_card", "identity", "antifraud")),
    *(f"{room}_number" for room in ("bill_pay", "payments", "wallet_card")),
    "merchant_collection_lookup",
    "merchant_collection_turn",
    "payments_billed",
    "wallet_card_token",
}
_DENIED = "42501"  # row security or a missing grant said no, before any other constraint
_ASKED = (Basis.CONSENT, Basis.SEPARATE_CONSENT)


@check("1.0.1", kind=CheckKind.STATIC)
def every_column_is_accounted_for() -> None:
    """Every column of every table is classified with a term; a personal one names its item."""
    tables = {table.name: table for table in policy.tables() if table.database == "default"}
    real = _real_columns()
    nothing(set(real) ^ set(tables), "tables not accounted for")
    compiled = policy.declared()
    for name, table in tables.items():
        nothing(real[name] ^ set(table.columns), f"columns of {name} not accounted for")
        must(table.retention in compiled.retention, f"{name} has no term")
        clear = {column for column, kind in table.columns.items() if kind is Column.PERSONAL}
        must(clear == set(table.personal), f"{name} holds a value that names no item")
        nothing(set(table.personal.values()) - set(compiled.items), f"{name} holds no item")


def _real_columns() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
        for table, column in cursor.fetchall():
            if not table.startswith(_FRAMEWORK):
                found.setdefault(table, set()).add(column)
    return found


@check("1.0.1", kind=CheckKind.STATIC)
def refusing_says_its_cost() -> None:
    """Every purpose that asks says in one sentence what refusing costs, and so does its sheet."""
    for compiled in (policy.in_force(), policy.declared()):
        for purpose in compiled.purposes.values():
            if purpose.basis in _ASKED:
                must(purpose.refusal_cost.endswith("。"), f"{purpose.id} does not say the cost")
    for purpose in policy.in_force().purposes.values():
        if purpose.basis in _ASKED:
            cost = gate_queries.sheet(purpose.id).cost
            must(cost == purpose.refusal_cost, f"the sheet of {purpose.id} hides the cost")


@check("1.0.1", kind=CheckKind.DYNAMIC)
def undeclared_item_is_refused() -> None:
    """The gate refuses an item that the purpose does not declare, whoever asks, and keeps
    nothing.
    """
    who = stage.person()
    ask = stage.asks(who, "accounts.sign_in", ("nickname", "employer"))
    stage.refused(ask, Reason.UNDECLARED_ITEM, words="an item beyond the purpose")
    invented = stage.asks(who, "accounts.sign_in", ("blood_type",))
    stage.refused(invented, Reason.UNDECLARED_ITEM, words="an item that does not exist")

    def slip() -> None:
        permit = stage.permit(who, "accounts.sign_in", ("nickname",))
        gate.collect(permit, {"nickname": "小爱", "employer": "星诺"})

    stage.refused(slip, Reason.UNDECLARED_ITEM, words="an item slipped in under a permit")
    must(not stage.shown(who), "something was kept")


@check("1.0.1", kind=CheckKind.DYNAMIC)
def database_refuses_too() -> None:
    """With the gate walked around, the database shows and takes nothing without a subject in
    force.
    """
    who, other = stage.reader(), ids.uuid7()
    for table in policy.tables():
        if table.database != "default" or not table.subject or table.name in _FINDERS:
            continue
        seen = _rows_seen(table, None)
        must(seen == 0, f"{table.name} shows rows to nobody")
        must(_is_held(table, who.subject_id, other), f"{table.name} takes a stranger's row")


def _rows_seen(table: Table, subject_id: UUID | None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        if subject_id is not None:
            session.set_subject(subject_id)
        cursor.execute(f'SELECT count(*) FROM (SELECT 1 FROM "{table.name}" LIMIT 1) AS one')
        return int(cursor.fetchone()[0])


def _is_held(table: Table, in_force: UUID, other: UUID) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            session.set_subject(in_force)
            cursor.execute(f'INSERT INTO "{table.name}" (subject_id) VALUES (%s)', [other])
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", "") == _DENIED
    return False


@check("1.0.1", kind=CheckKind.DYNAMIC)
def refusing_one_leaves_the_others() -> None:
    """Refused one after the other, each optional purpose goes alone; what is no choice still
    works.
    """
    who = stage.person()
    optional = [one for one in policy.in_force().purposes.values() if _is_optional(one)]
    must(len(optional) > 10, "too few optional purposes to show anything")
    for purpose in optional:
        stage.decide(who, purpose.id)
    for purpose in optional:
        stage.passes(stage.asks(who, purpose.id), f"{purpose.id} after others were refused")
        stage.decide(who, purpose.id, Decision.WITHDRAW, optional=())
    for purpose in optional:
        stage.refused(stage.asks(who, purpose.id), Reason.NO_CONSENT, words=purpose.id)
    for core in ("accounts.sign_in", "accounts.security", "notices.service", "rights.copy"):
        stage.passes(stage.asks(who, core), f"{core} after every optional purpose was refused")


def _is_optional(purpose: Purpose) -> bool:
    return (
        purpose.basis in _ASKED
        and purpose.own_consent
        and ActorKind.SELF in purpose.actors
        and bool(purpose.items + purpose.optional)
        and SubjectState.ACTIVE in purpose.in_states
    )


@check("1.0.2", kind=CheckKind.DYNAMIC)
def unlisted_purpose_collects_nothing() -> None:
    """A purpose that the policy does not list, or that the code widened, has no permit."""
    who = stage.person()
    stage.refused(stage.asks(who, "games.lottery"), Reason.UNKNOWN_PURPOSE, words="unlisted")
    stage.decide(who, "feed.personal")
    wider = _version.remade(
        policy.in_force(), purposes={"feed.personal": {"optional": ("location", "income")}}
    )
    with _version.declaring(wider):
        ask = stage.asks(who, "feed.personal", ("location",))
        stage.refused(ask, Reason.NOT_PUBLISHED, words="declared wider than published")
    stage.passes(stage.asks(who, "feed.personal", ("location",)), "as it was published")


@check("1.0.2", kind=CheckKind.DYNAMIC)
def a_new_purpose_asks_anew() -> None:
    """A purpose that a new version adds collects nothing until the person agreed to it."""
    who = stage.person()
    now = policy.in_force()
    lottery = _version.whole(
        now.purposes["feed.personal"], id="games.lottery", optional=("nickname",)
    )
    added = _version.remade(
        now, version="9.1", effective_on=clock.today(), purposes={"games.lottery": lottery}
    )
    with _version.published(added):
        ask = stage.asks(who, "games.lottery", ("nickname",))
        stage.refused(ask, Reason.NOT_ACCEPTED, Reason.NO_CONSENT, words="before agreeing")
        with transaction.atomic():
            stage.accept(who)
        stage.refused(ask, Reason.NO_CONSENT, words="after accepting the policy alone")
        stage.decide(who, "games.lottery")
        stage.passes(ask, "after agreeing to it")


@check("4.3.2", kind=CheckKind.DYNAMIC)
def use_stops_with_the_service() -> None:
    """In every state in which the person no longer uses the service, collection and use are
    refused.
    """
    steps = {
        SubjectState.WITHDRAWN: (SubjectState.WITHDRAWN,),
        SubjectState.CLOSING: (SubjectState.CLOSING,),
        SubjectState.DECEASED: (SubjectState.DECEASED,),
        SubjectState.SEALED: (SubjectState.CLOSING, SubjectState.SEALED),
        SubjectState.ERASING: (SubjectState.CLOSING, SubjectState.ERASING),
        SubjectState.ERASED: (
            SubjectState.CLOSING,
            SubjectState.ERASING,
            SubjectState.ERASED,
        ),
    }
    for state, way in steps.items():
        who = stage.person()
        stage.decide(who, "feed.personal")
        stage.passes(stage.asks(who, "feed.personal"), "use by a member")
        stage.move(who, *way)
        for purpose in ("feed.personal", "profile.manage", "accounts.security"):
            found = stage.reason(stage.asks(who, purpose))
            must(found is not None, f"{purpose} while {state.value}")


@check("3.1.2", kind=CheckKind.STATIC)
def recipients_are_reviewed() -> None:
    """Every recipient has agreement, review and qualification in date, and licence where needed."""
    today = clock.today()
    for compiled in (policy.in_force(), policy.declared()):
        for party in compiled.recipients.values():
            must(party.agreement and party.qualification and party.method, f"{party.id} unbound")
            ends = (party.agreement_until, party.review_until, party.qualification_until)
            must(min(ends) > today, f"{party.id} has lapsed")
            close = any(compiled.items[item].data_class.value != "C1" for item in party.items)
            must(not close or party.licence_no, f"{party.id} has no licence")


def sharing_person(purpose: str, recipient: str, items: tuple[str, ...]) -> stage.Person:
    """Make a person who agreed to a purpose and to one recipient of it."""
    who = stage.person()
    if policy.in_force().purposes[purpose].basis in _ASKED:
        stage.decide(who, purpose, optional=tuple(i for i in items if i in _optional(purpose)))
    if policy.in_force().recipients[recipient].standing.value == "handler":
        stage.decide(who, purpose, recipient=recipient, optional=())
    return who


def _optional(purpose: str) -> tuple[str, ...]:
    return policy.in_force().purposes[purpose].optional


SHARE = ("loans.credit_query", "credit_bureau", ("name", "document_number"))


def ask_share(who: stage.Person) -> Callable[[], object]:
    """Give the call that asks for a permit to share."""
    purpose, recipient, items = SHARE
    return stage.asks(who, purpose, items, recipient=recipient)


@check("3.1.2", kind=CheckKind.DYNAMIC)
def lapsed_recipient_receives_nothing() -> None:
    """A recipient whose agreement, review or qualification has lapsed receives nothing."""
    who = sharing_person(*SHARE)
    stage.passes(ask_share(who), "a share with everything in date")
    for what in ("agreement_until", "review_until", "qualification_until"):
        lapsed = _version.remade(
            policy.in_force(),
            recipients={SHARE[1]: {what: clock.today() - timedelta(days=1)}},
        )
        with _version.instead(lapsed):
            stage.refused(ask_share(who), Reason.PARTNER_LAPSED, words=what)


@check("3.1.2", kind=CheckKind.DYNAMIC)
def only_what_is_declared_leaves() -> None:
    """An item that is not declared for the recipient, or that nobody agreed to, does not leave."""
    who = sharing_person(*SHARE)
    ask = stage.asks(who, SHARE[0], SHARE[2], recipient="logistics")
    stage.refused(ask, Reason.UNDECLARED_ITEM, words="a recipient of other purposes")
    unasked = stage.person()
    stage.decide(unasked, SHARE[0])
    stage.refused(
        ask_share(unasked),
        Reason.NO_CONSENT,
        Reason.DUE_AGAIN,
        words="a handler that nobody agreed to",
    )


@check("3.1.6", kind=CheckKind.DYNAMIC)
def stopped_sharing_holds_at_once() -> None:
    """After the person stops a recipient the next share is refused; allowed again, it goes on."""
    who = sharing_person(*SHARE)
    stage.passes(ask_share(who), "before the stop")
    _stop(who, stopped=True)
    stage.refused(ask_share(who), Reason.SHARING_STOPPED, words="after the stop")
    _stop(who, stopped=False)
    stage.passes(ask_share(who), "after it was allowed again")


def _stop(who: stage.Person, *, stopped: bool) -> None:
    with transaction.atomic():
        gate.set_sharing(who.actor, subject_id=who.subject_id, recipient=SHARE[1], stopped=stopped)


@check("3.1.6", kind=CheckKind.DYNAMIC)
def a_legal_duty_is_not_stopped() -> None:
    """Stopping is no way around the law: a share that a law orders is told apart."""
    officer = stage.staff(ActorKind.COMPLIANCE)
    who = stage.person()
    with transaction.atomic():
        gate.set_sharing(
            who.actor, subject_id=who.subject_id, recipient="tax_authority", stopped=True
        )
    ask = partial(
        gate.permit,
        officer,
        subject_id=who.subject_id,
        purpose="benefits_shop.tax",
        recipient="tax_authority",
    )
    stage.passes(ask, "a share that the tax law orders")


@check("1.0.1", kind=CheckKind.DYNAMIC)
def optional_items_go_one_by_one() -> None:
    """Of one purpose, an optional item that was left out is denied, and the others are given."""
    who = stage.person()
    stage.decide(who, "profile.manage", optional=("email", "name"))
    with transaction.atomic():
        outcomes = stage.permit(who, "profile.manage", ("email", "name", "income")).outcomes
    must(outcomes["income"] is Outcome.DENY, "an item that was left out is given")
    must(outcomes["email"] is not Outcome.DENY, "an item that was chosen is denied")
    must(policy.in_force().purposes["profile.manage"].shows is Shows.REVERIFIED, "shown plain")
