"""`xingnuo evidence`: verify the chain, seal what waits, show a person's lines, prove one line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

if TYPE_CHECKING:
    from xingnuo.trust.evidence.contracts import Report

NOT_WHOLE_STATUS = 1
FAULTS_SHOWN = 20
PIPED_COLUMNS = 200  # a pipe has no width of its own
FAULTS = {
    "changed": "被改动",
    "missing": "被删去",
    "added": "被插入",
    "reordered": "次序被改",
    "block_changed": "区块被改动",
    "block_missing": "区块缺失",
    "chain_broken": "与前一区块不相连",
    "bad_signature": "签名不对",
    "unknown_key": "不是公布的密钥签的",
    "truncated": "末尾被截去",
    "head_differs": "与库外留存的区块头不一致",
    "no_heads": "库外留存的区块头不见了",
    "ahead": "属于还没有开始的纪元",
}


@contextmanager
def _house() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingnuo.config.settings")
    import django

    django.setup()
    from xingnuo.kit.db.faults import told_plainly

    with told_plainly():
        yield


@contextmanager
def _bar(title: str, *, quiet: bool = False) -> Iterator[Progress]:
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # On stderr, so that stdout holds the answer alone.
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bar:
        yield bar


command = click.Group("evidence", help="核验证据链、封存、查看和证明单条记录。")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def verify(as_json: bool) -> None:
    """核对每个区块和每条记录；发现任何改动就指出来，退出码为 1。"""
    with _house():
        from xingnuo.trust.evidence import queries

        with _bar("核验", quiet=as_json) as bar:
            task = bar.add_task("", total=None)
            report = queries.verify(
                progress=lambda done, total: bar.update(task, completed=done, total=total)
            )
    if as_json:
        told = asdict(report) | {"whole": report.whole}
        click.echo(json.dumps(told, default=str, ensure_ascii=False))
    else:
        _print(report)
    if not report.whole:
        raise SystemExit(NOT_WHOLE_STATUS)


def _print(report: Report) -> None:
    console = Console(highlight=False)
    console.print(
        f"区块 {report.blocks}，记录 {report.lines}，待封存 {report.unsealed}，"
        f"库外留存 {report.anchored}，期满删去的区块 {report.pruned_blocks}"
    )
    if report.head:
        console.print(f"末块散列 {report.head}", style="dim")
    for remark in report.remarks:
        console.print(f"注：{remark}", style="yellow")
    if report.whole:
        console.print("完好：没有发现改动。", style="green")
        return
    table = Table("区块", "记录", "发现")
    for fault in report.faults[:FAULTS_SHOWN]:
        table.add_row(str(fault.block), str(fault.line_id or ""), FAULTS[fault.kind.value])
    console.print(table)
    console.print(f"不完好：共 {report.faults_total} 处。", style="bold red")


@command.command()
def seal() -> None:
    """把已提交的记录封存成签名区块。"""
    with _house():
        from xingnuo.trust.evidence import actions

        total = 0
        with _bar("封存") as bar:
            task = bar.add_task("", total=None)
            while count := actions.seal_blocks():
                total += count
                bar.update(task, completed=total)
    click.echo(f"封存了 {total} 条记录。")


@command.command()
@click.option("--subject", type=click.UUID, required=True, help="帐号的内部编号")
@click.option("--limit", default=50, show_default=True, help="最多几条")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def show(subject: Any, limit: int, as_json: bool) -> None:
    """列出一个人的记录；这次查看本身也会先记下来。"""
    with _house():
        from django.db import transaction

        from xingnuo.kit import clock
        from xingnuo.kit.db import session
        from xingnuo.trust.evidence import actions, queries
        from xingnuo.trust.evidence.contracts import Kind, Line

        with transaction.atomic():
            session.set_subject(subject)
            actions.record(
                Line(
                    kind=Kind.OPERATOR,
                    subject_id=subject,
                    outcome="done",
                    reason="evidence.show",
                    actor_kind="auditor",
                    channel="cli",
                )
            )
        entries = queries.of_subject(subject, limit=limit, using="audit")
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in entries], default=str))
        return
    table = Table("时间", "事件", "结果", "经手", "用途", "项目", "接收方", "编号")
    for entry in entries:
        table.add_row(
            f"{clock.beijing(entry.at):%Y-%m-%d %H:%M:%S}",
            entry.kind.value,
            " ".join(filter(None, (entry.outcome, entry.reason))),
            " ".join(filter(None, (entry.actor_kind, entry.actor_ref))),
            entry.purpose,
            " ".join(entry.items),
            entry.recipient,
            str(entry.id),
        )
    terminal = Console().is_terminal
    Console(width=None if terminal else PIPED_COLUMNS).print(table)


@command.command()
@click.argument("line_id", type=click.UUID)
def prove(line_id: Any) -> None:
    """证明一条记录在某个已签名的区块里，输出可以独立核对的 JSON。"""
    with _house():
        from xingnuo.trust.evidence import queries

        proof = queries.prove(line_id)
        told = asdict(proof) | {"holds": queries.holds(proof)}
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))
