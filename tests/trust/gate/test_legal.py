"""What the law keeps opens by two officers, for a legal purpose, on record before it shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from tests import cast
from xingnuo.kit import clock, ids
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Entry, Kind
from xingnuo.trust.gate import _legal, actions, queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind, SubjectState
from xingnuo.trust.vault import _officers, _rotation
from xingnuo.trust.vault.contracts import LegalKeyRefused, TwoOfficers

ROOT = Path(__file__).resolve().parents[3]
PURPOSE = "court.request"
PHRASES = {
    "compliance.a": "correct horse battery",
    "compliance.b": "staple lamp tangerine",
    "compliance.c": "a third long phrase",
}


@pytest.fixture(autouse=True)
def officers(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Appoint three officers in a folder of this test's own."""
    folder = tmp_path / "officers"
    monkeypatch.setattr(_rotation, "officers_path", lambda: folder)
    assert actions.appoint_officers(PHRASES) == 3
    return folder


@pytest.fixture
def sealed() -> Iterator[cast.Person]:
    """Give a person whose values were sealed when they left."""
    person = cast.make_person()
    cast.agree(person, "profile.manage", optional=("name", "sex"))
    cast.fill(person, "profile.manage", {"name": "欧阳明月", "sex": "女"})
    with transaction.atomic():
        actions.change_state(
            cast.SYSTEM, subject_id=person.subject_id, to=SubjectState.CLOSING, cause="test"
        )
        actions.seal(cast.SYSTEM, subject_id=person.subject_id)
    yield person


def officer(code: str, **fields: Any) -> Actor:
    """Give an officer as the command makes the actor."""
    made = Actor(
        kind=ActorKind.COMPLIANCE,
        staff_id=code,
        strength=Strength.REVERIFIED,
        channel="cli",
        undertaking_until=clock.now() + timedelta(days=1),
        case_id=ids.uuid7(),
        reason="court_order",
    )
    return replace(made, **fields)


def opened(
    person: cast.Person,
    *,
    first: tuple[str, str] = ("compliance.a", PHRASES["compliance.a"]),
    second: tuple[str, str] = ("compliance.b", PHRASES["compliance.b"]),
    purpose: str = PURPOSE,
    items: tuple[str, ...] | None = None,
    **fields: Any,
) -> queries.Opening:
    """Open a person's sealed values by two officers."""
    return actions.open_by_law(
        ((officer(first[0], **fields), first[1]), (officer(second[0], **fields), second[1])),
        subject_id=person.subject_id,
        purpose=purpose,
        demand=queries.Demand.COURT_ORDER,
        items=items,
    )


def record(person: cast.Person) -> list[Entry]:
    """Give what the auditor reads of a person, oldest first."""
    found = evidence.of_subject(person.subject_id, using="audit", limit=200)
    return list(reversed(found))


@pytest.mark.promise("5.2.2d")
@pytest.mark.parametrize("pair", [("a", "b"), ("b", "a"), ("a", "c"), ("c", "b")])
def test_any_two_officers_open_for_a_legal_purpose(
    sealed: cast.Person, pair: tuple[str, str]
) -> None:
    """Both stand in the record, with what came and for which purpose; values are as they were."""
    one, other = (f"compliance.{letter}" for letter in pair)
    found = opened(sealed, first=(one, PHRASES[one]), second=(other, PHRASES[other]))
    assert {(v.item, v.text) for v in found.values} == {("name", "欧阳明月"), ("sex", "女")}
    assert found.expires_at > clock.now()
    lines = [x for x in record(sealed) if x.reason == "sealed.opened:court_order"]
    assert {x.actor_ref for x in lines} == {one, other}
    assert {(x.kind, x.purpose, x.channel) for x in lines} == {(Kind.OPERATOR, PURPOSE, "cli")}
    assert all("name" in x.items for x in lines)


def test_only_what_was_named_is_opened(sealed: cast.Person) -> None:
    """Named items come alone; an item that the purpose does not declare is refused."""
    assert [v.item for v in opened(sealed, items=("name",)).values] == ["name"]
    with pytest.raises(GateRefusal) as refused:
        opened(sealed, items=("unlock_password",))
    assert refused.value.reason is Reason.UNDECLARED_ITEM


@pytest.mark.promise("5.2.2d")
def test_the_record_stands_before_anything_is_read(
    sealed: cast.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When reading fails, the record of the opening stands all the same."""

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("the terminal is gone")

    monkeypatch.setattr(_legal, "_opened", fails)
    with pytest.raises(RuntimeError):
        opened(sealed)
    assert sum(x.reason.startswith("sealed.opened") for x in record(sealed)) == 2


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        (("compliance.a", "wrong phrase here"), ("compliance.b", PHRASES["compliance.b"]), "key"),
        (("compliance.a", PHRASES["compliance.a"]), ("compliance.b", ""), "key"),
        (
            ("compliance.a", PHRASES["compliance.b"]),
            ("compliance.b", PHRASES["compliance.a"]),
            "key",
        ),
        (("compliance.a", PHRASES["compliance.a"]), ("compliance.x", "any phrase at all"), "key"),
        (("compliance.a", PHRASES["compliance.a"]), ("../legal", "any phrase at all"), "key"),
        (
            ("compliance.a", PHRASES["compliance.a"]),
            ("compliance.a", PHRASES["compliance.a"]),
            "two",
        ),
        (
            ("compliance.a", PHRASES["compliance.a"]),
            ("compliance.b", PHRASES["compliance.a"]),
            "two",
        ),
    ],
)
def test_one_hand_opens_nothing(
    sealed: cast.Person, first: tuple[str, str], second: tuple[str, str], fault: str
) -> None:
    """A wrong or swapped passphrase, a stranger, one person twice: refused, and on record."""
    expected = {"key": LegalKeyRefused, "two": TwoOfficers}[fault]
    code = {"key": "sealed.legal_key_refused", "two": "sealed.two_officers"}[fault]
    with pytest.raises(expected):
        opened(sealed, first=first, second=second)
    last = record(sealed)[-1]
    assert (last.kind, last.reason, last.purpose) == (Kind.REFUSAL, code, PURPOSE)
    assert not any(x.reason.startswith("sealed.opened") for x in record(sealed))


@pytest.mark.parametrize("purpose", ["loans.credit_query", "rights.copy", "retention.expire", "x"])
def test_no_other_purpose_opens_anything(sealed: cast.Person, purpose: str) -> None:
    """The list is the published policy's purposes of legal keeping, and closed."""
    with pytest.raises(GateRefusal) as refused:
        opened(sealed, purpose=purpose)
    assert refused.value.reason is Reason.UNKNOWN_PURPOSE
    assert record(sealed)[-1].reason == "sealed.unknown_purpose"


def test_who_is_not_sealed_is_not_opened() -> None:
    """The command is no way around the gate for people who are still here."""
    alice = cast.make_person()
    with pytest.raises(_legal.NotSealed):
        opened(alice)
    stranger = cast.Person(UUID(int=7), alice.actor)
    with pytest.raises(_legal.NotSealed):
        opened(stranger)
    assert record(alice)[-1].reason == "sealed.not_sealed"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"undertaking_until": None}, Reason.NO_UNDERTAKING),
        ({"case_id": None}, Reason.NO_CASE),
        ({"kind": ActorKind.AGENT}, Reason.ACTOR_NOT_ALLOWED),
    ],
)
def test_officers_are_staff_like_any_other(
    sealed: cast.Person, fields: dict[str, Any], reason: Reason
) -> None:
    """Without an undertaking in date, a case, or the compliance role, the gate refuses."""
    with pytest.raises(GateRefusal) as refused:
        opened(sealed, **fields)
    assert refused.value.reason is reason


def test_officers_are_appointed_once_together_and_apart(officers: Path, tmp_path: Path) -> None:
    """Fewer than two, equal or short passphrases, odd names, a second time: refused."""
    with pytest.raises(TwoOfficers):
        actions.appoint_officers(PHRASES)
    key = _officers._legal.unlock(_rotation.legal_path())
    for number, wrong in enumerate(
        (
            {"only.one": "a long enough phrase"},
            {"one.a": "the same long phrase", "one.b": "the same long phrase"},
            {"one.a": "short", "one.b": "a long enough phrase"},
            {"../a": "a long enough phrase", "one.b": "another long phrase"},
        )
    ):
        with pytest.raises(TwoOfficers):
            _officers.appoint(key, wrong, tmp_path / str(number))
    for each in officers.iterdir():
        assert each.stat().st_mode & 0o077 == 0


@pytest.mark.promise("5.2.2d")
def test_no_service_opens_what_is_sealed() -> None:
    """Only the officers' command names the opening; web, API, console, worker and rooms do not."""
    named = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "xingnuo").rglob("*.py"))
        if any(
            isinstance(node, ast.Attribute | ast.Name)
            and (node.attr if isinstance(node, ast.Attribute) else node.id) == "open_by_law"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf8")))
        )
    ]
    assert [name for name in named if "/proof/" not in name] == ["xingnuo/doors/cli/legal.py"]
