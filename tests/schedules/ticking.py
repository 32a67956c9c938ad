"""Regions in several zones whose slots and timers only count; the clock is set to whatever a trial says."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import count, takewhile
from pathlib import Path

from sqlmodel import Session, delete, select

from bot.delivery import Delivery
from bot.directory import Directory
from bot.scheduler import Scheduler
from jobs.job import Job
from models.audit import AuditRow, breaks
from models.context import Context
from models.regions import Region
from models.schedules import Due, Schedule, SlotOutcome, SlotRun, Timer, TimerState, slots_after
from models.store import Store
from models.unit import Unit
from tests.databases import copy, url_of
from tests.workspace import StandingClock

LATE, LATER = timedelta(hours=12), timedelta(days=3)
AFTER = timedelta(hours=9)
"""So long after its slot its timer is due."""
ZONES = {
    "America/New_York": time(2, 30), "America/Havana": time(0, 30), "Europe/Berlin": time(2, 30),
    "Africa/Cairo": time(0, 15), "Asia/Kolkata": time(9), "Australia/Lord_Howe": time(2, 15),
    "Pacific/Apia": time(9), "Pacific/Kiritimati": time(23, 45),
}  # fmt: skip
"""Each with a time that its clocks skip, or meet twice, where they change."""


class Ticking:
    """A company of these zones, and the schedulers of its processes. `done` counts what was worked on."""

    def __init__(self, store: Store, clock: StandingClock, schedulers: int) -> None:
        self.store, self.clock, self.done = store, clock, Counter[tuple[str, str]]()
        ids = count()
        jobs = {"tick": Job("tick", LATE, self._tick), "tock": Job("tock", LATER, self._tock)}
        delivery = Delivery(store, {}, clock, Directory(store))

        def make() -> Scheduler:
            return Scheduler(store, jobs, clock, delivery, lambda: f"event-{next(ids)}")

        self._make = make
        self.schedulers = [make() for _ in range(schedulers)]

    @classmethod
    @contextmanager
    def opened(cls, template: Path, path: Path, begins: datetime, schedulers: int = 2) -> "Iterator[Ticking]":
        """Open a company on a copy of a seeded database, from an instant on."""
        copy(template, path)
        store = Store(url_of(path))
        try:
            store.write(lambda unit: _found(unit, begins)).result()
            yield cls(store, StandingClock(begins), schedulers)
        finally:
            store.close()

    async def run(self) -> None:
        """Let all of them look at once what is due now, as often as they would."""
        await asyncio.gather(*(scheduler.run_due(self.clock.now()) for scheduler in self.schedulers))

    def restart(self) -> None:
        """Forget what is only in memory."""
        self.schedulers = [self._make() for _ in self.schedulers]

    def _tick(self, context: Context, due: Due) -> None:
        self.done[due.subject, str(due.planned_on)] += 1
        context.plan("tock", f"{due.subject} {due.planned_on}", due.due_at + AFTER)

    def _tock(self, _context: Context, due: Due) -> None:
        self.done[due.subject, "timer"] += 1

    def wrong(self, until: datetime) -> list[str]:
        """What was lost, doubled, done too early or too late, when the clock has come as far as `until`."""
        return self.store.read(lambda session: self._wrong(session, until))

    def _wrong(self, session: Session, until: datetime) -> list[str]:
        faults = [f"audit row {seq} {what}" for seq, what in breaks(session)]
        runs = {(row.schedule_id, row.planned_on): row for row in session.exec(select(SlotRun))}
        tocks = {row.subject: row for row in session.exec(select(Timer).where(Timer.job == "tock"))}
        told = Counter(session.exec(select(AuditRow.action, AuditRow.subject)).all())
        expected = 0
        for schedule, region in session.exec(select(Schedule, Region).join(Region)):
            for due in takewhile(lambda due: due.due_at <= until, slots_after(schedule, region, None)):
                expected += 1
                row, times = (
                    runs.get((schedule.id, due.planned_on or until.date())),
                    self.done[region.id, str(due.planned_on)],
                )
                if row is None:
                    faults.append(f"{region.id} {due.planned_on} was lost")
                    continue
                late = row.ran_at - due.due_at
                run = row.outcome is SlotOutcome.RUN
                if times != run or run != (late <= LATE) or late < timedelta():
                    faults.append(f"{region.id} {due.planned_on} was {row.outcome.value} {times} times, {late} late")
                tock = tocks.get(f"{region.id} {due.planned_on}")
                if run != (tock is not None):
                    faults.append(f"{region.id} {due.planned_on} has {tock and 1} timers")
                elif tock and tock.due_at <= until and tock.state is not TimerState.DONE:
                    faults.append(f"the timer of {region.id} {due.planned_on} was lost")
        if (len(runs), sum(told[key] for key in told if key[0] == "job.tick")) != (expected, expected):
            faults.append(f"{len(runs)} slots and {told} audit rows for {expected}")
        often = [each for each in tocks if self.done[each, "timer"] > 1 or told["job.tock", each] > 1]
        return faults + [f"the timer of {each} was done {self.done[each, 'timer']} times" for each in often]


def _found(unit: Unit, begins: datetime) -> None:
    for kind in (SlotRun, Schedule, Timer):
        unit.execute(delete(kind))
    first = (begins + timedelta(days=2)).date()
    for number, (zone, at) in enumerate(ZONES.items()):
        name = zone.lower()
        unit.add(
            Region(
                id=name, name=zone, zone=zone, country="US", currency="USD", locale="en-US", language="en",
                working_week="0123456",
            )
        )  # fmt: skip
        unit.flush()
        for weekday in (6, number % 6):
            unit.add(
                Schedule(id=f"{name} {weekday}", job="tick", region_id=name, weekday=weekday, at=at, from_on=first)
            )
    unit.flush()
