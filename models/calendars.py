"""Calendars: which days and hours a region works, in its own zone. The one file that knows the world's holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from holidays.registry import COUNTRIES

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MONDAY_TO_FRIDAY = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Calendar:
    """A country (ISO 3166), its state or province, an IANA zone, weekdays (Monday is 0) and local hours of work.

    Without a country there are no holidays.
    """

    country: str | None
    subdivision: str | None
    zone: str
    working_week: frozenset[int] = _MONDAY_TO_FRIDAY
    opens: time = time(9)
    closes: time = time(18)

    def __post_init__(self) -> None:
        if not self.working_week or not self.working_week <= frozenset(range(7)):
            raise ValueError("a working week has at least one weekday, from 0 (Monday) to 6")
        if self.opens >= self.closes:
            raise ValueError("a working day closes after it opens")


@dataclass(frozen=True, slots=True)
class _Year:
    holidays: frozenset[date]
    makeup_days: frozenset[date]


@lru_cache(maxsize=1024)
def _year(country: str | None, subdivision: str | None, year: int) -> _Year:
    if country is None:
        return _Year(frozenset(), frozenset())
    known = holidays.country_holidays(country, subdiv=subdivision, years=year, expand=False)
    return _Year(frozenset(known), frozenset(known.weekend_workdays))


@lru_cache(maxsize=256)
def national(locale: str) -> Calendar:
    """Give the calendar of a locale's country (`de-AT`), for whoever has no region; no holidays where it names none."""
    country = locale.replace("_", "-").split("-")[-1].upper()
    return Calendar(country if country in holidays.list_supported_countries() else None, None, "UTC")


@lru_cache(maxsize=1024)
def knows_place(country: str, subdivision: str | None) -> bool:
    """Whether the holidays of a country (ISO 3166), and of its state or province where one is named, are known."""
    known = holidays.list_supported_countries().get(country)
    return known is not None and (subdivision is None or subdivision in known)


def english_names() -> Iterator[tuple[str, str]]:
    """The countries whose holidays are known, by their English names and longer codes: (turkey, TR), (GBR, GB)."""
    for name, (_, code, *others) in COUNTRIES.items():
        yield from ((word, code) for word in (name.replace("_", " "), *others))


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether people work on a day: holidays are free, and a make-up day (调休) is worked although it is a weekend.

    A year that is not announced yet has the holidays that law already fixes and no make-up days. Raise
    NotImplementedError for a country or subdivision that nobody knows.
    """
    year = _year(calendar.country, calendar.subdivision, day.year)
    return day in year.makeup_days or (day.weekday() in calendar.working_week and day not in year.holidays)


def next_working_day(calendar: Calendar, day: date) -> date:
    """Find the first working day on or after a day."""
    while not is_working_day(calendar, day):
        day += _DAY
    return day


def add_working_days(calendar: Calendar, day: date, n: int) -> date:
    """Find the n-th working day after a day (before it when n is negative); for 0, the next working day."""
    if n == 0:
        return next_working_day(calendar, day)
    left, step = abs(n), _DAY if n > 0 else -_DAY
    while left:
        day += step
        left -= is_working_day(calendar, day)
    return day


@lru_cache(maxsize=1024)
def working_days(calendar: Calendar, first: date, last: date) -> int:
    """Count the working days from the first to the last, both included; 0 when the last comes before the first."""
    return sum(is_working_day(calendar, first + n * _DAY) for n in range((last - first).days + 1))


def local_instant(where: Calendar | str, day: date, at: time) -> datetime:
    """Turn a local day and time of a calendar or zone into a UTC instant.

    A time that the clocks skip is the first instant after the gap; a time that comes twice is the first of the two.
    """
    zone = ZoneInfo(where.zone if isinstance(where, Calendar) else where)
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    return instant if _wall(instant, zone) == wall else _end_of_gap(wall.replace(microsecond=0), zone)


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    # PEP 495: in a gap, fold=1 reads an instant before the clocks change and fold=0 one after. They change on a second.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    low, high = 0, (wall.replace(tzinfo=zone).astimezone(UTC) - before) // timedelta(seconds=1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _wall(before + timedelta(seconds=middle), zone) > wall else (middle, high)
    return before + timedelta(seconds=high)


def _windows(calendar: Calendar, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working hours (opening, closing) of each working day from the local day of an instant on."""
    day = _wall(since, ZoneInfo(calendar.zone)).date()
    while True:
        day = next_working_day(calendar, day)
        yield local_instant(calendar, day, calendar.opens), local_instant(calendar, day, calendar.closes)
        day += _DAY


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant.astimezone(UTC)


def next_working_instant(calendar: Calendar, now: datetime) -> datetime:
    """Find the first instant of work from now on, in UTC: now itself inside working hours, else the next opening."""
    now = _utc(now)
    return next(max(now, opens) for opens, closes in _windows(calendar, now) if max(now, opens) < closes)


def add_working_hours(calendar: Calendar, start: datetime, hours: Fraction | int) -> datetime:
    """Find the first instant (UTC) by which so many hours of work have passed; raise ValueError below zero."""
    start, left = _utc(start), timedelta(microseconds=round(hours * (_HOUR // timedelta.resolution)))
    if left < timedelta():
        raise ValueError("working hours only run forward")
    windows = _windows(calendar, start)
    while left:
        opens, closes = next(windows)
        begins = max(opens, start)
        worked = min(left, max(closes - begins, timedelta()))
        left, start = left - worked, begins + worked
    return start


def working_hours_between(calendar: Calendar, a: datetime, b: datetime) -> Fraction:
    """Count the hours of work between two instants, exactly; negative when b comes before a."""
    a, b = _utc(a), _utc(b)
    if b < a:
        return -working_hours_between(calendar, b, a)
    total = timedelta()
    for opens, closes in _windows(calendar, a):
        if opens >= b:
            break
        total += max(min(closes, b) - max(opens, a), timedelta())
    return Fraction(total // timedelta.resolution, _HOUR // timedelta.resolution)
