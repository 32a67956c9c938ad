"""Targets of shorter periods out of those of longer ones: the parts always add up to the whole, to the minor unit."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from models.rules.periods import Period, PeriodKind
from models.rules.split import split


def month_targets(year_minor: int, year: int, working_days_by_month: Mapping[Period, int]) -> tuple[int, ...]:
    """Split a year's target (minor units) to its twelve months by their working days."""
    months = Period(PeriodKind.YEAR, date(year, 1, 1)).months
    return tuple(split(year_minor, [working_days_by_month[month] for month in months]))


def quarter_target(month_minor: Mapping[Period, int], quarter: Period) -> int | None:
    """Sum the targets (minor units) of a quarter's months; none when one of them has no target."""
    months = quarter.months
    return sum(month_minor[month] for month in months) if all(month in month_minor for month in months) else None


def week_target(month_minor: Mapping[Period, int], week: Period, is_working: Callable[[date], bool]) -> int | None:
    """Find a week's target (minor units): its share of the month by working days, or of both months that it touches.

    The segments of weeks inside a month add up to the month. None when a month that the week touches has no target:
    half a target would make the attainment look better than it is.
    """
    if not all(month in month_minor for month in week.months):
        return None
    return sum(_segment_target(month_minor[month], month, week, is_working) for month in week.months)


def _segment_target(minor: int, month: Period, week: Period, is_working: Callable[[date], bool]) -> int:
    weights = [_working_days(first, last, is_working) for first, last in month.segments]
    return split(minor, weights)[month.children.index(week)]


def _working_days(first: date, last: date, is_working: Callable[[date], bool]) -> int:
    return sum(is_working(first + timedelta(days=n)) for n in range((last - first).days + 1))
