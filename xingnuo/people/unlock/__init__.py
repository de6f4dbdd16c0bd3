"""unlock: fingerprint, face, gesture or password, as equals; only a result reaches us.

UNLOCK-1  No biometric sample or template has a place to be stored.
UNLOCK-2  Each way opens the same; a person may switch any of them on or off.
UNLOCK-3  Failures count per person and way, and lock before guessing pays.
UNLOCK-4  A challenge answers once, for the session and the act that it was made for.
UNLOCK-5  Passwords and gestures are kept by Argon2id only, never in a form that can be read.
UNLOCK-6  Every way added, changed or removed is told to the person in the app, naming nothing else.
"""
