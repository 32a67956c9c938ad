"""50: the ends of months, the leap day and the fifty-third week of a year."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, delete, select

from models.reconcile import differences
from models.rollups import Rollup
from models.rules.attainment import Measure
from models.rules.periods import PeriodKind
from models.schedules import Schedule, SlotOutcome, SlotRun
from models.unit import Unit
from tests.workspace import Workspace, commands_of, texts_of

BEFORE_LEAP = datetime(2028, 2, 28, 12, tzinfo=ZoneInfo("America/New_York"))


def only_the_states(unit: Unit) -> None:
    unit.execute(delete(SlotRun))
    unit.execute(delete(Schedule).where(col(Schedule.region_id) != "us"))


def without_schedules(unit: Unit) -> None:
    unit.execute(delete(SlotRun))
    unit.execute(delete(Schedule))


def signed(workspace: Workspace, person: str, kind: PeriodKind, since: date) -> list[tuple[date, int]]:
    """What a person signed in each period from a day on: its first day, and whole units."""
    query = select(Rollup).where(
        Rollup.person_id == person, Rollup.kind == kind, Rollup.measure == Measure.SIGNED, Rollup.start_on >= since
    )
    rows = workspace.rows(lambda session: session.exec(query.order_by(col(Rollup.start_on))).all())
    return [(row.start_on, row.minor // 100) for row in rows]


@pytest.fixture
async def states(template: Path, tmp_path: Path) -> AsyncIterator[Workspace]:
    """A company in which the United States alone have a Monday."""
    async with Workspace.opened(template, tmp_path / "dates.db") as workspace:
        workspace.regatta.store.write(only_the_states).result()
        yield workspace


async def test_50_week_53_is_one_week_in_two_years_and_two_months(states: Workspace) -> None:
    await states.move_to("2026-12-31T23:59-05:00")
    await states.say("mike-davis", "/deal Amber 1k USD won", "us")
    await states.advance("2m")
    await states.say("mike-davis", "/deal Cobalt 2k USD won", "us")
    await states.move_to("2027-01-04T09:01-05:00")

    weeks, months = (
        signed(states, "mike-davis", kind, date(2026, 12, 28)) for kind in (PeriodKind.WEEK, PeriodKind.MONTH)
    )
    board = next(one for one in reversed(await states.read("mike-davis", "us")) if one["image"])
    assert weeks == [(date(2026, 12, 28), 3_000)]
    assert months == [(date(2027, 1, 1), 2_000)]
    assert "28 Dec 2026" in board["text"] or "W53" in board["text"] or "28 Dec" in board["text"]
    slots = states.rows(lambda session: session.exec(select(SlotRun).order_by(col(SlotRun.planned_on))).all())
    assert [(slot.planned_on.isoformat(), slot.outcome) for slot in slots[-2:]] == [
        ("2026-12-28", SlotOutcome.RUN), ("2027-01-04", SlotOutcome.RUN),
    ]  # fmt: skip
    assert states.rows(lambda session: list(differences(session))) == []


async def test_50_the_last_minute_of_a_month_is_that_of_the_region(states: Workspace) -> None:
    states.regatta.store.write(without_schedules).result()
    await states.move_to("2027-01-31T23:59-05:00")
    await states.say("mike-davis", "/deal Amber 1k USD won", "us")
    await states.say("lin-xiao", "/deal Bronze 4k USD won", "cn-east")
    await states.advance("2m")
    await states.say("mike-davis", "/deal Cobalt 2k USD won", "us")

    since = date(2027, 1, 1)
    assert signed(states, "mike-davis", PeriodKind.MONTH, since) == [(since, 1_000), (date(2027, 2, 1), 2_000)]
    assert signed(states, "lin-xiao", PeriodKind.MONTH, since) == [(date(2027, 2, 1), 4_000)]


async def test_50_the_leap_day_is_a_day_like_others(template: Path, tmp_path: Path) -> None:
    async with Workspace.opened(template, tmp_path / "leap.db") as before:
        before.regatta.store.write(without_schedules).result()
    async with Workspace.opened(template, tmp_path / "leap.db", BEFORE_LEAP) as leap:
        await leap.say("mike-davis", "/visit Globex met Jane next 29 Feb", "us")
        await leap.move_to("2028-02-29T09:01-05:00")
        reminders = [one for one in await leap.read("mike-davis") if "done" in commands_of(one)]
        await leap.say("mike-davis", "/deal Amber 1k USD won", "us")
        month = texts_of(await leap.say("mike-davis", "my February 2028"))
        await leap.move_to("2028-03-01T09:01-05:00")
        await leap.say("mike-davis", "/deal Cobalt 2k USD won", "us")

        months = signed(leap, "mike-davis", PeriodKind.MONTH, date(2028, 2, 1))
        weeks = signed(leap, "mike-davis", PeriodKind.WEEK, date(2028, 2, 1))
    assert len(reminders) == 1
    assert "1,000" in month[0]
    assert months == [(date(2028, 2, 1), 1_000), (date(2028, 3, 1), 2_000)]
    assert weeks == [(date(2028, 2, 28), 3_000)]
