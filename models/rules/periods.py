"""Periods: weeks, months, quarters and years, how they nest, the keys that they are kept under; ranges of days."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PeriodKind(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS_IN = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A week (Monday to Sunday), month, quarter or year; raise ValueError when `start` is not its first day."""

    kind: PeriodKind
    start: date

    def __post_init__(self) -> None:
        if self.start != _first_day(self.kind, self.start):
            msg = f"no {self.kind} starts on {self.start}"
            raise ValueError(msg)

    @property
    def end(self) -> date:
        """The last day, which belongs to the period."""
        if self.kind is PeriodKind.WEEK:
            return self.start + timedelta(days=6)
        month = self.start.month + _MONTHS_IN[self.kind] - 1
        return date(self.start.year, month, monthrange(self.start.year, month)[1])

    def contains(self, day: date) -> bool:
        """Whether a day belongs to the period."""
        return self.start <= day <= self.end

    @property
    def key(self) -> str:
        """The key of the period: "2026-W47" (ISO 8601), "2026-11", "2026-Q4" or "2026"."""
        year, week, _ = self.start.isocalendar()
        match self.kind:
            case PeriodKind.WEEK:
                return f"{year:04}-W{week:02}"
            case PeriodKind.MONTH:
                return f"{self.start.year:04}-{self.start.month:02}"
            case PeriodKind.QUARTER:
                return f"{self.start.year:04}-Q{(self.start.month + 2) // 3}"
            case PeriodKind.YEAR:
                return f"{self.start.year:04}"

    @property
    def children(self) -> tuple["Period", ...]:
        """The quarters of a year, the months of a quarter, the weeks that a month touches; a week has none."""
        match self.kind:
            case PeriodKind.WEEK:
                return ()
            case PeriodKind.MONTH:
                first = _first_day(PeriodKind.WEEK, self.start)
                weeks = (self.end - first).days // 7 + 1
                return tuple(Period(PeriodKind.WEEK, first + timedelta(weeks=n)) for n in range(weeks))
            case PeriodKind.QUARTER:
                return self.months
            case PeriodKind.YEAR:
                return tuple(Period(PeriodKind.QUARTER, date(self.start.year, month, 1)) for month in (1, 4, 7, 10))

    @property
    def segments(self) -> tuple[tuple[date, date], ...]:
        """The children as (first day, last day), clipped to the period: they cover each of its days once."""
        return tuple((max(child.start, self.start), min(child.end, self.end)) for child in self.children)

    @property
    def months(self) -> tuple["Period", ...]:
        """The months that the period touches, in order; a week can touch two."""
        first, last = self.start, self.end
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        numbers = range(first.month - 1, first.month - 1 + count)
        return tuple(Period(PeriodKind.MONTH, date(first.year + n // 12, n % 12 + 1, 1)) for n in numbers)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Any days in a row, the first and the last included; raise ValueError when it ends before it starts."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a range of days ends on its first day or later")

    def contains(self, day: date) -> bool:
        """Whether a day belongs to the range."""
        return self.start <= day <= self.end


def period_of(kind: PeriodKind, day: date) -> Period:
    """Find the period of a kind that a day belongs to."""
    return Period(kind, _first_day(kind, day))


def last_complete_week(day: date) -> Period:
    """Find the week, Monday to Sunday, before the one that the day belongs to."""
    return period_of(PeriodKind.WEEK, day - timedelta(weeks=1))


def _first_day(kind: PeriodKind, day: date) -> date:
    if kind is PeriodKind.WEEK:
        return day - timedelta(days=day.weekday())
    length = _MONTHS_IN[kind]
    return date(day.year, (day.month - 1) // length * length + 1, 1)
