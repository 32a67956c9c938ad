"""Delivery: send what waits in the outbox, in order per conversation, and again after a fault.

Every message is sent at least once. A row is in doubt from before the call until a clear answer, so that what may have
arrived (no answer, a cut connection, a crash) is sent again with a mark. What a platform refuses for good is
dead-lettered, for an operator to see.
"""

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import structlog

from bot.clock import Clock
from bot.directory import Directory
from bot.due import Due, Unreadable, Unsaid, due_in
from bot.members import Alone, Members
from bot.platforms.base import ChannelGoneError, Confirm, Outgoing, Platform, SendError, ShutOutError
from bot.refusals import refuse
from bot.turns import Haste
from models import sending
from models.channels import waiting_elsewhere
from models.outbox import OutboxState, Post, awaited, forgotten, take_over, waiting_for
from models.store import Store
from models.unit import Unit

log = structlog.get_logger()

SWEEP_SECONDS = 1.0
STOP_SECONDS = 5.0
"""How long a send that is under way may take to end when the process stops; what waits is sent after the next start."""

LEAVING_SECONDS = 1.0
"""How long a stop waits until the others know that they may send what this process did not."""


class OvertakenError(Exception):
    """A post is not this process's to send any more: another one took it over, or it was given up."""


@dataclass
class _Beginning:
    """Begins each call of one sending."""

    delivery: "Delivery"
    post_id: int
    doubtful: bool

    async def __call__(self, *, leaves: bool = True) -> None:
        """Put the post in doubt before the first call that leaves something; raise OvertakenError if it is not ours."""
        is_now = self.doubtful or leaves
        await self.delivery.begin_call(self.post_id, was=self.doubtful, is_now=is_now)
        self.doubtful = is_now


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
        self._calling: set[asyncio.Task[Any] | None] = set()
        self._stopping = False
        self.shut_out: dict[str, str] = {}
        """Why a platform lets the bot say nothing any more; what waits for it waits until the next start."""
        self._wake = asyncio.Event()
        self._monotonic = time.monotonic
        self._beat: float | None = None

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
        for task in self._draining - self._calling:
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
        """Begin to send what waits for this process, after taking over what nobody else will send."""
        waiting = self._store.read(waiting_for)
        gone = [sender for sender in waiting if self._members.is_gone(sender)]
        if gone and self._platforms:
            mine = self._members.number
            log.info("takes over what others had to send", processes=[one for one in gone if one is not None])
            await asyncio.wrap_future(self._store.write(lambda unit: take_over(unit, gone, mine)))
        here = set().union(*(waiting[sender] for sender in (*gone, self._members.number) if sender in waiting))
        self._set_out(sorted(channel_id for channel_id in here if not self._is_closed(channel_id)))

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
        """Send one post; false when the channel must wait."""
        if isinstance(one, Unreadable):
            return await self._refuse(one.post_id, SendError(one.why, permanent=True))
        if isinstance(one, Unsaid):
            return await self._leave_unsaid(one)
        platform = self._platforms[one.channel.platform]
        try:
            begin = _Beginning(self, one.post_id, one.doubtful)
            await platform.send(replace(one, begin=begin), self._confirm(one))
        except SendError as error:
            if isinstance(error, ShutOutError) and platform.name not in self.shut_out:
                self.shut_out[platform.name] = str(error)
                log.error("shut out", platform=platform.name, reason=str(error))  # noqa: TRY400  no fault of ours
            return await self._refuse(one.post_id, error, doubtful=one.doubtful, channel_id=one.channel.id)
        except OvertakenError as error:
            log.info("not sent by this process", post=one.post_id, reason=str(error))
            return False
        except Exception as error:
            log.exception("sending failed", post=one.post_id)
            return await self._refuse(one.post_id, SendError(f"{type(error).__name__}: {error}", doubtful=True))
        finally:
            self._calling.discard(asyncio.current_task())
        return True

    def _confirm(self, one: Outgoing) -> Confirm:
        now = self._clock.now()

        def confirm(unit: Unit, *ids: str) -> None:
            sending.sent(unit, one.post_id, now, *ids)
            if one.holds_secret:
                row = unit.get_one(Post, one.post_id)
                row.body = forgotten(row.body)
            if one.edits is not None:
                sending.stands_as(unit, one.edited_post, *ids)
            if self._members.count > 1:
                unit.topics.add(str(Post.__tablename__))  # another one may wait until this is sent

        return confirm

    async def begin_call(self, post_id: int, *, was: bool, is_now: bool) -> None:
        """Look whether a post is still ours to send before a call is made, and let no stop cut that off.

        Raise OvertakenError when it is not. One process alone need not look before what only changes a face.
        """
        self._calling.add(asyncio.current_task())
        if not is_now and self._members.count == 1:
            return
        by = self._members.number
        try:
            begins = self._store.write(
                lambda unit: sending.begin(unit, post_id, by, was=was, is_now=is_now), repeatable=True
            )
            is_ours = await asyncio.wrap_future(begins)
        except Exception as error:
            raise OvertakenError(f"it was not begun: {type(error).__name__}") from error
        if not is_ours:
            raise OvertakenError("it was taken over, given up or begun anew")

    async def _leave_unsaid(self, one: Unsaid) -> bool:
        """Be done with a face that adds nothing, or put it off; what stands behind it may go."""
        now, until = self._clock.now(), one.until

        def work(unit: Unit) -> None:
            if until is None:
                sending.sent(unit, one.post_id, now)
            else:
                sending.said_later(unit, one.post_id, until)

        await asyncio.wrap_future(self._store.write(work))
        return True

    async def _refuse(
        self, post_id: int, error: SendError, *, doubtful: bool = False, channel_id: str | None = None
    ) -> bool:
        def work(unit: Unit) -> bool:
            post = unit.get_one(Post, post_id)
            if post.state is not OutboxState.WAITING or post.sender != self._members.number:
                return False  # whatever became of it meanwhile stands
            post.doubtful = doubtful or error.doubtful
            return refuse(unit, post_id, error, self._clock.now(), channel_id)

        may_go_on = await asyncio.wrap_future(self._store.write(work, repeatable=True))
        if isinstance(error, ChannelGoneError):
            self.wake()  # the administrators were told
        return may_go_on
