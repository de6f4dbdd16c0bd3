"""Keyed digests of this room: counter codes and marks of photos, useless without the key."""

from __future__ import annotations

from xingnuo.kit.keyed import Keyed

keyed = Keyed("identity")
