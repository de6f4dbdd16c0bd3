"""ledger: the books. Double entry in integer fen, written once, never edited.

LEDGER-1  Every transfer debits one account and credits another by the same positive fen.
LEDGER-2  All balances of a currency sum to zero at every instant.
LEDGER-3  An entry is never changed or deleted; a mistake is reversed by an opposite transfer.
LEDGER-4  The same id with the same content gives the first verdict; a refused id stays refused.
LEDGER-5  A hold counts against the balance at once, and ends exactly once.
LEDGER-6  Each journal has one subject; two subjects meet in a clearing account.
LEDGER-7  A person's balance never passes its floor or ceiling.
LEDGER-8  A group of transfers is done all or none; strangers in a batch never share a fate.
LEDGER-9  The balance of a past instant is what a replay up to it gives, however writers raced.
LEDGER-10  Every row is sealed into hash chains off the hot path; any changed byte is found.
LEDGER-11  What was acknowledged survives a killed process; a repeat with the same ids is safe.
LEDGER-12  No writer but the set functions: the app role reads, and executes.
"""
