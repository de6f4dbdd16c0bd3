"""Steps as tables: what a table names is taken, anything else refused by the room's own error."""

from __future__ import annotations

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingnuo.kit.errors import Refused
from xingnuo.kit.steps import ForbiddenStep, step


class Light(StrEnum):
    """A light of three states."""

    RED = "red"
    GREEN = "green"
    OUT = "out"


class NoLight(Refused):
    """A refusal of a room's own."""

    code = "no_light"


LIGHTS = st.sampled_from(Light)
TABLES = st.fixed_dictionaries({light: st.frozensets(LIGHTS) for light in Light})


@given(table=TABLES, before=LIGHTS, after=LIGHTS)
def test_a_table_alone_decides(
    table: dict[Light, frozenset[Light]], before: Light, after: Light
) -> None:
    """For any table and any two states."""
    if after in table[before]:
        assert step(table, before, after) is after
        return
    for error in (ForbiddenStep, NoLight):
        with pytest.raises(error) as no:
            step(table, before, after, error=error)
        assert no.value.detail == f"{before.value}->{after.value}"
