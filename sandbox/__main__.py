"""Starts the sandbox: `python -m sandbox --port 8700 --data <dir>`. SIGTERM ends it."""

from __future__ import annotations

import argparse
import errno
import fcntl
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox import front
from sandbox.ground import memory, settings, signing
from sandbox.ground.faults import Faults
from sandbox.ground.outbox import Outbox
from sandbox.ground.partner import World
from sandbox.ground.router import Router
from sandbox.ground.server import Server
from sandbox.ground.store import Store
from sandbox.partners import PARTNERS

# Status of a start that was refused, told apart from a crash.
REFUSED = 2


class StartRefused(Exception):
    """The sandbox cannot start here; its text says why."""


def main() -> int:
    """Serve until a signal comes; give the exit status."""
    asked = _arguments()
    os.umask(0o077)
    memory.stay_small()
    try:
        told = settings.read(os.environ, port=asked.port, data_dir=asked.data)
        with _sole(asked.data):
            _serve(told, host=asked.host)
    except (StartRefused, settings.SettingsRefused) as refusal:
        print(f"sandbox: {refusal}", file=sys.stderr)
        return REFUSED
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox", description="The outside world of xingnuo.")
    port = int(os.environ.get("XN_SANDBOX_PORT") or 8700)
    parser.add_argument("--port", type=int, default=port, help="port to listen at")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at")
    parser.add_argument("--data", type=Path, required=True, help="folder of the sandbox's store")
    return parser.parse_args()


@contextmanager
def _sole(data: Path) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    with (data / "sandbox.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StartRefused(f"another sandbox uses the data folder {data}") from None
        yield


def _serve(told: settings.Settings, *, host: str) -> None:
    store = Store(told.data_dir / "sandbox.sqlite3")
    store.create(signing.SCHEMA)
    world = World(
        settings=told, store=store, faults=Faults(store), outbox=Outbox(store), partners=PARTNERS
    )
    for partner in PARTNERS:
        store.create(partner.schema)
        if partner.start:
            partner.start(world)
    try:
        server = _listen(world, host)
        # Registered before serving, so that a signal at any moment finds its handler.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: world.stopping.set())
        world.outbox.start()
        threading.Thread(target=server.serve_forever, name="serve", daemon=True).start()
        print(f"sandbox: {told.own_url}", flush=True)
        world.stopping.wait()
        server.shutdown()
        server.server_close()
        world.outbox.stop()
    finally:
        store.close()


def _listen(world: World, host: str) -> Server:
    try:
        return Server(world, Router(PARTNERS, front.ROUTES), host=host)
    except OSError as error:
        port = world.settings.port
        why = "is in use" if error.errno == errno.EADDRINUSE else os.strerror(error.errno or 0)
        raise StartRefused(f"port {port}: {why}") from None


if __name__ == "__main__":
    sys.exit(main())
