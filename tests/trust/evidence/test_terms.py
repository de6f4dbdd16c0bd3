"""Terms and restores: the chain stays whole when old lines go and when a backup comes back."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from psycopg import sql

from tests.trust.evidence.conftest import Say, cut_after, fetch
from xingnuo.kit import clock
from xingnuo.trust.evidence import actions, queries
from xingnuo.trust.evidence.contracts import EvidenceFault, NotSealed


def test_lines_go_after_their_term_and_the_chain_still_verifies(say: Say) -> None:
    """Young lines stay whatever the app's clock says; old ones go in whole blocks, named."""
    with clock.shifted(-timedelta(days=1200)):
        old = [say() for _ in range(3)]
        actions.seal_blocks()
    young = say()
    actions.seal_blocks()
    assert actions.prune() == 3
    assert fetch("SELECT id FROM evidence_line") == [(young.id,)]
    report = queries.verify()
    assert report.whole and report.pruned_blocks == 1, report
    with pytest.raises(NotSealed):
        queries.prove(old[0].id)
    with clock.shifted(timedelta(days=2000)), pytest.raises(DatabaseError):
        actions.prune()
    assert actions.prune() == 0
    assert queries.verify() == report


def test_a_restored_backup_begins_an_epoch(say: Say, superuser: psycopg.Connection[object]) -> None:
    """Older transaction ids are noticed; after the note and a new epoch the chain goes on."""
    say()
    actions.seal_blocks()
    kept = queries.verify().blocks
    say()
    actions.seal_blocks()
    cut_after(kept)
    assert [fault.kind.value for fault in queries.verify().faults] == ["truncated"]
    epoch = actions.begin_epoch()
    assert epoch == 2
    report = queries.verify()
    assert report.whole and "restored" in report.remarks[0]
    name = sql.Identifier(str(connection.settings_dict["NAME"]))
    try:
        superuser.execute(sql.SQL("ALTER DATABASE {} SET xn.epoch = '2'").format(name))
        connections["default"].close_pool()
        connections["default"].close()
        line = say()
        actions.seal_blocks()
        assert fetch("SELECT epoch FROM evidence_line WHERE id = %s", line.id) == [(2,)]
        connections["audit"].close_pool()
        connections["audit"].close()
        assert queries.verify().whole
    finally:
        superuser.execute(sql.SQL("ALTER DATABASE {} RESET xn.epoch").format(name))
        connections["default"].close_pool()
        connections["default"].close()
    say()
    with pytest.raises(EvidenceFault):
        actions.seal_blocks()
