"""Trust: policy, consent, vault, evidence, the gate, sharing. Knows a person only as a UUID."""
