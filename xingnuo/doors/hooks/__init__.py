"""hooks: where partners call back.

HOOK-1  A notice is authentic, fresh and new, or it changes nothing.
HOOK-2  The same notice twice has one effect, and both get the same answer.
HOOK-3  A notice is stored before it is answered, and worked on after.
"""
