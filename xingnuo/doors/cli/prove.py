"""`xingnuo prove`: walk the promise register, in a scratch world and over the real store.

The scratch part runs in a process of its own, so that a fault switched in never touches the store.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from xingnuo.doors.cli import programs, scratch
from xingnuo.kit import child

OUTSIDE_SECONDS_MAX = 60
REPO = Path(__file__).resolve().parents[3]
_WORDS = {"kept": "[green]守住[/]", "not proven": "[yellow]未证明[/]", "broken": "[red]违背[/]"}
_MARKS = {"static": "静", "dynamic": "动", "mutation": "变", "live": "活"}


@click.command("prove")
@click.option("--json", "as_json", is_flag=True, help="给机器读的 JSON")
@click.option(
    "--html", "html", type=click.Path(path_type=Path), help="把给合规人员看的报告写到这里"
)
@click.option("--no-live", is_flag=True, help="不查询真实数据")
@click.option("--only", multiple=True, help="只看这些承诺编号，多个用逗号隔开")
def command(as_json: bool, html: Path | None, no_live: bool, only: tuple[str, ...]) -> None:
    """逐条核对隐私承诺：声明、行为、变异和真实数据。有一条没守住，退出码就是 1。"""
    wanted = _known([one.strip() for word in only for one in word.split(",")])
    live = None if no_live else _live()
    with scratch.world() as data_dir, _outside(data_dir):
        report = _in_scratch({"live": live, "only": wanted, "quiet": as_json})
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _print(report)
    if html is not None:
        from xingnuo.doors.cli._prove_html import render

        html.write_text(render(report), encoding="utf8")
        click.echo(f"报告：{html}", err=True)
    raise SystemExit(0 if all(p["state"] == "kept" for p in report["promises"]) else 1)


def _known(asked: list[str]) -> list[str]:
    """Give the promises that were asked for; a number that the list does not have is told."""
    from xingnuo.proof import queries as proof

    unknown = set(asked) - {one.id for one in proof.promises()}
    if unknown:
        raise click.BadParameter(f"没有这些承诺编号：{'、'.join(sorted(unknown))}")
    return asked


@contextmanager
def _outside(data_dir: Path) -> Iterator[None]:
    """Run the sandbox beside the scratch database: people sign in at a real provider."""
    port = int(os.environ["XN_SANDBOX_PORT"])
    program = programs.sandbox(data_dir, port)
    process = child.start(program.argv, log=data_dir / "logs" / "sandbox.log")
    deadline = time.monotonic() + OUTSIDE_SECONDS_MAX
    try:
        while not programs.answers(port, "/health"):
            if child.ended(process) or time.monotonic() > deadline:
                raise click.ClickException("沙盒没有启动成功。")
            time.sleep(0.05)
        yield
    finally:
        child.end(process, ask=signal.SIGTERM, seconds=program.stop_seconds)


def _in_scratch(asked: dict[str, Any]) -> dict[str, Any]:
    argv = [sys.executable, "-m", "xingnuo.doors.cli._prove_run"]
    done = subprocess.run(
        argv, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, cwd=REPO, check=False
    )
    if done.returncode != 0:
        raise click.ClickException("核对没有跑完，请查看上面的原因。")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _live() -> list[dict[str, Any]] | None:
    """Ask the real store, when one runs; None when there is none."""
    argv = [sys.executable, "-m", "xingnuo.doors.cli._prove_run", "--live"]
    if not (Path(os.environ["XN_DATA_DIR"]) / "secrets" / "roles.json").exists():
        return None
    done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, cwd=REPO, check=False)
    if done.returncode != 0:
        return None
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _print(report: dict[str, Any]) -> None:
    table = Table(title=f"隐私承诺 · 政策 {report['policy']['version']} · {report['scope']}")
    for head in ("编号", "承诺", "状态", "已有", "还缺", "还等 / 没守住的检查"):
        table.add_column(head)
    for proof in report["promises"]:
        held = "".join(dict.fromkeys(_MARKS[c["kind"]] for c in proof["checks"] if c["holds"]))
        bad = "；".join(f"{c['name']} {c['words']}" for c in proof["checks"] if not c["holds"])
        missing = "".join(_MARKS[kind] for kind in proof["missing"])
        told = bad or proof["waits"]
        table.add_row(proof["id"], proof["title"], _WORDS[proof["state"]], held, missing, told)
    console = Console(width=max(100, Console().width))
    console.print(table)
    counts = report["counts"]
    console.print(
        f"守住 {counts['kept']} · 未证明 {counts['not proven']} · 违背 {counts['broken']}"
        f" · 共 {len(report['promises'])} 条"
    )
