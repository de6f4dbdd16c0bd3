"""`xingnuo bench`: performance figures, each in a scratch world of its own."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from xingnuo.doors.cli import scratch

REPO = Path(__file__).resolve().parents[3]

# name → (needs the whole stack, what it measures)
BENCHES = {
    "gate_decision": (False, "一次授权判定的 CPU 时间，并与 Cedar、regorus 逐项比对"),
    "vault_read": (False, "带授权和证据读取 54 项加密信息，与裸读解密之比"),
    "person": (False, "一万条记录的导出与删除"),
    "evidence_cost": (False, "证据在热路径上的代价"),
    "home": (True, "首页字节数与服务器 p95"),
    "documents": (True, "读证件正反两面的时间，以及同时打开首页的 p95"),
    "console": (False, "各队列都有十万张待办工单时，工作台列表页的字节数与 p95"),
    "at_rest": (False, "整套平台静止时的内存"),
    "start": (False, "热启动到首页的时间"),
    "risk": (False, "每秒 200 次风险判断时的 p99"),
    "screening": (False, "一个姓名与一百万条名单的核对"),
    "ledger_batch": (False, "成批记账，与 COPY 和 pgledger 之比"),
    "ledger_single_callers": (False, "64 个并发调用者同记一个账户：合批与逐笔之比"),
    "ledger_single": (False, "逐笔记账，与 pgbench TPC-B 之比"),
    "ledger_reads": (False, "千万条分录时查余额与历史余额的 p99"),
    "payments": (False, "经网页服务付款：每秒笔数与 p99"),
    "recon": (False, "一百万行渠道账单的日终核对"),
}


@click.command("bench", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="只打印最后一行 JSON")
@click.argument("own", nargs=-1, type=click.UNPROCESSED)
def command(name: str | None, as_json: bool, own: tuple[str, ...]) -> None:
    """不带名字时列出全部；带名字时在临时环境里运行一个。

    其余参数原样交给它：payments --seconds、person --fides、ledger_reads --entries、recon --lines。
    """
    if name is None:
        for each, (_, about) in BENCHES.items():
            click.echo(f"{each:16} {about}")
        return
    if name not in BENCHES:
        raise click.BadParameter(f"没有这个基准：{name}")
    options = ["--json"] * as_json
    raise SystemExit(run(f"bench.{name}", stack=BENCHES[name][0], options=[*options, *own]))


def run(module: str, *, stack: bool, options: list[str]) -> int:
    """Run a program of the repository in a scratch world; gives its exit status."""
    with scratch.world() as data_dir, ExitStack() as parts:
        if stack:
            parts.enter_context(scratch.Stack(data_dir)).start_worker()
        argv = [sys.executable, "-m", module, *options]
        return subprocess.run(argv, cwd=REPO, check=False).returncode
