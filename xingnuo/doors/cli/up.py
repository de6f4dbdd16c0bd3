"""`xingnuo up`: the whole platform under one supervisor, until a stop signal."""

from __future__ import annotations

import fcntl
import http
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psutil

from xingnuo.doors.cli import programs
from xingnuo.doors.cli.programs import Program
from xingnuo.doors.cli.supervisor import Kept, Stopped, Supervisor
from xingnuo.kit.db import cluster
from xingnuo.kit.errors import XingnuoError
from xingnuo.kit.hosts import console_url

FIRST_PAGE_SECONDS_MAX = 180
BROKEN_PAGE_SECONDS_MAX = 10
FALLS_MAX = 3
PREPARE_TOLD_STATUS = 2


class PortTaken(XingnuoError):
    """Something else listens on a port we need."""

    status = 409
    code = "port_taken"


class AlreadyUp(XingnuoError):
    """Another supervisor uses this data directory."""

    status = 409
    code = "already_up"


class DidNotComeUp(XingnuoError):
    """A part did not start; its log says why."""

    status = 500
    code = "did_not_come_up"
    remedy = ""


@click.command("up")
@click.option(
    "--port", type=click.IntRange(1, 65535), envvar="XN_PORT", default=8000, help="网页端口"
)
@click.option(
    "--sandbox-port",
    type=click.IntRange(1, 65535),
    envvar="XN_SANDBOX_PORT",
    default=8700,
    help="沙盒端口",
)
def command(port: int, sandbox_port: int) -> None:
    """启动数据库、沙盒、后台任务和网页；按 Ctrl-C 停止。"""
    data_dir = Path(os.environ["XN_DATA_DIR"])
    os.environ.update(XN_PORT=str(port), XN_SANDBOX_PORT=str(sandbox_port))
    with _sole(data_dir):
        wanted = _programs(data_dir, port, sandbox_port)
        _check_port(port, "XN_PORT")
        if any(program.name == "sandbox" for program in wanted):
            _check_port(sandbox_port, "XN_SANDBOX_PORT")
        mark = data_dir / "prepared"
        mark.unlink(missing_ok=True)
        house = Supervisor(
            cluster.provide(data_dir),
            wanted,
            logs=data_dir / "logs",
            env={**os.environ, "XN_PREPARED": str(mark)},
            say=click.echo,
        )
        house.listen()
        try:
            _run(house, data_dir, port, mark)
        except Stopped:
            click.echo("正在停止……")
        finally:
            house.stop()
    click.echo("已停止。")


def _run(house: Supervisor, data_dir: Path, port: int, mark: Path) -> None:
    click.echo("数据库……")
    house.start_database()
    click.echo("准备数据……")
    # The web loads meanwhile, and serves once the mark is there.
    house.kept("web").tend()
    _prepare(house, data_dir)
    mark.touch()
    click.echo("网页……")
    _wait_for_first_page(house, port)
    address = os.environ.get("XN_BASE_URL", f"http://localhost:{port}")
    click.echo(f"星诺已启动：{address}（按 Ctrl-C 停止，日志在 {data_dir / 'logs'}）")
    click.echo(
        f"工作台：{console_url(address)}/ops/sign-in/（第一位人员用 xingnuo staff add 登记）"
    )
    while True:
        house.tend()
        house.pause()


def _programs(data_dir: Path, port: int, sandbox_port: int) -> list[Program]:
    outside = [programs.sandbox(data_dir, sandbox_port)]
    pretended = os.environ.get("XN_ENV", "dev") != "production"
    workers = [programs.worker(), *([programs.documents()] if programs.reads_documents() else [])]
    return [*(outside if pretended else []), *workers, programs.web(port)]


def _prepare(house: Supervisor, data_dir: Path) -> None:
    status = house.run_once(programs.prepare(), os.environ)
    if status == 0:
        return
    log = data_dir / "logs" / "prepare.log"
    told = log.read_text(errors="replace").strip().split("\n")[-1]
    if status == PREPARE_TOLD_STATUS:
        raise DidNotComeUp(message=told)
    raise DidNotComeUp(message=f"准备数据没有成功（{told}），详情见 {log}。")


def _wait_for_first_page(house: Supervisor, port: int) -> None:
    began = time.monotonic()
    broken_since = None
    while not 0 < (status := programs.status_of(port)) < http.HTTPStatus.INTERNAL_SERVER_ERROR:
        for kept in house.tend():
            if kept.falls >= FALLS_MAX:
                raise _told(kept)
        now = time.monotonic()
        broken_since = (broken_since or now) if status else None
        if broken_since and now - broken_since > BROKEN_PAGE_SECONDS_MAX:
            raise _told(house.kept("web"))
        if now - began > FIRST_PAGE_SECONDS_MAX:
            raise DidNotComeUp(message="网页一直没有回应，请查看数据目录里的 logs/web.log。")
        house.pause()


def _told(kept: Kept) -> DidNotComeUp:
    name, words = kept.program.name, kept.last_words()
    return DidNotComeUp(message=f"{name} 启动不了（{words}），详情见 {kept.log}。")


def _check_port(port: int, variable: str) -> None:
    if programs.is_taken(port):
        raise PortTaken(
            message=f"端口 {port} 已被{_holder(port)}占用。",
            remedy=f"请先停掉它，或换一个端口，例如 {variable}={port + 1} make run。",
        )


def _holder(port: int) -> str:
    try:
        for item in psutil.net_connections("tcp"):
            at = item.laddr
            if item.status == psutil.CONN_LISTEN and at and at.port == port and item.pid:
                return f"进程 {item.pid}（{psutil.Process(item.pid).name()}）"
    except psutil.Error:
        # Some systems tell this to root only.
        pass
    return "别的程序"


@contextmanager
def _sole(data_dir: Path) -> Iterator[None]:
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise AlreadyUp(
                message=f"数据目录 {data_dir} 正被进程 {lock.read().strip()} 使用。",
                remedy="请先停掉它，或用 XN_DATA_DIR 换一个目录。",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
