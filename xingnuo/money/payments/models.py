"""Tables of payments. Card numbers and names rest in the vault alone; here stand states and ids."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from xingnuo.kit.db.models import SubjectModel
from xingnuo.money.payments._cards_banks import BANKS
from xingnuo.money.payments._core_models import (
    AttemptRow,
    CaseRow,
    CouponRow,
    EventRow,
    InboxRow,
    NumberRow,
    PaymentRow,
    RefundRow,
)
from xingnuo.money.payments._recon_models import BilledRow, BillRow
from xingnuo.money.payments.contracts import (
    AgreementKind,
    AgreementState,
    Aim,
    CardState,
    CheckGround,
    CheckState,
    ConfirmState,
    ConfirmWay,
    DebitState,
    ResetState,
)

__all__ = [
    "AgreementRow",
    "AttemptRow",
    "BillRow",
    "BilledRow",
    "CardRow",
    "CaseRow",
    "CheckRow",
    "ConfirmationRow",
    "CouponRow",
    "DebitRow",
    "EventRow",
    "InboxRow",
    "NumberRow",
    "PasswordRow",
    "PaymentRow",
    "RefundRow",
    "ResetRow",
]

_OPEN = ["reviewing", "asking", "code", "confirming", "unknown"]


def _known(name: str, field: str, words: type[StrEnum], *more: str) -> models.CheckConstraint:
    allowed = [*(word.value for word in words), *more]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=name)


class CheckRow(SubjectModel):
    """One check of a card at its bank. Its id is its key there and the slot of what was typed."""

    aim = models.CharField(max_length=6)
    state = models.CharField(max_length=10)
    ground = models.CharField(max_length=14, blank=True, default="")
    card_id = models.UUIDField(null=True)  # the card that came of it, or that proves the person
    number_digest = models.CharField(max_length=64, blank=True, default="")
    decision_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=64, blank=True, default="")
    tries_left = models.SmallIntegerField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_card_check"
        constraints = [
            _known("payments_check_aim_known", "aim", Aim),
            _known("payments_check_state_known", "state", CheckState),
            _known("payments_check_ground_known", "ground", CheckGround),
            models.UniqueConstraint(
                fields=["subject_id", "number_digest"],
                condition=models.Q(state__in=_OPEN, aim="bind"),
                name="payments_check_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_OPEN, ended_at__isnull=True)
                | (~models.Q(state__in=_OPEN) & models.Q(ended_at__isnull=False)),
                name="payments_check_end_has_time",
            ),
        ]


class CardRow(SubjectModel):
    """One card of a person; its number and phone rest in the vault, in the slot of its id."""

    state = models.CharField(max_length=8)
    bank = models.CharField(max_length=16)
    number_digest = models.CharField(max_length=64, blank=True, default="")
    is_default = models.BooleanField(default=False)
    bound_at = models.DateTimeField()
    unbound_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_card"
        constraints = [
            _known("payments_card_state_known", "state", CardState),
            models.CheckConstraint(
                condition=models.Q(bank__in=sorted(BANKS)), name="payments_card_bank_known"
            ),
            models.UniqueConstraint(
                fields=["subject_id", "number_digest"],
                condition=models.Q(state="bound"),
                name="payments_card_one_number",
            ),
            models.UniqueConstraint(
                fields=["subject_id"],
                condition=models.Q(is_default=True),
                name="payments_card_one_default",
            ),
            models.CheckConstraint(
                condition=models.Q(state="bound", unbound_at__isnull=True)
                | models.Q(
                    state="unbound", unbound_at__isnull=False, is_default=False, number_digest=""
                ),
                name="payments_card_unbound_is_bare",
            ),
        ]


class PasswordRow(SubjectModel):
    """A person's payment password as a slow digest, and what wrong tries cost."""

    text = models.CharField(max_length=200)
    wrong_count = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    set_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_password"
        constraints = [
            models.UniqueConstraint(fields=["subject_id"], name="payments_password_one"),
            models.CheckConstraint(
                condition=models.Q(text__startswith="$argon2id$"), name="payments_password_slow"
            ),
        ]


class ResetRow(SubjectModel):
    """One reset of the payment password: the number first, then card or face, then the new one."""

    state = models.CharField(max_length=6)
    check_id = models.UUIDField(null=True)
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_password_reset"
        constraints = [
            _known("payments_reset_state_known", "state", ResetState),
            models.UniqueConstraint(
                fields=["subject_id"],
                condition=models.Q(state="named"),
                name="payments_reset_one_open",
            ),
        ]


class ConfirmationRow(SubjectModel):
    """A payer's yes to one act: asked, confirmed, used once."""

    session_id = models.UUIDField()
    kind = models.CharField(max_length=24)
    amount_fen = models.BigIntegerField()
    payee = models.CharField(max_length=64)
    ref = models.UUIDField()
    state = models.CharField(max_length=10)
    way = models.CharField(max_length=8, blank=True, default="")
    wrong_count = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_confirmation"
        constraints = [
            _known("payments_confirm_state_known", "state", ConfirmState),
            _known("payments_confirm_way_known", "way", ConfirmWay, ""),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="payments_confirm_amount"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["asked", "void"], confirmed_at__isnull=True, used_at__isnull=True
                )
                | models.Q(state="confirmed", confirmed_at__isnull=False, used_at__isnull=True)
                | models.Q(state="used", confirmed_at__isnull=False, used_at__isnull=False),
                name="payments_confirm_in_order",
            ),
        ]


class AgreementRow(SubjectModel):
    """An agreement by which a payee may debit a card, within limits and until a day."""

    kind = models.CharField(max_length=16)
    payee = models.CharField(max_length=64)
    card_id = models.UUIDField()
    limit_fen = models.BigIntegerField()
    month_limit_fen = models.BigIntegerField()
    until = models.DateField()
    state = models.CharField(max_length=10)
    confirmation_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_agreement"
        constraints = [
            _known("payments_agreement_kind_known", "kind", AgreementKind),
            _known("payments_agreement_state_known", "state", AgreementState),
            models.CheckConstraint(
                condition=models.Q(limit_fen__gt=0)
                & models.Q(month_limit_fen__gte=models.F("limit_fen")),
                name="payments_agreement_limits",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="active")
                | models.Q(signed_at__isnull=False, confirmation_id__isnull=False),
                name="payments_agreement_signed",
            ),
            models.UniqueConstraint(
                fields=["subject_id", "kind"],
                condition=models.Q(state="active"),
                name="payments_agreement_one_active",
            ),
        ]


class DebitRow(SubjectModel):
    """One debit under an agreement: told, tried by the plan, ended by proof."""

    agreement_id = models.UUIDField()
    ref = models.UUIDField()
    amount_fen = models.BigIntegerField()
    due_on = models.DateField()
    state = models.CharField(max_length=10)
    tries = models.SmallIntegerField(default=0)
    next_on = models.DateField(null=True)
    told_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_debit"
        constraints = [
            _known("payments_debit_state_known", "state", DebitState),
            models.UniqueConstraint(fields=["subject_id", "ref"], name="payments_debit_one_key"),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="payments_debit_amount"
            ),
        ]
        indexes = [
            models.Index(
                fields=["subject_id", "agreement_id", "due_on"], name="payments_debit_of_agreement"
            )
        ]
