"""card_issuer: takes a credit-card application with the issuing bank's own item list.

ISSUER-1  Items outside the issuer's list cannot be put on its wire.
ISSUER-2  Lists carry a version and a date; an older list is refused.
ISSUER-3  Unknown status is pending.
"""
