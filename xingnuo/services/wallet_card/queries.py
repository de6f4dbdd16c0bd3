"""What the change card lets out: account, assets, movements, limits, and the queue of cases."""

from __future__ import annotations

from xingnuo.services.wallet_card._assets import assets
from xingnuo.services.wallet_card._cases import page as cases
from xingnuo.services.wallet_card._desk import facts as case_facts
from xingnuo.services.wallet_card._desk import one as one_case
from xingnuo.services.wallet_card._desk import pages as case_pages
from xingnuo.services.wallet_card._holdings import blocks, busy_card, export
from xingnuo.services.wallet_card._seen import account, move, my_limits, statement, under_way

__all__ = [
    "account",
    "assets",
    "blocks",
    "busy_card",
    "case_facts",
    "case_pages",
    "cases",
    "export",
    "move",
    "my_limits",
    "one_case",
    "statement",
    "under_way",
]
