"""Tables of the change card: account, movements; numbers, tokens, days and cases beside them."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.db import models

from xingnuo.kit import ids
from xingnuo.kit.db.models import SubjectModel
from xingnuo.services.wallet_card.contracts import AccountState, MoveKind, MoveState

NOBODY = UUID(int=0)  # a line of the bank's file that is about no account of ours


def _known(name: str, field: str, words: type[StrEnum]) -> models.CheckConstraint:
    allowed = [word.value for word in words]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=name)


class AccountRow(SubjectModel):
    """One opening at the bank and the account it led to; its id is the opening's number."""

    state = models.CharField(max_length=8)
    token = models.CharField(max_length=64, blank=True, default="")
    card_id = models.UUIDField()
    code = models.CharField(max_length=24, blank=True, default="")
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wallet_card_account"
        constraints = [
            _known("wallet_card_account_state_known", "state", AccountState),
            models.CheckConstraint(
                condition=~models.Q(token="") | models.Q(state__in=["opening", "declined"]),
                name="wallet_card_account_has_token",
            ),
            models.UniqueConstraint(
                fields=["subject_id"],
                condition=models.Q(state__in=["opening", "open"]),
                name="wallet_card_account_one_live",
            ),
        ]


class MoveRow(SubjectModel):
    """One request to the bank under its own number, the id; or an income that the bank told of."""

    account_id = models.UUIDField()
    kind = models.CharField(max_length=14)
    state = models.CharField(max_length=8)
    amount_fen = models.BigIntegerField()
    reference = models.CharField(max_length=64, blank=True, default="")
    code = models.CharField(max_length=24, blank=True, default="")
    asked = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wallet_card_move"
        constraints = [
            _known("wallet_card_move_kind_known", "kind", MoveKind),
            _known("wallet_card_move_state_known", "state", MoveState),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0)
                | models.Q(kind__in=["open", "close"], amount_fen=0),
                name="wallet_card_move_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "made_at"], name="wallet_card_move_by_time"),
        ]


class NumberRow(models.Model):
    """Whose a number is, when it is asked about next, and whether a file listed it; a queue."""

    number = models.UUIDField(primary_key=True)
    subject_id = models.UUIDField()
    kind = models.CharField(max_length=14)
    amount_fen = models.BigIntegerField()
    is_open = models.BooleanField(default=True)
    ask_at = models.DateTimeField(null=True)
    done_on = models.DateField(null=True)
    matched_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "wallet_card_number"
        indexes = [
            models.Index(
                fields=["ask_at"], condition=models.Q(is_open=True), name="wallet_card_number_due"
            ),
            models.Index(
                fields=["done_on"],
                condition=models.Q(matched_on__isnull=True),
                name="wallet_card_number_unlisted",
            ),
        ]


class TokenRow(models.Model):
    """Whose the account is that the bank names by its token."""

    token = models.CharField(max_length=64, primary_key=True)
    subject_id = models.UUIDField()
    account_id = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "wallet_card_token"


class DayRow(models.Model):
    """A day's file of the bank that was held against our books."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    day = models.DateField(unique=True)
    lines = models.IntegerField()
    matched = models.IntegerField()
    proved = models.IntegerField()
    income = models.IntegerField()
    differences = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "wallet_card_day"


class CaseRow(models.Model):
    """What a person of ours must look at about the bank's account; a work queue."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=24)
    state = models.CharField(max_length=9)
    number = models.CharField(max_length=64)
    subject_id = models.UUIDField(default=NOBODY)
    ours_fen = models.BigIntegerField(null=True)
    theirs_fen = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    taken_by = models.CharField(max_length=40, blank=True, default="")
    level = models.SmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wallet_card_case"
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="wallet_card_case_once")
        ]
        indexes = [models.Index(fields=["state", "due_at", "id"], name="wallet_card_case_queue")]
