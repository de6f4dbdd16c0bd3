"""Limits of the accounts room, each with a name: (count, seconds) pairs bound tries in a window."""

from __future__ import annotations

SESSION_SECONDS = 30 * 86_400
IDLE_SECONDS = 30 * 60
STAMP_REFRESH_SECONDS = 60  # a younger stamp is not set again
REVERIFIED_SECONDS = 5 * 60
SESSIONS_MAX = 20  # the oldest ends when one more begins
SESSIONS_LISTED_MAX = 50

FLOW_SECONDS = 10 * 60
# How old a proof at the provider may be when it counts as a re-verification.
PROOF_SECONDS_MAX = 2 * 60
NEXT_PATH_CHARS_MAX = 1500
SECRET_CHARS_MAX = 200
DEVICE_COOKIE_SECONDS = 365 * 86_400
DEVICES_MAX = 50  # the one unseen for longest is forgotten when one more comes

# Many people share one address behind a carrier, so its limits are wide.
STARTS = {"start_device": (30, 600), "start_address": (600, 600)}
# Wrong answers alone count, and a right one makes the browser's count begin anew.
GUESSES = {"finish_device": (10, 600), "finish_address": (100, 600)}

CODE_SECONDS = 60
ACCESS_SECONDS = 10 * 60
TOKEN_FAULTS_PER_CLIENT = (30, 60)
QUERY_CHARS_MAX = 600
TELL_TRIES_MAX = 12
TELL_LOST_SECONDS = 30 * 60
TELL_WOKEN_MAX = 100

LOGOUT_KEPT_SECONDS = 22 * 3600
SWEEP_ROWS_MAX = 5_000
ENDED_SESSION_KEPT_SECONDS = 22 * 3600  # with the hourly sweep: within the day that is promised
SIBLING_NOTICE_KEPT_DAYS = 1096
