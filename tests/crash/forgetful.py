"""A bot that takes a delivery's key in one unit of work and does what it asks for later: a kill must show it."""

import asyncio
import zlib
from dataclasses import replace

from bot.answering import Answer
from bot.cli import main
from bot.dispatch import Arrival, Dispatch
from bot.platforms.base import Incoming

_take = Dispatch.take


def seconds(key: str) -> float:
    """How much later: other keys wait for longer, so that a kill after any answer comes before some."""
    return 0.1 + zlib.crc32(key.encode()) % 4 * 0.4


async def _take_in_two(self: Dispatch, incoming: Incoming, arrival: Arrival | None = None) -> Answer:
    taken = await _take(self, replace(incoming, text="well", press=None), arrival)
    if not taken.repeated:
        await asyncio.sleep(seconds(incoming.key))
        await _take(self, replace(incoming, key=f"{incoming.key}+"))
    return taken


if __name__ == "__main__":
    Dispatch.take = _take_in_two  # type: ignore[method-assign]
    main()
