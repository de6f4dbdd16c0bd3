"""`xingnuo`: the operators' command line; each command is loaded only when it is asked for."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from xingnuo.kit.errors import XingnuoError

# name → (module whose `command` it is, what it does)
COMMANDS = {
    "up": ("xingnuo.doors.cli.up", "启动整个平台：数据库、沙盒、后台任务和网页，直到收到停止信号"),
    "demo": ("xingnuo.doors.cli.demo", "走完一个人的一生，逐步打印证据"),
    "prove": ("xingnuo.doors.cli.prove", "逐条核对隐私承诺，并说明哪些已证明"),
    "policy": ("xingnuo.doors.cli.policy", "比较、发布、导出隐私政策"),
    "evidence": ("xingnuo.doors.cli.evidence", "核验证据链"),
    "legal": ("xingnuo.doors.cli.legal", "封存资料：由两位负责人为法定用途一起开启"),
    "staff": ("xingnuo.doors.cli.staff", "登记、列出、停用工作人员"),
    "drill": ("xingnuo.doors.cli.drill", "故障演练"),
    "bench": ("xingnuo.doors.cli.bench", "性能基准"),
    "backup": ("xingnuo.doors.cli.backup", "备份数据和密钥"),
    "restore": ("xingnuo.doors.cli.restore", "从备份恢复，并重放注销记录"),
}
REPO = Path(__file__).resolve().parents[3]
# A fault that was told plainly; 1 stays for "ran, and the answer is no".
TOLD_STATUS = 2


class House(click.Group):
    """The commands of the house, found in `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("命令"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a fault of the house becomes one plain sentence and a status."""
        try:
            return super().invoke(ctx)
        except XingnuoError as error:
            click.echo(f"{error.message_text}{error.remedy_text}", err=True)
            ctx.exit(TOLD_STATUS)


@click.group(cls=House, name="xingnuo", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version="0.1.0", prog_name="xingnuo")
def main() -> None:
    """星诺：说到的，做得到。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingnuo.config.settings")
    data_dir = Path(os.environ.get("XN_DATA_DIR") or REPO / ".data").absolute()
    os.environ["XN_DATA_DIR"] = str(data_dir)


if __name__ == "__main__":
    sys.exit(main())
