"""Set up everything the project needs in `.tools` and `.venv`; quick when nothing changed.

Run by whatever `python3` the machine has (3.7 or later), so it uses the standard library alone
and finds a fitting interpreter itself. What cannot be had is named with the command that mends
it.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
DONE = VENV / ".ok"
PINS = ROOT / "requirements" / "dev.txt"
TOOL_PINS = ROOT / "requirements" / "tools.txt"
FITTING = ((3, 13), (3, 12), (3, 14))
PROBE = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"


class CannotSetUp(Exception):
    """Something needed cannot be had on this machine; the text says what would mend it."""


def main() -> int:
    """Bring `.venv` in step with the pins; give the exit status."""
    try:
        if DONE.exists() and DONE.read_text() == fingerprint():
            return 0
        print("setting up .venv (once, and after the pins change) ...", flush=True)
        interpreter = find_interpreter()
        if make_uv(interpreter):
            install_with_uv(interpreter)
        else:
            install_with_pip(interpreter)
        link_project()
        DONE.write_text(fingerprint())
    except CannotSetUp as error:
        print("setup: %s" % error, file=sys.stderr)
        return 2
    return 0


def fingerprint() -> str:
    """Tell what the environment was made from: the pins, this file and the project's place."""
    parts = [PINS.read_bytes(), Path(__file__).read_bytes(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def find_interpreter() -> str | None:
    """Give the path of a fitting Python, or None; each candidate is run, since shims lie."""
    names = ["python%d.%d" % version for version in FITTING] + ["python3", "python"]
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    stores = [
        os.path.join(pyenv, "versions", "3.1[2-4]*", "bin", "python3"),
        os.path.expanduser("~/.local/share/uv/python/*/bin/python3"),
        "/opt/python/3.1[2-4]*/bin/python3",
    ]
    found: dict[str, str] = {}
    for candidate in [sys.executable] + names + [p for s in stores for p in sorted(glob.glob(s))]:
        told = output_of([candidate, "-c", PROBE])
        if told:
            version, _, path = told.partition(" ")
            found.setdefault(version, path)
    for major, minor in FITTING:
        if "%d.%d" % (major, minor) in found:
            return found["%d.%d" % (major, minor)]
    return None


def make_uv(interpreter: str | None) -> bool:
    """Install uv into an environment of its own; tell whether it can be used."""
    uv = TOOLS / "bin" / "uv"
    if uv.exists() and output_of([str(uv), "--version"]):
        return True
    with_venv = next((p for p in (interpreter, sys.executable) if p and has_ensurepip(p)), None)
    if with_venv is None:
        install_ensurepip()
        with_venv = sys.executable
    run([with_venv, "-m", "venv", "--clear", str(TOOLS)])
    pip = [
        str(TOOLS / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
    ]
    return run_if_it_can([*pip, "--require-hashes", "-r", str(TOOL_PINS)])


def install_with_uv(interpreter: str | None) -> None:
    """Make `.venv` and install the pinned packages; without a fitting Python, uv fetches one."""
    uv = [str(TOOLS / "bin" / "uv"), "-q"]
    os.environ.setdefault("UV_SYSTEM_CERTS", "1")
    if not fits(VENV / "bin" / "python"):
        wanted = interpreter or "3.13"
        if not run_if_it_can([*uv, "venv", "--clear", "--python", wanted, str(VENV)]):
            raise CannotSetUp(
                "needs Python 3.12 to 3.14; none was found and none could be fetched.\n"
                "Install one (for example: apt-get install python3.13, or pyenv install 3.13)."
            )
    python = str(VENV / "bin" / "python")
    run([*uv, "pip", "sync", "--require-hashes", "-p", python, str(PINS)])


def install_with_pip(interpreter: str | None) -> None:
    """Do the same with plain pip, where uv cannot be had; slower."""
    if interpreter is None:
        raise CannotSetUp("needs Python 3.12 to 3.14, and neither it nor uv could be found.")
    run([interpreter, "-m", "venv", "--clear", str(VENV)])
    pip = [
        str(VENV / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
    ]
    run([*pip, "--require-hashes", "-r", str(PINS)])


def link_project() -> None:
    """Put the project on the environment's path and its command beside python.

    A `.pth` line instead of an editable install: nothing to build, nothing to fetch.
    """
    python = VENV / "bin" / "python"
    site = output_of([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    Path(site, "xingnuo.pth").write_text(str(ROOT) + "\n")
    command = VENV / "bin" / "xingnuo"
    command.write_text(
        "#!%s\nimport sys\n\nfrom xingnuo.doors.cli.main import main\n\nsys.exit(main())\n" % python
    )
    command.chmod(0o755)


def fits(python: Path) -> bool:
    """Tell whether a path is a working Python of a fitting version."""
    told = output_of([str(python), "-c", PROBE])
    return bool(told) and told.split(" ")[0] in ["%d.%d" % version for version in FITTING]


def has_ensurepip(python: str) -> bool:
    """Tell whether a Python can make environments with pip in them."""
    return output_of([python, "-c", "import ensurepip, venv; print('yes')"]) == "yes"


def install_ensurepip() -> None:
    """Install the system's package for environments, or name it and stop."""
    package = "python%d.%d-venv" % sys.version_info[:2]
    apt = as_root(["apt-get"])
    install = ["install", "-y", "--no-install-recommends", package]
    if apt and run_if_it_can([*apt, "update"]) and run_if_it_can([*apt, *install]):
        return
    raise CannotSetUp("this Python cannot make environments. Run: apt-get install %s" % package)


def as_root(command: list[str]) -> list[str] | None:
    """Give a command that runs with root's rights without asking, or None."""
    if shutil.which(command[0]) is None:
        return None
    if os.geteuid() == 0:
        return command
    if shutil.which("sudo") and run_if_it_can(["sudo", "-n", "true"]):
        return ["sudo", "-n"] + command
    return None


def output_of(command: list[str]) -> str:
    """Give what a command prints, or nothing when it cannot run."""
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode().strip() if done.returncode == 0 else ""


def run(command: list[str]) -> None:
    """Run a command that must succeed."""
    if not run_if_it_can(command):
        raise CannotSetUp("this did not work: %s" % " ".join(command))


def run_if_it_can(command: list[str]) -> bool:
    """Run a command; tell whether it succeeded."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
