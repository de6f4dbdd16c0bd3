"""`xingnuo drill`: faults on purpose, in a scratch world, with a seed that replays them."""

from __future__ import annotations

import click

from xingnuo.doors.cli.bench import run
from xingnuo.kit import ids

DRILLS = {
    "restore": (False, "恢复旧备份：已删除的人仍然读不出"),
    "tamper": (False, "逐字节篡改证据：每一处都被发现"),
    "ledger-kill": (False, "反复杀死数据库后台进程：账不丢、不重、对得平"),
    "crash": (False, "在每个命名点杀死进程：删除流程都能接着做完"),
    "money": (False, "渠道出错、进程被杀：钱不丢不重，两边账目一致"),
}


@click.command("drill")
@click.argument("name", required=False)
@click.option("--seed", type=int, default=None, help="重放用的种子")
@click.option("--payments", type=int, default=None, help="money：付款笔数")
@click.option("--json", "as_json", is_flag=True, help="只打印最后一行 JSON")
def command(name: str | None, seed: int | None, payments: int | None, as_json: bool) -> None:
    """不带名字时列出全部；带名字时在临时环境里演练一个。"""
    if name is None:
        for each, (_, about) in DRILLS.items():
            click.echo(f"{each:16} {about}")
        return
    if name not in DRILLS:
        raise click.BadParameter(f"没有这个演练：{name}")
    chosen = seed if seed is not None else int.from_bytes(ids.random_bytes(4))
    options = ["--seed", str(chosen), *["--json"] * as_json]
    options += ["--payments", str(payments)] if payments is not None else []
    raise SystemExit(
        run(f"bench.drills.{name.replace('-', '_')}", stack=DRILLS[name][0], options=options)
    )
