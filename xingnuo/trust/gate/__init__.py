"""gate: the one way to a permit, and so the one way to anything about a person.

GATE-1  Default deny: what is unknown, unpublished, unreadable or lapsed is refused with a reason.
GATE-2  Only the gate makes a permit; a forged, expired or foreign permit opens nothing.
GATE-3  Every permit and every refusal leaves evidence; a refusal's evidence outlives the rollback.
GATE-4  A withdrawal holds from the next decision on, in every process.
GATE-5  Plain, masked or denied is decided here, item by item, never by the caller.
"""
