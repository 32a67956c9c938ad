"""What comes by the clock: weekly slots in a region's own time, and single timers.

A slot is known by its schedule and the local date that it was planned for; its row is inserted in the slot's own unit
of work, so that it is done once, whichever process got there first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, Session, SQLModel, col, select

from models.calendars import local_instant, next_working_day
from models.columns import UtcDateTime, choice
from models.regions import Region


class Schedule(SQLModel, table=True):
    """A weekly slot of a job in a region: a weekday (Monday is 0) and a local time, from a local day on."""

    id: str = Field(primary_key=True)
    job: str
    region_id: str = Field(foreign_key="region.id")
    weekday: int
    at: time
    from_on: date


class SlotOutcome(StrEnum):
    """What became of a slot."""

    RUN = "run"
    MISSED = "missed"
    FAILED = "failed"


class SlotRun(SQLModel, table=True):
    """A slot that is over. `planned_on` is the local date before any move off a holiday."""

    __tablename__ = "slot_run"
    schedule_id: str = Field(primary_key=True, foreign_key="schedule.id")
    planned_on: date = Field(primary_key=True)
    ran_at: datetime = Field(sa_type=UtcDateTime)
    outcome: SlotOutcome = Field(sa_type=choice(SlotOutcome))


class TimerState(StrEnum):
    """Where a timer stands. It was missed where a restored backup could not know whether it had been done."""

    WAITING = "waiting"
    DONE = "done"
    MISSED = "missed"


class Timer(SQLModel, table=True):
    """Something to do once at an instant; the same job for the same subject and instant is one timer."""

    __table_args__ = (UniqueConstraint("job", "subject", "due_at"),)
    id: int | None = Field(default=None, primary_key=True)
    job: str
    subject: str
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    state: TimerState = Field(default=TimerState.WAITING, index=True, sa_type=choice(TimerState))


@dataclass(frozen=True, slots=True)
class Due:
    """A slot or a timer whose instant has come (or will): what to run, for what, and when it was meant."""

    job: str
    subject: str
    due_at: datetime
    schedule_id: str | None = None
    planned_on: date | None = None
    timer_id: int | None = None


def slots_after(schedule: Schedule, region: Region, last: date | None) -> Iterator[Due]:
    """The slots of a schedule after the local date `last`, without end; a holiday moves one to the next working day."""
    day = schedule.from_on if last is None else last + timedelta(days=1)
    day += timedelta(days=(schedule.weekday - day.weekday()) % 7)
    while True:
        on = next_working_day(region.calendar, day)
        due_at = local_instant(region.zone, on, schedule.at)
        yield Due(schedule.job, region.id, due_at, schedule.id, day)
        day += timedelta(days=7)


def next_slots(session: Session) -> list[Due]:
    """The next slot of every schedule that has not been run."""
    last = dict(
        session.exec(select(SlotRun.schedule_id, func.max(SlotRun.planned_on)).group_by(SlotRun.schedule_id)).all()
    )
    pairs = session.exec(select(Schedule, Region).join(Region, col(Region.id) == Schedule.region_id)).all()
    return [next(slots_after(schedule, region, last.get(schedule.id))) for schedule, region in pairs]


def next_due(session: Session) -> Due | None:
    """The slot or timer that comes first; none when nothing is planned."""
    query = select(Timer).where(Timer.state == TimerState.WAITING).order_by(col(Timer.due_at), col(Timer.id))
    timer = session.exec(query.limit(1)).first()
    dues = next_slots(session)
    if timer is not None:
        dues.append(Due(timer.job, timer.subject, timer.due_at, timer_id=timer.id))
    return min(dues, key=lambda due: (due.due_at, due.schedule_id or "", due.timer_id or 0), default=None)


def local_day(zone: str, now: datetime) -> date:
    """The date on the wall of a zone."""
    return now.astimezone(ZoneInfo(zone)).date()
