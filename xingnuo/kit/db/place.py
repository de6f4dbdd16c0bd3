"""Where the embedded server's files stand, whose they are, and the secrets beside them."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import tempfile
from pathlib import Path

import psutil

from xingnuo.kit import ids
from xingnuo.kit.child import Account
from xingnuo.kit.db.binaries import reachable
from xingnuo.kit.errors import XingnuoError

# A unix socket's whole path must fit 107 bytes.
SOCKET_PATH_BYTES_MAX = 107
_SERVICE_ACCOUNTS = ("xingnuo", "nobody")
# Used when root's data directory is closed to the server's account.
_SHELF = Path("/var/lib/xingnuo")


class DataDirUnfit(XingnuoError):
    """The data directory cannot be used by this account."""

    status = 500
    code = "data_dir_unfit"
    message = "数据目录不能用当前的系统帐户打开。"
    remedy = "请换回建立它的帐户，或用 XN_DATA_DIR 换一个目录。"


class Place:
    """The folders of one embedded server under a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()
        self._name = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]
        account = self.account() if os.geteuid() == 0 else None
        inside = self.data_dir / "pg"
        self.home = inside if account is None or self._open_to(account) else _SHELF / self._name
        self.pgdata = self.home / "data"
        self.socket_dir = self._socket_dir()

    def account(self) -> Account | None:
        """Give the account the server runs as: nobody when we are root, else ourselves."""
        if os.geteuid() != 0:
            return None
        for folder in (self.data_dir / "pg" / "data", _SHELF / self._name / "data"):
            if folder.exists() and folder.stat().st_uid != 0:
                owner = folder.stat()
                return Account(str(owner.st_uid), owner.st_uid, owner.st_gid)
        for name in _SERVICE_ACCOUNTS:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return Account(name, entry.pw_uid, entry.pw_gid)
        raise DataDirUnfit("nobody", remedy="请以普通帐户运行；root 运行时系统里要有 nobody 帐户。")

    def prepare(self) -> Account | None:
        """Make the folders with their owners and modes; give the server's account."""
        account = self.account()
        self._check_owner()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.data_dir.chmod(0o700)
        for folder in (self.data_dir / "pg", self.home, self.socket_dir):
            folder.mkdir(parents=True, exist_ok=True)
        (self.data_dir / "logs").mkdir(mode=0o700, exist_ok=True)
        if account is None:
            self.socket_dir.chmod(0o700)
            return None
        for folder in (self.data_dir, self.data_dir / "pg", self.home):
            # Passage for the server's account; nothing inside becomes readable by it.
            folder.chmod(folder.stat().st_mode | 0o011)
        os.chown(self.socket_dir, account.uid, account.gid)
        self.socket_dir.chmod(0o700)
        return account

    def port(self) -> int | None:
        """Give the port of the last start, if there was one."""
        file = self.data_dir / "pg" / "port"
        return int(file.read_text()) if file.exists() else None

    def keep_port(self, port: int) -> None:
        """Write down the port for clients and for the next start."""
        if self.port() != port:
            _write_whole(self.data_dir / "pg" / "port", str(port), 0o644)

    def fresh_folder(self, name: str, account: Account | None) -> Path:
        """Make an empty folder that belongs to the server's account."""
        folder = self.home / name
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
        return folder

    def handed_file(self, name: str, text: str, account: Account | None) -> Path:
        """Write a file that only the server's account may read."""
        file = self.home / name
        _write_whole(file, text, 0o600)
        if account:
            os.chown(file, account.uid, account.gid)
        return file

    def remove(self) -> None:
        """Remove the server's files; the rest of the data directory stays."""
        for folder in (self.home, self.socket_dir, self.data_dir / "pg"):
            if folder.exists():
                shutil.rmtree(folder)

    def forget_reused_pid(self) -> None:
        """Remove `postmaster.pid` when its number provably belongs to a younger process.

        After a machine or container restart the number may be anyone's, and the server would
        refuse for ever. Nothing is removed while any process works inside the data directory.
        """
        file = self.pgdata / "postmaster.pid"
        try:
            lines = file.read_text().splitlines()
            pid, started_at = int(lines[0]), int(lines[2])
            born_at = psutil.Process(pid).create_time()
        except (OSError, ValueError, IndexError, psutil.Error):
            return
        if born_at > started_at + 5 and not self._is_worked_in():
            file.unlink(missing_ok=True)

    def _is_worked_in(self) -> bool:
        for process in psutil.process_iter():
            try:
                if Path(process.cwd()) == self.pgdata:
                    return True
            except (psutil.Error, OSError):
                continue
        return False

    def _check_owner(self) -> None:
        if os.geteuid() == 0:
            return
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise DataDirUnfit(
                "uid",
                message="当前的用户号没有对应的系统帐户。",
                remedy="请用 /etc/passwd 里有的帐户运行。",
            ) from None
        folder = next(part for part in (self.data_dir, *self.data_dir.parents) if part.exists())
        foreign = self.pgdata.exists() and self.pgdata.stat().st_uid != os.geteuid()
        if foreign or not os.access(folder, os.W_OK | os.X_OK):
            raise DataDirUnfit

    def _open_to(self, account: Account) -> bool:
        return reachable(self.data_dir.parent, account)

    def _socket_dir(self) -> Path:
        inside = self.home / "s"
        if len(os.fsencode(inside / ".s.PGSQL.65535.lock")) <= SOCKET_PATH_BYTES_MAX:
            return inside
        return Path(tempfile.gettempdir()) / f"xn-{self._name}"


def secret_file(data_dir: Path, name: str) -> str:
    """Give a secret of the data directory, made on first use and readable by us alone."""
    file = data_dir / "secrets" / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.parent.chmod(0o700)
        write_once(file, ids.token())
    return file.read_text()


def write_once(file: Path, text: str) -> None:
    """Write a file whole, unless another process wrote it first."""
    half = file.with_name(f"{file.name}.{os.getpid()}.{ids.token(64)}")
    _write(half, text, 0o600)
    try:
        os.link(half, file)
    except FileExistsError:
        return
    finally:
        half.unlink()


def _write_whole(file: Path, text: str, mode: int) -> None:
    half = file.with_name(f"{file.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    _write(half, text, mode)
    half.replace(file)


def _write(file: Path, text: str, mode: int) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
