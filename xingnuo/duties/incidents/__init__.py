"""incidents: when data leaks, who must be told, by when, and that they were.

INCIDENT-1  The affected people are derived from evidence, never typed in.
INCIDENT-2  Every clock of every rule that applies runs from discovery; the earliest governs.
INCIDENT-3  An incident cannot be closed while a notice is due.
INCIDENT-4  A notice tells what leaked, the harm, what we did and what to do.
"""
