"""The line before the answers: so many at once, so many behind them, and everybody else is told when to come again."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from index.errors import TooManyAsking

T = TypeVar("T")
NEWEST = 0.2
"""How much the newest answer counts in what one takes: the mean follows a machine that gets busy within ten answers."""


class Line:
    """At most `at_once` are worked on, and `waiting` stand behind them. For one event loop.

    Who would stand behind others and be done later than `within` seconds, as far as can be told, is told so instead.
    """

    def __init__(self, *, at_once: int, waiting: int, within: float = math.inf) -> None:
        self._at_once, self._most, self._within = at_once, at_once + waiting, within
        self._inside = 0
        self._free = asyncio.Semaphore(at_once)
        self._seconds_each = 0.5

    async def through(self, work: Callable[[], T]) -> T:
        """Do `work` in a thread when its turn comes. Raises as `turn` does."""
        async with self.turn():
            return await to_its_end(work)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and have it until the context ends. Raises TooManyAsking at once where the line is full."""
        expected = (self._inside + 1) / self._at_once * self._seconds_each
        if self._inside >= self._most or (self._inside >= self._at_once and expected > self._within):
            seconds = max(1, round(self._inside * self._seconds_each / self._at_once))
            raise TooManyAsking(
                f"{self._inside} questions are before yours: ask again in {seconds} second{'s' * (seconds > 1)}"
            )
        self._inside += 1
        try:
            async with self._free:
                began = time.monotonic()
                yield
                self._seconds_each += NEWEST * (time.monotonic() - began - self._seconds_each)
        finally:
            self._inside -= 1


async def to_its_end(work: Callable[[], T]) -> T:
    """Do `work` in a thread. Whoever is cancelled meanwhile is so when it has ended: a thread cannot be stopped."""
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        working.exception()  # nobody is left to be told
        raise
