"""Checks of what is told about use and sharing, and of logs."""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import structlog
from django.db import transaction

from xingnuo import proof
from xingnuo.kit import child, clock, log
from xingnuo.proof import _house as house
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.checks import _catalogue as catalogue
from xingnuo.proof.checks.gate import SHARE, sharing_person
from xingnuo.proof.contracts import CheckKind
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing import queries as parcels
from xingnuo.trust.sharing.contracts import NotSealed, Parcel, WrongRecipient

HOUSE = Path(proof.__file__).resolve().parents[1]
_LOG_CALLS = {"debug", "info", "warning", "error", "exception", "critical"}
_LOGGERS = {"logger", "log", "_logger", "_log"}
_TELLS_WHO = {"subject", "subject_id", "account", "account_id", "user", "phone", "email", "ip"}


def packed(who: stage.Person) -> tuple[Parcel, bool]:
    """Pack a parcel for a recipient; says too whether it opened before its record stood."""
    purpose, recipient, items = SHARE
    with transaction.atomic():
        permit = stage.permit(who, purpose, items, recipient=recipient)
        parcel = sharing.pack(permit, items)
        early = _opens(parcel, recipient)
    return parcel, early


def _opens(parcel: Parcel, recipient: str) -> bool:
    try:
        parcels.contents(parcel, recipient=recipient)
    except (NotSealed, WrongRecipient):
        return False
    return True


def with_identity() -> stage.Person:
    """Make a person who agreed to the share, with a name and a number to share."""
    who = sharing_person(*SHARE)
    stage.decide(who, "identity.real_name")
    number = catalogue.document_number()
    stage.fill(who, "identity.real_name", {"name": "韩梅梅", "document_number": number})
    return who


@check("3.1.2", kind=CheckKind.DYNAMIC)
def recorded_before_it_leaves() -> None:
    """A parcel opens only after its record stands, and for its own recipient alone."""
    parcel, early = packed(with_identity())
    must(not early, "it opens before its record stands")
    must(_opens(parcel, SHARE[1]), "it does not open afterwards")
    must(not _opens(parcel, "logistics"), "it opens for another recipient")


@check("3.1.4", kind=CheckKind.STATIC)
def lists_come_from_the_register() -> None:
    """Both published lists hold exactly what the policy declares, with contact and manner."""
    for compiled in (policy.in_force(), policy.declared()):
        lists = policy.lists(compiled)
        must({r.recipient for r in lists.recipients} == set(compiled.recipients), "recipients")
        for row in lists.recipients:
            must(row.contact and row.method and row.items and row.purposes, f"{row.recipient}")
        listed = {(row.item, row.purpose) for row in lists.items}
        wanted = {
            (item, purpose.title)
            for purpose in compiled.purposes.values()
            if purpose.basis.value in ("consent", "separate_consent", "contract")
            for item in compiled.items_of(purpose.id)
        }
        nothing(len(wanted - listed), "items under purposes are not listed")


@check("3.1.4", kind=CheckKind.DYNAMIC)
def each_sees_their_own_shares() -> None:
    """A person's list tells what was really shared about them, and nothing before or about
    others.
    """
    who = with_identity()
    with stage.as_subject(who):
        must(not evidence.shared(who.subject_id), "a share is told that never was")
    packed(who)
    with stage.as_subject(who):
        (row,) = evidence.shared(who.subject_id) or (None,)
    must(row is not None, "the share is not told")
    assert row is not None, "told above"
    must((row.purpose, row.recipient) == SHARE[:2], "another share is told")
    must(set(row.items) == set(SHARE[2]), "other items are told")


@check("3.1.4", kind=CheckKind.DYNAMIC)
def lists_are_pages() -> None:
    """The list of parties is a page for everybody, and each person's own list a page for them."""
    page = house.Browser().get("/policy/lists/shared/")
    must(page.status == 200, "the published list is no page")
    compiled = policy.in_force()
    nothing([r.id for r in compiled.recipients.values() if r.name not in page.html], "not listed")
    own = house.onlooker().browser().walk("我的", "设置", "隐私设置", "与第三方共享个人信息清单")
    must(own.status == 200, "no list of one's own")


@check("2.2", kind=CheckKind.STATIC)
def log_lines_name_nobody() -> None:
    """Every log call uses keys of the allowlist alone, and no key of it tells who."""
    nothing(log.ALLOWED & _TELLS_WHO, "keys that tell who")
    used: set[str] = set()
    for keys in _logged():
        used |= keys
    must(used, "no log call was found")
    nothing(used - log.ALLOWED - {"exc_info"}, "keys outside the allowlist")


def _logged() -> Iterator[frozenset[str]]:
    for path in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if (
                node.func.attr in _LOG_CALLS
                and isinstance(owner, ast.Name)
                and owner.id in _LOGGERS
            ):
                yield frozenset(word.arg or "**" for word in node.keywords)


@check("2.2", kind=CheckKind.STATIC)
def logs_have_a_term() -> None:
    """Network logs have a term of at most a year, and no table keeps a personal value in the
    clear.
    """
    for compiled in (policy.in_force(), policy.declared()):
        must(
            0 < compiled.retention["network_log"].days <= 366, "logs are kept for more than a year"
        )
    nothing([t.name for t in policy.tables() if t.personal], "tables with values in the clear")


@check("2.2", kind=CheckKind.DYNAMIC)
def old_lines_go() -> None:
    """A log however quiet is turned in time, and no line of it outlives the declared term."""
    days = policy.in_force().retention["network_log"].days
    with tempfile.TemporaryDirectory() as place:
        log_file = Path(place) / "quiet.log"
        log_file.write_text("an old line\n")
        child.bound(log_file)
        for gone in range(days + 1):
            with clock.shifted(timedelta(days=gone)):
                child.bound(log_file)
                with log_file.open("a") as out:
                    out.write("a newer line\n")
        must(not any("old" in one.read_text() for one in Path(place).iterdir()), "it stays")
        must("newer" in log_file.read_text(), "nothing is logged any more")


@check("2.2", kind=CheckKind.DYNAMIC)
def a_slip_is_dropped() -> None:
    """A log call that names a person by mistake writes a line without them."""
    told: object = {"event": "proof", "subject_id": "secret-7", "phone": "secret-8", "count": 1}
    for step in structlog.get_config()["processors"]:
        told = step(None, "info", told)
    must("secret-" not in str(told), "a person is named in the log")
    must('"count": 1' in str(told), "nothing is logged at all")
