"""A clock that moves on to what is planned next, once nobody has anything left to do at its present instant."""

import asyncio
import heapq
from collections.abc import Coroutine
from itertools import count
from typing import Any

ROUNDS = 12
"""Turns of the loop after which whoever could go on has gone on."""


class VirtualTime:
    """Sleepers, and the instant at which they are."""

    def __init__(self, at: float = 0.0) -> None:
        self.at = at
        self._numbers = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        """The instant."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Wait for an instant."""
        if seconds <= 0:
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.at + seconds, next(self._numbers), woken))
        await woken

    async def run(self, *works: Coroutine[Any, Any, Any], until: float = float("inf")) -> None:
        """Run these until all have ended, or until an instant: what is under way then is cancelled."""
        tasks = [asyncio.create_task(work) for work in works]
        while True:
            for _ in range(ROUNDS):
                await asyncio.sleep(0)
            if all(task.done() for task in tasks):
                break
            while self._sleepers and self._sleepers[0][2].done():
                heapq.heappop(self._sleepers)
            assert self._sleepers, "nobody can go on"
            if self._sleepers[0][0] > until:
                self.at = until
                break
            self.at, _, woken = heapq.heappop(self._sleepers)
            woken.set_result(None)
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome
