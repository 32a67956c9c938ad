"""Targets: months out of a year, weeks out of months, sums upward."""

from datetime import date

import pytest

from models.rules.periods import Period, PeriodKind
from models.rules.targets import month_targets, quarter_target, week_target

MONTHS = Period(PeriodKind.YEAR, date(2026, 1, 1)).months
NOVEMBER, DECEMBER = MONTHS[10:]


def quarter(number: int) -> Period:
    return Period(PeriodKind.QUARTER, date(2026, 3 * number - 2, 1))


def week_from(monday: date) -> Period:
    return Period(PeriodKind.WEEK, monday)


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


def test_a_year_is_shared_among_its_months_by_working_days() -> None:
    working_days = dict(zip(MONTHS, [20, 15, 22, 21, 18, 21, 23, 21, 22, 17, 21, 23], strict=True))

    targets = month_targets(1_000_000, 2026, working_days)

    assert targets == (81967, 61475, 90164, 86066, 73770, 86066, 94262, 86066, 90164, 69672, 86066, 94262)
    assert sum(targets) == 1_000_000


def test_a_quarter_is_the_sum_of_its_months() -> None:
    months = {month: n for n, month in enumerate(MONTHS, start=1)}

    assert quarter_target(months, quarter(4)) == 10 + 11 + 12


def test_a_quarter_with_a_month_without_target_has_none() -> None:
    months = dict.fromkeys(MONTHS[:11], 100)

    assert quarter_target(months, quarter(4)) is None
    assert quarter_target(months, quarter(3)) == 300


def test_a_week_inside_a_month_takes_its_share_of_the_working_days() -> None:
    assert week_target({NOVEMBER: 2_100}, week_from(date(2026, 11, 16)), is_weekday) == 500


def test_a_week_that_spans_two_months_is_the_sum_of_both_its_segments() -> None:
    months = {NOVEMBER: 2_100, DECEMBER: 4_600}

    assert week_target(months, week_from(date(2026, 11, 30)), is_weekday) == 100 + 4 * 200


def test_a_week_that_touches_a_month_without_target_has_none() -> None:
    assert week_target({DECEMBER: 4_600}, week_from(date(2026, 12, 28)), is_weekday) is None


def test_a_month_without_a_working_day_is_shared_equally() -> None:
    november = {NOVEMBER: 600}

    assert week_target(november, week_from(date(2026, 11, 9)), lambda _: False) == 100


def test_a_month_without_its_working_days_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        month_targets(100, 2026, {MONTHS[0]: 20})
