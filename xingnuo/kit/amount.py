"""Money as integer fen in one currency."""

from __future__ import annotations

from dataclasses import dataclass

from xingnuo.kit.errors import BadInput

FEN_MAX = 10**15


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """An amount of money: `fen` is an integer count of minor units; CNY alone today."""

    fen: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if type(self.fen) is not int or abs(self.fen) > FEN_MAX:
            raise BadInput({"amount": "金额超出范围"})

    def __add__(self, other: Amount) -> Amount:
        self._same(other)
        return Amount(self.fen + other.fen, self.currency)

    def __sub__(self, other: Amount) -> Amount:
        self._same(other)
        return Amount(self.fen - other.fen, self.currency)

    def _same(self, other: Amount) -> None:
        if self.currency != other.currency:
            raise BadInput({"amount": "币种不同，不能相加减"})

    def yuan(self) -> str:
        """Write the amount in yuan with thousands commas and two decimals."""
        sign = "-" if self.fen < 0 else ""
        whole, rest = divmod(abs(self.fen), 100)
        return f"{sign}{whole:,}.{rest:02d}"


def split_evenly(total_fen: int, parts: int) -> list[int]:
    """Split fen into parts that differ by at most one and sum to the total; the first take more."""
    if parts <= 0:
        raise BadInput({"parts": "份数要大于 0"})
    base, extra = divmod(total_fen, parts)
    return [base + 1] * extra + [base] * (parts - extra)
