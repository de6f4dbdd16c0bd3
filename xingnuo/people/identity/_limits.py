"""Limits of the identity room, each with a name."""

from __future__ import annotations

TRIES_PER_DAY = 5  # checks of one kind begun within a day by one person
DAY_SECONDS = 86_400
# A call takes seconds; what is not settled by then lost its process and is taken up by a job.
SETTLE_SECONDS = 60
ASK_AGAIN_SECONDS = 300
# A source that knows no such question after this long never got it.
NOT_RECEIVED_SECONDS = 30 * 60
STARTED_SECONDS_MAX = 86_400  # a check that nobody went on with is given up
CLOCKS_PER_RUN = 200
ROUNDS_PER_RUN = 20

COUNTER_CODE_DIGITS = 10
COUNTER_CODE_DAYS = 7
CASE_DAYS = 3
GUARDIAN_CASE_DAYS = 15
CASES_LISTED_MAX = 50
SWEEP_ROWS_MAX = 5_000
OPEN_COUNT_MAX = 1_000

PHOTO_EDGE_PX_MAX = 2048
FACE_EDGE_PX_MAX = 1024
FACE_BYTES_MAX = 2 * 1024 * 1024
READ_SECONDS_MAX = 20
MARK_BANDS = 16
MARK_BANDS_ALIKE = 12

REMIND_DAYS = (90, 30, 7)
AUDIT_WARN_DAYS = 30
CHECKS_LISTED_MAX = 30
REFERENCE_CHARS_MAX = 64
NOTICE_CHARS_MAX = 80
PROVED_AGE_DAYS = 14  # to be seen in person; then what was typed goes
GROWN_UP_YEARS = 18
CHILD_YEARS = 14
