"""The scheduler: `run_due` is the only thing that runs slots and timers; APScheduler only wakes it.

The unique row of a slot is inserted in the slot's own unit of work, so it is done once, whichever process came first.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import update
from sqlmodel import col

from bot.clock import Clock
from bot.delivery import Delivery
from jobs.job import Job
from models import audit
from models.context import Context
from models.databases import insert_once
from models.outages import is_outage, reason_of
from models.schedules import Due, SlotOutcome, SlotRun, Timer, TimerState, next_due
from models.store import Store
from models.unit import Unit

log = structlog.get_logger()

REBUILD_SECONDS = 5
TRIES = 5


class Scheduler:
    """Runs what is due, each slot exactly once."""

    def __init__(
        self, store: Store, jobs: Mapping[str, Job], clock: Clock, delivery: Delivery, new_id: Callable[[], str]
    ) -> None:
        self._store, self._jobs, self._clock, self._delivery, self._new_id = store, jobs, clock, delivery, new_id
        self._lock = asyncio.Lock()
        self._tries: dict[Due, int] = {}
        self._alarm = AsyncIOScheduler(timezone=UTC)
        self._beat: float | None = None

    def start(self) -> None:
        """Wake at the next due instant, and every few seconds to see what changed."""
        every = IntervalTrigger(seconds=REBUILD_SECONDS, timezone=UTC)
        self._alarm.add_job(self.wake, every, id="rebuild", max_instances=1, coalesce=True)
        self._alarm.start()

    def stop(self) -> None:
        """Wake no more."""
        if self._alarm.running:
            self._alarm.shutdown(wait=False)

    async def wake(self) -> None:
        """Run what is due, then set the alarm for what comes next."""
        now = self._clock.now()
        await self.run_due(now)
        self._beat = asyncio.get_running_loop().time()
        coming = self._store.read(next_due)
        if coming is not None:
            ahead = max(coming.due_at - self._clock.now(), timedelta())
            if ahead < timedelta(seconds=REBUILD_SECONDS):
                at = DateTrigger(datetime.now(UTC) + ahead)  # noqa: TID251  APScheduler runs on the machine's clock
                self._alarm.add_job(self.wake, at, id="next", replace_existing=True, misfire_grace_time=60)

    def is_beating(self, seconds: float) -> bool:
        """Whether it woke within so many seconds of the machine's time."""
        return self._beat is not None and asyncio.get_running_loop().time() - self._beat < seconds

    async def run_due(self, now: datetime) -> None:
        """Run every slot and timer whose instant has come, in the order of their instants."""
        async with self._lock:
            while (due := self._store.read(next_due)) is not None and due.due_at <= now:
                if not await self._run(due, now):
                    return

    async def fire(self, due: Due) -> bool:
        """Run a slot now, before its instant; false when it was done before."""
        now = self._clock.now()
        async with self._lock:
            touched = await asyncio.wrap_future(self._store.write(lambda unit: self._in_unit(unit, due, now)))
        return touched is not None

    def next_due(self) -> Due | None:
        """What comes first."""
        return self._store.read(next_due)

    async def _run(self, due: Due, now: datetime) -> bool:
        """Run one; false when it failed and the next try is left to the next wake."""
        try:
            touched = await asyncio.wrap_future(self._store.write(lambda unit: self._in_unit(unit, due, now)))
        except Exception as error:
            if is_outage(error):  # no fault of the slot's, which is done once the database is back
                log.error("database cannot be used", reason=reason_of(error), job=due.job)  # noqa: TRY400
                return False
            self._tries[due] = self._tries.get(due, 0) + 1
            log.exception("slot failed", job=due.job, subject=due.subject, tries=self._tries[due])
            if self._tries[due] < TRIES:
                return False
            await asyncio.wrap_future(self._store.write(lambda unit: self._give_up(unit, due, now)))
            return True
        await self._delivery.settle(touched or ())
        return True

    def _in_unit(self, unit: Unit, due: Due, now: datetime) -> set[str] | None:
        """Do it and name the channels that have something to send; none when it was done before."""
        declared = self._jobs[due.job]
        missed = now - due.due_at > declared.late
        if not _claim(unit, due, now, SlotOutcome.MISSED if missed else SlotOutcome.RUN):
            return None
        context = Context(unit, now, self._new_id(), self._new_id)
        if not missed:
            declared.work(context, due)
        self._audit(context, due, "missed" if missed else "done")
        return context.touched

    def _give_up(self, unit: Unit, due: Due, now: datetime) -> None:
        if _claim(unit, due, now, SlotOutcome.FAILED):
            self._audit(Context(unit, now, self._new_id(), self._new_id), due, "failed")

    def _audit(self, context: Context, due: Due, outcome: str) -> None:
        audit.append(
            context.session, event_id=context.event_id, at=context.now, actor="clock", action=f"job.{due.job}",
            subject=due.subject, facts={"due_at": due.due_at.isoformat(), "outcome": outcome},
        )  # fmt: skip


def _claim(unit: Unit, due: Due, now: datetime, outcome: SlotOutcome) -> bool:
    """Take a slot or timer; false when it was taken before."""
    if due.timer_id is not None:
        free = update(Timer).where(col(Timer.id) == due.timer_id, col(Timer.state) == TimerState.WAITING)
        return bool(unit.execute(free.values(state=TimerState.DONE)).rowcount)  # type: ignore[attr-defined]
    facts = {
        "schedule_id": due.schedule_id, "planned_on": due.planned_on, "ran_at": now, "outcome": outcome,
    }  # fmt: skip
    return insert_once(unit, SlotRun, facts)
