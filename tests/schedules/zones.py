"""Weekly slots in every zone of the world around every change of its clocks: each once, by its local date."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from models.regions import Region
from models.schedules import Due, Schedule, slots_after
from tests.crash.kill import Trial

WEEKS = 4
FIRST = 2026
YEARS = 5
QUARTERS = tuple(time(quarter // 4, quarter % 4 * 15) for quarter in range(96))
NIGHT = (time(), time(0, 30), time(1, 30), time(2), time(2, 30), time(23, 45))
"""When clocks change in most places."""
NOWHERE: Any = None
"""A country without holidays."""


def changes(zone: str, first: int, years: int) -> list[date]:
    """The days on which a zone's clocks change in so many years."""
    where, begin = ZoneInfo(zone), datetime(first, 1, 1, tzinfo=UTC)
    days = [begin + timedelta(days=number) for number in range(366 * years)]
    offsets = [day.astimezone(where).utcoffset() for day in days]
    return [days[at].astimezone(where).date() for at in range(len(days) - 1) if offsets[at] != offsets[at + 1]]


def slots(zone: str, on: date, at: time, weeks: int) -> list[Due]:
    """The slots of a schedule from a local day on."""
    region = Region(
        id="r", name="R", zone=zone, country=NOWHERE, currency="USD", locale="en-US", language="en",
        working_week="0123456",
    )  # fmt: skip
    schedule = Schedule(id="s", job="j", region_id="r", weekday=on.weekday(), at=at, from_on=on)
    return list(islice(slots_after(schedule, region, None), weeks))


def wrong_with(zone: str, found: Sequence[Due], on: date, at: time) -> list[str]:
    """What is wrong with the slots of a weekday from a local day on."""
    where = ZoneInfo(zone)
    planned = [on + timedelta(weeks=number) for number in range(len(found))]
    faults = [] if [due.planned_on for due in found] == planned else [f"{zone} {at}: {planned[0]} is not once a week"]
    faults += [
        f"{zone} {at}: {b.planned_on} is not after {a.planned_on}" for a, b in pairwise(found) if a.due_at >= b.due_at
    ]
    for due, day in zip(found, planned, strict=True):
        wall, meant = due.due_at.astimezone(where).replace(tzinfo=None), datetime.combine(day, at)
        earlier = (due.due_at - timedelta(seconds=1)).astimezone(where).replace(tzinfo=None)
        if wall < meant or earlier >= meant or due.due_at.astimezone(where).fold:
            faults.append(f"{zone} {at}: {day} is at {wall}")
    return faults


def wrong_around(zone: str, days: Iterable[date], times: Sequence[time]) -> tuple[int, list[str]]:
    """Look at the weeks around some days: how many slots there were, and what is wrong."""
    number, faults = 0, list[str]()
    for changed in days:
        for day in (changed - timedelta(days=1), changed, changed + timedelta(days=1)):
            on = day - timedelta(weeks=WEEKS // 2)
            for at in times:
                found = slots(zone, on, at, WEEKS)
                number += len(found)
                faults += wrong_with(zone, found, on, at)
    return number, faults


async def run_zones(_database: Path, years: int, _kills: int, seed: int) -> Trial:
    """Every zone, every quarter of an hour around every change of so many years; `seed` is 1 for those from 2026 on."""
    trial, begin = Trial(0, 0), FIRST + seed - 1
    for zone in sorted(available_timezones()):
        days = changes(zone, begin, years) or [date(begin, 3, 28)]
        number, faults = await asyncio.to_thread(wrong_around, zone, days, QUARTERS)
        trial.commands += number
        trial.faults += faults
    trial.answered = set(range(trial.commands))
    return trial
