"""Memory that is freed goes back to the system, so that a server stays as small as what it holds."""

import ctypes
import sys

ARENAS, TRIMMED = -8, -1
"""M_ARENA_MAX and M_TRIM_THRESHOLD of glibc's mallopt(3)."""
FREE_BYTES = 128 * 1024
"""Above this, what is free at the end of the heap goes back; to say so also keeps large blocks out of the heap."""


def give_back_what_is_freed() -> None:
    """Tell the allocator, where it is glibc's; elsewhere do nothing.

    Left alone, it keeps a heap for each thread, and puts ever larger texts into them: 180 questions of one conversation
    leave 14 MB behind, so told 6.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(ARENAS, 2)
        mallopt(TRIMMED, FREE_BYTES)
