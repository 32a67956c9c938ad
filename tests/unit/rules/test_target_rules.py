"""Targets: months out of a year, weeks out of months, sums upward."""

from datetime import date

import pytest

from models.rules.periods import parse_key
from models.rules.targets import month_targets, quarter_target, week_target, year_target

MONTHS = parse_key("2026").months


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


def test_a_year_is_shared_among_its_months_by_working_days() -> None:
    working_days = dict(zip(MONTHS, [20, 15, 22, 21, 18, 21, 23, 21, 22, 17, 21, 23], strict=True))

    targets = month_targets(1_000_000, 2026, working_days)

    assert targets == (81967, 61475, 90164, 86066, 73770, 86066, 94262, 86066, 90164, 69672, 86066, 94262)
    assert sum(targets) == 1_000_000


def test_a_quarter_and_a_year_are_the_sums_of_their_months() -> None:
    months = {month: n for n, month in enumerate(MONTHS, start=1)}

    assert quarter_target(months, parse_key("2026-Q4")) == 10 + 11 + 12
    assert year_target(months, parse_key("2026")) == 78


def test_a_quarter_with_a_month_without_target_has_none() -> None:
    months = dict.fromkeys(MONTHS[:11], 100)

    assert quarter_target(months, parse_key("2026-Q4")) is None
    assert quarter_target(months, parse_key("2026-Q3")) == 300


def test_a_week_inside_a_month_takes_its_share_of_the_working_days() -> None:
    assert week_target({parse_key("2026-11"): 2_100}, parse_key("2026-W47"), is_weekday) == 500


def test_a_week_that_spans_two_months_is_the_sum_of_both_its_segments() -> None:
    months = {parse_key("2026-11"): 2_100, parse_key("2026-12"): 4_600}

    assert week_target(months, parse_key("2026-W49"), is_weekday) == 100 + 4 * 200


def test_a_week_that_touches_a_month_without_target_has_none() -> None:
    assert week_target({parse_key("2026-12"): 4_600}, parse_key("2026-W53"), is_weekday) is None


def test_a_month_without_a_working_day_is_shared_equally() -> None:
    november = {parse_key("2026-11"): 600}

    assert week_target(november, parse_key("2026-W46"), lambda _: False) == 100


def test_a_month_without_its_working_days_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        month_targets(100, 2026, {MONTHS[0]: 20})
