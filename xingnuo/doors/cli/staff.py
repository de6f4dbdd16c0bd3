"""`xingnuo staff`: the first member of staff, the register, and the switch that turns one off.

Whoever may run this holds the machine, so one person is enough here; every act is on record as
done from the command line. In the console, letting somebody in takes two.
"""

from __future__ import annotations

import os

import click
from rich.console import Console
from rich.table import Table

CHANNEL = "cli"
BY = "cli"

command = click.Group("staff", help="登记、列出、停用工作人员。")


def _setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingnuo.config.settings")
    import django

    django.setup()


@command.command()
@click.argument("code")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="岗位，可以给多个")
def add(code: str, name: str, roles: tuple[str, ...]) -> None:
    """登记一名工作人员，打印一次性代码；本人用它登记通行密钥。"""
    _setup()
    from django.conf import settings
    from django.db import transaction

    from xingnuo.kit.errors import BadInput
    from xingnuo.people.permissions import actions

    try:
        with transaction.atomic():
            made = actions.register(code=code, name=name, roles=roles, by=BY, channel=CHANNEL)
            once = actions.let_in(made.id, by=BY, channel=CHANNEL)
    except BadInput as error:
        raise click.UsageError("；".join(error.fields.values())) from None
    click.echo(f"已登记 {made.code}。一次性代码（24 小时内有效，只显示这一次）：")
    click.echo(once)
    click.echo(f"请本人打开 {settings.CONSOLE_URL}/ops/enrol/ 登记通行密钥。")


@command.command("list")
def list_() -> None:
    """列出工作人员，以及谁现在可以查看客户信息。"""
    _setup()
    from django.db import transaction

    from xingnuo.kit import clock
    from xingnuo.people.permissions import queries

    table = Table("工号", "姓名", "状态", "岗位", "可查看到")
    after = ""
    while True:
        with transaction.atomic():
            found = queries.members(after=after)
        if not found:
            break
        for one in found:
            until = one.cleared_until
            live = until is not None and until > clock.now()
            titles = "、".join(role.title for role in queries.roles_of(one))
            shown = f"{clock.beijing(until):%Y-%m-%d}" if live and until else "不能查看"
            table.add_row(one.code, one.name, one.state.value, titles, shown)
        after = found[-1].code
    Console().print(table)


@command.command()
@click.argument("code")
def suspend(code: str) -> None:
    """立即停用一名工作人员，结束所有登录。"""
    _setup()
    from django.db import transaction

    from xingnuo.people.permissions import actions, queries

    with transaction.atomic():
        found = queries.by_code(code)
        if found is None:
            raise click.UsageError(f"没有这个工号：{code}")
        actions.suspend(found.id, by=BY, why="by_cli", channel=CHANNEL)
    click.echo(f"已停用 {code}。")
