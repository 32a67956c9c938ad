"""Serve an installation in this process on a loopback port, as a platform's servers reach it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

import uvicorn

from bot.app import Regatta
from bot.demo.time import parse_advance
from tests.workspace import StandingClock


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served(regatta: Regatta) -> AsyncIterator[str]:
    """Serve until the block ends; gives the address."""
    config = uvicorn.Config(regatta.asgi(), lifespan="on", log_config=None, access_log=False, ws="none")
    server = _Server(config)
    # With its protocol named: asyncio turns Nagle's delay (40 ms an answer) off only for what says that it is TCP.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started and not serving.done():  # noqa: ASYNC110  uvicorn offers no event
            await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


class Days:
    """Moves the clock of a real organisation, with everything due on the way at its own instant."""

    def __init__(self, regatta: Regatta, clock: StandingClock) -> None:
        self._regatta, self._clock = regatta, clock

    async def advance(self, span: str) -> datetime:
        """Move forward by `90m`, `2h`, `3d`, `1w`."""
        return await self.move_to(self._clock.at + parse_advance(span))

    async def move_to(self, target: datetime) -> datetime:
        """Move forward to an instant."""
        scheduler = self._regatta.scheduler
        while (due := scheduler.next_due()) is not None and due.due_at <= target:
            self._clock.at = max(due.due_at, self._clock.at)
            await scheduler.run_due(self._clock.at + timedelta(microseconds=1))
        self._clock.at = target.astimezone(UTC)
        return self._clock.at
