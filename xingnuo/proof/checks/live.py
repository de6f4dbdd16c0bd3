"""Checks over the real store: read only, true on an empty store and on a used one.

They ask the audit connection, and the owner's in a read-only transaction for what auditors may not
open; only counts and codes come out, never a value or an id.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

from xingnuo.kit import clock
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Basis, Compiled

_ASKED = (Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT)
_PRINTABLE_RUN = 24  # bytes: chance makes none of this length in a store of any size
_HEAD_BYTES = 16


def ask(sql: str, *values: Any, alias: str = "audit") -> list[tuple[Any, ...]]:
    """Ask the store, in a transaction that can change nothing."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _versions() -> dict[str, Compiled]:
    return {one.version: one for one in policy.versions()}


@check("0.1", kind=CheckKind.LIVE)
def rows_equal_files() -> None:
    """Each published version stands in the store once, equal to its file; each was told before
    its day.
    """
    nothing(policy.row_differences(using="audit"), "versions")
    nothing(
        [v.version for v in policy.versions() if v.published_on >= v.effective_on], "told too late"
    )


@check("1.0.1", kind=CheckKind.LIVE)
def only_declared_items_were_taken() -> None:
    """Everything ever collected was an item that some published purpose declares."""
    rows = ask(
        "SELECT DISTINCT purpose, item FROM evidence_line, unnest(items) AS item"
        " WHERE kind IN ('collect', 'correct')"
    )
    declared = {
        (purpose, item)
        for version in policy.versions()
        for purpose in version.purposes
        for item in version.items_of(purpose)
    }
    nothing(sorted(set(rows) - declared), "collected beyond the policy")


@check("1.2.1b", kind=CheckKind.LIVE)
def sync_was_never_a_share() -> None:
    """No sync to a sibling app is told as a share, and each one was under the person's consent."""
    (found,) = ask(
        "SELECT count(*) FROM evidence_line WHERE kind = 'share' AND purpose LIKE 'accounts.sync%%'"
    )
    must(found[0] == 0, "a sync is told as a share")
    rows = ask(
        "SELECT count(*) FROM evidence_line AS use WHERE use.kind = 'permit'"
        " AND use.actor_kind = 'sibling' AND NOT EXISTS (SELECT FROM consent_decision AS said"
        " WHERE said.subject_id = use.subject_id AND said.scope = use.purpose"
        " AND said.decision = 'grant' AND said.at <= use.at)"
    )
    # An erased person's decisions stay as proof of handling, so none may be missing.
    must(rows[0][0] == 0, "a sync without consent")


@check("1.7", kind=CheckKind.LIVE)
def every_access_had_a_basis() -> None:
    """Every access in the record was for a published purpose with consent or a usable exception."""
    rows = ask(
        "SELECT DISTINCT purpose FROM evidence_line WHERE purpose <> '' AND purpose <> 'undeclared'"
        " AND kind IN ('permit', 'view', 'reveal', 'lookup', 'collect', 'share', 'drop')"
    )
    based = {
        purpose.id
        for version in policy.versions()
        for purpose in version.purposes.values()
        if purpose.basis in _ASKED or version.exceptions[purpose.exception].usable
    }
    nothing(sorted({row[0] for row in rows} - based), "access without a basis")


@check("1.7", kind=CheckKind.LIVE)
def the_record_is_whole() -> None:
    """The chain of evidence verifies from its first block to its last."""
    report = evidence.verify()
    must(report.whole, f"{report.faults_total} faults in the evidence")


@check("3.1.2", kind=CheckKind.LIVE)
def every_share_was_lawful() -> None:
    """Each share went to a declared recipient in date, of declared items, under a permit."""
    rows = ask(
        "SELECT policy_version, recipient, purpose, max(at), count(*) FILTER (WHERE permit_id IS"
        " NULL), array_agg(DISTINCT item) FROM evidence_line LEFT JOIN LATERAL unnest(items)"
        " AS item ON true WHERE kind = 'share' AND outcome = 'done' GROUP BY 1, 2, 3"
    )
    versions = _versions()
    for number, recipient, purpose, last, unpermitted, items in rows:
        must(not unpermitted, f"a share to {recipient} without a permit")
        compiled = versions.get(number, policy.in_force())
        party = compiled.recipients.get(recipient)
        must(party is not None, f"a share to {recipient}, who is not declared")
        assert party is not None, "found above"
        must(purpose in party.purposes, f"{recipient} has no part in {purpose}")
        nothing({i for i in items if i} - set(party.items), f"{recipient} received")
        ends = min(party.agreement_until, party.review_until, party.qualification_until)
        must(clock.beijing(last).date() <= ends, f"a share to {recipient} after its term")


@check("4.1.6", kind=CheckKind.LIVE)
def nothing_plain_rests() -> None:
    """Every sealed value has the head of a known format, and no run of printable bytes."""
    (count,) = ask(
        "SELECT count(*) FROM vault_value WHERE NOT is_file AND (length(sealed) < 32"
        " OR get_byte(sealed, 0) <> 1 OR get_byte(sealed, 1) NOT IN (1, 2)"
        " OR encode(substring(sealed FROM %s), 'escape') ~ %s)",
        _HEAD_BYTES + 1,
        f"[ !#-\\[\\]-~]{{{_PRINTABLE_RUN},}}",
        alias="owner",
    )
    must(count[0] == 0, f"{count[0]} values look plain")


@check("4.3.2", kind=CheckKind.LIVE)
def nothing_taken_after_the_end() -> None:
    """Of nobody who asked for erasure was anything collected or shared afterwards."""
    (count,) = ask(
        "SELECT count(*) FROM evidence_line AS act JOIN evidence_line AS ended"
        " ON ended.subject_id = act.subject_id AND ended.kind = 'erase_requested'"
        " WHERE act.kind IN ('collect', 'share') AND act.at > ended.at"
    )
    must(count[0] == 0, "something was taken after the end")


@check("5.2.2a", kind=CheckKind.LIVE)
def nothing_taken_while_withdrawn() -> None:
    """Of nobody whose consent was withdrawn was anything collected or shared until they agreed
    again.
    """
    (count,) = ask(
        "SELECT count(*) FROM evidence_line AS act WHERE act.kind IN ('collect', 'share')"
        " AND (SELECT step.reason FROM evidence_line AS step WHERE step.kind = 'state'"
        " AND step.subject_id = act.subject_id AND step.at < act.at ORDER BY step.id DESC LIMIT 1)"
        " LIKE '%%:withdrawn'"
    )
    must(count[0] == 0, "something was taken after a withdrawal")


@check("5.2.2b", kind=CheckKind.LIVE)
def closures_are_in_time() -> None:
    """No closure is past its fifteen days, and every finished one has its certificate."""
    (late,) = ask(
        "SELECT count(*) FROM rights_case WHERE kind = 'close'"
        " AND coalesce(done_at, %s) > made_at + interval '15 days'",
        clock.now(),
    )
    must(late[0] == 0, "closures past fifteen days")
    (bare,) = ask(
        "SELECT count(*) FROM rights_case AS one WHERE kind = 'close' AND state = 'done' AND NOT"
        " EXISTS (SELECT FROM rights_certificate AS made WHERE made.case_id = one.id)"
    )
    must(bare[0] == 0, "closures without a certificate")


@check("5.2.2e", kind=CheckKind.LIVE)
def the_erased_stay_erased() -> None:
    """Of nobody who was erased are values, files, look-ups or keys left in either database."""
    stones = [row[0] for row in ask("SELECT subject_id FROM vault_tombstone", alias="keys")]
    for table in ("vault_value", "vault_blob", "vault_lookup"):
        (count,) = ask(
            f"SELECT count(*) FROM {table} WHERE subject_id = ANY(%s)", stones, alias="owner"
        )
        must(count[0] == 0, f"{table} holds rows of erased people")
    (keys,) = ask(
        "SELECT count(*) FROM vault_subject_key WHERE subject_id = ANY(%s)", stones, alias="keys"
    )
    must(keys[0] == 0, "keys of erased people are left")
    (open_,) = ask(
        "SELECT count(*) FROM gate_subject WHERE state NOT IN ('erasing', 'erased')"
        " AND subject_id = ANY(%s)",
        stones,
    )
    must(open_[0] == 0, "erased people stand as if they were not")
