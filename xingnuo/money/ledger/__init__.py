"""ledger: the books. Double entry in integer fen, written once, never edited.

LEDGER-1  Every transfer debits one account and credits another by the same positive fen.
LEDGER-2  All balances of a currency sum to zero at every instant.
LEDGER-3  An entry is never changed or deleted; a mistake is reversed by an opposite transfer.
LEDGER-4  The same id with the same content gives the first verdict; a refused id stays refused.
LEDGER-5  A hold counts against the balance at once, and ends exactly once.
LEDGER-6  Each journal has one subject; two subjects meet in a clearing account.
LEDGER-7  A person's balance never passes its floor or ceiling.
"""
