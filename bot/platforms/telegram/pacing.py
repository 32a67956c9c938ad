"""How fast the bot may write, kept ahead of Telegram's own count.

core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: a message a second into a chat with short
bursts, 20 a minute into a group, 30 a second in all. Edits are refused with 429 too, so they count.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_MOST_CHATS = 10_000
_NEVER = math.inf


@dataclass(eq=False)
class Window:
    """At most so many calls `within` any so many seconds, each counted from its answer: it may have arrived as late."""

    most: int
    within: float
    _ended: list[list[float]] = field(default_factory=list)

    def wait(self, now: float) -> float:
        """Seconds until the next call may be made, or until it is worth another look while all are under way."""
        self._ended = [each for each in self._ended if each[0] > now - self.within]
        if len(self._ended) < self.most:
            return 0.0
        free = min(each[0] for each in self._ended) + self.within - now
        return min(free, self.within / self.most)

    def enter(self) -> list[float]:
        """Count a call that is under way; write its end into what is returned."""
        call = [_NEVER]
        self._ended.append(call)
        return call


class Pacing:
    """Gives each message and edit its turn, over all chats of one bot."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.monotonic, self.sleep = monotonic, sleep
        self._all = Window(30, 1.0)
        self._chats: dict[str, list[Window]] = {}

    @asynccontextmanager
    async def turn(self, chat: str) -> AsyncIterator[None]:
        """Wait for a chat's turn; the call stands inside the block."""
        windows = [self._all, *self._windows(chat)]
        while (wait := max(window.wait(self.monotonic()) for window in windows)) > 0:
            await self.sleep(wait)
        calls = [window.enter() for window in windows]
        try:
            yield
        finally:
            for call in calls:
                call[0] = self.monotonic()

    def _windows(self, chat: str) -> list[Window]:
        """The windows of a chat; the one that was written to the longest ago makes room for a new one."""
        found = self._chats.pop(chat, None) or [Window(3, 3.0), *([Window(20, 60.0)] if chat.startswith("-") else ())]
        self._chats[chat] = found
        if len(self._chats) > _MOST_CHATS:
            self._chats.pop(next(iter(self._chats)))
        return found
