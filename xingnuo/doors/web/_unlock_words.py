"""What the unlock pages say: names of ways, how they stand, and what a try cost, in numbers."""

from __future__ import annotations

from xingnuo.people.unlock.contracts import NAMES, Outcome, State, Verdict, Way, WayShown

ICONS = {Way.BIOMETRIC: "fingerprint", Way.PASSWORD: "key", Way.PATTERN: "grip"}
ABOUT = {
    Way.BIOMETRIC: "在手机里比对，我们只收到“通过”或“没通过”",
    Way.PASSWORD: "8 个字符以上，什么字符都行",
    Way.PATTERN: "九个点连出的图案，至少 4 个点",
}
STATES = {
    State.OFF: ("未开启", ""),
    State.PENDING: ("还差一步", "info"),
    State.ACTIVE: ("已开启", "good"),
    State.LOCKED: ("已锁住", "warn"),
}
FIELDS = {Way.BIOMETRIC: "", Way.PASSWORD: "id_password", Way.PATTERN: "id_pattern"}
WRONG_BEFORE_WAIT = 5
WRONG_BEFORE_LOCK = 10
MINUTE = 60


def cost_of(verdict: Verdict) -> str:
    """Say how a try ended and what the next wrong one costs."""
    name, count = NAMES[verdict.way], verdict.wrong_count
    if verdict.outcome is Outcome.WAIT:
        return f"请再等 {span(verdict.wait_seconds)}，等的时候输入不算数。"
    if verdict.outcome is Outcome.LOCKED:
        return locked(verdict.way)
    wrong = f"{name}不对，已错 {count} 次。"
    if verdict.wait_seconds:
        left = WRONG_BEFORE_LOCK - count
        return f"{wrong}请等 {span(verdict.wait_seconds)}再试；再错 {left} 次，{name}会锁住。"
    return f"{wrong}再错 {WRONG_BEFORE_WAIT - count} 次，要等 30 秒才能再试。"


def locked(way: Way) -> str:
    """Say that a way is locked, and how it opens again."""
    return (
        f"已错 {WRONG_BEFORE_LOCK} 次，{NAMES[way]}已锁住。可以换一种方式；用星号帐号验证后会恢复。"
    )


def standing(shown: WayShown) -> str:
    """Say how a way stands before anything is tried, or nothing."""
    if shown.state is State.LOCKED:
        return locked(shown.way)
    if shown.wait_seconds:
        return f"已错 {shown.wrong_count} 次，请再等 {span(shown.wait_seconds)}。"
    if shown.wrong_count:
        return f"已连续错 {shown.wrong_count} 次；错满 {WRONG_BEFORE_LOCK} 次会锁住。"
    return ""


def span(seconds: int) -> str:
    """Say a span in seconds or whole minutes, never less than it is."""
    return f"{seconds} 秒" if seconds < MINUTE else f"{-(-seconds // MINUTE)} 分钟"
