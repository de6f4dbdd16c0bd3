"""Make a running cluster ready for the house: roles, tables, rights, keys, then the guards.

Also a program of its own (`python -m xingnuo.doors.cli.database`), so that the supervisor,
which lives long, never loads Django.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg

from xingnuo.kit.db import cluster, guards, roles
from xingnuo.kit.errors import XingnuoError

_FRAMEWORK_SQL = Path(guards.__file__).with_name("framework.sql")
# Two starts at once (several machines on one outside database) migrate one after the other.
_MIGRATE_LOCK = 0x786E_6D67


def prepare(data_dir: Path) -> None:
    """Bring the databases of a running cluster up to this code; safe to repeat.

    Raises an error of the house when the server or a role is unfit (`kit.db.guards`).
    """
    os.environ["XN_DATA_DIR"] = str(data_dir)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingnuo.config.settings")
    names = roles.database_names()
    roles.ensure_roles(cluster.provide(data_dir), data_dir, *names)

    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    owner = roles.connection_params(data_dir, "xn_owner", names[0])
    with psycopg.connect(**owner, autocommit=True) as held:
        held.execute("SELECT pg_advisory_lock(%s)", [_MIGRATE_LOCK])
        call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
        held.execute(_FRAMEWORK_SQL.read_bytes())
        for hook in _hooks():
            hook()
    guards.check(connection)


def collect_static() -> None:
    """Gather, fingerprint and compress the static files, unless none changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    root = Path(str(settings.STATIC_ROOT))
    print_of = root / ".print"
    now = _print_of(finder.list([]) for finder in get_finders())
    if not print_of.exists() or print_of.read_text() != now:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        print_of.write_text(now)


def _print_of(lists: Iterable[Iterable[tuple[str, Any]]]) -> str:
    rows = []
    for files in lists:
        for name, storage in files:
            info = os.stat(storage.path(name))
            rows.append(f"{name} {info.st_size} {info.st_mtime_ns}")
    return "\n".join(sorted(rows))


def _hooks() -> Iterable[Callable[[], None]]:
    # By name: doors stand below config, which alone knows what rooms need at preparation.
    hooks: Iterable[Callable[[], None]] = importlib.import_module("xingnuo.config.wiring").prepare()
    return hooks


def main() -> int:
    """Prepare the data directory of the environment; the last line on stderr says why not."""
    try:
        prepare(Path(os.environ["XN_DATA_DIR"]))
        collect_static()
    except XingnuoError as error:
        print(f"{error.message_text}{error.remedy_text}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
