"""Steps as tables: what a table does not name is refused, whatever room it is of."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from xingnuo.kit.errors import Conflict, XingnuoError


class ForbiddenStep(Conflict):
    """The thing is not in a state from which the step leads on."""

    code = "forbidden_step"
    message = "这一步已经做过，或现在不能做。"
    remedy = "请刷新后再看。"


def step[S: StrEnum](
    table: Mapping[S, frozenset[S]],
    before: S,
    after: S,
    *,
    error: type[XingnuoError] = ForbiddenStep,
) -> S:
    """Give the state after a step; raises `error` for one that the table does not have."""
    if after not in table[before]:
        raise error(f"{before.value}->{after.value}")
    return after
