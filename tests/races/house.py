"""One company with several doors: processes on one database, here side by side or each on its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated
from typing import TypeVar

import httpx
from sqlalchemy import Engine
from sqlmodel import Session, col, create_engine, select

from bot.app import Regatta
from models.inbox import Delivery
from models.outbox import OutboxState, Post
from tests.crash.fleet import PROCESSES, Fleet
from tests.databases import Kind, driven, kind
from tests.workspace import Record, Visitor, Workspace, demo_settings

T = TypeVar("T")

WAITS = 60.0
KEPT = httpx.Limits(keepalive_expiry=1.0)
"""A connection that is kept for as long as the server keeps it may be closed under the next request."""


@dataclass
class House:
    """The doors of one company, its rows as they are, and what decides by chance."""

    doors: list[Visitor]
    engine: Engine
    chance: Random
    _keys: "count[int]" = field(default_factory=count)

    async def say(self, person: str, text: str, channel: str | None = None, key: str | None = None) -> list[Record]:
        """Type a line at any door; what is answered, also where it has to wait for another process's message."""
        door, key = self.chance.choice(self.doors), key or self._key()
        return await self._answered(person, key, lambda: door.say(person, text, channel, key=key))

    async def press(self, person: str, message: Record, command: str, form: Record | None = None) -> list[Record]:
        """Press a button at any door."""
        door, key = self.chance.choice(self.doors), self._key()
        return await self._answered(person, key, lambda: door.press(person, message, command, form, key=key))

    async def read(self, person: str, channel: str | None = None) -> list[Record]:
        """What a person sees in a channel, oldest first."""
        return await self.chance.choice(self.doors).read(person, channel)

    async def _answered(self, person: str, key: str, ask: Callable[[], Awaitable[list[Record]]]) -> list[Record]:
        replies = await ask()
        if len(self.doors) == 1:
            return replies
        await eventually(lambda: not self._waits(f"{person}:{key}"), WAITS)
        return await ask()  # the same delivery once more is answered as before

    def _waits(self, key: str) -> bool:
        """Whether a message of a delivery is still to be sent."""
        waiting = select(Post.id).join(Delivery, col(Delivery.event_id) == Post.event_id)
        waiting = waiting.where(Delivery.key == key, Post.state == OutboxState.WAITING)
        return self.rows(lambda session: session.exec(waiting).first()) is not None

    def _key(self) -> str:
        return f"race-{next(self._keys)}"

    def rows(self, work: Callable[[Session], T]) -> T:
        """Look at what is committed."""
        with Session(self.engine) as session:
            return work(session)


@asynccontextmanager
async def house_here(template: Path, database: Path, seed: int, processes: int = 1) -> AsyncIterator[House]:
    """Open so many processes side by side in this one."""
    async with side_by_side(template, database, processes) as doors:
        engine = create_engine(driven(database))
        try:
            yield House(list(doors), engine, Random(seed))
        finally:
            engine.dispose()


@asynccontextmanager
async def side_by_side(template: Path, database: Path, processes: int) -> AsyncIterator[list[Workspace]]:
    """So many of them on one demo, once each knows of all."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(Workspace.opened(template, database))
        opened = [first]
        for _ in range(processes - 1):
            regatta = Regatta(demo_settings(database), first.regatta._base)
            await regatta.start()
            stack.push_async_callback(regatta.stop)
            transport = httpx.ASGITransport(regatta.asgi())
            client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
            opened.append(Workspace(regatta, await stack.enter_async_context(client)))
        await eventually(lambda: all(one.regatta.members.count == processes for one in opened))
        yield opened


@asynccontextmanager
async def house_of_servers(database: Path, seed: int) -> AsyncIterator[House]:
    """Start servers: several on PostgreSQL, one on SQLite."""
    fleet = Fleet(database, seed, 1 if kind() is Kind.SQLITE else PROCESSES)
    try:
        await asyncio.to_thread(fleet.start)
        async with AsyncExitStack() as stack:
            clients = [httpx.AsyncClient(base_url=server.url, timeout=WAITS, limits=KEPT) for server in fleet.servers]
            doors = [Visitor(await stack.enter_async_context(client)) for client in clients]
            engine = create_engine(driven(database))
            stack.callback(engine.dispose)
            yield House(doors, engine, Random(seed))
    finally:
        fleet.close()


async def eventually(holds: Callable[[], object], within: float = 15.0) -> None:
    """Wait until something holds that another process does, which makes no event here."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
