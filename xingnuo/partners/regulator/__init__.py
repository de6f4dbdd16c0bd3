"""regulator: reports, complaints and registers that the law asks for.

REGULATOR-1  A report leaves only after two people released it, with its article of law.
REGULATOR-2  A receipt is kept with the hash of what was sent.
REGULATOR-3  What is sent is the least that the article names.
"""
