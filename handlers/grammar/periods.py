"""Find periods to look at: this week, last month, Q4, 上季度, 2026-11, December, 2026."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from handlers.grammar.date_meanings_en import MONTHS
from handlers.grammar.days import FIRST_YEAR, LAST_YEAR, add_months
from handlers.grammar.reading import Found, ReadingContext

Kind = Literal["week", "month", "quarter", "year"]

_MONTHS = "|".join(sorted(MONTHS, key=len, reverse=True))
_STEPS = {"this": 0, "current": 0, "last": -1, "previous": -1, "next": 1}
_STEPS |= {"这": 0, "這": 0, "本": 0, "今": 0, "上": -1, "去": -1, "下": 1, "明": 1}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_KINDS: dict[str, Kind] = {"week": "week", "month": "month", "quarter": "quarter", "year": "year"}
_KINDS |= {
    "周": "week",
    "週": "week",
    "星期": "week",
    "礼拜": "week",
    "月": "month",
    "季度": "quarter",
    "季": "quarter",
}
_KINDS |= {"年": "year", "年度": "year"}
_YEAR = r"((?:19|20)[0-9]{2})"
_B, _E = r"(?<![a-z0-9./-])", r"(?![a-z0-9/-]|\.[0-9])"
_RELATIVE = re.compile(rf"{_B}(this|current|last|previous|next) (week|month|quarter|year){_E}")
_RELATIVE_ZH = re.compile(
    r"([这這本上下今去明])个?個?(周|週|星期|礼拜|月|季度|季|年度|年)(?![0-9一二三四五六日天初中底末])"
)
_QUARTER = re.compile(rf"{_B}(?:{_YEAR} ?[/-]?)?q([1-4])(?:[ /-]?{_YEAR})?{_E}")
_QUARTER_ZH = re.compile(rf"(?:{_YEAR}年|([今去明])年)?第?([一二三四1-4])季度?")
_MONTH = re.compile(rf"{_B}{_YEAR}[-/](0?[1-9]|1[0-2]){_E}")
_MONTH_ZH = re.compile(rf"(?:{_YEAR}年|([今去明])年)?(?<![0-9])(1[0-2]|[1-9])月(?:份)?(?![0-9])")
_NAMED = re.compile(rf"{_B}({_MONTHS})\.?(?: {_YEAR})?{_E}")
_ALONE = re.compile(rf"{_B}{_YEAR}(?:年)?{_E}")


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar week (from Monday), month, quarter or year, by its first day."""

    kind: Kind
    start: date


def period_of(kind: Kind, day: date) -> Period:
    """Give the period of that kind that the day lies in."""
    if kind == "week":
        return Period(kind, day - timedelta(days=day.weekday()))
    if kind == "month":
        return Period(kind, day.replace(day=1))
    if kind == "quarter":
        return Period(kind, day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))
    return Period(kind, day.replace(month=1, day=1))


def find_periods(low: str, context: ReadingContext) -> Iterator[Found]:
    """Find periods; a month or quarter without a year is the one of this year."""
    today = context.today
    for pattern in (_RELATIVE, _RELATIVE_ZH):
        for match in pattern.finditer(low):
            yield _found(match, _stepped(_KINDS[match[2]], _STEPS[match[1]], today))
    for match in _QUARTER.finditer(low):
        yield _found(match, _quarter(match[1] or match[3], int(match[2]), today))
    for match in _QUARTER_ZH.finditer(low):
        number = _QUARTERS.get(match[3]) or int(match[3])
        yield _found(match, _quarter(match[1], number, _moved(today, match[2])))
    for match in _MONTH.finditer(low):
        yield _found(match, Period("month", date(int(match[1]), int(match[2]), 1)))
    for match in _MONTH_ZH.finditer(low):
        year = int(match[1]) if match[1] else _moved(today, match[2]).year
        yield _found(match, Period("month", date(year, int(match[3]), 1)))
    for match in _NAMED.finditer(low):
        yield _found(match, Period("month", date(int(match[2] or today.year), MONTHS[match[1]], 1)))
    for match in _ALONE.finditer(low):
        yield _found(match, Period("year", date(int(match[1]), 1, 1)))


def _stepped(kind: Kind, steps: int, today: date) -> Period:
    start = period_of(kind, today).start
    if kind == "week":
        return Period(kind, start + timedelta(days=7 * steps))
    return Period(kind, add_months(start, steps * {"month": 1, "quarter": 3, "year": 12}[kind]))


def _quarter(year: str | None, number: int, today: date) -> Period:
    return Period("quarter", date(int(year) if year else today.year, number * 3 - 2, 1))


def _moved(today: date, word: str | None) -> date:
    year = min(max(today.year + _STEPS.get(word or "今", 0), FIRST_YEAR), LAST_YEAR)
    return date(year, 1, 1) if word else today


def _found(match: re.Match[str], period: Period) -> Found:
    return Found("period", "period", *match.span(), period)
