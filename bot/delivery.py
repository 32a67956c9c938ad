"""Delivery: send what waits in the outbox, in order per conversation, and again after a fault.

Each process sends what it wrote, and what processes that are gone wrote; how one post is sent, `bot.sending` knows.
"""

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Iterable, Mapping
from math import inf
from typing import Any

import structlog

from bot.clock import Clock
from bot.directory import Directory
from bot.due import Due, due_in
from bot.members import Alone, Members
from bot.platforms.base import Outgoing, Platform
from bot.sending import Sender
from bot.turns import Haste
from models.channels import still_due, waiting_elsewhere
from models.outbox import Post, awaited, take_over
from models.sending import senders_of_first
from models.store import Store
from models.unit import Unit

log = structlog.get_logger()

SWEEP_SECONDS = 1.0
STOP_SECONDS = 5.0
"""How long a send that is under way may take to end when the process stops; what waits is sent after the next start."""

LEAVING_SECONDS = 1.0
"""How long a stop waits until the others know that they may send what this process did not."""


class Delivery:
    """Sends posts through the platforms: those that this process wrote, and those of processes that are gone."""

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        clock: Clock,
        directory: Directory,
        members: Members | None = None,
    ) -> None:
        self._store = store
        self._members = members or Alone()
        self._directory = directory
        self._platforms = platforms
        self._clock = clock
        self._locks: dict[str, asyncio.Lock] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._hastes: dict[str, Haste] = {}
        self._next: dict[str, asyncio.Task[None]] = {}
        self._draining: set[asyncio.Task[None]] = set()
        self._watched: dict[str, set[asyncio.Event]] = {}
        self._stopping = False
        self._sender = Sender(store, platforms, clock, self._members, self.wake)
        self._wake = asyncio.Event()
        self._monotonic = time.monotonic
        self._beat: float | None = None

    @property
    def shut_out(self) -> Mapping[str, str]:
        """Why a platform lets the bot say nothing any more, by its name."""
        return self._sender.shut_out

    def wake(self) -> None:
        """Say that something may be due."""
        self._wake.set()

    async def settle(self, channel_ids: Iterable[str]) -> None:
        """Send what is due in these channels now; channels run side by side, each in its order."""
        channel_ids = set(channel_ids)
        self._hurry(channel_ids)
        draining = (asyncio.shield(self._next_drain(channel_id)) for channel_id in sorted(channel_ids))
        for fault in await asyncio.gather(*draining, return_exceptions=True):
            if isinstance(fault, Exception):
                raise fault

    async def let_go(self, event_id: str, platform: str) -> None:
        """Wait until no message of an event waits on a platform for what another process has to send first."""
        went = asyncio.Event()
        self._watched.setdefault(event_id, set()).add(went)
        try:
            while self._is_held_up(event_id, platform):
                went.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(SWEEP_SECONDS):
                        await went.wait()
        finally:
            self._watched[event_id].discard(went)
            if not self._watched[event_id]:
                del self._watched[event_id]

    def _is_held_up(self, event_id: str, platform: str) -> bool:
        if self._stopping or self._members.count == 1 or not self._members.is_connected:
            return False
        now = self._clock.now()
        return self._store.read(lambda session: still_due(session, event_id, platform, now))

    def _next_drain(self, channel_id: str) -> "asyncio.Task[None]":
        """The next look at what is due in a channel: one for everybody who waits while another one is sending."""
        waiting = self._next.get(channel_id)
        if waiting is None or waiting.done():
            waiting = self._next[channel_id] = self._begin(self._drain(channel_id))
        return waiting

    def _hurry(self, channel_ids: set[str]) -> None:
        """Let what is being sent to these channels go first where somebody waits for something behind it."""
        calm = [each for each in channel_ids if each in self._hastes and not self._hastes[each].is_on]
        if calm:
            for channel_id in self._store.read(lambda session: awaited(session, calm)):
                self._hastes[channel_id].begin()

    async def stop(self, by: float = inf) -> None:
        """Begin to send nothing more, and let the calls that are under way end: cut off, they would be made again.

        `by` is the loop's time at which it is over at the latest.
        """
        self._stopping = True
        self._wake.set()
        for task in self._draining - self._sender.calling:
            task.cancel()  # it waits for its turn
        if self._draining:
            left = max(by - asyncio.get_running_loop().time(), 0.0)
            _, late = await asyncio.wait(self._draining, timeout=min(left, STOP_SECONDS))
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        leaving = self._store.write(self._leave)
        with contextlib.suppress(Exception):  # they wait a little longer then
            await asyncio.wait_for(asyncio.wrap_future(leaving), LEAVING_SECONDS)

    def _leave(self, unit: Unit) -> None:
        take_over(unit, [self._members.number], None)
        unit.topics.add(str(Post.__tablename__))

    def _begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._draining.add(task)
        task.add_done_callback(self._draining.discard)
        return task

    @property
    def is_alive(self) -> bool:
        """Whether it went round within a few sweeps; true before it was started."""
        return self._beat is None or self._monotonic() - self._beat < 10 * SWEEP_SECONDS

    async def run(self) -> None:
        """Send until it is stopped: at once when woken, and now and then for what backs off; no fault ends it.

        Each channel is sent to by a task of its own, so that a slow one holds up no other.
        """
        self._say_what_stays()
        try:
            while not self._stopping:
                self._wake.clear()
                self._beat = self._monotonic()
                try:
                    await self._look_round()
                except Exception:
                    log.exception("delivery round failed")
                await self._next_round()
        except asyncio.CancelledError:
            under_way = list(self._under_way.values())
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
            raise

    async def _look_round(self) -> None:
        """Begin to send where this process comes first, after taking over what nobody else will send."""
        mine, now = self._members.number, self._clock.now()
        first = self._store.read(lambda session: senders_of_first(session, now))
        gone = [sender for sender in {*first.values()} if self._members.is_gone(sender)]
        if gone and self._platforms:
            log.info("takes over what others had to send", processes=[one for one in gone if one is not None])
            await asyncio.wrap_future(self._store.write(lambda unit: take_over(unit, gone, mine)))
        here = sorted(channel_id for channel_id, sender in first.items() if sender in (*gone, mine))
        self._set_out(channel_id for channel_id in here if not self._is_closed(channel_id))

    def _say_what_stays(self) -> None:
        """Say once what waits for platforms that are not set: it stays until they are."""
        try:
            found = self._store.read(lambda session: waiting_elsewhere(session, self._platforms))
        except Exception:
            log.exception("what waits for other platforms cannot be counted")
            return
        for platform, number in found:
            log.warning("messages wait for a platform that is not set", platform=platform, waiting=number)

    async def _next_round(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SWEEP_SECONDS):
                await self._wake.wait()

    def _set_out(self, channel_ids: Iterable[str]) -> None:
        """Begin to send to the channels that nobody is sending to."""
        for channel_id in channel_ids:
            if channel_id not in self._under_way:
                self._under_way[channel_id] = self._begin(self._drain_safely(channel_id))

    async def _drain_safely(self, channel_id: str) -> None:
        try:
            await self._drain(channel_id)
        except Exception:
            log.exception("delivery to a channel failed", channel=channel_id)
        finally:
            del self._under_way[channel_id]

    async def _drain(self, channel_id: str) -> None:
        lock = self._locks.setdefault(channel_id, asyncio.Lock())
        async with lock:
            self._next.pop(channel_id, None)
            haste = self._hastes[channel_id] = Haste()
            try:
                await self._drain_in_turn(channel_id, haste)
            finally:
                del self._hastes[channel_id]

    async def _drain_in_turn(self, channel_id: str, haste: Haste) -> None:
        while not self._stopping and not self._is_closed(channel_id):
            due, is_all = self._store.read(
                lambda session: due_in(
                    session, channel_id, self._clock.now(), self._directory, self._platforms, haste,
                    self._members.number,
                )
            )  # fmt: skip
            if due and not await self._send_all(due):
                return
            if is_all or not due:
                return

    def _is_closed(self, channel_id: str) -> bool:
        """Whether nothing can be sent there now.

        Its platform is not set, or lets the bot say nothing; it is not known yet; or no other process sees this one.
        """
        channel = self._directory.now().channels.get(channel_id)
        if channel is None or not self._members.is_connected:
            return True
        return channel.platform not in self._platforms or channel.platform in self.shut_out

    async def _send_all(self, due: list[Due]) -> bool:
        """Send posts of one channel in order; false when the rest must wait."""
        first = due[0]
        if isinstance(first, Outgoing) and self._platforms[first.channel.platform].keeps_order:
            return all(await asyncio.gather(*(self._send(one) for one in due)))
        for one in due:
            if self._stopping or not await self._send(one):
                return False
        return True

    async def _send(self, one: Due) -> bool:
        went = await self._sender.send(one)
        for waits in self._watched.get(one.event_id, ()) if isinstance(one, Outgoing) else ():
            waits.set()
        return went
