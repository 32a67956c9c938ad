"""Durations: so many days, working days, weeks or months, counted from a day."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.calendars import Calendar, add_working_days
from models.codec import storable

LONGEST_DAYS = 3653
"""Ten years; nobody plans a visit or a deadline further ahead, so a longer one is a slip."""

_MONTHS = 12


@storable
class Unit(StrEnum):
    """What a duration counts."""

    DAY = "day"
    WORKING_DAY = "working day"
    WEEK = "week"
    MONTH = "month"


_LEAST_DAYS = {Unit.DAY: 1, Unit.WORKING_DAY: 1, Unit.WEEK: 7, Unit.MONTH: 28}


@storable
@dataclass(frozen=True, slots=True)
class Duration:
    """A count above zero of one unit; raise ValueError for none, or for more than ten years."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.count < 1 or self.count * _LEAST_DAYS[self.unit] > LONGEST_DAYS:
            raise ValueError("a duration is longer than nothing and at most ten years")

    def after(self, day: date, where: Calendar) -> date:
        """Find the day that comes so much later; working days are those of the calendar.

        Months lead to the same day or, where a month is shorter, to its last one.
        """
        return self._moved(day, self.count, where)

    def before(self, day: date, where: Calendar) -> date:
        """Find the day that came so much earlier."""
        return self._moved(day, -self.count, where)

    def _moved(self, day: date, count: int, where: Calendar) -> date:
        match self.unit:
            case Unit.DAY:
                return day + timedelta(days=count)
            case Unit.WEEK:
                return day + timedelta(weeks=count)
            case Unit.WORKING_DAY:
                return add_working_days(where, day, count)
            case Unit.MONTH:
                years, month = divmod(day.month - 1 + count, _MONTHS)
                year = day.year + years
                return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
