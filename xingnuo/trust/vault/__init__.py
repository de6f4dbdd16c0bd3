"""vault: the one store of personal values, sealed under the subject's own keys.

VAULT-1  A value rests only as ciphertext bound to its subject, item, slot and key version.
VAULT-2  A ciphertext moved to another row, item or subject does not open.
VAULT-3  Nothing opens unless a subject and a permit are set in the same transaction.
VAULT-4  Destroyed keys make every value, file and backup of the subject unreadable for ever.
VAULT-5  Sealed (kept by law) values open only with a key that running services do not hold.
VAULT-6  Exact look-up is by keyed hash in its own table; those rows die with the subject.
VAULT-7  An unknown format, cipher or key version is refused, never guessed.
VAULT-8  A file opens whole and in order, or not at all.
VAULT-9  An opened key stays in one process for at most 30 seconds, and never past its destruction.
VAULT-10 No restored backup brings the erased back: tombstones are replayed or doors stay shut.
"""
