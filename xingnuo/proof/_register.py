"""The promise register: the acceptance list, and which kinds of checks apply to each promise."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from xingnuo.proof.contracts import Check, CheckKind, Mutation, Promise

type Faults = Callable[[], Mapping[str, object]]

_FILE = Path(__file__).with_name("promises.tsv")
_WAITS = Path(__file__).with_name("waits.tsv")
_S, _D, _M, _L = CheckKind.STATIC, CheckKind.DYNAMIC, CheckKind.MUTATION, CheckKind.LIVE
# Which kinds apply. A promise that is not named here needs all four.
_NEEDS: dict[str, tuple[CheckKind, ...]] = {
    "0.1": (_D, _M, _L),
    "0.2": (_D, _M),
    "0.3": (_S, _M),
    "0.4": (_S, _D, _M),
    "0.5": (_D, _M),
    "1.0.1": (_S, _D, _M, _L),
    "1.0.2": (_D, _M),
    **{f"1.1.{n}": (_S, _D, _M) for n in range(1, 11)},
    "1.2.1a": (_D, _M),
    "1.2.1b": (_S, _D, _M, _L),
    "1.2.2": (_S, _D, _M),
    "1.2.3a": (_S, _D, _M),
    "1.2.3b": (_D, _M),
    "1.2.3c": (_D, _M),
    "1.2.3d": (_S, _D, _M),
    # A record that stands beside each movement comes with the payments.
    "1.2.13a": (_S, _D, _M),
    "1.2.13b": (_D, _M),
    "1.2.8": (_S, _D, _M),
    "1.2.14": (_S, _D, _M),
    "1.2.15a": (_S, _D, _M),
    "1.2.15b": (_S, _D, _M),
    "1.3.11": (_S, _D, _M),
    "9.1": (_D, _M),
    "1.4.1": (_D, _M),
    "1.3.0": (_D, _M),
    # The others are used by services that come later and leave records to ask about.
    **{f"1.3.{n}": (_S, _D, _M) for n in (1, 2, 3, 7, 8, 10)},
    "1.6.3": (_D, _M),
    "1.7": (_S, _D, _M, _L),
    "2.1": (_S, _D, _M),
    "2.2": (_S, _D, _M),
    "2.4": (_S, _D),
    "3.1.1": (_S, _M),
    "3.1.2": (_S, _D, _M, _L),
    "3.1.4": (_S, _D, _M),
    "3.1.6": (_D, _M),
    "4.1.2": (_S, _D, _M),
    "4.1.6": (_D, _M, _L),
    "4.2": (_D, _M),
    "4.3.2": (_D, _M, _L),
    "4.3.3": (_S, _M),
    "1.2.7b": (_S, _D, _M),
    "5.1.1": (_D, _M),
    "5.1.2": (_D, _M),
    "5.1.3": (_D, _M),
    "5.1.4": (_D, _M),
    "5.1.5": (_D, _M),
    "5.1.6": (_D, _M),
    "5.2.1a": (_S, _D, _M),
    "5.2.1b": (_D, _M),
    "5.2.1c": (_D, _M),
    "5.2.2a": (_D, _M, _L),
    "5.2.2b": (_D, _M, _L),
    "5.2.2c": (_D, _M),
    "5.2.2e": (_D, _M, _L),
    "7.1": (_S, _D, _M),
    "8.1": (_D, _M),
}
_checks: dict[str, Check] = {}
_mutations: dict[str, Mutation] = {}


@cache
def promises() -> tuple[Promise, ...]:
    """Give every promise of the acceptance list, in its order."""
    with _FILE.open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    with _WAITS.open(encoding="utf8", newline="") as file:
        waits = dict(csv.reader(file, delimiter="\t"))
    if unknown := set(waits) - {row["id"] for row in rows}:
        raise ValueError(f"no promise of the list waits as {sorted(unknown)}")
    return tuple(
        Promise(
            id=row["id"],
            room=row["room"],
            text=row["promise"],
            shown_by=row["what shows that it holds"],
            needs=frozenset(_NEEDS.get(row["id"], tuple(CheckKind))),
            waits=waits.get(row["id"], ""),
        )
        for row in rows
    )


def check(*ids: str, kind: CheckKind) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a check of promises; its docstring says what it shows."""

    def wrap(run: Callable[[], None]) -> Callable[[], None]:
        name = f"{run.__module__.rsplit('.', 1)[-1]}.{run.__name__}"
        _known(ids, name)
        if name in _checks and _checks[name].run is not run:
            raise ValueError(f"two checks are named {name}")
        about = (run.__doc__ or "").strip().splitlines()[0]
        _checks[name] = Check(name=name, promises=ids, kind=kind, run=run, about=about)
        return run

    return wrap


def mutation(*ids: str) -> Callable[[Faults], Faults]:
    """Register a named fault; its docstring says what it breaks."""

    def wrap(faults: Faults) -> Faults:
        name = faults.__name__
        _known(ids, name)
        if name in _mutations and _mutations[name].faults is not faults:
            raise ValueError(f"two faults are named {name}")
        about = (faults.__doc__ or "").strip().splitlines()[0]
        _mutations[name] = Mutation(name=name, promises=ids, about=about, faults=faults)
        return faults

    return wrap


def _known(ids: tuple[str, ...], name: str) -> None:
    unknown = set(ids) - {promise.id for promise in promises()}
    if unknown or not ids:
        raise ValueError(f"{name} names no promise of the list: {sorted(unknown)}")


def _load() -> None:
    # Here and not above: checks and faults register themselves with this module.
    from xingnuo.proof import mutations  # noqa: F401 - importing is registering
    from xingnuo.proof.checks import (  # noqa: F401 - importing is registering
        antifraud,
        api,
        bills,
        cards,
        collecting,
        coming,
        consent,
        doors,
        evidence,
        gate,
        identity,
        items,
        leaving,
        live,
        minors,
        money,
        notices,
        people,
        permissions,
        policy,
        retention,
        rights,
        sources,
        staff,
        support,
        vault,
        wallet,
    )


def checks() -> tuple[Check, ...]:
    """Give every registered check, area by area, whatever was imported first."""
    _load()
    return tuple(sorted(_checks.values(), key=lambda one: one.name.partition(".")[0]))


def mutations() -> tuple[Mutation, ...]:
    """Give every named fault."""
    _load()
    return tuple(_mutations.values())
