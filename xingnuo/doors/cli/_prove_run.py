"""The part of `prove` that runs in a process of its own; its last line on stdout is JSON."""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
from typing import Any

import django


def main() -> int:
    """Run the scratch checks and faults, or with `--live` the live checks."""
    django.setup()
    # Refusals are what the checks are after; a line for each would bury the answer.
    logging.disable(logging.ERROR)
    from xingnuo.proof import actions, queries
    from xingnuo.proof.contracts import CheckKind, Outcome

    if "--live" in sys.argv:
        found = [dataclasses.asdict(outcome) for outcome in actions.run_live()]
        print(json.dumps(found, ensure_ascii=False))
        return 0
    asked: dict[str, Any] = json.loads(sys.stdin.read())
    live, told = None, asked["live"]
    if told is not None:
        live = tuple(Outcome(**(each | {"kind": CheckKind(each["kind"])})) for each in told)
    say = (lambda _: None) if asked["quiet"] else _say
    report = actions.prove(live=live, only=asked["only"], say=say)
    print(json.dumps(queries.as_json(report), ensure_ascii=False))
    return 0


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
