"""`xingnuo legal`: officers for legal purposes, and opening what the law alone keeps."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from xingnuo.trust.gate.contracts import Actor
    from xingnuo.trust.gate.queries import Opening

SHOWN_SECONDS, SHOWN_SECONDS_MAX = 60, 300


@contextmanager
def _house() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingnuo.config.settings")
    import django

    django.setup()
    from xingnuo.kit.db.faults import told_plainly

    with told_plainly():
        yield


command = click.Group("legal", help="封存资料：登记负责人，由两位负责人为法定用途一起开启。")


@command.command()
@click.option("--officer", "officers", multiple=True, required=True, help="负责人的工号，至少两个")
def appoint(officers: tuple[str, ...]) -> None:
    """把封存密钥交给负责人：各设一个口令，任意两位一起才能开启。"""
    with _house():
        from xingnuo.trust.gate import actions as gate

        whole = os.environ.get("XN_LEGAL_PASSPHRASE", "")
        typed = {
            one: click.prompt(f"{one} 的口令", hide_input=True, confirmation_prompt=True, err=True)
            for one in dict.fromkeys(officers)
        }
        pairs = gate.appoint_officers(typed, passphrase=whole)
    click.echo(f"已登记 {len(typed)} 位负责人，任意两位一起可以开启（{pairs} 组）。")
    click.echo("请把 secrets/legal.key 和它的口令移出这台机器，另行保管。", err=True)


@command.command("open")
@click.option("--subject", type=click.UUID, required=True, help="帐号的内部编号")
@click.option("--purpose", required=True, help="法定用途，例如 court.request")
@click.option("--demand", required=True, help="凭什么开启，例如 court_order")
@click.option("--case", "case_id", type=click.UUID, required=True, help="登记这份文书的事项编号")
@click.option("--officer", "officers", multiple=True, required=True, help="两位负责人的工号")
@click.option("--item", "items", multiple=True, help="只开启这些项目")
@click.option(
    "--seconds",
    default=SHOWN_SECONDS,
    show_default=True,
    type=click.IntRange(5, SHOWN_SECONDS_MAX),
    help="在屏幕上停留多久",
)
def open_(  # noqa: PLR0913 - each option is said on the command line by its name
    *,
    subject: Any,
    purpose: str,
    demand: str,
    case_id: Any,
    officers: tuple[str, ...],
    items: tuple[str, ...],
    seconds: int,
) -> None:
    """两位负责人各自确认后，显示封存的资料；显示之前先留证。"""
    with _house():
        from xingnuo.kit.errors import BadInput
        from xingnuo.trust.gate import actions as gate
        from xingnuo.trust.gate.queries import Demand

        if len(officers) != 2:
            raise BadInput({"officer": "要给出两位负责人的工号"})
        if demand not in {one.value for one in Demand}:
            known = "、".join(one.value for one in Demand)
            raise BadInput({"demand": f"只能是：{known}"})
        _released(case_id, subject=subject, purpose=purpose, demand=demand)
        first, second = (_actor(code, case_id, demand) for code in officers)
        opening = gate.open_by_law(
            (
                (first, _confirmed(officers[0], subject, purpose)),
                (second, _confirmed(officers[1], subject, purpose)),
            ),
            subject_id=subject,
            purpose=purpose,
            demand=Demand(demand),
            items=items or None,
        )
        _show(opening, seconds)


def _released(case_id: Any, **told: Any) -> None:
    """Refuse what was not registered at the console and released there by a second officer."""
    from django.db import transaction

    from xingnuo.kit.errors import NotFound
    from xingnuo.people.permissions import queries as staff
    from xingnuo.people.permissions.contracts import ReleaseState

    with transaction.atomic():
        found = staff.release(case_id)
    same = (found.ref, found.choice, found.reason) == tuple(told.values())
    if found.kind != "legal.open" or found.state is not ReleaseState.RELEASED or not same:
        raise NotFound("case", message="这份文书没有在工作台登记并经第二人复核，或内容不一致。")


def _actor(code: str, case_id: Any, demand: str) -> Actor:
    """Make the actor of an officer as the register of staff knows them."""
    from xingnuo.kit.errors import NotFound
    from xingnuo.people.permissions import queries as staff
    from xingnuo.people.permissions.contracts import StaffState
    from xingnuo.trust.gate.contracts import Actor, Strength
    from xingnuo.trust.policy.contracts import ActorKind

    member = staff.by_code(code)
    kinds = {role.kind for role in staff.roles_of(member)} if member else set()
    if member is None or member.state is not StaffState.ACTIVE:
        raise NotFound("officer", message=f"{code} 不是在职员工。")
    if ActorKind.COMPLIANCE not in kinds:
        raise NotFound("officer", message=f"{code} 不是合规岗。")
    return Actor(
        kind=ActorKind.COMPLIANCE,
        staff_id=code,
        strength=Strength.REVERIFIED,
        channel="cli",
        undertaking_until=member.cleared_until,
        case_id=case_id,
        reason=demand,
    )


def _confirmed(code: str, subject: Any, purpose: str) -> str:
    click.echo(f"{code}：你将开启 {subject} 的封存资料，用途 {purpose}，全程留证。", err=True)
    typed: str = click.prompt(f"{code} 的口令", hide_input=True, err=True)
    return typed


def _show(opening: Opening, seconds: int) -> None:
    table = Table("项目", "位置", "内容", "写入时间", title=f"{opening.purpose}（{opening.law}）")
    for one in opening.values:
        table.add_row(one.item, one.slot, one.text, f"{one.written_at:%Y-%m-%d}")
    console = Console(highlight=False)
    if not console.is_terminal:
        console.print(table)
        _tell_files(console, opening)
        return
    # The other screen: nothing stays in the terminal's own history.
    with console.screen():
        console.print(table)
        _tell_files(console, opening)
        console.print(f"{seconds} 秒后清除，按回车可提前清除。", style="dim")
        select.select([sys.stdin], [], [], seconds)


def _tell_files(console: Console, opening: Opening) -> None:
    if opening.files:
        console.print(f"另有文件没有打开：{'、'.join(opening.files)}")
