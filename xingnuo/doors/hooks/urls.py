"""Where partners call back."""

from __future__ import annotations

from django.urls import path

from xingnuo.doors.hooks import account, channel, email, identity, regulator, sms

urlpatterns = [
    path("authority/result", identity.authority_result, name="hooks_authority_result"),
    path("face/result", identity.face_result, name="hooks_face_result"),
    path("account/logout", account.logout, name="hooks_account_logout"),
    path("channel/<str:style>/notify", channel.notify, name="hooks_channel_notify"),
    path("email/out/<str:secret>", email.out, name="hooks_email_out"),
    path("email/events", email.event, name="hooks_email_events"),
    path("regulator/notices", regulator.notice, name="hooks_regulator_notices"),
    path("sms/reply", sms.reply, name="hooks_sms_reply"),
]
