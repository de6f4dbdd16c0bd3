"""Keeps the process small: tells glibc's allocator to give large blocks back at once."""

from __future__ import annotations

import ctypes

# Numbers of glibc's malloc.h.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
KEPT_BYTES_MAX = 256 * 1024


def stay_small() -> bool:
    """Set the allocator; says whether it could be set, which it cannot be but on glibc.

    Hashing a password takes 7 MiB for a moment. glibc would keep that for every thread, and a
    quarter of the process's memory would be empty blocks.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    set_to = {M_MMAP_THRESHOLD: KEPT_BYTES_MAX, M_TRIM_THRESHOLD: KEPT_BYTES_MAX, M_ARENA_MAX: 1}
    taken = [mallopt(name, value) for name, value in set_to.items()]
    return all(taken)
