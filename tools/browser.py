"""See to a browser and Chinese fonts for the tests: found, else installed, else named.

Asks nothing and is quick when both are there. In CI a missing one is a failure; elsewhere the
browser tests are skipped with a reason.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.bootstrap import as_root, output_of, run_if_it_can

APT_WAITS = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=2", "-q"]
MEND = "apt-get install -y --no-install-recommends chromium fonts-noto-cjk"


def main() -> int:
    """Get what is missing; give the exit status."""
    if chromium() and has_fonts():
        return 0
    install_by_apt()
    if not chromium():
        run_if_it_can([sys.executable, "-m", "playwright", "install", "chromium"])
    missing = [
        name
        for name, there in (("Chromium", chromium()), ("a Chinese font", has_fonts()))
        if not there
    ]
    if not missing:
        return 0
    effect = "browser tests will be skipped" if not chromium() else "pages are drawn without it"
    print(f"missing: {' and '.join(missing)}; {effect}. To mend it: {MEND}", file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


def chromium() -> str:
    """Give the path of a Chromium that starts: named, the system's, or Playwright's own."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", playwrights_own())
    paths = [found for name in names if name and (found := shutil.which(name))]
    # Run, since on some systems the name is only a stub that asks for another packager.
    return next((path for path in paths if "Chrom" in output_of([path, "--version"])), "")


def playwrights_own() -> str:
    """Give the path of the browser that Playwright downloads, there or not."""
    program = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    return str(output_of([sys.executable, "-c", program]))


def has_fonts() -> bool:
    """Tell whether Chinese text can be drawn."""
    if shutil.which("fc-list"):
        return bool(output_of(["fc-list", ":lang=zh", "file"]))
    return any(Path("/usr/share/fonts").rglob("*CJK*"))


def install_by_apt() -> None:
    """Install by the system's packager where that needs no question."""
    apt = as_root(["apt-get"])
    if not apt:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wanted = [] if chromium() else ["chromium"]
    wanted += [] if has_fonts() else ["fonts-noto-cjk"]
    print(f"installing {' '.join(wanted)} ...", flush=True)
    for command in (["update"], ["install", "-y", "--no-install-recommends", *wanted]):
        done = subprocess.run(
            [*apt, *APT_WAITS, *command], env=quiet, stdin=subprocess.DEVNULL, capture_output=True
        )
        if done.returncode != 0:
            return


if __name__ == "__main__":
    sys.exit(main())
