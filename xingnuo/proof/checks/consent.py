"""Checks of consent: it covers exactly what was agreed to, and never what came later."""

from __future__ import annotations

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.errors import Conflict
from xingnuo.proof import _stage as stage
from xingnuo.proof import _version
from xingnuo.proof._register import check
from xingnuo.proof._stage import must
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled, Pair


def _next(**parts: dict[str, object]) -> Compiled:
    now = policy.in_force()
    return _version.remade(now, version="9.2", effective_on=clock.today(), **parts)


@check("1.6.3", kind=CheckKind.DYNAMIC)
def another_purpose_asks_anew() -> None:
    """A purpose told in other words is another purpose: the consent given before does not count."""
    who = stage.person()
    stage.decide(who, "feed.personal")
    other = _next(purposes={"feed.personal": {"sentence": "把您的喜好卖给广告商"}})
    with _version.published(other):
        with transaction.atomic():
            stage.accept(who)
        ask = stage.asks(who, "feed.personal", ("location",))
        stage.refused(ask, Reason.DUE_AGAIN, words="the old consent covers a new purpose")
        stage.decide(who, "feed.personal")
        stage.passes(ask, "after agreeing again")


@check("1.6.3", kind=CheckKind.DYNAMIC)
def wider_collection_asks_for_the_new_pairs() -> None:
    """A purpose that asks for more keeps the consent for the old items, and lacks it for the
    new.
    """
    who = stage.person()
    stage.decide(who, "feed.personal")
    before = policy.in_force()
    old = before.purposes["feed.personal"].optional
    wider = _next(purposes={"feed.personal": {"optional": (*old, "income")}})
    due = policy.due_pairs(before, wider)
    must(due == {Pair(purpose="feed.personal", item="income")}, "other pairs became due")
    with _version.published(wider):
        with transaction.atomic():
            stage.accept(who)
        stage.passes(stage.asks(who, "feed.personal", ("location",)), "what was agreed before")
        new = stage.asks(who, "feed.personal", ("income",))
        stage.refused(new, Reason.DUE_AGAIN, Reason.NO_CONSENT, words="the new item")


@check("1.6.3", kind=CheckKind.DYNAMIC)
def nobody_agrees_to_a_text_unseen() -> None:
    """A sheet that changed since it was shown, and a grant without a needed item, are not taken."""
    who = stage.person()
    sheet = gate_queries.sheet("accounts.sync_suixingjie")
    items = tuple(item.id for item in sheet.needed)
    for chosen, text_hash in ((items, "stale"), ((), sheet.text_hash)):
        try:
            with transaction.atomic():
                gate.decide(
                    who.actor,
                    subject_id=who.subject_id,
                    scope=Scope(purpose=sheet.purpose, items=chosen),
                    decision=Decision.GRANT,
                    text_hash=text_hash,
                )
        except Conflict:
            continue
        must(False, "a text that nobody saw was agreed to")


@check("8.1", kind=CheckKind.DYNAMIC)
def accepting_covers_what_was_accepted() -> None:
    """What a new version adds under the accepted policy waits until that version is accepted."""
    who = stage.person()
    wider = _next(
        purposes={"accounts.security": {"items": ("account_id", "phone", "ip_address", "nickname")}}
    )
    with _version.published(wider):
        must(stage.standing(who).policy_due, "the person is not asked to accept it")
        ask = stage.asks(who, "accounts.security", ("nickname",))
        stage.refused(ask, Reason.DUE_AGAIN, words="an item of a version nobody accepted")
        stage.passes(stage.asks(who, "accounts.security", ("phone",)), "an item accepted before")
        with transaction.atomic():
            stage.accept(who)
        stage.passes(ask, "after accepting the new version")
        must(not stage.standing(who).policy_due, "asked again for what was accepted")


@check("8.1", kind=CheckKind.DYNAMIC)
def material_by_rule() -> None:
    """More data, a new purpose or recipient, a longer term are material; a corrected word is
    not.
    """
    now = policy.in_force()
    recipient = now.recipients["logistics"]
    material = (
        _next(purposes={"notices.service": {"items": ("phone", "email"), "optional": ()}}),
        _next(purposes={"feed.personal": {"sentence": "另一个用途"}}),
        _next(recipients={"courier": _version.whole(recipient, id="courier", name="另一家")}),
        _next(retention={"account_life": {"days": 3650}}),
    )
    for one in material:
        must(policy.diff(now, one).material, "a material change passes as a small one")
    small = _next(items={"position": {"max_chars": 190}})
    must(policy.diff(now, small).changes, "the change is not told at all")
    must(not policy.diff(now, small).material, "a small change is told as a material one")
    must(not policy.diff(now, now).changes, "a version differs from itself")
