"""accounts: links a person of the account provider to one subject, and keeps sessions theirs.

ACCOUNT-1  One identity at the provider is one subject; a subject has at most one live link.
ACCOUNT-2  A signed token is believed only for our audience, nonce, issuer, key and time.
ACCOUNT-3  A revoked or expired session acts no more, on any process, from the next request.
ACCOUNT-4  A new device is announced to the person; reporting misuse freezes at once.
ACCOUNT-5  A sibling app receives an account only under its own live consent.
ACCOUNT-6  Session secrets are stored as keyed hashes; nothing stored signs anyone in.
"""
