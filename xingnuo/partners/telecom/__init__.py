"""telecom: says whose phone it is, and tops one up.

TELECOM-1  Phone, amount and key travel; nothing else does.
TELECOM-2  A top-up repeated with the same key tops up once.
TELECOM-3  Unknown status is pending.
TELECOM-4  A check of name, number and phone is believed only signed and about its own key.
"""
