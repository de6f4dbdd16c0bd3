"""What a withdrawal deletes and what stays by which law, said before it and after it."""

from __future__ import annotations

from xingnuo.doors.web._words import item_names, purpose_title
from xingnuo.trust.gate.contracts import AtStake, Kept
from xingnuo.trust.policy.contracts import Compiled

NOTHING_KEPT = "没有靠这一项同意保存的内容"


def lines(compiled: Compiled, stake: AtStake, *, still: str = "还在用") -> list[tuple[str, str]]:
    """Give the rows of the card that stands before the button; `still` is why a contract keeps."""
    if not stake.going and not stake.staying:
        return [("删除", NOTHING_KEPT)]
    going = item_names(compiled, stake.going)
    told = [("删除", f"马上删除：{going}" if going else "没有要删除的")]
    return told + [
        (compiled.items[one.item].name, _why(compiled, one, still)) for one in stake.staying
    ]


def said(compiled: Compiled, stake: AtStake) -> str:
    """Say in a sentence or two what went and what stayed."""
    found = ""
    if stake.going:
        found += f"已删除：{item_names(compiled, stake.going)}。"
    if stake.staying:
        found += (
            f"另有用途或依法保留：{item_names(compiled, [one.item for one in stake.staying])}。"
        )
    return found


def _why(compiled: Compiled, kept: Kept, still: str) -> str:
    if kept.law:
        rule = compiled.retention[kept.law]
        key, _, article = rule.law.partition(" ")
        law = compiled.laws[key].name
        return f"保留：{rule.name}（《{law}》{f'第 {article} 条' if article else ''}）"
    return f"保留：{purpose_title(compiled, kept.purpose)}{still}"
