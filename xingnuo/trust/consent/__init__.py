"""consent: what a person agreed to, refused or took back, and nothing else.

CONS-1  Decisions are appended, never changed; the newest decision of a scope counts.
CONS-2  A grant covers just the (purpose, item, recipient) pairs it showed, by the text's hash.
CONS-3  Accepting the policy grants nothing that needs its own consent.
CONS-4  No decision is taken for the person: no default, no silence, no bundle.
CONS-5  After a refusal the same scope is not asked again in the same flow.
"""
