"""Checks of what is asked of third parties: credit information, source by source (1.4.2).

The loan that makes such queries is still to come; what is shown here is that none can be made
without its own consent, and that one that is made stands in the person's list.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from xingnuo.kit import clock, ids
from xingnuo.partners.credit_bureau import client as bureau
from xingnuo.partners.credit_bureau.contracts import (
    RECIPIENT,
    NoWrittenConsent,
    Outcome,
    Use,
    WrittenConsent,
)
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks._catalogue import document_number
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate.contracts import Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Basis, Standing
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

QUERY, ITEMS = "loans.credit_query", ("name", "document_number")
SOURCES = {"credit_database", "credit_bureau", "industry_association"}
NAME = "欧阳明月"


@check("1.4.2", kind=CheckKind.STATIC)
def each_source_of_credit_asks_apart() -> None:
    """The query asks on its own, and each source decides for itself: a consent of its own each."""
    for compiled in (policy.in_force(), policy.declared()):
        purpose = compiled.purposes[QUERY]
        must(purpose.own_consent and purpose.basis is Basis.SEPARATE_CONSENT, "asked with others")
        found = {one.id: one.standing for one in compiled.recipients_of(QUERY)}
        must(set(found) == SOURCES, "other sources than promised")
        must(set(found.values()) == {Standing.HANDLER}, "a source that needs no consent of its own")


@check("1.4.2", kind=CheckKind.DYNAMIC)
def no_query_without_its_own_consent() -> None:
    """A yes to the query opens no source; a yes to one opens that one alone."""
    who = stage.person()
    stage.decide(who, QUERY)
    unasked = (Reason.NO_CONSENT, Reason.DUE_AGAIN)
    for source in sorted(SOURCES):
        ask = stage.asks(who, QUERY, ITEMS, recipient=source)
        stage.refused(ask, *unasked, words=f"{source} unasked")
    stage.decide(who, QUERY, recipient=RECIPIENT)
    stage.passes(stage.asks(who, QUERY, ITEMS, recipient=RECIPIENT), "the one agreed to")
    for source in sorted(SOURCES - {RECIPIENT}):
        ask = stage.asks(who, QUERY, ITEMS, recipient=source)
        stage.refused(ask, *unasked, words=f"{source} by another's consent")


@check("1.4.2", kind=CheckKind.DYNAMIC)
def the_bureau_answers_a_written_consent_alone() -> None:
    """Nothing is asked under a consent that ran out; asked once, the query is in the list."""
    who, today = stage.person(), clock.today()
    number = document_number()
    house.outside(
        "/authority/test/people", {"name": NAME, "number": number, "phone": "13812345678"}
    )
    stage.decide(who, "identity.real_name")
    stage.fill(who, "identity.real_name", {"name": NAME, "document_number": number})
    stage.decide(who, QUERY)
    stage.decide(who, QUERY, recipient=RECIPIENT)
    given = WrittenConsent(
        reference=str(ids.uuid7()), use=Use.LOAN_APPROVAL, agreed_on=today, until=today
    )
    over = replace(given, agreed_on=today - timedelta(days=9), until=today - timedelta(days=1))
    parcel = _packed(who)
    try:
        bureau.query(parcel, consent=over, key=str(ids.uuid7()))
        must(False, "a consent that ran out is enough")
    except NoWrittenConsent:
        pass
    report = bureau.query(parcel, consent=given, key=str(ids.uuid7()))
    must(report.outcome in (Outcome.REPORT, Outcome.NO_RECORD), "the bureau does not answer")
    with stage.as_subject(who):
        shown = [one for one in evidence.shared(who.subject_id) if one.recipient == RECIPIENT]
    must(shown, "the query is not in the person's list")
    nothing({item for one in shown for item in one.items} - set(ITEMS), "other items went")


def _packed(who: stage.Person) -> Parcel:
    with transaction.atomic():
        return sharing.pack(stage.permit(who, QUERY, ITEMS, recipient=RECIPIENT), ITEMS)
