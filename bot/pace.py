"""Pace: how often something may be sent, counted from the last answer.

Counted from the beginning of a call, a slow answer would let the next call come too early for the platform's own count.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

_MOST = 10_000


class Pace:
    """Lets `burst` calls of one name through at once, and then `rate` a second."""

    def __init__(
        self,
        rate: float,
        burst: int,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate, self._burst, self._monotonic, self._sleep = rate, burst, monotonic, sleep
        self._left: dict[str, tuple[float, float]] = {}
        self._under_way: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for the turn of a name; the call stands inside the block, and counts when it is answered."""
        while (left := self._now(name)) < 1:
            await self._sleep((1 - left) / self._rate)
        self._left[name] = (left - 1, self._monotonic())
        self._under_way[name] += 1
        try:
            yield
        finally:
            left, _ = self._left.pop(name, (left - 1, 0.0))
            self._left[name] = (left, self._monotonic())  # the last one used stands last
            self._under_way -= Counter((name,))
            if len(self._left) > _MOST:
                self._forget_one()

    def _forget_one(self) -> None:
        """Forget the name that was used the longest time ago, if it has all of its calls again."""
        idle = (name for name in self._left if name not in self._under_way and self._now(name) >= self._burst)
        self._left.pop(next(idle, ""), None)

    def _now(self, name: str) -> float:
        left, at = self._left.get(name, (float(self._burst), self._monotonic()))
        return min(float(self._burst), left + (self._monotonic() - at) * self._rate)
