"""One process of the installation: the parts that the application wires, on the simulated ground."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.allowance import Allowance
from bot.delivery import Delivery
from bot.directory import ANNOUNCED, Directory
from bot.dispatch import Dispatch
from bot.members import Members
from bot.metrics import Metrics
from bot.platforms.base import Incoming
from bot.pressing import UnknownButtonError
from bot.registry import jobs, registry
from bot.scheduler import REBUILD_SECONDS, Scheduler
from models.context import Context as WorkContext
from models.outbox import Post
from models.retention import plan_to_prune
from tests.simulator.chat import SimulatedPlatform
from tests.simulator.company import PLATFORM
from tests.simulator.disk import Disk, SimulatedStore
from tests.simulator.loop import OWNER, Life
from tests.simulator.presence import SimulatedMembership

if TYPE_CHECKING:
    from tests.simulator.world import World

_registry = cache(registry)
_jobs = cache(jobs)


class Process:
    """A process from its start to its end; everything that it does belongs to its life."""

    def __init__(self, world: "World", number: int, disk: Disk, skew: float) -> None:
        self.life = Life(number)
        self._world, self._disk, self._skew = world, disk, skew
        self.context: Context = copy_context()
        self.context.run(OWNER.set, self.life)
        self.context.run(self._build)
        self.spawn(self._start())

    def _build(self) -> None:
        world, number = self._world, self.life.number
        self.store = SimulatedStore(world.url, world.loop, self.life, self._disk, world.committed, self.die)
        self.store.process, self.store.announced = number, ANNOUNCED
        self.members: Members = SimulatedMembership(world.presence, self.life)
        directory = Directory(self.store, world.loop.time)
        self.dispatch = Dispatch(
            self.store, _registry(), self, world.new_id, directory, Metrics(self.store, self),
            Allowance(monotonic=world.loop.time),
        )  # fmt: skip
        platform = SimulatedPlatform(
            self.store, world.chat, asking=world.control != "unasked", keeps_order=world.control == "hasty"
        )
        self.delivery = Delivery(self.store, {PLATFORM: platform}, self, directory, self.members)
        self.delivery._monotonic = world.loop.time
        self.scheduler = Scheduler(self.store, _jobs(), self, self.delivery, world.new_id)
        directory.follow(self.members)
        self.members.listen({str(Post.__tablename__)}, self.delivery.wake)

    def now(self) -> datetime:
        """The instant by this machine's clock, which is not quite the others'."""
        return self._world.now(self._skew)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin something in this life."""
        self._world.loop.create_task(work, context=self.context.copy())

    def die(self) -> None:
        """End at once."""
        if not self.life.is_dead:
            self.life.is_dead = True
            self._world.died(self)

    def hang(self, seconds: float) -> None:
        """Do nothing for a while, and then go on as if nothing had been."""
        self.life.awake_at = self._world.loop.time() + seconds
        self._world.presence.hangs(self.life)

    async def hear(self, incoming: Incoming, told: Callable[[bool], None]) -> None:
        """Take a delivery, say whether it was taken, and send what it brought."""
        if self._world.control == "early":
            told(True)
        if self._world.control == "forgetful":
            incoming = replace(incoming, key=f"{incoming.key} {self._world.new_id()}")
        try:
            answer = await self.dispatch.take(incoming)
        except UnknownButtonError:
            told(True)
            return
        except Exception:  # noqa: BLE001  a platform hears of any
            told(False)
            return
        told(True)
        try:
            await self.delivery.settle(answer.touched)
        except Exception:  # noqa: BLE001  the round sends it
            self._world.note(f"process {self.life.number} cannot settle")

    async def _start(self) -> None:
        await self.members.start()
        task = asyncio.create_task(self.delivery.run())
        while not task.done():
            try:
                await asyncio.wrap_future(self.store.write(self._plan))
                break
            except Exception:  # noqa: BLE001  the disk is full, or the server away: a real process would start anew
                await asyncio.sleep(1)
        while not task.done():
            try:
                await self.scheduler.run_due(self.now())
            except Exception:  # noqa: BLE001  APScheduler goes on, too
                self._world.note(f"process {self.life.number} cannot run what is due")
            await asyncio.sleep(REBUILD_SECONDS)
        self._world.fault(f"process {self.life.number} sends no more: {task!r}")

    def _plan(self, unit: Any) -> None:
        plan_to_prune(WorkContext(unit, self.now(), "start", self._world.new_id))
