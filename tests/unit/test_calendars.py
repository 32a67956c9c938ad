"""Calendars: holidays, make-up days, clocks that change, and hours of work."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo, available_timezones

import pytest

from models.calendars import (
    Calendar,
    add_working_days,
    add_working_hours,
    is_working_day,
    local_instant,
    next_working_day,
    next_working_instant,
    working_days,
    working_hours_between,
)

SHANGHAI = Calendar("CN", None, "Asia/Shanghai")
MUNICH = Calendar("DE", "BY", "Europe/Berlin")
BERLIN = Calendar("DE", "BE", "Europe/Berlin")


def at(where: Calendar, day: str, clock: str) -> datetime:
    return local_instant(where, date.fromisoformat(day), time.fromisoformat(clock))


def test_weekends_and_holidays_are_free() -> None:
    assert is_working_day(SHANGHAI, date(2026, 11, 24))
    assert not is_working_day(SHANGHAI, date(2026, 11, 22))
    assert not is_working_day(SHANGHAI, date(2026, 10, 1))


def test_a_make_up_day_is_worked_although_it_is_a_weekend() -> None:
    saturday = date(2026, 10, 10)

    assert is_working_day(SHANGHAI, saturday)
    assert not is_working_day(MUNICH, saturday)


def test_the_day_off_that_a_make_up_day_pays_for_is_free() -> None:
    assert not is_working_day(SHANGHAI, date(2026, 10, 7))


def test_a_holiday_of_one_state_is_worked_in_another() -> None:
    epiphany = date(2026, 1, 6)

    assert not is_working_day(MUNICH, epiphany)
    assert is_working_day(BERLIN, epiphany)


def test_a_working_week_can_be_other_than_monday_to_friday() -> None:
    riyadh = Calendar("SA", None, "Asia/Riyadh", working_week=frozenset({6, 0, 1, 2, 3}))

    assert is_working_day(riyadh, date(2026, 11, 22))
    assert not is_working_day(riyadh, date(2026, 11, 20))


def test_a_year_that_nobody_announced_yet_keeps_the_holidays_of_the_law() -> None:
    assert not is_working_day(SHANGHAI, date(2090, 10, 2))
    assert is_working_day(SHANGHAI, date(2090, 10, 9))


def test_a_year_too_far_away_for_holidays_has_its_weekends() -> None:
    assert is_working_day(MUNICH, date(2300, 1, 1))
    assert not is_working_day(MUNICH, date(2300, 1, 6))


def test_an_unknown_country_is_told_and_not_guessed() -> None:
    with pytest.raises(NotImplementedError, match="QQ"):
        is_working_day(Calendar("QQ", None, "UTC"), date(2026, 11, 24))


def test_the_next_working_day_is_the_day_itself_or_the_first_after_the_holidays() -> None:
    assert next_working_day(SHANGHAI, date(2026, 9, 30)) == date(2026, 9, 30)
    assert next_working_day(SHANGHAI, date(2026, 10, 1)) == date(2026, 10, 8)


def test_working_days_are_added_and_taken_away_over_holidays() -> None:
    assert add_working_days(SHANGHAI, date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(SHANGHAI, date(2026, 10, 8), 2) == date(2026, 10, 10)
    assert add_working_days(SHANGHAI, date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert add_working_days(SHANGHAI, date(2026, 10, 1), 0) == date(2026, 10, 8)


def test_working_days_are_counted_with_both_ends() -> None:
    assert working_days(SHANGHAI, date(2026, 10, 1), date(2026, 10, 31)) == 18
    assert working_days(SHANGHAI, date(2026, 10, 8), date(2026, 10, 8)) == 1
    assert working_days(SHANGHAI, date(2026, 10, 9), date(2026, 10, 8)) == 0


def test_a_time_that_the_clocks_skip_is_the_first_instant_after_the_gap() -> None:
    assert at(MUNICH, "2026-03-29", "02:30") == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert at(MUNICH, "2026-03-29", "02:59:59.999999") == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert at(MUNICH, "2026-03-29", "01:59") == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert at(MUNICH, "2026-10-25", "02:30") == first
    assert local_instant("Europe/Berlin", date(2026, 10, 25), time(2, 30, fold=1)) == first


def test_a_day_that_a_country_skipped_begins_when_it_was_over() -> None:
    assert local_instant("Pacific/Apia", date(2011, 12, 30), time(9)) == datetime(2011, 12, 30, 10, 0, tzinfo=UTC)


def test_every_zone_finds_the_first_instant_on_or_after_every_quarter_hour_of_its_changing_days() -> None:
    year = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(365)]
    changed = 0
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        offsets = [instant.astimezone(zone).utcoffset() for instant in year]
        for n in (n for n in range(1, 364) if offsets[n] != offsets[n + 1]):
            grid = [year[n - 1] + timedelta(minutes=15 * step) for step in range(4 * 24 * 4)]
            walls = [instant.astimezone(zone).replace(tzinfo=None) for instant in grid]
            day = year[n].astimezone(zone).date()
            for quarter in range(24 * 4):
                clock = time(quarter // 4, quarter % 4 * 15)
                wall = datetime.combine(day, clock)

                expected = next(grid[i] for i, shown in enumerate(walls) if shown >= wall)

                assert local_instant(name, day, clock) == expected, (name, wall)
            changed += 1
    assert changed > 200


def test_hours_of_work_run_over_night_and_weekend() -> None:
    friday = at(MUNICH, "2026-11-20", "16:00")

    due = add_working_hours(MUNICH, friday, 6)

    assert due == at(MUNICH, "2026-11-23", "13:00")
    assert working_hours_between(MUNICH, friday, due) == 6


def test_hours_that_end_with_the_day_are_over_when_it_closes() -> None:
    assert add_working_hours(MUNICH, at(MUNICH, "2026-11-20", "16:00"), 2) == at(MUNICH, "2026-11-20", "18:00")


def test_hours_that_begin_outside_of_work_count_from_the_next_opening() -> None:
    sunday = at(SHANGHAI, "2026-11-22", "12:00")

    assert add_working_hours(SHANGHAI, sunday, Fraction(1, 2)) == at(SHANGHAI, "2026-11-23", "09:30")
    assert add_working_hours(SHANGHAI, sunday, 0) == sunday


def test_a_make_up_day_has_hours_of_work() -> None:
    assert add_working_hours(SHANGHAI, at(SHANGHAI, "2026-10-09", "17:00"), 2) == at(SHANGHAI, "2026-10-10", "10:00")


def test_an_hour_that_the_clocks_skip_is_not_worked() -> None:
    nights = Calendar("DE", None, "Europe/Berlin", working_week=frozenset(range(7)), opens=time(0), closes=time(6))

    assert working_hours_between(nights, at(nights, "2026-03-29", "00:00"), at(nights, "2026-03-29", "12:00")) == 5
    assert working_hours_between(nights, at(nights, "2026-10-25", "00:00"), at(nights, "2026-10-25", "12:00")) == 7


def test_the_hours_before_an_earlier_instant_are_negative() -> None:
    monday, friday = at(MUNICH, "2026-11-23", "09:00"), at(MUNICH, "2026-11-20", "17:00")

    assert working_hours_between(MUNICH, monday, friday) == -1


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (("2026-11-20", "17:59"), ("2026-11-20", "17:59")),
        (("2026-11-20", "18:00"), ("2026-11-23", "09:00")),
        (("2026-11-20", "03:00"), ("2026-11-20", "09:00")),
        (("2026-12-24", "19:00"), ("2026-12-28", "09:00")),
    ],
)
def test_the_next_instant_of_work_is_now_or_the_next_opening(now: tuple[str, str], expected: tuple[str, str]) -> None:
    assert next_working_instant(MUNICH, at(MUNICH, *now)) == at(MUNICH, *expected)


def test_a_shift_that_the_clocks_skip_altogether_is_passed_over() -> None:
    short = Calendar("DE", None, "Europe/Berlin", working_week=frozenset(range(7)), opens=time(2), closes=time(3))

    assert next_working_instant(short, at(short, "2026-03-29", "00:00")) == at(short, "2026-03-30", "02:00")


def test_instants_come_back_in_utc_and_need_a_zone() -> None:
    local = datetime(2026, 11, 20, 16, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    assert next_working_instant(MUNICH, local).tzinfo is UTC
    with pytest.raises(ValueError, match="zone"):
        next_working_instant(MUNICH, local.replace(tzinfo=None))


def test_hours_of_work_only_run_forward() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_hours(MUNICH, at(MUNICH, "2026-11-20", "16:00"), -1)


def test_a_calendar_without_work_is_refused() -> None:
    with pytest.raises(ValueError, match="weekday"):
        Calendar("DE", None, "Europe/Berlin", working_week=frozenset())
    with pytest.raises(ValueError, match="closes"):
        Calendar("DE", None, "Europe/Berlin", opens=time(18), closes=time(9))
