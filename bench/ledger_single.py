"""One transfer at a time, over many accounts, against pgbench's TPC-B with as many clients.

`xingnuo bench ledger_single [--json]`. Bar: at least as many a second as TPC-B, 16 clients. pgbench
drives both, so that the same client's cost is in both: TPC-B as it comes (scale 16, prepared), and
a script that calls the posting function with one transfer of a fresh id. Best of the rounds.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bench import _ledger, report
from xingnuo.kit.db import cluster

BAR = 1.0
CLIENTS, SCALE = 16, 16
SECONDS = 6
ROUNDS = 3
ACCOUNTS = 10_000
# What the house's code sends for one transfer; the ids are drawn by the client.
SCRIPT = """
\\set n random(1, {count})
SELECT ledger_post(ARRAY[p.subject_id, NULL]::uuid[], ARRAY[p.account_id, '{fee}']::uuid[],
    ARRAY[p.subject_id]::uuid[], ARRAY[gen_random_uuid()], '{{1}}', '{{2}}', '{{1}}',
    '{{bench}}', '{{0}}', '{{}}', '{{}}', '{{""}}', '{{}}', '{{}}', interval '0')
FROM bench_purse AS p WHERE p.n = :n
"""
TABLE = """
    DROP TABLE IF EXISTS bench_purse;
    CREATE TABLE bench_purse (n integer PRIMARY KEY, subject_id uuid, account_id uuid);
    GRANT SELECT ON bench_purse TO xn_app;
    INSERT INTO bench_purse SELECT row_number() OVER (), subject_id, account_id FROM ledger_balance;
    ANALYZE bench_purse;
"""


def main() -> None:
    """Run both in turn."""
    server = cluster.provide(Path(os.environ["XN_DATA_DIR"]))
    tool = str(server.tool("pgbench"))
    for start in range(0, ACCOUNTS, 5000):
        _ledger.purses(min(5000, ACCOUNTS - start))
    owner = _ledger.params("xn_owner")
    with _ledger.connect("xn_owner") as made:
        made.execute(TABLE)
        made.execute("GRANT CREATE ON SCHEMA public TO xn_owner")
    pgbench(tool, owner, "-i", "-q", "-s", str(SCALE))
    best: list[tuple[float, float]] = []
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(SCRIPT.format(count=ACCOUNTS, fee=_ledger.FEE))
        script.flush()
        run = ("-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS), "-M", "prepared", "-n")
        for _ in range(ROUNDS):
            peer = tps(pgbench(tool, owner, *run))
            ours = tps(pgbench(tool, _ledger.params("xn_app"), *run, "-f", script.name))
            best.append((ours / peer, ours))
            report.say(f"TPC-B {peer:,.0f}/s, post {ours:,.0f}/s: {ours / peer:.2f} times")
    ratio, ours = max(best)
    report.result(
        name="ledger_single",
        value=round(ours),
        unit=f"transfers/s, one a transaction, {CLIENTS} clients",
        bar=f">= {BAR} times TPC-B",
        holds=ratio >= BAR,
        ratio_to="pgbench TPC-B",
        ratio=round(ratio, 2),
    )


def pgbench(tool: str, role: dict[str, Any], *options: str) -> str:
    """Run pgbench as a role and give what it says."""
    env = os.environ | {"PGPASSWORD": role["password"]}
    place = ["-h", str(role["host"]), "-p", str(role["port"]), "-U", role["user"], role["dbname"]]
    done = subprocess.run([tool, *options, *place], env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return done.stdout


def tps(said: str) -> float:
    """Read the rate."""
    found = re.search(r"^tps = ([0-9.]+)", said, re.MULTILINE)
    if found is None or re.search(r"failed transactions: [1-9]", said):
        raise SystemExit(said[-2000:])
    return float(found[1])


if __name__ == "__main__":
    main()
