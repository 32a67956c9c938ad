"""Membership on PostgreSQL: a connection of one's own that holds locks and listens.

A process is there as long as its connection holds the lock of its number. When it dies, the server lets the lock go at
once; when it hangs, the server ends the connection after HANGS_SECONDS. So no machine's clock decides who is there.
"""

import asyncio
import contextlib
import secrets
import time
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import psycopg
import structlog

from bot.members import Heard
from models.databases import APPLICATION, NOTICES

log = structlog.get_logger()

BEAT_SECONDS = 1.0
GRACE_SECONDS = 5.0
"""So long nobody may have seen a process before others do its work: after a restart of the server all come back."""
HANGS_SECONDS = 15
MEET_SECONDS = 5.0
"""How long the start waits for the connection."""
LONGEST_PAUSE = 2.0
PRESENT, LEADING = 7_216_002, 7_216_003
"""The first halves of the locks of processes, and of parts of the work."""

_PRESENT = (
    "SELECT objid FROM pg_locks JOIN pg_database AS here ON here.oid = database "
    "WHERE locktype = 'advisory' AND here.datname = current_database() AND classid = %s AND objsubid = 2 AND granted"
)


@dataclass
class Membership:
    """This process among the others; `url` is the database's, where every process has the same."""

    url: str = field(repr=False)
    number: int = field(default_factory=lambda: secrets.randbelow(2**31 - 2) + 2)
    monotonic: Callable[[], float] = time.monotonic
    _present: frozenset[int] = frozenset()
    _missed: dict[int | None, float] = field(default_factory=dict)
    _roles: set[str] = field(default_factory=set)
    _wanted: set[str] = field(default_factory=set)
    _heard: list[tuple[frozenset[str], Heard]] = field(default_factory=list)
    _running: asyncio.Task[None] | None = None
    _met: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_connected(self) -> bool:
        """Whether the others see this one."""
        return self._met.is_set()

    @property
    def count(self) -> int:
        """How many there are, this one included."""
        return max(len(self._present), 1)

    def is_gone(self, number: int | None) -> bool:
        """Whether one was missed for GRACE_SECONDS; nobody's work is anybody's at once."""
        if number is None:
            return self.is_connected
        if not self.is_connected or number == self.number or number in self._present:
            return False
        now = self.monotonic()
        return now - self._missed.setdefault(number, now) >= GRACE_SECONDS

    def leads(self, role: str) -> bool:
        """Whether this one leads a part of the work that it seeks."""
        return role in self._roles

    def seek(self, role: str) -> None:
        """Try to lead a part of the work from now on."""
        self._wanted.add(role)

    def listen(self, topics: Collection[str], heard: Heard) -> None:
        """Call `heard` when another process said one of these, or may have while nobody listened."""
        self._heard.append((frozenset(topics), heard))

    async def start(self) -> None:
        """Connect; where that takes long, go on trying."""
        self._running = asyncio.create_task(self._run())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MEET_SECONDS):
                await self._met.wait()

    async def stop(self) -> None:
        """Let every lock go."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._running = None

    async def _run(self) -> None:
        pause = 0.05
        while True:
            try:
                await self._be_there()
            except Exception as error:
                pause = min(pause * 2, LONGEST_PAUSE) if not self.is_connected else 0.05
                is_known = isinstance(error, psycopg.Error | OSError)
                log.warning(
                    "the connection to the other processes was lost", reason=type(error).__name__,
                    exc_info=None if is_known else error,
                )  # fmt: skip
            finally:
                self._met.clear()
                self._roles.clear()
                self._missed.clear()
            await asyncio.sleep(pause)

    async def _be_there(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self.url, autocommit=True, application_name=APPLICATION, connect_timeout=10, keepalives_idle=10,
            keepalives_interval=5, keepalives_count=3, tcp_user_timeout=10_000,
            options=f"-c idle_session_timeout={HANGS_SECONDS}s",
        )  # fmt: skip
        try:
            async with asyncio.timeout(2 * HANGS_SECONDS):  # one's own session of before may have to end first
                await connection.execute(f"LISTEN {NOTICES}")
                await connection.execute("SELECT pg_advisory_lock(%s, %s)", (PRESENT, self.number))
            self._tell(None)
            while True:
                async with asyncio.timeout(HANGS_SECONDS):
                    await self._look_round(connection)
                async for notice in connection.notifies(timeout=BEAT_SECONDS):
                    sender, _, topics = notice.payload.partition(" ")
                    if sender != str(self.number):
                        self._tell(set(topics.split()))
        finally:
            await connection.close()

    def sees(self, present: Collection[int]) -> None:
        """Keep who is there; who came back will be missed anew."""
        self._present = frozenset(present)
        self._missed = {number: at for number, at in self._missed.items() if number not in self._present}
        self._met.set()

    async def _look_round(self, connection: psycopg.AsyncConnection) -> None:
        found = await (await connection.execute(_PRESENT, (PRESENT,))).fetchall()
        self.sees({row[0] for row in found})
        for role in self._wanted - self._roles:
            key = zlib.crc32(role.encode()) >> 1
            row = await (await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (LEADING, key))).fetchone()
            if row is not None and row[0]:
                self._roles.add(role)
                log.info("leads", role=role)

    def _tell(self, topics: Collection[str] | None) -> None:
        for wanted, heard in self._heard:
            if topics is None or wanted & set(topics):
                try:
                    heard()
                except Exception:
                    log.exception("what another process said was not followed")
