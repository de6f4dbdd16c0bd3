"""`xingnuo demo`: one person's whole life over HTTP, with refusals and evidence.

Runs in a scratch world with the real sandbox, web and worker processes; nothing is mocked.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xingnuo.doors.cli import scratch
from xingnuo.doors.cli._demo_browser import Mismatch

if TYPE_CHECKING:
    from xingnuo.doors.cli._demo_life import Life

REPO = Path(__file__).resolve().parents[3]


@click.command("demo")
@click.option("--no-restore", is_flag=True, help="跳过备份恢复")
def command(no_restore: bool) -> None:
    """从第一次打开到注销：每一步做什么、被拒绝什么、留下什么证据。"""
    with scratch.world() as data_dir, scratch.Stack(data_dir) as stack:
        from xingnuo.doors.cli._demo_life import Life  # after the world: it needs the settings

        stack.start_worker()
        life = Life(os.environ["XN_BASE_URL"], os.environ["XN_SANDBOX_URL"], say=click.echo)
        try:
            life.live(before_the_end=lambda: None if no_restore else _backup())
            _tool("证据核验", "evidence", "verify")
        except Mismatch as found:
            click.echo(f"✗ {found}", err=True)
            raise SystemExit(1) from None
        stack.stop()
        if not no_restore:
            _restore(life, click.echo)
    click.echo("完成：每一步都与政策一致。")


def _backup() -> None:
    _tool("备份（注销前）", "backup")


def _restore(life: Life, say: Callable[[str], None]) -> None:
    _tool("恢复注销前的旧备份", "restore", "--data", "latest", "--yes")
    say(f"  已删除的人：{life.read_after_restore()}")
    _tool("恢复后的证据核验", "evidence", "verify")


def _tool(title: str, *words: str) -> None:
    click.echo(f"\n■ {title}（xingnuo {' '.join(words)}）")
    argv = [sys.executable, "-m", "xingnuo.doors.cli.main", *words]
    done = subprocess.run(argv, cwd=REPO, check=False)
    if done.returncode != 0:
        raise Mismatch(f"xingnuo {' '.join(words)} 没有通过")
