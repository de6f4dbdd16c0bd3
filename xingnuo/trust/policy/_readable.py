"""The readable policy: sections one to nine in Chinese, made from the published document alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from xingnuo.trust.policy import _sentences as say
from xingnuo.trust.policy._address import is_polite, politely
from xingnuo.trust.policy.contracts import Category, Compiled, Paragraph, Prose, Run, Section

TITLE = "星诺隐私政策"
# id, level, title; level 1 and 2 stand in the contents.
OUTLINE: tuple[tuple[str, int, str], ...] = (
    ("0", 1, "先看这几句"),
    ("1", 1, "一、收集什么，怎么用"),
    ("1.1", 2, "全部项目"),
    ("1.2", 2, "每项功能要什么"),
    ("1.3", 2, "设备权限"),
    ("1.4", 2, "从别处取得的信息"),
    ("1.5", 2, "认不出人的统计"),
    ("1.6", 2, "其他用途"),
    ("1.7", 2, "不必征得同意的情形"),
    ("2", 1, "二、Cookie 和类似技术"),
    ("3", 1, "三、给谁、转给谁、公开什么"),
    ("3.1", 2, "共享"),
    ("3.2", 2, "转移"),
    ("3.3", 2, "公开"),
    ("4", 1, "四、怎么保存，怎么保护"),
    ("4.1", 2, "保护措施"),
    ("4.2", 2, "请你一起留心"),
    ("4.3", 2, "存多久，存在哪里"),
    ("5", 1, "五、你的权利"),
    ("5.1", 2, "自己就能设置的"),
    ("5.2", 2, "向我们提出的"),
    ("6", 1, "六、未成年人"),
    ("7", 1, "七、第三方的网站和服务"),
    ("8", 1, "八、这份政策怎么更新"),
    ("9", 1, "九、怎么联系我们"),
)
CATEGORIES: Mapping[Category, str] = MappingProxyType(
    {
        Category.BASIC: "基本信息",
        Category.IDENTITY_DOCUMENT: "身份证件信息",
        Category.CONTACT_PERSON: "联系人信息",
        Category.DEVICE: "设备信息",
        Category.BIOMETRIC: "生物识别信息",
        Category.CONTENT: "内容信息",
        Category.USAGE: "使用信息",
        Category.LOCATION: "位置信息",
        Category.FINANCE: "消费与财务信息",
        Category.EDUCATION_WORK: "教育工作信息",
    }
)


def readable(policy: Compiled) -> tuple[Section, ...]:
    """Write the whole policy as sections; the same document gives the same text."""
    sections: list[Section] = []
    for place, level, title in OUTLINE:
        paragraphs = [*_prose(policy, place), *_made(policy, place)]
        if level == 1:
            paragraphs.append(_contact(policy))
        numbered = title if level == 1 else f"{place} {title}"
        sections.append(
            Section(id=place, level=level, title=numbered, paragraphs=tuple(paragraphs))
        )
        sections += _function_sections(policy, place)
    # What the program adds speaks as the document does, so that an old version reads as it did.
    return tuple(map(_politely, sections)) if is_polite(policy.document) else tuple(sections)


def _politely(section: Section) -> Section:
    paragraphs = tuple(
        replace(one, runs=tuple(replace(run, text=politely(run.text)) for run in one.runs))
        for one in section.paragraphs
    )
    return replace(section, title=politely(section.title), paragraphs=paragraphs)


def contents(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Give the sections that stand in the table of contents."""
    return tuple(section for section in sections if section.level < 3)


def summary(policy: Compiled) -> tuple[str, ...]:
    """Give the few sentences that come first: dates, counts and what this version changed."""
    sensitive = sum(item.sensitive for item in policy.items.values())
    outside = len(policy.recipients)
    return (
        f"{policy.version} 版，{_day(policy.published_on)}公布，{_day(policy.effective_on)}起生效。",
        f"共 {len(policy.items)} 项信息，其中敏感的 {sensitive} 项；"
        f"{len(policy.functions)} 项功能，{len(policy.purposes)} 个用途。",
        f"会收到信息的外部单位 {outside} 家，都在中国内地，没有一家为此付钱。",
        *policy.summary,
    )


def plain_text(policy: Compiled) -> str:
    """Write the whole policy as plain text, for reading and saving."""
    lines = [TITLE, "", *summary(policy), ""]
    for section in readable(policy):
        lines += ["", section.title, ""]
        lines += [("· " if one.listed else "") + one.text for one in section.paragraphs]
    return "\n".join(lines) + "\n"


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _prose(policy: Compiled, place: str) -> Iterator[Paragraph]:
    for one in policy.prose:
        if one.section == place:
            yield _paragraph(one)


def _paragraph(one: Prose) -> Paragraph:
    return Paragraph(
        runs=(
            Run(text=f"{one.title}：", strong=one.emphasised),
            Run(text=one.text, strong=one.emphasised),
        )
    )


def _contact(policy: Compiled) -> Paragraph:
    operator = policy.controllers["operator"]
    return Paragraph(runs=(Run(text=f"对这一章有疑问：{operator.contact}"),))


def _made(policy: Compiled, place: str) -> Iterator[Paragraph]:
    maker = _MAKERS.get(place)
    if maker is not None:
        yield from maker(policy)
    for function in policy.functions.values():
        if function.section == place:
            yield from say.function(policy, function)


def _function_sections(policy: Compiled, place: str) -> Iterator[Section]:
    inner: dict[str, list[str]] = {}
    for function in policy.functions.values():
        if function.section.startswith(f"{place}.") and function.section not in _PLACES:
            parent = function.section.rpartition(".")[0]
            if parent == place:
                inner.setdefault(function.section, []).append(function.id)
    for section in sorted(inner, key=lambda one: [int(part) for part in one.split(".")]):
        functions = [policy.functions[one] for one in inner[section]]
        paragraphs = [one for function in functions for one in say.function(policy, function)]
        names = "、".join(function.name for function in functions)
        yield Section(id=section, level=3, title=f"{section} {names}", paragraphs=tuple(paragraphs))


def _items(policy: Compiled) -> Iterator[Paragraph]:
    for category, title in CATEGORIES.items():
        runs: list[Run] = [Run(text=f"{title}：")]
        for item in policy.items.values():
            if item.category is category:
                runs += [
                    Run(text=item.name, strong=item.sensitive),
                    Run(text=say.bounds(item.bounds)),
                ]
                runs.append(Run(text="、"))
        yield Paragraph(runs=(*runs[:-1], Run(text="。")), listed=True)
    for item in policy.items.values():
        if item.sensitive:
            yield Paragraph(
                runs=(Run(text=f"{item.name}：", strong=True), Run(text=item.necessity)),
                listed=True,
            )


def _permissions(policy: Compiled) -> Iterator[Paragraph]:
    for one in policy.permissions.values():
        yield say.permission(one)


def _exceptions(policy: Compiled) -> Iterator[Paragraph]:
    for one in sorted(policy.exceptions.values(), key=lambda exception: exception.number):
        by = f"（依据{say.citation(policy, one.law)}）" if one.usable else "（不使用）"
        yield Paragraph(runs=(Run(text=f"{one.name}{by}。"),), listed=True)


def _disclosures(policy: Compiled) -> Iterator[Paragraph]:
    usable = [one for one in policy.exceptions.values() if one.usable and one.disclosure]
    names = "；".join(one.name for one in sorted(usable, key=lambda one: one.number))
    yield Paragraph(runs=(Run(text=f"法律允许不经同意提供的情形：{names}。"),))


def _recipients(policy: Compiled) -> Iterator[Paragraph]:
    for party in policy.recipients.values():
        yield say.recipient(policy, party)


def _terms(policy: Compiled) -> Iterator[Paragraph]:
    for rule in policy.retention.values():
        names = [item.name for item in policy.items.values() if item.retention == rule.id]
        longer = [item.name for item in policy.items.values() if item.kept_by_law == rule.id]
        if names or longer:
            yield say.term(policy, rule, names, longer)


def _controllers(policy: Compiled) -> Iterator[Paragraph]:
    for one in policy.controllers.values():
        text = (
            f"{one.name}（{one.services}）：{one.address}；{one.contact}；{one.officer_contact}。"
        )
        yield Paragraph(runs=(Run(text=text),), listed=True)


_PLACES = frozenset(place for place, _, _ in OUTLINE)
_MAKERS: Mapping[str, Callable[[Compiled], Iterator[Paragraph]]] = MappingProxyType(
    {
        "1.1": _items,
        "1.3": _permissions,
        "1.7": _exceptions,
        "3.1": _recipients,
        "3.3": _disclosures,
        "4.3": _terms,
        "9": _controllers,
    }
)
