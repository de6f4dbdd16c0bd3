"""What the payments room does: cards, payment password, confirmations, auto-debits."""

from __future__ import annotations

from xingnuo.money.payments._agreements import (
    act_of,
    cancel_agreement,
    draft_agreement,
    sign_agreement,
)
from xingnuo.money.payments._agreements_bank import end_at_bank
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
from xingnuo.money.payments._core_books import balance_of as open_balance
from xingnuo.money.payments._core_feed import told
from xingnuo.money.payments._core_jobs import ask, ask_due, channel_notice, send_refund
from xingnuo.money.payments._core_orders import (
    act_of_payment,
    cancel,
    choose,
    create,
    give_coupon,
    lapse,
)
from xingnuo.money.payments._core_pay import debit, pay
from xingnuo.money.payments._core_people import find_payee, own_balance
from xingnuo.money.payments._core_proof import apply_proof, apply_refund_proof
from xingnuo.money.payments._core_refunds import refund
from xingnuo.money.payments._core_rows import keeping
from xingnuo.money.payments._core_services import serve
from xingnuo.money.payments._holdings import ends, erase
from xingnuo.money.payments._recon import reconcile, reconcile_due
from xingnuo.money.payments._recon_bank import reconcile_bank, reconcile_bank_due
from xingnuo.money.payments._recon_cases import (
    apply_finding,
    find_order,
    propose_finding,
    refuse_finding,
    settle_finding,
)
from xingnuo.money.payments._recon_payouts import claim_payouts

__all__ = [
    "act_of",
    "act_of_payment",
    "announce_debit",
    "apply_finding",
    "apply_proof",
    "apply_refund_proof",
    "ask",
    "ask_confirmation",
    "ask_due",
    "begin_card",
    "begin_reset",
    "cancel",
    "cancel_agreement",
    "channel_notice",
    "check_payment_password",
    "choose",
    "claim_payouts",
    "confirm",
    "confirm_card",
    "create",
    "debit",
    "device_options",
    "draft_agreement",
    "due_debit",
    "end_at_bank",
    "ends",
    "erase",
    "find_order",
    "find_payee",
    "finish_reset",
    "give_coupon",
    "give_up_card",
    "keeping",
    "lapse",
    "lapse_card",
    "open_balance",
    "own_balance",
    "pay",
    "propose_finding",
    "prove_reset_by_card",
    "reconcile",
    "reconcile_bank",
    "reconcile_bank_due",
    "reconcile_due",
    "refund",
    "refuse_finding",
    "resume_card",
    "send_refund",
    "serve",
    "set_default_card",
    "set_payment_password",
    "settle_debit",
    "settle_finding",
    "sign_agreement",
    "sweep",
    "told",
    "unbind_card",
    "use_confirmation",
    "watch_cards",
]
