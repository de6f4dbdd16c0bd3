"""Faults in rights, at rest, and in what is told of sharing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import nothing, right


@mutation("5.2.1a")
def a_room_hands_nothing_in() -> Mapping[str, object]:
    """下载的副本少了一个房间的记录。"""
    path = "xingnuo.trust.policy.queries.holdings"
    known = right(path)
    return {path: lambda: tuple(one for one in known() if one.room != "consent")}


@mutation("5.2.1b")
def a_correction_is_thanked_for_and_dropped() -> Mapping[str, object]:
    """更正点了保存，其实没有改。"""
    return {"xingnuo.duties.rights.actions.correct": nothing}


@mutation("5.2.2a")
def siblings_keep_reading_after_withdrawal() -> Mapping[str, object]:
    """撤回同意后，姊妹应用还拿着访问凭证。"""
    path = "xingnuo.people.accounts.actions.end_syncs"
    known = right(path)

    def faulty(subject_id: Any, *, why: str) -> Any:
        return 0 if why == "withdrawn" else known(subject_id, why=why)

    # Their consent ends with the policy too, and each of the two would be enough.
    return {path: faulty, "xingnuo.trust.gate._grounds.granted_under_policy": lambda *_: []}


@mutation("5.2.2b")
def a_lost_closure_stays_lost() -> Mapping[str, object]:
    """注销任务丢了就再也没人办。"""
    return {"xingnuo.duties.rights.actions.take_up_waiting": lambda: 0}


@mutation("5.2.2c")
def open_business_is_not_looked_at() -> Mapping[str, object]:
    """有没还清的借款也让注销。"""
    return {"xingnuo.duties.rights.actions.closing_blockers": nothing}


@mutation("5.2.2e")
def restored_erasures_are_not_replayed() -> Mapping[str, object]:
    """恢复旧备份后，不再重做以前的删除。"""
    return {"xingnuo.trust.vault.actions.replay_tombstones": nothing}


@mutation("4.1.6")
def values_rest_in_plain() -> Mapping[str, object]:
    """密文里就是原文。"""
    seal = "xingnuo.trust.vault._cipher.SubjectKey.seal"
    opened = "xingnuo.trust.vault._cipher.SubjectKey.open"

    known = right(opened)

    def plainly(self: Any, plain: bytes, place: bytes, cipher: Any) -> bytes:
        head: bytes = self._heads[cipher]
        return head + bytes(12) + plain + bytes(16)

    def read(self: Any, sealed: bytes, place: bytes) -> Any:
        # What was sealed before the fault still opens.
        return sealed[16:-16] if sealed[4:16] == bytes(12) else known(self, sealed, place)

    return {seal: plainly, opened: read}


@mutation("3.1.4", "1.4.2")
def shares_are_not_told() -> Mapping[str, object]:
    """给过谁，本人看不到。"""
    return {"xingnuo.trust.evidence.queries.shared": lambda subject_id: []}


@mutation("3.1.2")
def parcels_open_before_their_record() -> Mapping[str, object]:
    """还没记下来就已经送出。"""
    path = "xingnuo.trust.sharing.queries.contents"
    return {path: lambda parcel, *, recipient: parcel.values}


@mutation("2.2")
def old_logs_stay() -> Mapping[str, object]:
    """过了期限的日志还在。"""
    return {"xingnuo.kit.child.LOG_SECONDS_MAX": 10**12}


@mutation("2.2")
def logs_may_name_people() -> Mapping[str, object]:
    """日志里可以写上是谁。"""
    path = "xingnuo.kit.log.ALLOWED"
    return {path: frozenset(right(path)) | {"subject_id", "phone"}}  # type: ignore[call-overload]


@mutation("5.2.2a")
def withdrawing_deletes_nothing() -> Mapping[str, object]:
    """撤回同意以后，只靠同意保存的信息还留着。"""
    return {"xingnuo.trust.gate._grounds.granted_under_policy": lambda *_: []}
