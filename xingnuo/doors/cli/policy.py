"""`xingnuo policy`: compare, check, publish and export the privacy policy."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

DIRECTIONS = {"wider": "变宽", "narrower": "变窄", "other": "改变", "same": "措辞"}
STYLES = {"wider": "red", "narrower": "green", "other": "yellow", "same": "dim"}
DECLARED = "declared"
FAULTY_STATUS = 1


def _house() -> Any:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingnuo.config.settings")
    import django

    django.setup()
    from xingnuo.trust.policy import queries

    return queries


def _version(number: str) -> Any:
    queries = _house()
    if number == DECLARED:
        return queries.declared()
    return queries.version(number) if number else queries.in_force()


command = click.Group("policy", help="比较、核对、发布、导出隐私政策。")


@command.command("list")
def list_() -> None:
    """列出已发布的各版，标出现在生效的一版。"""
    queries = _house()
    now = queries.in_force().version
    table = Table("版本", "公布", "生效", "项目", "用途", "接收方", "散列", "")
    for one in queries.versions():
        counts = [str(len(part)) for part in (one.items, one.purposes, one.recipients)]
        days = [one.published_on.isoformat(), one.effective_on.isoformat()]
        table.add_row(
            one.version, *days, *counts, one.hash[:12], "生效中" if one.version == now else ""
        )
    Console().print(table)


@command.command()
@click.argument("old", default="")
@click.argument("new", default="")
@click.option("--all", "everything", is_flag=True, help="连措辞和日期的变化也列出")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def diff(old: str, new: str, everything: bool, as_json: bool) -> None:
    """比较两版；不写版本时，比较生效的一版与代码的声明。"""
    queries = _house()
    found = queries.diff(_version(old), _version(new or DECLARED))
    if as_json:
        click.echo(json.dumps(_diff_data(found), ensure_ascii=False))
        return
    console = Console()
    console.print(f"{found.old} → {found.new}")
    _print_changes(console, found, everything=everything)
    counts = {
        name: sum(c.direction.value == key for c in found.changes)
        for key, name in DIRECTIONS.items()
    }
    console.print("，".join(f"{name} {count} 处" for name, count in counts.items()))
    console.print(
        f"重大变化：{'是' if found.material else '否'}；需要重新征得同意的组合：{len(found.due)} 个"
    )
    if not old and not new and queries.unpublished():
        console.print(
            f"[red]尚未发布、因此不能运行的用途：{'、'.join(sorted(queries.unpublished()))}[/red]"
        )
        raise SystemExit(FAULTY_STATUS)


def _print_changes(console: Console, found: Any, *, everything: bool) -> None:
    shown = [one for one in found.changes if everything or one.direction.value != "same"]
    if not shown:
        console.print("没有变化。")
        return
    table = Table("方向", "种类", "对象", "内容", "之前", "之后", "须再同意")
    for one in shown:
        direction = one.direction.value
        table.add_row(
            f"[{STYLES[direction]}]{DIRECTIONS[direction]}[/]",
            one.kind,
            one.subject,
            one.what,
            _short(one.before),
            _short(one.after),
            str(len(one.pairs) or ""),
        )
    console.print(table)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def _diff_data(found: Any) -> dict[str, Any]:
    return {
        "old": found.old,
        "new": found.new,
        "material": found.material,
        "due": [[pair.purpose, pair.item, pair.recipient] for pair in sorted(found.due)],
        "changes": [
            {
                "kind": one.kind,
                "subject": one.subject,
                "what": one.what,
                "before": one.before,
                "after": one.after,
                "direction": one.direction.value,
                "material": one.material,
            }
            for one in found.changes
        ],
    }


@command.command()
@click.argument("version")
@click.option("--published-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="公布日期")
@click.option("--effective-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="生效日期")
@click.option("--summary", multiple=True, required=True, help="这一版改了什么，可写多次")
def publish(version: str, published_on: Any, effective_on: Any, summary: tuple[str, ...]) -> None:
    """把代码的声明发布为新的一版；发布后不能改动。"""
    queries = _house()
    from xingnuo.trust.policy import actions
    from xingnuo.trust.policy.contracts import Notice

    notice = Notice(
        version=version,
        published_on=_day(published_on),
        effective_on=_day(effective_on),
        summary=summary,
    )
    before = queries.versions()
    made = actions.publish(notice)
    click.echo(f"已发布 {made.version} 版，{made.effective_on} 起生效，散列 {made.hash}")
    if before:
        found = queries.diff(before[-1], made)
        told = (
            "重大变化：请用弹窗或邮件告知，并请大家重新确认。"
            if found.material
            else "非重大变化：公告即可。"
        )
        click.echo(f"{told}须重新征得同意的组合：{len(found.due)} 个。")
    click.echo("数据库里的记录会在下次启动时补上。")


def _day(moment: Any) -> date:
    day: date = moment.date()
    return day


@command.command()
@click.option(
    "--version", "number", default="", help="版本号；不写为生效的一版，declared 为代码的声明"
)
@click.option(
    "--format", "form", type=click.Choice(["dpv", "fides", "json", "text"]), default="json"
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写到文件")
def export(number: str, form: str, output: Path | None) -> None:
    """导出一版：W3C DPV、Fideslang、规范 JSON 或中文正文。"""
    policy = _version(number)
    queries = _house()
    if form == "json":
        text = policy.document.decode()
    elif form == "text":
        text = queries.plain_text(policy)
    else:
        made = queries.dpv(policy) if form == "dpv" else queries.fideslang(policy)
        text = json.dumps(made, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"已写到 {output}")


@command.command()
def lint() -> None:
    """核对代码的声明：每个引用都能找到，每条规则都守住。"""
    found = _house().faults()
    for fault in found:
        click.echo(fault)
    click.echo(f"发现 {len(found)} 处问题。" if found else "没有发现问题。")
    raise SystemExit(FAULTY_STATUS if found else 0)
