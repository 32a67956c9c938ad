"""Demo time: move the clock forward, and do on the way what was due, each at its own instant."""

import asyncio
import re
from datetime import datetime, timedelta

from sqlmodel import select

from bot.clock import DemoClock
from bot.scheduler import Scheduler
from models.regions import Organisation
from models.store import Store
from models.unit import Unit

FURTHEST = timedelta(days=400)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_ADVANCE = re.compile(r"([0-9]{1,6})([mhdw])")


class ClockError(Exception):
    """Raised with one sentence for a move that the clock does not make."""


def parse_advance(text: str) -> timedelta:
    """Read elapsed time such as `90m`, `2h`, `3d`, `1w`; raise ClockError for anything else or more than 400 days."""
    found = _ADVANCE.fullmatch(text.strip())
    if found is None:
        raise ClockError("Write how far like 90m, 2h, 3d or 1w.")
    span = int(found[1]) * _UNITS[found[2]]
    if span > FURTHEST:
        raise ClockError("The clock moves by at most 400 days at a time.")
    return span


class DemoTime:
    """Moves the demo's clock; one move at a time."""

    def __init__(self, clock: DemoClock, store: Store, scheduler: Scheduler) -> None:
        self._clock, self._store, self._scheduler = clock, store, scheduler
        self._lock = asyncio.Lock()

    async def advance(self, span: timedelta) -> datetime:
        """Move forward by elapsed time."""
        async with self._lock:
            return await self._move(self._clock.now() + span)

    async def move_to(self, target: datetime) -> datetime:
        """Move forward to an instant; raise ClockError for one that is past, too far, or without a zone."""
        if target.tzinfo is None:
            raise ClockError("Say the zone, like 2026-11-30T09:00+08:00.")
        async with self._lock:
            now = self._clock.now()
            if target < now:
                raise ClockError("The clock never goes back.")
            if target - now > FURTHEST:
                raise ClockError("The clock moves by at most 400 days at a time.")
            return await self._move(target)

    async def _move(self, target: datetime) -> datetime:
        """Stop at every due instant on the way; what was reached is kept even when something fails there."""
        reached = self._clock.now()
        try:
            while (due := self._scheduler.next_due()) is not None and due.due_at <= target:
                reached = max(due.due_at, reached)
                self._clock.hold(reached)
                await self._keep(reached)
                await self._scheduler.run_due(reached)
            reached = target
        finally:
            self._clock.run_on(reached)
            await self._keep(reached)
        return self._clock.now()

    async def _keep(self, reached: datetime) -> None:
        offset = round((reached - self._clock.base_now()).total_seconds())
        await asyncio.wrap_future(self._store.write(lambda unit: _write(unit, offset)))


def _write(unit: Unit, offset_seconds: int) -> None:
    company = unit.exec(select(Organisation)).first()
    if company is not None:  # beside test peers there is none before the set-up
        company.clock_offset_seconds = offset_seconds
