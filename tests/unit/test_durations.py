"""Durations: days, working days, weeks and months, counted from a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendars import Calendar, is_working_day
from models.durations import LONGEST_DAYS, Duration, Unit

CHINA = Calendar("CN", None, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("duration", "day", "after"),
    [
        (Duration(3, Unit.DAY), "2026-11-29", "2026-12-02"),
        (Duration(2, Unit.WEEK), "2026-12-24", "2027-01-07"),
        (Duration(1, Unit.MONTH), "2027-01-31", "2027-02-28"),
        (Duration(13, Unit.MONTH), "2026-12-31", "2028-01-31"),
        (Duration(3, Unit.WORKING_DAY), "2026-09-28", "2026-10-08"),  # the National Day week is free
    ],
)
def test_so_much_later_is_a_day_of_the_calendar(duration: Duration, day: str, after: str) -> None:
    assert duration.after(date.fromisoformat(day), CHINA) == date.fromisoformat(after)


def test_so_much_earlier_counts_back() -> None:
    assert Duration(3, Unit.MONTH).before(date(2026, 5, 31), CHINA) == date(2026, 2, 28)
    assert Duration(2, Unit.WORKING_DAY).before(date(2026, 10, 9), CHINA) == date(2026, 9, 30)


@pytest.mark.parametrize(("count", "unit"), [(0, Unit.DAY), (-1, Unit.WEEK), (LONGEST_DAYS + 1, Unit.DAY)])
def test_nothing_and_more_than_ten_years_are_no_duration(count: int, unit: Unit) -> None:
    with pytest.raises(ValueError, match="ten years"):
        Duration(count, unit)


@given(st.integers(1, 60), st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_working_days_lead_to_a_working_day_and_back(count: int, day: date) -> None:
    duration = Duration(count, Unit.WORKING_DAY)
    there = duration.after(day, CHINA)

    assert is_working_day(CHINA, there)
    assert not is_working_day(CHINA, day) or duration.before(there, CHINA) == day
