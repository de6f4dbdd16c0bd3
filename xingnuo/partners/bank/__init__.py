"""bank: e-accounts, card checks, deposits, and the statements that prove them.

BANK-1  An unknown status is pending until the bank's own record decides.
BANK-2  Each request carries a key made and stored before it is sent.
BANK-3  A statement file counts only when its signature, totals and date hold.
BANK-4  Card validity passes through to the bank and is not kept.
"""
