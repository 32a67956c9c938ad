"""Turns: a few calls a minute for a whole robot, and who waits for an answer goes first."""

import asyncio
import heapq
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count


class Turns:
    """At most `most` calls within any `seconds`, each counted from its answer; what nobody waits for comes last."""

    def __init__(
        self,
        most: int,
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.monotonic, self.sleep = monotonic, sleep
        self._most, self._seconds = most, seconds
        self._ended: list[list[float]] = []
        self._waiting: list[tuple[bool, int]] = []
        self._numbers = count()
        self._moved = asyncio.Condition()

    @asynccontextmanager
    async def turn(self, *, unasked: bool) -> AsyncIterator[None]:
        """Wait for a turn; the call stands inside the block."""
        ticket, call = (unasked, next(self._numbers)), [math.inf]
        heapq.heappush(self._waiting, ticket)
        try:
            await self._first_and_free(ticket)
            self._ended.append(call)
        finally:
            self._waiting.remove(ticket)
            heapq.heapify(self._waiting)
            async with self._moved:
                self._moved.notify_all()
        try:
            yield
        finally:
            call[0] = self.monotonic()

    async def _first_and_free(self, ticket: tuple[bool, int]) -> None:
        while True:
            if self._waiting[0] != ticket:
                async with self._moved:
                    await self._moved.wait_for(lambda: self._waiting[0] == ticket)
            wait = self._wait()
            if wait <= 0:
                return
            await self.sleep(wait)

    def _wait(self) -> float:
        """Seconds until another call may be made, or until it is worth another look while all are under way."""
        now = self.monotonic()
        self._ended = [call for call in self._ended if call[0] > now - self._seconds]
        if len(self._ended) < self._most:
            return 0.0
        return min(min(call[0] for call in self._ended) + self._seconds - now, self._seconds / self._most)
