"""What the payments room does: cards, payment password, confirmations, auto-debits."""

from __future__ import annotations

from xingnuo.money.payments._agreements import (
    act_of,
    cancel_agreement,
    draft_agreement,
    sign_agreement,
)
from xingnuo.money.payments._agreements_debits import announce_debit, due_debit, settle_debit
from xingnuo.money.payments._cards import set_default_card, unbind_card, watch_cards
from xingnuo.money.payments._cards_checks import (
    begin_card,
    confirm_card,
    give_up_card,
    lapse_card,
    resume_card,
)
from xingnuo.money.payments._confirm_acts import (
    ask_confirmation,
    confirm,
    device_options,
    sweep,
    use_confirmation,
)
from xingnuo.money.payments._confirm_password import check_payment_password, set_payment_password
from xingnuo.money.payments._confirm_reset import (
    begin_reset,
    finish_reset,
    prove_reset_by_card,
)
from xingnuo.money.payments._holdings import ends, erase

__all__ = [
    "act_of",
    "announce_debit",
    "ask_confirmation",
    "begin_card",
    "begin_reset",
    "cancel_agreement",
    "check_payment_password",
    "confirm",
    "confirm_card",
    "device_options",
    "draft_agreement",
    "due_debit",
    "ends",
    "erase",
    "finish_reset",
    "give_up_card",
    "lapse_card",
    "prove_reset_by_card",
    "resume_card",
    "set_default_card",
    "set_payment_password",
    "settle_debit",
    "sign_agreement",
    "sweep",
    "unbind_card",
    "use_confirmation",
    "watch_cards",
]
