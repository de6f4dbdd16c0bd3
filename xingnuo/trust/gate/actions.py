"""What the gate does: permits, collection under a permit, decisions, states, erasure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import NOBODY, Kind, Line
from xingnuo.trust.gate import _permits
from xingnuo.trust.gate._custody import (
    Backup,
    backups,
    expire_backups,
    keep_backup,
    replay_erasures,
    rotate_due_keys,
    unseal_backup,
)
from xingnuo.trust.gate._decide import may_collect
from xingnuo.trust.gate._deciding import (
    accept_policy,
    change_state,
    decide,
    open_subject,
    set_permission,
    set_sharing,
    set_tier,
    withdraw_policy,
)
from xingnuo.trust.gate._erasing import begin_erasure, destroy_keys, finish_erasure, seal
from xingnuo.trust.gate._legal import appoint_officers, open_by_law
from xingnuo.trust.gate._load import facts_of, forget_rules, rules_in_force
from xingnuo.trust.gate._permits import no
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Permit, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Form, Item
from xingnuo.trust.vault import actions as vault
from xingnuo.trust.vault.contracts import Sealable

__all__ = [
    "Backup",
    "accept_policy",
    "appoint_officers",
    "backups",
    "begin_erasure",
    "change_state",
    "collect",
    "collect_file",
    "decide",
    "destroy_keys",
    "drop",
    "entered",
    "expire_backups",
    "finish_erasure",
    "forget_rules",
    "keep_backup",
    "note",
    "open_by_law",
    "open_subject",
    "permit",
    "record",
    "refused",
    "rotate_due_keys",
    "replay_erasures",
    "seal",
    "set_permission",
    "set_sharing",
    "set_tier",
    "unseal_backup",
    "withdraw_policy",
]


def permit(
    actor: Actor,
    *,
    subject_id: UUID,
    purpose: str,
    items: tuple[str, ...] | None = None,
    recipient: str = "",
) -> Permit:
    """Ask for a permit; items left out mean all that the purpose declares.

    Must run inside a transaction: it sets the subject and the permit for the rest of it.
    Raises `GateRefusal`, whose evidence the door writes after the rollback.
    """
    return _permits.issue(
        actor, subject_id=subject_id, purpose=purpose, items=items, recipient=recipient
    )


@contextmanager
def entered(
    actor: Actor, *, subject_id: UUID, purpose: str, items: tuple[str, ...] | None = None
) -> Iterator[Permit]:
    """Enter a purpose: its permit covers the calls inside, which find it by `queries.current()`."""
    with _permits.held(permit(actor, subject_id=subject_id, purpose=purpose, items=items)) as held:
        yield held


def collect(
    permit: Permit,
    values: Mapping[str, str],
    *,
    slot: str = "",
    source: str = "self",
    correction: bool = False,
    findable: bool = True,
) -> None:
    """Check, normalise and seal values of declared items; look-ups follow; evidence is left.

    By a value that is not `findable` nobody is found: it is on trial, and may be another's.
    Raises `BadInput` by item for values that cannot be taken, `GateRefusal` where platform or
    device permission forbid the item, or where the item may not rest on the server at all.
    """
    items = tuple(sorted(values))
    rows, lookups = [], []
    bad: dict[str, str] = {}
    for item in _may_take(permit, items, Form.VALUE):
        try:
            text = policy.normalise(item.kind, values[item.id])
        except BadInput as error:
            bad[item.id] = next(iter(error.fields.values()), error.message_text)
            continue
        if len(text) > item.max_chars:
            bad[item.id] = f"最多 {item.max_chars} 个字"
            continue
        rows.append(
            Sealable(
                item=item.id,
                slot=slot,
                plain=text.encode(),
                key_class=item.key_class.value,
                source=source,
            )
        )
        if item.lookup and findable:
            lookups.append((item.id, text))
    if bad:
        raise BadInput(bad)
    vault.put_many(permit, rows)
    for kind, text in lookups:
        vault.index(permit, kind=kind, value=text, slot=slot)
    evidence.record(
        _permits.line(permit, kind=Kind.CORRECT if correction else Kind.COLLECT, items=items)
    )


def collect_file(
    permit: Permit, item: str, *, content: bytes, slot: str = "", source: str = "self"
) -> UUID:
    """Seal a file whose metadata the door has stripped; gives the file's id."""
    (known,) = _may_take(permit, (item,), Form.FILE)
    file_id = vault.put_file(
        permit,
        item=known.id,
        slot=slot,
        content=content,
        key_class=known.key_class.value,
        source=source,
    )
    evidence.record(_permits.line(permit, kind=Kind.COLLECT, items=(item,), ref=file_id))
    return file_id


def note(permit: Permit, items: tuple[str, ...], *, ref: UUID | None = None) -> None:
    """Leave evidence of items taken in a form that is no value: a digest, or a passed check."""
    rules = rules_in_force()
    _permits.check(permit, items)
    for item in items:
        if rules.compiled.items[item].form not in (Form.DIGEST, Form.RESULT, Form.TRANSIENT):
            raise no(
                Reason.UNDECLARED_ITEM,
                purpose=permit.purpose,
                actor=permit.actor,
                subject_id=permit.subject_id,
                items=items,
            )
    evidence.record(_permits.line(permit, kind=Kind.COLLECT, items=items, ref=ref))


def drop(permit: Permit, items: tuple[str, ...], *, slot: str | None = "") -> int:
    """Delete values, files and look-ups of items, in one slot or (None) in all; gives how many."""
    _permits.check(permit, items)
    gone = vault.drop(permit, items=items, slot=slot)
    evidence.record(_permits.line(permit, kind=Kind.DROP, items=items))
    return gone


def _may_take(permit: Permit, items: tuple[str, ...], form: Form) -> list[Item]:
    _permits.check(permit, items)
    rules = rules_in_force()
    known = [rules.compiled.items[item] for item in items]
    reason = Reason.UNDECLARED_ITEM if any(item.form is not form for item in known) else None
    if reason is None:
        facts = facts_of(permit.subject_id)
        if facts is None:
            reason = Reason.UNKNOWN_SUBJECT
        else:
            reason = may_collect(rules, facts, permit.actor.platform, permit.purpose, items)
    if reason is not None:
        raise no(
            reason,
            purpose=permit.purpose,
            actor=permit.actor,
            subject_id=permit.subject_id,
            items=items,
        )
    return known


def record(
    actor: Actor,
    *,
    subject_id: UUID,
    kind: Kind,
    reason: str = "",
    purpose: str = "",
    ref: UUID | None = None,
    count: int = 1,
) -> None:
    """Leave evidence of an act that touches no item (sign-in, export); sets the subject."""
    session.set_subject(subject_id)
    evidence.record(
        Line(
            kind=kind,
            subject_id=subject_id,
            outcome="done",
            reason=reason,
            actor_kind=actor.kind.value,
            actor_ref=actor.staff_id,
            session_id=actor.session_id,
            channel=actor.channel,
            purpose=purpose,
            policy_version=rules_in_force().compiled.version,
            ref=ref,
            count=count,
        )
    )


def refused(refusal: GateRefusal) -> None:
    """Write the evidence of a refusal in a transaction of its own, after the rollback.

    A refusal about a foreign or unknown subject is filed under who acted, never under whom it was
    aimed at: a stranger's tries must not write into another person's record.
    """
    actor = refusal.actor
    aimed_at_self = actor is not None and actor.subject_id == refusal.subject_id
    staff = actor is not None and actor.staff_id
    about = refusal.subject_id if aimed_at_self or staff else (actor.subject_id if actor else None)
    with transaction.atomic():
        session.set_subject(about or NOBODY)
        evidence.record(
            Line(
                kind=Kind.REFUSAL,
                subject_id=about or NOBODY,
                outcome="refused",
                reason=refusal.reason.value,
                actor_kind=actor.kind.value if actor else "",
                actor_ref=actor.staff_id if actor else "",
                session_id=actor.session_id if actor else None,
                channel=actor.channel if actor else "",
                purpose=_known(refusal.purpose),
                items=tuple(item for item in refusal.items if _known(item)),
                recipient=_known(refusal.recipient),
            )
        )


def _known(code: str) -> str:
    # What a caller sent as purpose or item may be anything: only declared ids reach the record.
    try:
        compiled = rules_in_force().compiled
    except LookupError:
        return ""
    known = code in compiled.purposes or code in compiled.items or code in compiled.recipients
    return code if known else ("undeclared" if code else "")
