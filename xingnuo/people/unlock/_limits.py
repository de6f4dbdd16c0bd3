"""Limits of the unlock room, each with a name."""

from __future__ import annotations

PASSWORD_CHARS_MIN = 8
PASSWORD_CHARS_MAX = 128
PATTERN_DOTS_MIN = 4
PATTERN_DOTS_MAX = 9
# The digest in use and those before it: a password that equals one of them is refused.
DIGESTS_KEPT_MAX = 4

WRONG_BEFORE_WAIT = 5
WAIT_FIRST_SECONDS = 30  # doubles with each further wrong try
WRONG_BEFORE_LOCK = 10

CHALLENGE_SECONDS = 5 * 60
CHALLENGE_BYTES = 32
CHALLENGES_KEPT_MAX = 5  # unanswered ones of a person; the oldest go
CREDENTIALS_MAX = 10
SWEEP_ROWS_MAX = 5_000
DEVICE_CHARS_MAX = 40
CREDENTIAL_CHARS_MAX = 1_400
PUBLIC_KEY_CHARS_MAX = 2_000

IDLE_SECONDS = 10 * 60  # the app locks itself after this much time without use

# OWASP's smallest Argon2id setting: 19 MiB, two passes, one lane.
ARGON_MEMORY_KIB = 19 * 1024
ARGON_PASSES = 2
ARGON_LANES = 1
ARGON_HASH_BYTES = 32
ARGON_SALT_BYTES = 16
