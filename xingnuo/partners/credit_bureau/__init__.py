"""credit_bureau: queries a licensed bureau, and reports to it, under written consent.

BUREAU-1  No query without a live written consent for that bureau and use.
BUREAU-2  Every query is shown to the person with its reason.
BUREAU-3  A negative fact is reported only after the person was told.
BUREAU-4  A report is never passed on raw.
"""
