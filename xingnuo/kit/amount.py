"""Money as integer fen in one currency."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from xingnuo.kit.errors import BadInput

FEN_MAX = 10**15
_YUAN = re.compile(r"[0-9]{1,20}(?:\.[0-9]+)?")


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


def fen_of(typed: str, *, name: str = "amount", most_fen: int = FEN_MAX) -> int:
    """Read yuan as a person types them and give fen: a positive amount of at most `most_fen`.

    Full-width digits, points and commas count as the plain ones. Raises `BadInput` for `name`.
    """
    plain = unicodedata.normalize("NFKC", typed).replace("。", ".").replace(",", "").strip()
    if not plain:
        raise BadInput({name: "请填写金额"})
    if plain.startswith(("-", "\N{MINUS SIGN}")):
        raise BadInput({name: "金额不能是负数"})
    if not _YUAN.fullmatch(plain):
        raise BadInput({name: "请只填数字，例如 100 或 100.50"})
    whole, _, rest = plain.partition(".")
    if len(rest) > 2:  # noqa: PLR2004 - a yuan has a hundred fen
        raise BadInput({name: "最多填到分，也就是两位小数"})
    fen = int(whole) * 100 + int(rest.ljust(2, "0"))
    if fen == 0:
        raise BadInput({name: "金额要大于 0"})
    if fen > most_fen:
        raise BadInput({name: f"一次最多 {Amount(most_fen).yuan()} 元"})
    return fen
