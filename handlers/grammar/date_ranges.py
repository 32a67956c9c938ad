"""Find days in a row to look at: 1-15 Nov, 1 Nov to 15 Nov, since Monday, last 7 days, 11月1日至15日, 最近两周."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from handlers.grammar.date_meanings_en import MONTHS
from handlers.grammar.days import real_date
from handlers.grammar.durations import find_durations
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found, ReadingContext
from models.durations import Duration
from models.rules.periods import DateRange, PeriodKind, period_of

_TO = r" ?(?:-|–|—|~|to|until|till|through|thru|and|至|到) ?"
_BETWEEN = Pattern(_TO)
_FROM = Pattern(r"(?:(?<![a-z0-9])(?:from|between) |[从從自])$")
_SINCE = Pattern(r"(?<![a-z0-9])(?:since|from) $|[从從自]$")
_SINCE_AFTER = Pattern(r"(?:以来|以來|至今|起)")
_MONTH = rf"({'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? ((?:19|20)[0-9]{2}))?"
_B, _E = r"(?<![a-z0-9./-])", r"(?![a-z0-9/-]|\.[0-9])"
_DAYS_MONTH = Pattern(rf"{_B}(?:from |between )?{_DAY}{_TO}{_DAY} (?:of )?{_MONTH}{_YEAR}{_E}")
_MONTH_DAYS = Pattern(rf"{_B}(?:from |between )?{_MONTH} {_DAY}{_TO}{_DAY}{_YEAR}{_E}")
_DAYS_ZH = Pattern(
    r"(?<![0-9])[从從自]?(?:((?:19|20)[0-9]{2})年)?(1[0-2]|[1-9])月([0-9]{1,2})[日号號]?"
    r" ?[-–—~至到] ?([0-9]{1,2})[日号號]"
)
_ROLLING = Pattern(r"(?:(?<![a-z0-9])(?:the )?(?:last|past|trailing) |(?:最近|过去|過去|近) ?)$")
_SO_FAR = {
    r"(?:week to date|wtd|本周至今|本周以来)": PeriodKind.WEEK,
    r"(?:month to date|mtd|月初至今|本月至今|本月以来)": PeriodKind.MONTH,
    r"(?:quarter to date|qtd|季初至今|本季度至今)": PeriodKind.QUARTER,
    r"(?:year to date|ytd|年初至今|今年至今|今年以来)": PeriodKind.YEAR,
}
_SO_FAR_RULES = tuple((Pattern(rf"(?<![a-z0-9]){words}(?![a-z0-9])"), kind) for words, kind in _SO_FAR.items())
_HALF_EN = Pattern(rf"{_B}h([12])(?: ((?:19|20)[0-9]{{2}}))?{_E}")
_HALF_ZH = Pattern(r"(?:((?:19|20)[0-9]{2})年)?(?:今年)?([上下])半年")
_NAMED_DAYS = frozenset({"named day"})
_LOOK_BACK = 16


def find_date_ranges(low: str, dates: Sequence[Found], context: ReadingContext) -> Iterator[Found]:
    """Find ranges; `dates` are the days of the line. A day without a year is the one of this year."""
    yield from _of_one_month(low, context.today)
    yield from _between(low, dates, context.today)
    yield from _since(low, dates, context.today)
    yield from _rolling(low, context)
    yield from _so_far(low, context.today)
    yield from _halves(low, context.today)
    for one in dates:
        if one.rule in _NAMED_DAYS and isinstance(one.value, date) and one.value <= context.today:
            yield _found(one.start, one.end, one.value, one.value)


def _found(start: int, end: int, first: date | None, last: date | None) -> Found:
    wrong = first is None or last is None or last < first
    return Found("period", "range of days", start, end, None if wrong else DateRange(first, last), bad=wrong)  # type: ignore[arg-type]


def _of_one_month(low: str, today: date) -> Iterator[Found]:
    def days(month: str, first: str, last: str, year: str | None) -> tuple[date | None, date | None]:
        number = MONTHS.get(month) or int(month)
        there = int(year) if year else today.year
        return real_date(there, number, int(first)), real_date(there, number, int(last))

    orders: tuple[tuple[Pattern, Callable[[re.Match[str]], tuple[date | None, date | None]]], ...] = (
        (_DAYS_MONTH, lambda match: days(match[3], match[1], match[2], match[4])),
        (_MONTH_DAYS, lambda match: days(match[1], match[2], match[3], match[4])),
        (_DAYS_ZH, lambda match: days(match[2], match[3], match[4], match[1])),
    )
    for pattern, read in orders:
        for match in pattern.each(low):
            yield _found(*match.span(), *read(match))


def _this_year(one: Found, today: date) -> date | None:
    """The day of this year where the words leave the year open; a weekday is the latest one."""
    if one.rule == "weekday" and isinstance(one.value, date) and one.value > today:
        return one.value - timedelta(weeks=1)
    days = [day for day in (one.value, one.past) if isinstance(day, date)]
    return next((day for day in days if day.year == today.year), days[0] if days else None)


def _between(low: str, dates: Sequence[Found], today: date) -> Iterator[Found]:
    for left, right in pairwise(dates):
        begin = right.start + (low[right.start] in "到至")
        if right.start < left.end or not _BETWEEN.fullmatch(low, left.end, begin):
            continue
        opened = _FROM.search(low, max(0, left.start - _LOOK_BACK), left.start)
        first, last = _this_year(left, today), _this_year(right, today)
        if first and last and last < first and right.past is not None and isinstance(right.value, date):
            last = right.value
        yield _found(opened.start() if opened else left.start, right.end, first, last)


def _since(low: str, dates: Sequence[Found], today: date) -> Iterator[Found]:
    for one in dates:
        before = _SINCE.search(low, max(0, one.start - _LOOK_BACK), one.start)
        after = _SINCE_AFTER.match(low, one.end)
        if before or after:
            first = one.past if isinstance(one.past, date) else _this_year(one, today)
            if first is not None and first <= today:
                yield _found(before.start() if before else one.start, after.end() if after else one.end, first, today)


def _rolling(low: str, context: ReadingContext) -> Iterator[Found]:
    for one in find_durations(low):
        before = _ROLLING.search(low, max(0, one.start - _LOOK_BACK), one.start)
        if before is not None and isinstance(one.value, Duration):
            first = one.value.before(context.today + timedelta(days=1), context.working_calendar)
            yield _found(before.start(), one.end, first, context.today)


def _so_far(low: str, today: date) -> Iterator[Found]:
    for pattern, kind in _SO_FAR_RULES:
        for match in pattern.each(low):
            yield _found(*match.span(), period_of(kind, today).start, today)


def _halves(low: str, today: date) -> Iterator[Found]:
    for match in _HALF_EN.each(low):
        yield _half(match, match[2], match[1] == "1", today)
    for match in _HALF_ZH.each(low):
        yield _half(match, match[1], match[2] == "上", today)


def _half(match: re.Match[str], year: str | None, first: bool, today: date) -> Found:  # noqa: FBT001
    there = int(year) if year else today.year
    days = (date(there, 1, 1), date(there, 6, 30)) if first else (date(there, 7, 1), date(there, 12, 31))
    return _found(*match.span(), *days)
