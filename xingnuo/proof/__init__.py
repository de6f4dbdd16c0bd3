"""proof: shows, promise by promise, that what we publish is what runs.

PROOF-1  A promise without all its checks is "not proven", never "kept".
PROOF-2  Every promise names its checks, and every check names a promise of the register.
PROOF-3  A mutation is applied in a scratch process only, and turns exactly its promise red.
PROOF-4  Live checks read as the auditor and change nothing.
PROOF-5  The report holds no personal value: identifiers, counts and sentences only.
"""
