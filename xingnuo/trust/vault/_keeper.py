"""The keeper: a process that holds the root key and wraps or unwraps, one JSON line at a time.

Started as `python -m xingnuo.trust.vault._keeper DATA_DIR`; ends when its input ends. Answers are
`{"text": …}` or `{"error": "unreadable" | "closed"}`; it tells nothing else, whatever it is asked.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import BinaryIO

from xingnuo.trust.vault._provider import FileProvider
from xingnuo.trust.vault.contracts import KeyProvider, KeysClosed, Unreadable

LINE_BYTES_MAX = 64 * 1024


def serve(provider: KeyProvider, questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the questions end."""
    verbs = {"wrap": provider.wrap, "unwrap": provider.unwrap}
    while line := questions.readline(LINE_BYTES_MAX):
        try:
            asked = json.loads(line)
            text, context = (base64.b64decode(asked[name]) for name in ("text", "context"))
            answer = {"text": base64.b64encode(verbs[asked["do"]](text, context)).decode()}
        except (Unreadable, ValueError, KeyError, TypeError):
            answer = {"error": "unreadable"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def main() -> int:
    """Open the root key and serve standard input; exits with 2 when it cannot be opened."""
    try:
        provider = FileProvider(Path(sys.argv[1]))
    except KeysClosed:
        return 2
    serve(provider, sys.stdin.buffer, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
