"""telecom: tops up a phone.

TELECOM-1  Phone, amount and key travel; nothing else does.
TELECOM-2  A top-up repeated with the same key tops up once.
TELECOM-3  Unknown status is pending.
"""
