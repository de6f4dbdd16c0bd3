"""What retention is proved with: rows past their term are found and go, and a gap shows."""

from __future__ import annotations

import pytest

from xingnuo.duties.retention import actions
from xingnuo.proof.checks import retention
from xingnuo.proof.contracts import NotSo


def test_a_row_past_its_term_is_found_in_the_store_and_goes_with_the_sweep() -> None:
    """The live check names the table while the row is there, and nothing after the sweep."""
    actions.sweep()
    retention.nothing_is_past_its_term()
    with retention.planted(["rights_case"]):
        with pytest.raises(NotSo) as found:
            retention.nothing_is_past_its_term()
        assert found.value.message_text == "past their term: rights_case"
        actions.sweep()
        retention.nothing_is_past_its_term()


def test_every_table_with_a_start_is_tried() -> None:
    """A row can be made for each of them, and none is left behind."""
    with retention.planted() as tables:
        assert {"antifraud_case", "permissions_staff", "notices_taken"} <= set(tables)
    retention.what_is_past_its_term_goes()
