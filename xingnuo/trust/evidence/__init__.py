"""evidence: one append-only record of what was done with people's data, provable afterwards.

EVID-1  Every permit, refusal, collection, reveal, share, consent, erasure and operator act leaves one line.
EVID-2  No line holds a personal value.
EVID-3  Lines are sealed into hash-chained blocks off the hot path; block heads are signed (Ed25519).
EVID-4  `verify` finds any changed, missing or added line of a sealed block.
EVID-5  A person's own views count once per session, purpose and hour; all others one by one, before anything is shown.
"""
