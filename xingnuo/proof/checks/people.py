"""Checks of accounts and unlocking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pkgutil import resolve_name
from unittest.mock import patch

from django.db import transaction

from xingnuo.kit.errors import BadInput, Refused
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts import queries as known
from xingnuo.people.accounts.contracts import BadToken, ClaimsMissing
from xingnuo.people.unlock import actions as unlock
from xingnuo.people.unlock import queries as ways_of
from xingnuo.people.unlock.contracts import Act, Outcome, Way
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._device import Device
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Platform, Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState

PASSWORD, PATTERN = "tangerine lamp 九月 42", "1478963"
_TAKEN = {"account_id", "phone", "nickname", "avatar"}
_EXCHANGE = "xingnuo.partners.account_provider.client.exchange"


@check("1.2.1a", kind=CheckKind.DYNAMIC)
def signs_in_at_the_provider() -> None:
    """Sign-in at a real provider process takes account id, phone, nickname, avatar, and no more."""
    who = house.member()
    me = who.person
    collected = {i for line in stage.lines(me, Kind.COLLECT) for i in line.items}
    must(collected == _TAKEN, "other items were taken at sign-in")
    must(stage.shown(me)["phone"] == f"{who.phone[:3]}****{who.phone[-4:]}", "another phone")
    again = house.member(sub=who.sub, phone=who.phone)
    must(again.session.subject_id == me.subject_id, "the same account is another person")
    must(again.session.id != who.session.id, "two sign-ins share a session")


@check("1.2.1a", kind=CheckKind.DYNAMIC)
def no_sign_in_without_the_items() -> None:
    """Without phone, nickname or avatar there is no sign-in, and nothing is kept."""
    right = resolve_name(_EXCHANGE)
    for missing in ("phone", "nickname", "avatar"):
        seen: list[str] = []

        def lacking(
            *a: object, missing: str = missing, seen: list[str] = seen, **k: object
        ) -> object:
            identity = right(*a, **k)
            seen.append(identity.account_id)
            return replace(identity, **{missing: ""})

        with patch(_EXCHANGE, lacking):
            try:
                house.member()
            except ClaimsMissing as refused:
                must(refused.detail == missing, "another item is named")
            else:
                must(False, f"signed in without {missing}")
        with transaction.atomic():
            found = gate_queries.find(
                stage.SYSTEM, purpose="accounts.sign_in", item="account_id", value=seen[0]
            )
        must(found is None, "a subject was opened")


@check("1.2.1b", kind=CheckKind.STATIC)
def siblings_are_no_third_party() -> None:
    """Sync is a use by the same controller, under a consent of its own for each app."""
    for compiled in (policy.in_force(), policy.declared()):
        found = [p for p in compiled.purposes.values() if p.function == "sibling_apps"]
        must(len(found) == 2, "not one purpose for each app")
        for purpose in found:
            must(compiled.controller_of(purpose.id).id == "operator", "another controller")
            must(purpose.own_consent, f"{purpose.id} is asked with others")
            items = set(compiled.items_of(purpose.id))
            must({"name", "document_number", "transaction"} <= items, "items are missing")
            must(not compiled.recipients_of(purpose.id), "a sibling is listed as a third party")


@check("1.2.1b", kind=CheckKind.DYNAMIC)
def synced_as_agreed() -> None:
    """A sibling app reads what was agreed, it shows as a use and not as a share, and off ends
    it.
    """
    who = house.member()
    me = who.person
    stage.decide(me, "profile.manage", optional=("name",))
    stage.fill(me, "profile.manage", {"name": "韩梅梅"})
    issued = house.let_in(who, optional=("phone", "name"))
    with transaction.atomic():
        given = known.profile_for(issued.access_token)
    must(set(given.items) == {"account_id", "phone", "name"}, "other items than agreed")
    must(given.items["account_id"] == who.sub, "another person")
    must("*" in given.items["phone"], "the phone leaves unmasked")
    uses = [x for x in stage.lines(me) if x.actor_ref == house.APP and "name" in x.items]
    must(uses, "the use is not on record")
    with stage.as_subject(me):
        must(not evidence.shared(me.subject_id), "a use is told as a share")
    with transaction.atomic():
        accounts.stop_sync(me.actor, client=house.APP, text_hash="")
    must(_no_token(issued.access_token), "access goes on after the switch was turned off")
    stage.refused(
        lambda: gate.permit(
            me.actor, subject_id=me.subject_id, purpose=f"accounts.sync_{house.APP}"
        ),
        Reason.NO_CONSENT,
        words="sync after it was switched off",
    )


def _no_token(token: str) -> bool:
    try:
        with transaction.atomic():
            known.access_of(token)
    except BadToken:
        return True
    return False


@check("1.2.2", kind=CheckKind.STATIC)
def no_biometric_sample_has_a_place() -> None:
    """Of fingerprint and face for unlocking only results are declared, and no column could hold
    more.
    """
    for compiled in (policy.in_force(), policy.declared()):
        for item in compiled.items.values():
            if item.id.startswith(("fingerprint", "face_result", "face_template", "iris")):
                must(item.form.value == "result", f"{item.id} is more than a result")
    words = ("finger", "face", "template", "iris", "sample", "score")
    tables = [table for table in policy.tables() if table.name.startswith("unlock_")]
    must(tables, "no table of unlocking is accounted for")
    for table in tables:
        nothing([c for c in table.columns if any(w in c for w in words)], f"{table.name} columns")


@check("1.2.2", kind=CheckKind.DYNAMIC)
def four_ways_are_equal() -> None:
    """Fingerprint, face, gesture and password each open, each alone is enough, and none is
    needed.
    """
    who = house.member()
    must(not _must_unlock(who), "a person without any way is locked out")
    _set_secret(who, Way.PASSWORD, PASSWORD)
    _set_secret(who, Way.PATTERN, PATTERN)
    device = _set_device(who)
    for way, typed in ((Way.PASSWORD, PASSWORD), (Way.PATTERN, PATTERN)):
        _lock(who)
        must(_try(who, way, "wrong" if way is Way.PASSWORD else "3214").value == "wrong", "opens")
        must(_try(who, way, typed) is Outcome.RIGHT, f"{way.value} does not open")
        must(who.session.strength >= Strength.UNLOCKED, f"{way.value} opens nothing")
    _lock(who)
    must(_answer(who, device) is Outcome.RIGHT, "the fingerprint does not open")
    who.platform = Platform(os="ios", version="17.0")
    stage.allow(who.person, "face_id")
    _lock(who)
    must(_answer(who, device) is Outcome.RIGHT, "the face does not open")
    with transaction.atomic():
        shown = ways_of.ways(who.person.actor)
    must(len(shown) == len(Way) and all(one.is_usable for one in shown), "not all ways are open")


@check("1.2.2", kind=CheckKind.DYNAMIC)
def only_a_verified_result_counts() -> None:
    """An answer whose device did not verify its user opens nothing; evidence holds the result
    alone.
    """
    who = house.member()
    device = _set_device(who)
    _lock(who)
    device.verified = False
    must(_answer(who, device) is Outcome.WRONG, "an unverified answer opens")
    device.verified = True
    must(_answer(who, device) is Outcome.RIGHT, "a verified answer does not open")
    taken = {i for line in stage.lines(who.person, Kind.COLLECT) for i in line.items}
    must(taken - _TAKEN == {"fingerprint_result"}, "more than the result was taken")
    must("fingerprint_result" not in stage.shown(who.person), "the result is kept as a value")


def _must_unlock(who: house.Member) -> bool:
    with stage.as_subject(who.person):
        return ways_of.must_unlock(who.session)


def _set_secret(who: house.Member, way: Way, typed: str) -> None:
    stage.decide(who.person, way.purpose)
    actor = who.prove().actor
    with transaction.atomic():
        (unlock.set_password if way is Way.PASSWORD else unlock.set_pattern)(actor, typed=typed)


def _set_device(who: house.Member) -> Device:
    device = Device()
    stage.decide(who.person, Way.BIOMETRIC.purpose)
    actor = who.prove().actor
    with transaction.atomic():
        options = unlock.begin_credential(actor)
    unlock.add_credential(actor, answer=device.create(options), device="Android · Chrome")
    return device


def _lock(who: house.Member) -> None:
    with stage.as_subject(who.person):
        unlock.lock(who.session)


def _try(who: house.Member, way: Way, typed: str) -> Outcome:
    verdict = unlock.try_secret(who.person.actor, current=who.session, way=way, typed=typed)
    who.token = verdict.token or who.token
    return verdict.outcome


def _answer(who: house.Member, device: Device) -> Outcome:
    actor = who.person.actor
    with transaction.atomic():
        options = unlock.begin_answer(actor, act=Act.UNLOCK)
    verdict = unlock.try_answer(actor, current=who.session, answer=device.get(options))
    who.token = verdict.token or who.token
    return verdict.outcome


@check("4.2", kind=CheckKind.DYNAMIC)
def guessable_passwords_are_refused() -> None:
    """A breached, common or own-word password, and one used before, are refused."""
    who = house.member()
    _set_secret(who, Way.PASSWORD, PASSWORD)
    nickname_phone = who.phone
    for typed in ("password", "Password2024!", "qwertyuiop", "11111111", nickname_phone, PASSWORD):
        with refused(BadInput, f"a guessable password of {len(typed)} characters is taken"):
            _set_secret(who, Way.PASSWORD, typed)
    must(_try(who, Way.PASSWORD, PASSWORD) is Outcome.RIGHT, "the good password went")


@check("4.2", kind=CheckKind.DYNAMIC)
def signs_out_everywhere_and_freezes() -> None:
    """Signing out ends every session and what apps may read; reporting misuse freezes at once."""
    first = house.member()
    second = house.member(sub=first.sub, phone=first.phone)
    issued = house.let_in(first)
    with transaction.atomic():
        accounts.sign_out_everywhere(second.person.actor)
    must(first.found is None and second.found is None, "a session goes on")
    must(_no_token(issued.access_token), "an app goes on reading")
    here = house.member(sub=first.sub, phone=first.phone)
    there = house.member(sub=first.sub, phone=first.phone)
    me = here.person
    with transaction.atomic():
        accounts.report_misuse(me.actor)
    must(there.found is None, "the misuser stays signed in")
    must(stage.standing(me).state is SubjectState.FROZEN, "the account is not frozen")
    stage.refused(
        stage.asks(me, "profile.manage", ("nickname",)), Reason.FROZEN, words="use while frozen"
    )


@contextmanager
def refused(fault: type[Exception], words: str) -> Iterator[None]:
    """Find that what is inside is refused with a fault."""
    try:
        yield
    except fault:
        return
    must(False, words)


@check("1.3.8", kind=CheckKind.DYNAMIC)
def face_id_only_by_leave() -> None:
    """On an Apple device Face ID opens only with the permission on, and leaves the result alone."""
    who = house.member()
    device = _set_device(who)
    who.platform = Platform(os="ios", version="17.0")
    _lock(who)
    with refused(Refused, "Face ID opens without the permission"):
        _answer(who, device)
    stage.allow(who.person, "face_id")
    must(_answer(who, device) is Outcome.RIGHT, "Face ID does not open with the permission")
    must("face_result" not in stage.shown(who.person), "the result is kept as a value")
