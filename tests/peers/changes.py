"""Waiting for what comes in the background, and secrets that are the same in every run."""

import asyncio
import hashlib
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Something that changes and can be waited for; a peer's world is one."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def touch(self) -> None:
        """Wake whoever waits for a change."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self) -> None:
        """Wait for the next change."""
        await self._changed.wait()

    async def eventually(self, found: Callable[[], T], within: float = 15.0) -> T:
        """Wait until `found()` gives something true and return it; raise TimeoutError when it does not in time."""
        async with asyncio.timeout(within):
            while not (value := found()):
                changed = self._changed
                try:
                    await asyncio.wait_for(changed.wait(), 0.05)
                except TimeoutError:
                    continue
            return value

    def secret(self, name: str) -> str:
        """Something that looks random and is the same in every run."""
        return hashlib.sha256(f"secret/{name}".encode()).hexdigest()[:32]
