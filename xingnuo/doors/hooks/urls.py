"""Where partners call back."""

from __future__ import annotations

from django.urls import path

from xingnuo.doors.hooks import account, bank, bill_pay, channel, email, identity, regulator, sms

urlpatterns = [
    path("authority/result", identity.authority_result, name="hooks_authority_result"),
    path("face/result", identity.face_result, name="hooks_face_result"),
    path("account/logout", account.logout, name="hooks_account_logout"),
    *(
        path(f"channel/{style}/notify", channel.notify, {"style": style}, f"hooks_{style}_notify")
        for style in channel.STYLES
    ),
    path("bank/money", bank.money, name="hooks_bank_money"),
    path("email/out/<str:secret>", email.out, name="hooks_email_out"),
    path("email/events", email.event, name="hooks_email_events"),
    path("regulator/notices", regulator.notice, name="hooks_regulator_notices"),
    path("telecom/topup", bill_pay.top_up, name="hooks_telecom_topup"),
    path("utility/payment", bill_pay.payment, name="hooks_utility_payment"),
    path("sms/reply", sms.reply, name="hooks_sms_reply"),
]
