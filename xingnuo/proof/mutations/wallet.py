"""Faults in the change card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import right


@mutation("1.2.8")
def a_fen_is_shown_too_much() -> Mapping[str, object]:
    """零钱卡显示的余额比银行的多一分。"""
    path = "xingnuo.services.wallet_card._assets._kept"
    kept = right(path)

    def shown(*permit: Any) -> object:
        told: Any = kept(*permit)
        return told and replace(told, cash_fen=told.cash_fen + 1)

    return {path: shown}


@mutation("1.2.8")
def the_bank_is_asked_without_leave() -> Mapping[str, object]:
    """没同意也去银行取余额。"""
    path = "xingnuo.services.wallet_card._assets._permit"

    def permit(actor: Any, subject_id: Any) -> object:
        return right("xingnuo.services.wallet_card._rows.keeping")(subject_id)

    return {path: permit}
