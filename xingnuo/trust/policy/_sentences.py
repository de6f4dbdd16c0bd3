"""Sentences of the readable policy about one function, purpose, recipient, permission or term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from xingnuo.trust.policy._compile import READABLE_FORMS
from xingnuo.trust.policy.contracts import (
    After,
    Basis,
    Bound,
    Compiled,
    DevicePermission,
    Function,
    Paragraph,
    Purpose,
    Recipient,
    RetentionRule,
    Run,
    Standing,
)

_OS: Mapping[str, str] = MappingProxyType({"android": "安卓", "ios": "iOS", "web": "网页"})
_ASKED: Mapping[Basis, str] = MappingProxyType(
    {
        Basis.CONSENT: "你同意后才做",
        Basis.SEPARATE_CONSENT: "单独问你，同意后才做",
        Basis.CONTRACT: "按你的要求提供服务所必需",
        Basis.LEGAL_DUTY: "法律要求",
        Basis.EMERGENCY: "紧急情况",
        Basis.PUBLIC_SUPERVISION: "公共利益监督",
        Basis.LAWFULLY_PUBLIC: "依法公开的信息",
        Basis.OTHER_LAW: "其他法律规定",
    }
)
_MAY_REFUSE = frozenset({Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT})
_STANDING: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.HANDLER: "自行负责处理",
        Standing.PROCESSOR: "受我们委托处理",
        Standing.AUTHORITY: "依法履行职责",
    }
)


def function(policy: Compiled, one: Function) -> Iterator[Paragraph]:
    """Tell a function: who answers for it, and each of its purposes."""
    controller = policy.controllers[one.controller].name
    yield Paragraph(runs=(Run(text=f"{one.name}：{one.text}由{controller}负责。"),))
    for each in policy.purposes.values():
        if each.function == one.id:
            yield purpose(policy, each)


def purpose(policy: Compiled, one: Purpose) -> Paragraph:
    """Tell a purpose: why, what is needed, what may be refused, what refusing costs."""
    runs = [Run(text=f"{one.title}：{one.sentence}。")]
    if covers_everything(policy, one):
        runs.append(Run(text="涉及我们保存的全部项目。"))
    else:
        runs += _listing(policy, "需要", one.items)
        label = "可以不给" if one.basis in _MAY_REFUSE else "视情形还有"
        runs += _listing(policy, label, one.optional)
    if one.automated:
        runs.append(Run(text="由程序自动判断，你可以要求解释和人工复核。", strong=True))
    law = f"，{citation(policy, one.law)}" if one.law else ""
    runs.append(Run(text=f"（{_ASKED[one.basis]}{law}）{one.refusal_cost}"))
    return Paragraph(runs=tuple(runs), listed=True)


def covers_everything(policy: Compiled, one: Purpose) -> bool:
    """Tell whether a purpose reaches all that can be read, as a person's own rights do."""
    readable = {item.id for item in policy.items.values() if item.form in READABLE_FORMS}
    return readable <= set(one.items + one.optional)


def permission(one: DevicePermission) -> Paragraph:
    """Tell a device permission: where, why, what refusing costs, and the way without it."""
    by_hand = f"不开也行：{one.by_hand}。" if one.by_hand else ""
    text = f"{one.name}{bounds(one.bounds)}：{one.why}。{one.refusal_cost}{by_hand}"
    return Paragraph(runs=(Run(text=text),), listed=True)


def recipient(policy: Compiled, one: Recipient) -> Paragraph:
    """Tell a recipient: name, standing, contact, what it gets, for what and how."""
    kin = "，我们的关联公司" if one.affiliate else ""
    runs = [Run(text=f"{one.name}（{_STANDING[one.standing]}{kin}；{one.contact}）")]
    runs += _listing(policy, "收到", one.items)
    purposes = "、".join(policy.purposes[each].title for each in one.purposes)
    link = f"它的隐私政策：{one.policy_url}" if one.policy_url else ""
    runs.append(Run(text=f"用途：{purposes}。方式：{one.method}。{link}"))
    return Paragraph(runs=tuple(runs), listed=True)


def term(
    policy: Compiled, rule: RetentionRule, names: Iterable[str], longer: Iterable[str]
) -> Paragraph:
    """Tell a term: how long, which items, by which law, and what follows."""
    names, longer = "、".join(names), "、".join(longer)
    end = "到期删除" if rule.after is After.DELETE else "到期去掉一切标识"
    text = f"{rule.name}（{citation(policy, rule.law)}，{end}）："
    parts = [names] if names else []
    if longer:
        parts.append(f"在持牌机构办过业务的，还有{longer}")
    return Paragraph(runs=(Run(text=text + "；".join(parts) + "。"),), listed=True)


def citation(policy: Compiled, law: str) -> str:
    """Write a citation for people: 《个人信息保护法》第 13 条."""
    key, _, article = law.partition(" ")
    known = policy.laws.get(key)
    name = f"《{known.name}》" if known else key
    return f"{name}第 {article.partition('.')[0]} 条" if article else name


def bounds(where: tuple[Bound, ...]) -> str:
    """Say on which platforms and versions something applies; nothing when on all."""
    return f"（{'、'.join(_bound(one) for one in where)}）" if where else ""


def _bound(one: Bound) -> str:
    text = _OS[one.os]
    if one.min_version:
        text += f" {one.min_version} 及以上"
    if one.below_version:
        text += f" 低于 {one.below_version}"
    return text + (f"，{one.vendor.upper()} 系统" if one.vendor else "")


def _listing(policy: Compiled, label: str, items: tuple[str, ...]) -> list[Run]:
    if not items:
        return []
    runs = [Run(text=f"{label}：")]
    for item in items:
        runs += [
            Run(text=policy.items[item].name, strong=policy.items[item].sensitive),
            Run(text="、"),
        ]
    return [*runs[:-1], Run(text="。")]
