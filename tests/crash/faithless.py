"""A bot that tells Telegram that it has an update before it is committed: what the trial with kills must find out."""

import asyncio
from typing import Any

from bot.cli import main
from bot.platforms.telegram.connection import TelegramConnection

LATER = 0.3

_take = TelegramConnection.take
_tasks: set[asyncio.Task[Any]] = set()


async def _take_later(self: TelegramConnection, raw: dict[str, Any]) -> bool:
    async def work() -> None:
        await asyncio.sleep(LATER)
        await _take(self, raw)

    task = asyncio.create_task(work())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return self.account is not None


if __name__ == "__main__":
    TelegramConnection.take = _take_later  # type: ignore[method-assign]
    main()
