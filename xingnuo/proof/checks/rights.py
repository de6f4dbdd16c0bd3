"""Checks of rights: copy, correction, withdrawal, closure, and backups that bring nobody back."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db import connections, transaction

from xingnuo.duties.rights import actions as rights
from xingnuo.duties.rights import queries
from xingnuo.duties.rights.contracts import CaseState, Closing, NeedsProof, OpenBusiness
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import XingnuoError
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.accounts.contracts import BadToken
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Reason
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import (
    ActorKind,
    Basis,
    Blocker,
    Holding,
    Shows,
    SubjectState,
)

VALUES = {
    "nickname": "小爱同学",
    "email": "alice@example.com",
    "home_address": "浙江省杭州市西湖区文一路 1 号",
}
_SECRETS = (b"alice@example.com", "文一路".encode())
_CLOSE_DAYS = 15


def with_values() -> stage.Person:
    """Make a person with three items filled in, freshly proved."""
    who = stage.person()
    stage.decide(who, "profile.manage", optional=tuple(VALUES))
    stage.fill(who, "profile.manage", VALUES)
    return who.proved()


def opened(who: stage.Person) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    """Make a person's copy and open it."""
    with transaction.atomic():
        copy = rights.copy(who.actor, subject_id=who.subject_id)
    packed = zipfile.ZipFile(io.BytesIO(copy.content))
    told: dict[str, Any] = json.loads(packed.read("个人信息.json"))
    return packed, told


@check("5.2.1a", kind=CheckKind.STATIC)
def every_item_is_in_the_copy() -> None:
    """The purposes of the copy and of the plain view open every item that rests readable."""
    for compiled in (policy.in_force(), policy.declared()):
        readable = {i.id for i in compiled.items.values() if i.form.value in ("value", "file")}
        for purpose in ("rights.copy", "rights.plain_view"):
            nothing(readable - set(compiled.items_of(purpose)), f"missing from {purpose}")
        must(compiled.purposes["rights.copy"].shows is Shows.MASKED, "the copy shows plain")
        must(
            compiled.purposes["rights.plain_view"].shows is Shows.REVERIFIED,
            "plain values without a fresh proof",
        )
        must(compiled.purposes["rights.copy"].basis is Basis.LEGAL_DUTY, "the copy may be refused")


@check("5.2.1a", kind=CheckKind.DYNAMIC)
def copy_is_complete_and_masked() -> None:
    """The copy holds as many rows as the database, in JSON, CSV and PDF, all of it masked."""
    who = with_values()
    packed, told = opened(who)
    stored = rows_of(who.subject_id)
    # The copy's own record is written after the rows were gathered.
    stored["evidence_line"] -= 1
    short = {t for t, n in stored.items() if n and len(told["记录"].get(t, [])) < n}
    nothing(short, "missing from the copy")
    must(stored["vault_value"] == len(VALUES) == len(told["个人信息"]), "values are missing")
    text = packed.read("表格/个人信息.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    must({row["编号"] for row in rows} == set(VALUES), "the table does not hold the items")
    must(packed.read("个人信息.pdf").startswith(b"%PDF-"), "no readable document")
    whole = b"".join(packed.read(name) for name in packed.namelist())
    must(not any(secret in whole for secret in _SECRETS), "a plain value is in the copy")
    manifest = json.loads(packed.read("manifest.json"))["sha256"]
    must(set(manifest) == set(packed.namelist()) - {"manifest.json"}, "files without their hash")


@check("5.2.1a", kind=CheckKind.DYNAMIC)
def plain_only_after_a_proof() -> None:
    """The query page shows masked values, and plain ones only after a fresh proof."""
    who = with_values()
    weak = stage.Person(who.subject_id, stage.person().actor)
    stage.refused(
        lambda: queries.profile(weak.actor, subject_id=who.subject_id),
        Reason.FOREIGN_SUBJECT,
        words="a stranger",
    )
    with transaction.atomic():
        plain = {
            one.item: one.text for one in queries.profile(who.actor, subject_id=who.subject_id)
        }
    must(plain["email"] == VALUES["email"], "masked after a proof")
    must(stage.shown(who)["email"] == "a***@example.com", "the copy is not masked")


def rows_of(subject_id: UUID) -> dict[str, int]:
    """Count a subject's rows in every table of the data database, past row security."""
    found = {}
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'subject_id'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE subject_id = %s', [subject_id])
            found[table] = cursor.fetchone()[0]
    return found


@check("5.2.1b", kind=CheckKind.DYNAMIC)
def correction_reaches_every_place() -> None:
    """A corrected value is what page, copy and sibling app read from then on; strangers correct
    nothing.
    """
    who = house.member()
    me = who.prove()
    stage.decide(me, "profile.manage", optional=("name",))
    stage.fill(me, "profile.manage", {"name": "韩梅梅"})
    issued = house.let_in(who, optional=("name",))
    with transaction.atomic():
        rights.correct(me.actor, subject_id=me.subject_id, values={"name": "李雷"})
    with transaction.atomic():
        must(accounts.profile_for(issued.access_token).items["name"] == "李雷", "the app")
        seen = {s.item: s.text for s in queries.profile(me.actor, subject_id=me.subject_id)}
    must(seen["name"] == "李雷", "the page shows the old value")
    must(stage.shown(me)["name"] == "李*", "the copy holds the old value")
    must(stage.lines(me, Kind.CORRECT), "the correction is not on record")
    stage.refused(
        lambda: rights.correct(
            stage.reader().actor, subject_id=me.subject_id, values={"name": "张三"}
        ),
        Reason.FOREIGN_SUBJECT,
        words="a stranger's correction",
    )


@check("5.2.2a", kind=CheckKind.DYNAMIC)
def withdrawal_closes_every_way() -> None:
    """After withdrawal nobody uses anything: person, worker, sibling; rights and record stay."""
    who = house.member()
    me = who.person
    stage.decide(me, "feed.personal")
    stage.decide(me, "profile.manage")
    stage.fill(me, "profile.manage", {"email": VALUES["email"]})
    issued = house.let_in(who)
    with transaction.atomic():
        rights.withdraw_policy(me.actor, subject_id=me.subject_id, text_hash="")
    sibling = Actor(kind=ActorKind.SIBLING, staff_id=house.APP, strength=me.actor.strength)
    for actor, purpose in (
        (me.actor, "feed.personal"),
        (me.actor, "accounts.security"),
        (stage.SYSTEM, "feed.personal"),
        (stage.SYSTEM, "accounts.sign_in"),
        (sibling, f"accounts.sync_{house.APP}"),
    ):
        stage.refused(
            lambda actor=actor, purpose=purpose: gate.permit(  # type: ignore[misc]
                actor, subject_id=me.subject_id, purpose=purpose
            ),
            Reason.WITHDRAWN,
            words=f"{purpose} by {actor.kind.value}",
        )
    try:
        with transaction.atomic():
            accounts.access_of(issued.access_token)
        must(False, "the app's access goes on")
    except BadToken:
        pass
    left = stage.shown(me)
    must(left, "the copy is refused after withdrawal")
    must("email" not in left, "what rested on consent alone is kept")


@check("5.2.2b", kind=CheckKind.DYNAMIC)
def closure_erases_and_certifies() -> None:
    """Closing shuts the gate at once; the job leaves only proof of handling, and a certificate."""
    who = with_values()
    closing = close(who)
    must(closing.case.due_at - clock.now() <= timedelta(days=_CLOSE_DAYS), "more than 15 days")
    stage.refused(
        stage.asks(who, "profile.manage", ("nickname",)), Reason.ERASED, words="use after closing"
    )
    rights.carry_out_erasure(stage.SYSTEM, case_id=closing.case.id)
    with transaction.atomic():
        receipt = queries.receipt(closing.receipt_code)
        must(gate_queries.state_of(who.subject_id) is SubjectState.ERASED, "not erased")
    must(receipt.case.state is CaseState.DONE and receipt.certificate, "no certificate")
    kept = {t.name for t in policy.tables() if t.retention in ("handling_record", "erasure_proof")}
    left = {table for table, count in rows_of(who.subject_id).items() if count}
    nothing(left - kept, "left after erasure")


@check("5.2.2b", kind=CheckKind.DYNAMIC)
def a_crashed_closure_goes_on() -> None:
    """A job that dies half way, or is lost, is taken up again and ends with one certificate."""
    who = with_values()
    closing = close(who)
    with (
        patch("xingnuo.trust.gate.actions.finish_erasure", side_effect=ConnectionError),
        _expected(ConnectionError),
    ):
        rights.carry_out_erasure(stage.SYSTEM, case_id=closing.case.id)
    with transaction.atomic():
        must(not queries.receipt(closing.receipt_code).certificate, "certified half way")
    with clock.shifted(timedelta(minutes=10)):
        must(rights.take_up_waiting() >= 1, "a lost job is not taken up")
    for _ in range(2):
        rights.carry_out_erasure(stage.SYSTEM, case_id=closing.case.id)
    must(len(stage.lines(who, Kind.CERTIFICATE)) == 1, "not one certificate")


@check("5.2.2b", kind=CheckKind.DYNAMIC)
def closing_needs_a_fresh_proof() -> None:
    """Nobody closes an account without having just proved who they are."""
    with _expected(NeedsProof):
        close(stage.person())


@check("5.2.2c", kind=CheckKind.DYNAMIC)
def open_business_is_named() -> None:
    """Open business refuses the closure with its reason and its way out, and nothing changes."""
    who = with_values()
    loan = Blocker(code="loan_open", sentence="有一笔借款没有还清", href="/services/loans/")
    room = Holding(room="proof", export=lambda _: {}, erase=lambda _: 0, blocks=lambda _: [loan])
    rooms = (*policy.holdings(), room)
    with patch("xingnuo.trust.policy.queries.holdings", lambda: rooms):
        try:
            close(who)
            must(False, "closed over open business")
        except OpenBusiness as refused:
            must(refused.blockers == (loan,), "the reason is not named")
    must(stage.standing(who).state is SubjectState.ACTIVE, "something changed")
    close(who)


@check("5.2.2e", kind=CheckKind.DYNAMIC)
def an_old_backup_brings_nobody_back() -> None:
    """Rows of an erased person put back from an old backup do not open, and are erased again."""
    who = with_values()
    kept = _rows_as_in_a_backup(who.subject_id)
    must(len(kept) == len(VALUES), "nothing to put back")
    closing = close(who)
    rights.carry_out_erasure(stage.SYSTEM, case_id=closing.case.id)
    _put_back(who.subject_id, kept)
    try:
        found = stage.shown(who)
    except XingnuoError:
        found = {}
    must(not found, "an erased person is readable again")
    must(gate.replay_erasures() >= 1, "the erasure is not replayed")
    must(not rows_of(who.subject_id)["vault_value"], "the values stay after the replay")
    stage.refused(stage.asks(who, "profile.manage", ("email",)), Reason.ERASED, words="use")


_COPIED = (
    "id, subject_id, item, slot, sealed, key_class, alg, key_version, is_file, source, written_at"
)


def _rows_as_in_a_backup(subject_id: UUID) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT {_COPIED} FROM vault_value WHERE subject_id = %s", [subject_id])
        return list(cursor.fetchall())


def _put_back(subject_id: UUID, rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join(["%s"] * len(_COPIED.split(", ")))
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM vault_closed WHERE subject_id = %s", [subject_id])
        cursor.execute(
            "UPDATE gate_subject SET state = 'active' WHERE subject_id = %s", [subject_id]
        )
        cursor.executemany(f"INSERT INTO vault_value ({_COPIED}) VALUES ({marks})", rows)


def close(who: stage.Person) -> Closing:
    """Ask for closure as a door would."""
    with transaction.atomic():
        return rights.close(who.actor, subject_id=who.subject_id, key=ids.uuid7())


@contextmanager
def _expected(fault: type[Exception]) -> Iterator[None]:
    try:
        yield
    except fault:
        return
    must(False, f"{fault.__name__} was not raised")
