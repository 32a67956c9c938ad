"""Find English date phrases: next Friday, Dec 5th, mid-March, end of Q1, in two weeks."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

from handlers.grammar import date_meanings_en as mean
from handlers.grammar.days import (
    Day,
    nearest_in_month,
)
from handlers.grammar.reading import MOST_OF_A_KIND, Found, ReadingContext


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_MONTH = rf"({_any(mean.MONTHS)})\.?"

_DAY = r"([0-9]{1,2})(?:st|nd|rd|th)?"

_YEAR = r"(?:,? ?((?:19|20)[0-9]{2})|,? ?'([0-9]{2}))?"

_WEEKDAY = rf"({_any(mean.WEEKDAYS)})\.?"

_OPEN, _CLOSE = r"(?<![a-z0-9@#'’.$€£-])(?:", r")(?![a-z0-9]|['’.&][a-z0-9]|-[a-z])"

_TIME = r"(?: (?:at )?[0-9]{1,2}(?::[0-9]{2})? ?(?:am|pm)| (?:at )?[0-9]{1,2}:[0-9]{2}| eod| cob)?"

_SPANS = "week|month|quarter|year"

_END = r"(?:the )?end(?: of)?(?: the)?|eo|close of(?: the)?|last day of(?: the)?|late(?: in)?"

_START = r"(?:the )?(?:start|beginning)(?: of)?(?: the)?|early(?: in)?"

Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str], date], mean.Value]]


def find_english_dates(low: str, context: ReadingContext) -> Iterator[Found]:
    """Find the phrases, those that name an impossible day as bad; the longest of overlapping ones comes first."""
    for rule, pattern, read in _RULES:
        for match in islice(pattern.finditer(low), MOST_OF_A_KIND):
            value = read(match, context.today)
            firm = rule not in _WEAK
            if isinstance(value, Day):
                yield Found("date", rule, *match.span(), value.ahead, past=value.past, firm=firm)
            else:
                yield Found("date", rule, *match.span(), value, bad=value is None, firm=firm)


_WHICH = r"(this |next |last |previous |past |following )"


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(_OPEN + body + _CLOSE)


_WEAK = {"weekday", "month", "day", "quarter", "half-year", "named day"}
_RULES: tuple[Rule, ...] = (
    (
        "weekday",
        _pattern(
            rf"(this coming |the coming |coming |this |next |last |past )?{_WEEKDAY}"
            rf"(?:,? (?:of )?((?:this|next|last) week|week after next))?{_TIME}"
        ),
        mean.weekday,
    ),
    ("weekday of a week", _pattern(rf"(this |next |last )week,? (?:on )?{_WEEKDAY}{_TIME}"), mean.week_weekday),
    ("weekday and day", _pattern(rf"{_WEEKDAY} (?:the )?{_DAY}{_TIME}"), mean.weekday_and_day),
    (
        "month and day",
        _pattern(rf"{_MONTH} ?(?:the )?{_DAY}{_YEAR}{_TIME}"),
        lambda match, today: mean.month_day(match[1], match[2], mean.year_of(match, 3), today),
    ),
    (
        "day and month",
        _pattern(rf"(?:the )?{_DAY}[ -]?(?:of )?{_MONTH}{_YEAR.replace(',? ?', '[, -]{0,2}')}{_TIME}"),
        lambda match, today: mean.month_day(match[2], match[1], mean.year_of(match, 3), today),
    ),
    ("part of a month", _pattern(rf"({_END}|{_START}|mid|middle of)[ -]{{0,2}}{_MONTH}{_YEAR}"), mean.month_part),
    ("month", _pattern(rf"{_MONTH}{_YEAR}"), mean.month),
    ("month", _pattern(rf"{_MONTH} (?:month )?end{_YEAR}"), mean.month),
    (
        "period",
        _pattern(rf"(?:the )?{_WHICH}({_SPANS})"),
        lambda match, today: mean.end_of(match[2], mean.steps_of(match[1]), today, 6),
    ),
    (
        "period",
        _pattern(r"(?:the )?(week|month|quarter|year) after next"),
        lambda match, today: mean.end_of(match[1], 2, today, 6),
    ),
    ("end of a period", _pattern(rf"(?:{_END}) ?{_WHICH}?({_SPANS})"), mean.end_period),
    ("end of a period", _pattern(rf"{_WHICH}?({_SPANS})[ -]?end"), mean.end_period),
    ("start of a period", _pattern(rf"(?:{_START}) {_WHICH}?({_SPANS})"), mean.start_period),
    ("middle of a period", _pattern(rf"(?:mid|middle of(?: the)?)[ -]?{_WHICH}?month"), mean.mid_period),
    ("end of a period", _pattern(r"eo([dwmqy])"), mean.short_end),
    ("day of a month", _pattern(rf"(?:the )?{_DAY} (?:of )?{_WHICH}month"), mean.day_of_period),
    (
        "day",
        _pattern(rf"(?:on |by )?the ([0-9]{{1,2}})(?:st|nd|rd|th){_TIME}"),
        lambda match, today: nearest_in_month(today, int(match[1])),
    ),
    (
        "day",
        _pattern(rf"(?:on |by )?([0-9]{{1,2}})(?:st|nd|rd|th){_TIME}"),
        lambda match, today: nearest_in_month(today, int(match[1])),
    ),
    ("quarter", _pattern(rf"(?:next )?(?:(?:{_END}) ?)?q([1-4]){_YEAR}"), mean.quarter),
    (
        "quarter",
        _pattern(rf"(?:(?:{_END}) ?)?(?:the )?(first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: of)?{_YEAR}"),
        mean.quarter,
    ),
    ("quarter", _pattern(r"((?:19|20)[0-9]{2}) ?[/-]?q([1-4])"), mean.year_quarter),
    ("quarter", _pattern(r"q([1-4]) (?:of )?(next |this |last )year"), mean.steps_quarter),
    ("half-year", _pattern(rf"(?:(?:{_END}) ?)?h([12]){_YEAR}"), mean.half),
    (
        "in a while",
        _pattern(
            rf"(?:in|within)(?: the next)? ([0-9]{{1,4}}|{_any(mean.COUNTS)}) ?-?"
            r"(days?|weeks?|wks?|fortnights?|months?|mos?|quarters?|years?|yrs?|d|w|m)(?: time)?"
        ),
        mean.later,
    ),
    (
        "in a while",
        _pattern(
            rf"([0-9]{{1,4}}|{_any(mean.COUNTS)}) (days?|weeks?|wks?|fortnights?|months?|quarters?|years?)"
            r"(?: from (?:now|today)| later| out| time)"
        ),
        mean.later,
    ),
    ("named day", _pattern(rf"({_any(mean.NAMED_DAYS)}){_TIME}"), mean.named),
    (
        "feast",
        _pattern(
            r"(before |pre-)?(christmas|xmas|new year's eve|new year's day|new year|"
            r"spring festival|chinese new year|lunar new year)"
        ),
        mean.feast,
    ),
)
