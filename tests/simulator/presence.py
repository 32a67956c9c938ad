"""The server that says which processes are there, as PostgreSQL does by its locks and notices."""

import asyncio
from collections.abc import Collection
from contextvars import Context
from dataclasses import dataclass, field
from random import Random  # noqa: TID251  seeded: a run can be repeated

from bot.membership import BEAT_SECONDS, HANGS_SECONDS, Membership
from tests.simulator.loop import Life, SimulatedLoop


class LostError(OSError):
    """The connection is no more."""


@dataclass
class _Session:
    life: Life
    is_over: bool = False
    notices: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Presence:
    """The locks of processes and of parts of the work, and what one process says to the others."""

    loop: SimulatedLoop
    chance: Random
    world: Context
    sessions: dict[int, _Session] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)

    def present(self) -> set[int]:
        """Who is there."""
        return set(self.sessions)

    async def connect(self, life: Life) -> _Session:
        """Be there; a session of the same number ends first."""
        await asyncio.sleep(self.chance.uniform(0.001, 0.3))
        self.end(life.number)
        session = self.sessions[life.number] = _Session(life)
        return session

    def end(self, number: int) -> None:
        """Let a process be there no more: its locks are free."""
        session = self.sessions.pop(number, None)
        if session is not None:
            session.is_over = True
            session.heard.set()
        self.roles = {role: leader for role, leader in self.roles.items() if leader != number}

    def hangs(self, life: Life) -> None:
        """Notice one that says nothing, after a while."""

        def look() -> None:
            if life.awake_at > self.loop.time():
                self.end(life.number)

        self.loop.call_later(HANGS_SECONDS, look, context=self.world)

    def say(self, sender: int, topics: Collection[str]) -> None:
        """Tell everybody what a process changed."""
        if topics:
            self.loop.call_later(0.002, self._say, sender, frozenset(topics), context=self.world)

    def _say(self, sender: int, topics: frozenset[str]) -> None:
        for session in self.sessions.values():
            session.notices.append((sender, topics))
            session.heard.set()

    def lead(self, role: str, number: int) -> bool:
        """Give a part of the work to whoever asks first."""
        return self.roles.setdefault(role, number) == number


class SimulatedMembership(Membership):
    """Membership, with the simulated server in place of the connection to PostgreSQL."""

    def __init__(self, presence: Presence, life: Life) -> None:
        super().__init__("", life.number, presence.loop.time)
        self._presence, self._life = presence, life

    async def _be_there(self) -> None:
        session = await self._presence.connect(self._life)
        self._tell(None)
        while True:
            if session.is_over:
                raise LostError
            self.sees(self._presence.present())
            self._roles |= {role for role in self._wanted - self._roles if self._presence.lead(role, self.number)}
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await session.heard.wait()
            except TimeoutError:
                continue
            session.heard.clear()
            notices, session.notices = session.notices, []
            for sender, topics in notices:
                if sender != self.number:
                    self._tell(topics)
