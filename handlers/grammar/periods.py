"""Find periods to look at: this week, last month, Q4, 上季度, 2026-11, December, 2026."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from handlers.grammar.date_meanings_en import MONTHS
from handlers.grammar.days import FIRST_YEAR, LAST_YEAR, add_months
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found, ReadingContext
from models.rules.periods import Period, PeriodKind, period_of

_MONTHS = "|".join(sorted(MONTHS, key=len, reverse=True))
_STEPS = {"this": 0, "current": 0, "last": -1, "previous": -1, "next": 1}
_STEPS |= {"这": 0, "這": 0, "本": 0, "今": 0, "上": -1, "去": -1, "下": 1, "明": 1}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_KINDS = {kind.value: kind for kind in PeriodKind}
_KINDS |= {
    "周": PeriodKind.WEEK,
    "週": PeriodKind.WEEK,
    "星期": PeriodKind.WEEK,
    "礼拜": PeriodKind.WEEK,
    "月": PeriodKind.MONTH,
    "季度": PeriodKind.QUARTER,
    "季": PeriodKind.QUARTER,
}
_KINDS |= {"年": PeriodKind.YEAR, "年度": PeriodKind.YEAR}
_MONTHS_IN = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}
_YEAR = r"((?:19|20)[0-9]{2})"
_B, _E = r"(?<![a-z0-9./-])", r"(?![a-z0-9/-]|\.[0-9])"
_RELATIVE = Pattern(rf"{_B}(this|current|last|previous|next) (week|month|quarter|year){_E}")
_RELATIVE_ZH = Pattern(
    r"([这這本上下今去明])个?個?(周|週|星期|礼拜|月|季度|季|年度|年)(?![0-9一二三四五六日天初中底末])"
)
_QUARTER = Pattern(rf"{_B}(?:{_YEAR} ?[/-]?)?q([1-4])(?:[ /-]?{_YEAR})?{_E}")
_QUARTER_ZH = Pattern(rf"(?:{_YEAR}年|([今去明])年)?第?([一二三四1-4])季度?")
_MONTH = Pattern(rf"{_B}{_YEAR}[-/](0?[1-9]|1[0-2]){_E}")
_MONTH_ZH = Pattern(rf"(?:{_YEAR}年|([今去明])年)?(?<![0-9])(1[0-2]|[1-9])月(?:份)?(?![0-9])")
_NAMED = Pattern(rf"{_B}({_MONTHS})\.?(?: {_YEAR})?{_E}")
_WEEK = Pattern(rf"{_B}(?:{_YEAR}[- ]?w(?:eek ?)?|(?:week |wk ?|w))([0-9]{{1,2}}){_E}")
_WEEK_ZH = Pattern(rf"(?:{_YEAR}年)?第([0-9]{{1,2}})(?:周|週)")
_ALONE = Pattern(rf"{_B}{_YEAR}(?:年)?{_E}")


def find_periods(low: str, context: ReadingContext) -> Iterator[Found]:
    """Find periods; a month or quarter without a year is the one of this year."""
    today = context.today
    for pattern in (_RELATIVE, _RELATIVE_ZH):
        for match in pattern.each(low):
            yield _found(match, _stepped(_KINDS[match[2]], _STEPS[match[1]], today))
    for match in _QUARTER.each(low):
        yield _found(match, _quarter(match[1] or match[3], int(match[2]), today))
    for match in _QUARTER_ZH.each(low):
        number = _QUARTERS.get(match[3]) or int(match[3])
        yield _found(match, _quarter(match[1], number, _moved(today, match[2])))
    for match in _MONTH.each(low):
        yield _found(match, Period(PeriodKind.MONTH, date(int(match[1]), int(match[2]), 1)))
    for match in _MONTH_ZH.each(low):
        year = int(match[1]) if match[1] else _moved(today, match[2]).year
        yield _found(match, Period(PeriodKind.MONTH, date(year, int(match[3]), 1)))
    for match in _NAMED.each(low):
        yield _found(match, Period(PeriodKind.MONTH, date(int(match[2] or today.year), MONTHS[match[1]], 1)))
    yield from _weeks(low, today)
    for match in _ALONE.each(low):
        yield _found(match, Period(PeriodKind.YEAR, date(int(match[1]), 1, 1)))


def _stepped(kind: PeriodKind, steps: int, today: date) -> Period:
    start = period_of(kind, today).start
    if kind is PeriodKind.WEEK:
        return Period(kind, start + timedelta(days=7 * steps))
    return Period(kind, add_months(start, steps * _MONTHS_IN[kind]))


def _quarter(year: str | None, number: int, today: date) -> Period:
    return Period(PeriodKind.QUARTER, date(int(year) if year else today.year, number * 3 - 2, 1))


def _weeks(low: str, today: date) -> Iterator[Found]:
    """Find weeks by their number, as ISO 8601 counts them."""
    for pattern in (_WEEK, _WEEK_ZH):
        for match in pattern.each(low):
            year = int(match[1] or today.isocalendar().year)
            try:
                yield _found(match, Period(PeriodKind.WEEK, date.fromisocalendar(year, int(match[2]), 1)))
            except ValueError:
                yield Found("period", "period", *match.span(), bad=True)


def _moved(today: date, word: str | None) -> date:
    year = min(max(today.year + _STEPS.get(word or "今", 0), FIRST_YEAR), LAST_YEAR)
    return date(year, 1, 1) if word else today


def _found(match: re.Match[str], period: Period) -> Found:
    return Found("period", "period", *match.span(), period)
