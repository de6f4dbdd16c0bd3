"""kit: the few tools every room uses: amount, clock, ids, errors, db, log, pages.

KIT-1  Time is asked from `clock` alone, ids and randomness from `ids` alone.
KIT-2  A log line carries allowed keys only; an unknown key is dropped and counted.
KIT-3  The row-security subject is set by one function, inside a transaction.
KIT-4  Money is integer fen; division is named and loses nothing.
"""
