"""identity: real name, in tiers, from what the person gives and lawful sources confirm.

IDENTITY-1  A tier is reached only with all of its verified items; what is missing blocks only
            what needs it.
IDENTITY-2  Every verification names its source; a source whose audit has lapsed is not used.
IDENTITY-3  A document number that shows a minor closes the gate at once.
IDENTITY-4  Without real name, exactly the services that need it are closed.
IDENTITY-5  A face is never the only way where another gives the same certainty.
IDENTITY-6  A check whose answer is not known is ended by proof alone, through one function.
IDENTITY-7  What a third party sends unasked is kept nowhere, and its coming is on record.
IDENTITY-8  A case is decided by the one reviewer who took it, never by its own person.
"""
