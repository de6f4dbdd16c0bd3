"""retention: keeps no longer than the purpose or the law needs, and shows that it did not.

RETENTION-1  Every item and record has a term and an event that starts it, taken from the policy.
RETENTION-2  Nothing older than its term is found; a law that keeps it longer is named.
RETENTION-3  What the law alone keeps is sealed from every other use.
RETENTION-4  A rerun changes nothing; a run that stopped half-way is resumed.
RETENTION-5  Deleting leaves a receipt without a personal value.
"""
