"""The peer's time: the machine's, and as far ahead of it as a test says."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import SystemClock


class Clock:
    """Runs like the machine's clock; `advance` moves it on and wakes whoever sleeps on it."""

    def __init__(self) -> None:
        self._base = SystemClock()
        self._ahead = timedelta()
        self._moved = asyncio.Event()

    def now(self) -> float:
        """Seconds since 1970 on the peer's clock: message times, triggers, retries, rates."""
        return (self._base.now() + self._ahead).timestamp()

    def real(self) -> float:
        """Seconds since 1970 on the machine's clock; signatures carry it, because the app checks them with its own."""
        return self._base.now().timestamp()

    def day(self) -> datetime:
        """The peer's instant, aware, in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def advance(self, seconds: float) -> None:
        """Move on; whoever is due by then runs as soon as the loop turns."""
        self._ahead += timedelta(seconds=seconds)
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Sleep on this clock: an `advance` shortens it."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), left)
            except TimeoutError:
                continue
        await asyncio.sleep(0)
