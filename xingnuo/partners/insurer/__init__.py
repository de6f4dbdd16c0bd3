"""insurer: quotes, issues, renews, surrenders, and pays claims.

INSURER-1  An issue repeated with the same key gives the first policy.
INSURER-2  Unknown status is pending.
INSURER-3  The items of a product travel to its own insurer alone.
"""
