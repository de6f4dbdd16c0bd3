"""evidence: one append-only record of what was done with people's data, provable afterwards.

EVID-1  Every permit, refusal, collection, reveal, share, consent, erasure, operator act: one line.
EVID-2  No line holds a personal value; the database refuses what is no code or id.
EVID-3  Lines are sealed into hash-chained blocks off the hot path; heads are signed (Ed25519).
EVID-4  `verify` names any changed, missing, added or reordered line of a sealed block.
EVID-5  A person's own view counts once per session, purpose, items and hour; all others one by
        one, before anything is shown.
EVID-6  Every line stands in exactly one block, in whatever order its writers committed.
EVID-7  A line whose purpose is `aml.*` is never told to the person it is about.
"""
