"""Find dates written in figures: 2027-01-15, 12/5, 15.12.2026, 12.5 in Chinese."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from handlers.grammar.days import Day, full_year, last_of_month, nearest, real_date
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found, ReadingContext

_TIME = r"(?:[t ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?z?)?"
_YEAR_FIRST = Pattern(
    rf"(?<![0-9a-z./-])([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}(?![0-9a-z/-]|\.[0-9])",
    needs="-/.",
)
_SPACED = Pattern(
    r"(?<![0-9a-z./,$€£¥-])(20[0-9]{2}) ([01][0-9]) ([0-3][0-9])(?![0-9a-z/,万萬亿-]|[ .][0-9])", needs=("20",)
)
_COMPACT = Pattern(
    r"(?<![0-9a-z./,$€£¥-])(20[0-9]{2})([0-9]{2})([0-9]{2})(?![0-9a-z/,万萬亿w-]|\.[0-9])", needs=("20",)
)
_WITH_YEAR = Pattern(
    r"(?<![0-9a-z./-])([0-9]{1,2})([-/.])([0-9]{1,2})\2((?:19|20)?[0-9]{2})(?![0-9a-z/-]|\.[0-9])", needs="-/."
)
_COMMA_YEAR = Pattern(
    r"(?<![0-9a-z./$€£¥,-])([0-9]{1,2})(/)([0-9]{1,2})(?:, ?((?:19|20)[0-9]{2})|,([0-9]{2}))"
    r"(?![0-9a-z/%$€£¥,-]|\.[0-9])",
    needs="/",
)
_MONTH = Pattern(
    r"(?<![0-9a-z./$€£¥,-])(?:(0?[1-9]|1[0-2])/(20[0-9]{2})|(20[0-9]{2})[/-](0?[1-9]|1[0-2]))(?![0-9a-z/%$€£¥-]|[,.][0-9])",
    needs="/-",
)
_SHORT = Pattern(r"(?<![0-9a-z./$€£¥,-])([0-9]{1,2})([-/.])([0-9]{1,2})(\.?)(?![0-9a-z/%$€£¥-]|[,.][0-9])", needs="-/.")
# In English 3.18 is a day only after such a word.
_MARKED = Pattern(r"(?:^|[\s,;(])(?:on|by|due|until|till|before|close|closes|closing|eta|expected):? $")
_CONTEXT = 10
_DIGITS = "0123456789"
_CENTURIES = {19, 20}
_LEAP_YEAR = 2000
_TWO_DIGITS = 2
_CURRENCY_WORD = Pattern(
    r" ?(?:usd|eur|gbp|cny|rmb|jpy|chf|cad|aud|sgd|hkd|inr|brl|twd|k|m|mm|mn|mio|mrd|bn|million)\b"
)
_UNIT_FOLLOWS = Pattern(r" ?[十百千万萬亿億元块塊刀折%€£¥$美欧英日港]")
_DOTTED_DAYS = {"de", "ru", "pl", "cs", "sk", "fi", "nb", "no", "da", "tr", "uk", "hu", "ro", "et", "lv", "bg"}


def find_numeric_dates(low: str, context: ReadingContext) -> Iterator[Found]:
    """Find dates in figures, impossible ones as bad."""
    if not any(map(low.__contains__, _DIGITS)):
        return
    yield from _year_first(low)
    for match in _COMMA_YEAR.each(low):
        yield _ordered(match, partial(real_date, int(match[4] or full_year(int(match[5])))), context)
    for match in _MONTH.each(low):
        yield _found(match, "month", last_of_month(int(match[2] or match[3]), int(match[1] or match[4])))
    for match in _WITH_YEAR.each(low):
        year = full_year(int(match[4])) if len(match[4]) == _TWO_DIGITS else int(match[4])
        if match[2] == "." and (_money_after(low, match.end())):
            continue
        yield _ordered(match, partial(real_date, year), context)
    for match in _SHORT.each(low):
        if _short_is_date(match, low, context):
            yield _ordered(match, lambda month, day: nearest(context.today, month, day), context)


def _year_first(low: str) -> Iterator[Found]:
    for match in _YEAR_FIRST.each(low):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        if year // 100 in _CENTURIES or (match[2] != "." and real_date(_LEAP_YEAR, month, day)):
            yield _found(match, "year-month-day", real_date(year, month, day))
    for pattern in (_COMPACT, _SPACED):
        for match in pattern.each(low):
            value = real_date(int(match[1]), int(match[2]), int(match[3]))
            if value is not None:
                yield _found(match, "year-month-day", value)


def _money_after(low: str, at: int) -> bool:
    return _UNIT_FOLLOWS.match(low, at) is not None or _CURRENCY_WORD.match(low, at) is not None


def _short_is_date(match: re.Match[str], low: str, context: ReadingContext) -> bool:
    first, mark, second = match[1], match[2], match[3]
    if _money_after(low, match.end()) or "0" in {first, second} or {first, second} == {"00"}:
        return False
    if mark == "/":
        return (first, second) != ("24", "7")
    if context.language == "en" and _possible(first, second) and _is_marked(low, match.start()):
        return True
    if mark == "-":
        return context.language in {"zh", "ja"} and _possible(first, second)
    if context.language in {"zh", "ja"}:
        return int(first) <= 12 and _possible(first, second)  # noqa: PLR2004 months
    return bool(match[4] or context.language in _DOTTED_DAYS) and _possible(first, second)


def _is_marked(low: str, at: int) -> bool:
    return _MARKED.search(low[max(0, at - _CONTEXT) : at]) is not None


def _possible(first: str, second: str) -> bool:
    low, high = sorted((int(first), int(second)))
    return 1 <= low <= 12 and high <= 31  # noqa: PLR2004 months and days


def _ordered(match: re.Match[str], read: Callable[[int, int], Day | date | None], context: ReadingContext) -> Found:
    first, second = int(match[1]), int(match[3])
    orders = [(first, second), (second, first)] if context.month_first else [(second, first), (first, second)]
    for month, day in orders:
        value = read(month, day)
        if value is not None:
            return _found(match, "month/day" if (month, day) == (first, second) else "day/month", value)
    return _found(match, "date in figures", None)


def _found(match: re.Match[str], rule: str, value: Day | date | None) -> Found:
    start, end = match.span()
    if isinstance(value, Day):
        return Found("date", rule, start, end, value.ahead, past=value.past)
    return Found("date", rule, start, end, value, bad=value is None, firm=value is not None)
