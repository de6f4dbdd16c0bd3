"""Alice of the sweep: a person with one of everything that an address may name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse

from tests import cast
from tests.house import sweep
from tests.house._services import service_rows
from tests.house.sweep import Knocker
from tests.outside import Outside
from tests.people.accounts import walk
from tests.people.support import cases
from xingnuo.duties.rights import actions as rights
from xingnuo.kit import clock, ids
from xingnuo.money.payments.models import AgreementRow, CardRow, ConfirmationRow, ResetRow
from xingnuo.money.payments.models import CheckRow as CardCheck
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud.contracts import Event, EventKind
from xingnuo.people.identity import _rows
from xingnuo.people.identity.contracts import Kind as CheckKind
from xingnuo.people.notices import actions as notices
from xingnuo.people.notices import queries as told
from xingnuo.people.permissions import actions as staff
from xingnuo.people.unlock.models import Credential
from xingnuo.services.wallet_card.models import AccountRow, MoveRow
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate.contracts import Strength


@dataclass(frozen=True, slots=True)
class Alice:
    """The person whose things the others try to reach, and everything that is hers alone."""

    me: Knocker
    ids: dict[str, str]
    secrets: tuple[bytes, ...]

    def seen_in(self, answer: HttpResponse, sent: str) -> list[str]:
        """Name what of hers stands in an answer, but for what the asker sent."""
        told = sweep.all_bytes(answer)
        return [
            secret.decode()
            for secret in self.secrets
            if secret in told and secret not in sent.encode()
        ]


def made_alice(outside: Outside) -> Alice:
    """Make a person with values, sessions, notices, decisions and a request of their own."""
    made = outside.make_account(nickname=f"昵称{ids.token()[:10]}")
    first = walk.sign_in(outside, sub=made["sub"], phone=made["phone"], device=ids.token())
    other = walk.sign_in(outside, sub=made["sub"], phone=made["phone"], device=ids.token())
    begun, subject_id = first.entered.session, first.entered.session.subject_id
    email = f"cnry-{ids.token()[:12].lower()}@example.com"
    person = cast.Person(subject_id, first.actor)
    cast.agree(person, "profile.manage", optional=("email",))
    cast.fill(person, "profile.manage", {"email": email})
    for purpose in ("accounts.sync_suixingjie", "notices.reminder"):
        cast.agree(person, purpose)
    with transaction.atomic():
        (notice,) = told.messages(first.actor)
        lines = evidence.of_subject(subject_id, limit=200)
        devices = accounts.devices(first.actor)
        key = _credential(subject_id)
        check = _rows.begin(subject_id, CheckKind.VIDEO, key=ids.uuid7())
        decision = antifraud.screen(
            first.actor, subject_id=subject_id, event=Event(kind=EventKind.PAYMENT, amount_fen=1)
        )
        secret = notices.subscribe_calendar(first.actor, subject_id=subject_id)
        money = {**money_rows(subject_id, begun.id), **service_rows(subject_id)}
    _, code = _closed_case()
    rows = [decision.id, subject_id, begun.id, other.entered.session.id, notice.id, key.id]
    rows += [check.id, *(each.id for each in (*money.values(), *lines, *devices))]
    secrets = [made["sub"], made["phone"], made["nickname"], email, *map(str, rows)]
    secrets += [first.entered.token, other.entered.token, key.credential, key.public_key, secret]
    return Alice(
        me=sweep.knocker("alice", begun, first.entered.token),
        ids={
            "session": str(other.entered.session.id),
            "session_id": str(other.entered.session.id),
            "decision": str(decision.id),
            "notice": str(notice.id),
            "device": str(key.id),
            "check": str(check.id),
            "code": code,
            "secret": secret,
            **cases.ids_of_case(person),
            **{name: str(row.id) for name, row in money.items()},
            # Things of the console: a customer and a guest find none of them.
            "look": str(ids.uuid7()),
            "release": str(ids.uuid7()),
            "member": str(staff_member()),
            "subject": str(subject_id),
            "line": str(lines[-1].id),
        },
        secrets=tuple(secret.encode() for secret in secrets),
    )


def money_rows(subject_id: UUID, session_id: UUID) -> dict[str, Any]:
    """Give one of everything of a person's that an address of payments may name; needs a subject.

    The card's number is not in the vault: these rows are there to be reached, or not.
    """
    now = clock.now()
    begun = {"subject_id": subject_id, "began_at": now}
    number = ids.uuid7()
    wallet = AccountRow.objects.create(
        subject_id=subject_id, id=number, state="open", token=f"acct-{number}", card_id=number,
        made_at=now, opened_at=now,
    )  # fmt: skip
    card = CardRow.objects.create(
        subject_id=subject_id, state="bound", bank="xinghai", bound_at=now, is_default=True
    )
    return {
        "bound": card,
        "movement": MoveRow.objects.create(
            subject_id=subject_id, account_id=wallet.id, kind="top_up", state="done",
            amount_fen=1, made_at=now, ended_at=now,
        ),
        "binding": CardCheck.objects.create(aim="bind", state="code", **begun),
        "reset": ResetRow.objects.create(
            state="named", expires_at=now + timedelta(minutes=30), **begun
        ),
        "confirmation": ConfirmationRow.objects.create(
            subject_id=subject_id, session_id=session_id, kind="auto_debit", amount_fen=1,
            payee="lender", ref=ids.uuid7(), state="asked", made_at=now,
            expires_at=now + timedelta(minutes=5),
        ),
        "agreement": AgreementRow.objects.create(
            subject_id=subject_id, kind="loan_repay", payee="lender", card_id=card.id,
            limit_fen=100, month_limit_fen=100, until=clock.today() + timedelta(days=9),
            state="active", made_at=now, signed_at=now, confirmation_id=ids.uuid7(),
        ),
    }  # fmt: skip


def staff_member() -> UUID:
    """Register a member of staff, whose page is nobody else's business."""
    with transaction.atomic():
        made = staff.register(
            code=f"s{ids.token(64).lower().replace('_', 'x').replace('-', 'y')[:9]}z",
            name="审计员",
            roles=["auditor"],
            by="cli",
            channel="cli",
        )
    return made.id


def _closed_case() -> tuple[UUID, str]:
    person = cast.make_person(state_strength=Strength.REVERIFIED)
    key = ids.uuid7()
    with transaction.atomic():
        closing = rights.close(person.actor, subject_id=person.subject_id, key=key)
    return key, closing.receipt_code


def bob() -> Knocker:
    """Give a fresh peer who is signed in and proved: one per try, since tries may end sessions."""
    return sweep.session_for(cast.make_person().subject_id, "bob", proved=True)


def _credential(subject_id: UUID) -> Credential:
    made: Credential = Credential.objects.create(
        subject_id=subject_id,
        credential=ids.token(),
        public_key=ids.token(),
        sign_count=0,
        device="Android · Chrome",
        made_at=clock.now(),
    )
    return made
