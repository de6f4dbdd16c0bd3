"""The person is told of every way that was added, changed or removed (ASVS 6.3.7)."""

from __future__ import annotations

from tests import cast
from tests.people.unlock.members import PASSWORD, Member, make_member
from xingnuo.people.notices import queries as notices
from xingnuo.people.unlock import actions
from xingnuo.people.unlock.contracts import Way
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries


def told(member: Member) -> list[str]:
    """Give what a person was told of their ways, oldest first."""
    with cast.transaction():
        found = notices.messages(member.actor)
    return [f"{one.title} {one.text}" for one in reversed(found) if one.code.startswith("way_")]


def test_unlock_6_each_change_of_a_way_is_told_without_anything_of_it() -> None:
    """Set, set anew, switched off: three notices, to that person alone."""
    alice, bob = make_member(), make_member()
    alice.set_password()
    alice.set_password("another lamp 十月 43")
    with cast.transaction():
        actions.switch_off(alice.actor, way=Way.PASSWORD)
    words = told(alice)
    assert [one.split()[0] for one in words] == [
        "添加了解锁方式",
        "更改了解锁方式",
        "删除了解锁方式",
    ]
    assert all("密码" in one and "报告冒用" in one for one in words)
    assert not any(PASSWORD in one for one in words)
    assert told(bob) == []


def test_a_consent_taken_back_under_settings_is_told_too() -> None:
    """Whoever closes a way by its consent has removed it."""
    alice = make_member()
    alice.set_pattern()
    with cast.transaction():
        gate.decide(
            alice.actor,
            subject_id=alice.subject_id,
            scope=cast.Scope(purpose="unlock.pattern"),
            decision=cast.Decision.WITHDRAW,
            text_hash=gate_queries.sheet("unlock.pattern").text_hash,
        )
    assert [one.split()[0] for one in told(alice)] == ["添加了解锁方式", "删除了解锁方式"]
    assert "手势" in told(alice)[-1]
