"""Count days, weeks, months and quarters; know when Spring Festival is."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

# First day of the lunar year, Hong Kong Observatory's conversion tables.
_SPRING_FESTIVALS = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3),
    2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8), 2036: (1, 28), 2037: (2, 15),
    2038: (2, 4), 2039: (1, 24), 2040: (2, 12), 2041: (2, 1), 2042: (1, 22), 2043: (2, 10), 2044: (1, 30),
    2045: (2, 17), 2046: (2, 6), 2047: (1, 26), 2048: (2, 14), 2049: (2, 2), 2050: (1, 23),
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2100
_MONTHS = 12
_WEEK = 7
_LAST_CENTURY = 70  # '69 is still to come, '70 is over, as strptime reads them
_LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class Day:
    """A day still to come and the one that is meant when the deal is already won or lost."""

    ahead: date
    past: date | None = None


def real_date(year: int, month: int, day: int) -> date | None:
    """Give the date, or None when the calendar does not have it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_year(two_digits: int) -> int:
    """Give the year that two digits name: 27 is 2027, 89 is 1989."""
    return two_digits + (1900 if two_digits >= _LAST_CENTURY else 2000)


def nearest(today: date, month: int, day: int) -> Day | None:
    """Give the next such day on or after today; None for a day the year at hand does not have."""
    this = real_date(today.year, month, day)
    if (month, day) == _LEAP_DAY:
        following = today.year if (today.month, today.day) <= _LEAP_DAY else today.year + 1
        ahead = real_date(following, month, day)
        return Day(ahead, this if this and this <= today else None) if ahead else None
    if this is None:
        return None
    before, after = real_date(today.year - 1, month, day), real_date(today.year + 1, month, day)
    return Day(this if this >= today else after or this, this if this <= today else before)


def nearest_in_month(today: date, day: int) -> Day | None:
    """Give the next such day of a month on or after today (`the 15th`)."""
    if not 1 <= day <= 31:  # noqa: PLR2004 the longest month
        return None
    ahead = past = None
    for step in range(3):
        month = add_months(today.replace(day=1), step)
        ahead = ahead or _on_or(real_date(month.year, month.month, day), today, 1)
        month = add_months(today.replace(day=1), -step)
        past = past or _on_or(real_date(month.year, month.month, day), today, -1)
    return Day(ahead, past) if ahead else None


def _on_or(day: date | None, today: date, sign: int) -> date | None:
    return day if day is not None and (day - today).days * sign >= 0 else None


def add_months(day: date, months: int) -> date:
    """Move by months, to the month's last day where it is shorter.

    Raises:
        ValueError: the calendar does not reach that far.
    """
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def moved(day: date, months: int, days: int) -> date | None:
    """Move by months and then by days; None where nobody closes a deal."""
    if abs(months) > (LAST_YEAR - FIRST_YEAR) * _MONTHS or abs(days) > (LAST_YEAR - FIRST_YEAR) * 366:
        return None
    there = add_months(day, months) + timedelta(days=days)
    return there if FIRST_YEAR <= there.year <= LAST_YEAR else None


def last_of_month(year: int, month: int) -> date:
    """Give the month's last day."""
    return date(year, month, calendar.monthrange(year, month)[1])


def month_end(today: date, months: int = 0) -> date:
    """Give the last day of the month that is `months` away."""
    there = add_months(today.replace(day=1), months)
    return last_of_month(there.year, there.month)


def quarter_end(today: date, quarters: int = 0) -> date:
    """Give the last day of the quarter that is `quarters` away."""
    first = today.replace(day=1, month=(today.month - 1) // 3 * 3 + 1)
    there = add_months(first, quarters * 3 + 2)
    return last_of_month(there.year, there.month)


def month_ahead(today: date, month: int, day: int = 0, *, end: bool = True) -> Day:
    """Give a day of the next month of that number: its last one, or `day`."""

    def on(year: int) -> date:
        return last_of_month(year, month) if end else date(year, month, day)

    this = on(today.year)
    ahead = this if this >= today else on(today.year + 1)
    begun = date(today.year, month, 1) <= today
    return Day(ahead, this if begun else on(today.year - 1))


def quarter_ahead(today: date, quarter: int) -> Day:
    """Give the last day of the next quarter of that number (one under way counts)."""
    this = last_of_month(today.year, quarter * 3)
    ahead = this if this >= today else last_of_month(today.year + 1, quarter * 3)
    begun = date(today.year, quarter * 3 - 2, 1) <= today
    return Day(ahead, this if begun else last_of_month(today.year - 1, quarter * 3))


def weekday_ahead(today: date, weekday: int) -> date:
    """Give the next such weekday, today included (Monday is 0)."""
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def weekday_in(today: date, weekday: int, weeks: int) -> date:
    """Give the weekday of the calendar week that is `weeks` away; weeks run Monday to Sunday."""
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date | None:
    """Give the first, second .. fifth such weekday of a month, the last one for -1; None when it has fewer."""
    if number < 0:
        last = last_of_month(year, month)
        return last - timedelta(days=(last.weekday() - weekday) % _WEEK)
    return real_date(year, month, 1 + (weekday - date(year, month, 1).weekday()) % _WEEK + _WEEK * (number - 1))


def spring_festival(today: date) -> date | None:
    """Give the next Spring Festival after today; None beyond the table."""
    for year in (today.year, today.year + 1):
        if year in _SPRING_FESTIVALS:
            festival = date(year, *_SPRING_FESTIVALS[year])
            if festival > today:
                return festival
    return None


def spring_festival_of(year: int) -> date | None:
    """Give the Spring Festival of a year; None beyond the table."""
    return date(year, *_SPRING_FESTIVALS[year]) if year in _SPRING_FESTIVALS else None
