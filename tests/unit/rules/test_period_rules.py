"""Periods: their days, their children and their keys."""

from datetime import date

import pytest

from models.rules.periods import Period, PeriodKind, last_complete_week, period_of

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("kind", "start", "end", "key"),
    [
        (PeriodKind.WEEK, date(2026, 11, 23), date(2026, 11, 29), "2026-W48"),
        (PeriodKind.MONTH, date(2026, 11, 1), date(2026, 11, 30), "2026-11"),
        (PeriodKind.QUARTER, date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        (PeriodKind.YEAR, date(2026, 1, 1), date(2026, 12, 31), "2026"),
    ],
)
def test_a_day_has_one_period_of_each_kind(kind: PeriodKind, start: date, end: date, key: str) -> None:
    period = period_of(kind, TODAY)

    assert (period.start, period.end, period.key) == (start, end, key)
    assert period.contains(start)
    assert period.contains(end)


def test_a_week_that_spans_new_year_is_named_after_the_year_of_its_thursday() -> None:
    assert period_of(PeriodKind.WEEK, date(2027, 1, 1)).key == "2026-W53"


def test_a_period_begins_on_its_first_day_only() -> None:
    with pytest.raises(ValueError, match="no quarter starts on 2026-11-01"):
        Period(PeriodKind.QUARTER, date(2026, 11, 1))


def test_a_year_has_quarters_and_a_quarter_has_months() -> None:
    year = period_of(PeriodKind.YEAR, TODAY)

    assert [quarter.key for quarter in year.children] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert [month.key for month in year.children[3].children] == ["2026-10", "2026-11", "2026-12"]


def test_the_weeks_of_a_month_are_clipped_to_it() -> None:
    november = period_of(PeriodKind.MONTH, TODAY)

    assert [week.key for week in november.children][:2] == ["2026-W44", "2026-W45"]
    assert november.segments[0] == (date(2026, 11, 1), date(2026, 11, 1))
    assert november.segments[1] == (date(2026, 11, 2), date(2026, 11, 8))
    assert november.segments[-1] == (date(2026, 11, 30), date(2026, 11, 30))


def test_a_week_can_touch_two_months() -> None:
    week, last = period_of(PeriodKind.WEEK, TODAY), period_of(PeriodKind.WEEK, date(2026, 12, 31))

    assert [month.key for month in last.months] == ["2026-12", "2027-01"]
    assert [month.key for month in week.months] == ["2026-11"]
    assert week.children == ()


@pytest.mark.parametrize("day", [date(2026, 11, 23), TODAY, date(2026, 11, 29)])
def test_the_last_complete_week_ends_on_the_sunday_before_this_week(day: date) -> None:
    week = last_complete_week(day)

    assert (week.start, week.end) == (date(2026, 11, 16), date(2026, 11, 22))
