"""Who acts when the house itself goes on: what a person, a source or a clock set going."""

from __future__ import annotations

from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import ActorKind

HOUSE = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)
# The purpose shows a document's photo only to who is proved: the reader is a program of ours that
# nobody can call, so it counts as proved.
READER = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.REVERIFIED)
